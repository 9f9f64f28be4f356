package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Copies;
import dev.fluxion.grad.runtime.Loans;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What may change in some objects and all that they lead to, as it was at one moment.
 *
 * <p>It is written back into the objects themselves, which stay who they are: what is final, such
 * as the components of records and what lambdas have captured, need not be copied.
 */
final class Snapshot {
  /** The state of one object. */
  private sealed interface State {
    void write();

    State now(Copies copies);
  }

  private record Numbers(Object array, Object copy) implements State {
    @Override
    public void write() {
      System.arraycopy(copy, 0, array, 0, Array.getLength(copy));
    }

    @Override
    public State now(Copies copies) {
      return new Numbers(array, copies.of(array));
    }
  }

  private record Elements(@Nullable Object[] array, @Nullable Object[] copy) implements State {
    @Override
    public void write() {
      System.arraycopy(copy, 0, array, 0, copy.length);
    }

    @Override
    public State now(Copies copies) {
      return new Elements(array, array.clone());
    }
  }

  private record Variables(Object object, @Nullable Object[] values) implements State {
    static Variables of(Object object) {
      @Nullable Object[] values = Fields.of(object.getClass()).values(object);
      for (Object value : values) {
        if (value instanceof Loans.Loan elements) {
          elements.hold();
        }
      }
      return new Variables(object, values);
    }

    @Override
    public void write() {
      Fields.of(object.getClass()).set(object, values);
    }

    @Override
    public State now(Copies copies) {
      return of(object);
    }
  }

  private record Contents(Collection<@Nullable Object> collection, @Nullable Object[] elements)
      implements State {
    static Contents of(Collection<@Nullable Object> collection) {
      return new Contents(collection, collection.toArray());
    }

    @Override
    public void write() {
      @Nullable Object[] now = collection.toArray();
      if (areSame(now, elements)) {
        return;
      }
      if (collection instanceof List<@Nullable Object> list && now.length == elements.length) {
        for (int i = 0; i < elements.length; i++) { // its length may be fixed
          list.set(i, elements[i]);
        }
      } else {
        collection.clear();
        Collections.addAll(collection, elements);
        checkOrder(areSame(collection.toArray(), elements), collection);
      }
    }

    @Override
    public State now(Copies copies) {
      return of(collection);
    }
  }

  private record Entries(
      Map<@Nullable Object, @Nullable Object> map,
      @Nullable Object[] keys,
      @Nullable Object[] values)
      implements State {
    static Entries of(Map<@Nullable Object, @Nullable Object> map) {
      return new Entries(map, map.keySet().toArray(), map.values().toArray());
    }

    @Override
    public void write() {
      if (areSame(map.keySet().toArray(), keys) && areSame(map.values().toArray(), values)) {
        return;
      }
      map.clear();
      for (int i = 0; i < keys.length; i++) {
        map.put(keys[i], values[i]);
      }
      checkOrder(areSame(map.keySet().toArray(), keys), map);
    }

    @Override
    public State now(Copies copies) {
      return of(map);
    }
  }

  private record Atom(Object atom, @Nullable Object value) implements State {
    static Atom of(Object atom) {
      return new Atom(
          atom,
          switch (atom) {
            case AtomicInteger number -> number.get();
            case AtomicLong number -> number.get();
            case StringBuilder text -> text.toString();
            default -> ((AtomicReference<?>) atom).get();
          });
    }

    @Override
    @SuppressWarnings("unchecked")
    public void write() {
      switch (atom) {
        case AtomicInteger number -> number.set((int) requireNonNull(value));
        case AtomicLong number -> number.set((long) requireNonNull(value));
        case StringBuilder text -> text.replace(0, text.length(), (String) requireNonNull(value));
        default -> ((AtomicReference<@Nullable Object>) atom).set(value);
      }
    }

    @Override
    public State now(Copies copies) {
      return of(atom);
    }
  }

  private static boolean areSame(@Nullable Object[] left, @Nullable Object[] right) {
    boolean same = left.length == right.length;
    for (int i = 0; same && i < left.length; i++) {
      same = left[i] == right[i];
    }
    return same;
  }

  /** A table that has grown meanwhile has another order of its own. */
  private static void checkOrder(boolean isSame, Object container) {
    if (!isSame) {
      throw new GradientException(
          "cannot compute again from a "
              + container.getClass().getName()
              + ": it has another order when it is filled again; use a list, or a LinkedHashMap or"
              + " TreeMap");
    }
  }

  private final List<State> states;

  private Snapshot(List<State> states) {
    this.states = states;
  }

  /** Takes one of all that some objects lead to. */
  static Snapshot of(Collection<? extends @Nullable Object> roots, Copies copies) {
    Search search = new Search(copies);
    roots.forEach(search::add);
    while (!search.work.isEmpty()) {
      search.visit(search.work.pop());
    }
    return new Snapshot(search.states);
  }

  /** The same objects, as they are now. */
  Snapshot now(Copies copies) {
    List<State> now = new ArrayList<>(states.size());
    states.forEach(state -> now.add(state.now(copies)));
    return new Snapshot(now);
  }

  /** Makes the objects what they were. */
  void write() {
    states.forEach(State::write);
  }

  private static final class Search {
    private final Copies copies;
    private final List<State> states = new ArrayList<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> work = new ArrayDeque<>();

    Search(Copies copies) {
      this.copies = copies;
    }

    void add(@Nullable Object object) {
      if (object != null && mayChange(object) && seen.add(object)) {
        work.push(object);
      }
    }

    private static boolean mayChange(Object object) {
      return !(object instanceof Number && Carriers.isPlatform(object.getClass()))
          || object instanceof AtomicInteger
          || object instanceof AtomicLong;
    }

    @SuppressWarnings("unchecked")
    void visit(Object object) {
      Class<?> type = object.getClass();
      if (object instanceof Object[] array) {
        states.add(new Elements(array, array.clone()));
        addAll(array);
      } else if (type.isArray()) {
        states.add(new Numbers(object, copies.of(object)));
      } else if (!Carriers.isPlatform(type)) {
        visitFields(object);
      }
      switch (object) {
        case Collection<?> collection when isPlatforms(type) -> {
          Contents contents = Contents.of((Collection<@Nullable Object>) collection);
          states.add(contents);
          addAll(contents.elements);
        }
        case Map<?, ?> map when isPlatforms(type) -> {
          Entries entries = Entries.of((Map<@Nullable Object, @Nullable Object>) map);
          states.add(entries);
          addAll(entries.keys);
          addAll(entries.values);
        }
        case Map.Entry<?, ?> entry when Carriers.isPlatform(type) -> {
          add(entry.getKey());
          add(entry.getValue());
        }
        case Optional<?> optional -> optional.ifPresent(this::add);
        case AtomicReference<?> atom -> {
          states.add(Atom.of(atom));
          add(atom.get());
        }
        case AtomicInteger atom -> states.add(Atom.of(atom));
        case AtomicLong atom -> states.add(Atom.of(atom));
        case StringBuilder text -> states.add(Atom.of(text));
        default -> {}
      }
    }

    /** Whether a container keeps what it holds where only the platform's code sees it. */
    private static boolean isPlatforms(Class<?> type) {
      Class<?> at = type;
      while (!Carriers.isPlatform(at)) {
        at = at.getSuperclass();
      }
      return at != Object.class && !at.getName().startsWith("java.util.Abstract");
    }

    private void addAll(@Nullable Object[] objects) {
      for (Object object : objects) {
        add(object);
      }
    }

    /** Elements of a vector that are held never change; which a vector has may. */
    private void visitFields(Object object) {
      Fields fields = Fields.of(object.getClass());
      if (!fields.variables().isEmpty()) {
        states.add(Variables.of(object));
      }
      if (!(object instanceof VectorSpace<?>)) {
        for (MethodHandle reference : fields.references()) {
          add(Fields.read(reference, object));
        }
      }
    }
  }
}

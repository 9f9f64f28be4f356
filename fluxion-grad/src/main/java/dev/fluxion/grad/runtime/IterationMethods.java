package dev.fluxion.grad.runtime;

import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What users' collections and iterators inherit from the platform, in plain Java: their elements
 * are made by the user's code, which is followed so.
 */
@SuppressWarnings("overloads") // as the platform has them
public final class IterationMethods {
  private IterationMethods() {}

  /** {@code Iterable.forEach}. */
  public static void forEach(Iterable<Object> all, Consumer<Object> action) {
    Objects.requireNonNull(action);
    for (Object one : all) {
      action.accept(one);
    }
  }

  /** {@code Iterator.forEachRemaining}. */
  public static void forEachRemaining(Iterator<Object> all, Consumer<Object> action) {
    Objects.requireNonNull(action);
    while (all.hasNext()) {
      action.accept(all.next());
    }
  }

  /** {@code PrimitiveIterator.OfDouble.next}. */
  public static Double next(PrimitiveIterator.OfDouble all) {
    return all.nextDouble();
  }

  /** {@code PrimitiveIterator.OfDouble.forEachRemaining}. */
  public static void forEachRemaining(PrimitiveIterator.OfDouble all, DoubleConsumer action) {
    Objects.requireNonNull(action);
    while (all.hasNext()) {
      action.accept(all.nextDouble());
    }
  }

  /** {@code PrimitiveIterator.OfDouble.forEachRemaining}. */
  public static void forEachRemaining(PrimitiveIterator.OfDouble all, Consumer<Object> action) {
    Objects.requireNonNull(action);
    while (all.hasNext()) {
      action.accept(all.nextDouble());
    }
  }

  /** {@code Spliterator.forEachRemaining}. */
  public static void forEachRemaining(Spliterator<Object> all, Consumer<Object> action) {
    boolean isMore = true;
    while (isMore) {
      isMore = all.tryAdvance(action);
    }
  }

  /** {@code Spliterator.OfDouble.forEachRemaining}. */
  public static void forEachRemaining(Spliterator.OfDouble all, DoubleConsumer action) {
    boolean isMore = true;
    while (isMore) {
      isMore = all.tryAdvance(action);
    }
  }

  /** {@code Spliterator.OfDouble.forEachRemaining}. */
  public static void forEachRemaining(Spliterator.OfDouble all, Consumer<Object> action) {
    boolean isMore = true;
    while (isMore) {
      isMore = all.tryAdvance((DoubleConsumer) action::accept);
    }
  }

  /** {@code Spliterator.OfDouble.tryAdvance}. */
  public static boolean tryAdvance(Spliterator.OfDouble all, Consumer<Object> action) {
    return all.tryAdvance((DoubleConsumer) action::accept);
  }

  /** {@code Collection.stream}. */
  public static Stream<Object> stream(Collection<Object> all) {
    return elements(all).stream();
  }

  /** {@code AbstractCollection.toArray}. */
  public static Object[] toArray(AbstractCollection<Object> all) {
    return elements(all).toArray();
  }

  private static List<Object> elements(Collection<Object> all) {
    List<Object> elements = new ArrayList<>();
    for (Object one : all) {
      elements.add(one);
    }
    return elements;
  }

  /** {@code AbstractMap.get}. */
  public static @Nullable Object get(AbstractMap<Object, Object> map, Object key) {
    for (Map.Entry<Object, Object> entry : map.entrySet()) {
      if (Objects.equals(key, entry.getKey())) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** {@code Map.getOrDefault}. */
  public static Object getOrDefault(Map<Object, Object> map, Object key, Object otherwise) {
    Object found = map.get(key);
    return found != null || map.containsKey(key) ? found : otherwise;
  }

  /** {@code Map.forEach}. */
  public static void forEach(Map<Object, Object> map, BiConsumer<Object, Object> action) {
    Objects.requireNonNull(action);
    for (Map.Entry<Object, Object> entry : map.entrySet()) {
      action.accept(entry.getKey(), entry.getValue());
    }
  }

  /** {@code AbstractMap.values}. */
  public static Collection<Object> values(AbstractMap<Object, Object> map) {
    return new Values(map);
  }

  private static final class Values extends AbstractCollection<Object> {
    private final Map<Object, Object> map;

    Values(Map<Object, Object> map) {
      this.map = map;
    }

    @Override
    public int size() {
      return map.size();
    }

    @Override
    public Iterator<Object> iterator() {
      Iterator<Map.Entry<Object, Object>> entries = map.entrySet().iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return entries.hasNext();
        }

        @Override
        public Object next() {
          return entries.next().getValue();
        }

        @Override
        public void remove() {
          entries.remove();
        }
      };
    }
  }

  /** {@code AbstractList.iterator}. */
  public static Iterator<Object> iterator(AbstractList<Object> list) {
    return new Elements(list);
  }

  private static final class Elements implements Iterator<Object> {
    private final List<Object> list;
    private int next;
    private int last = -1;

    Elements(List<Object> list) {
      this.list = list;
    }

    @Override
    public boolean hasNext() {
      return next != list.size();
    }

    @Override
    public Object next() {
      if (next >= list.size()) {
        throw new NoSuchElementException();
      }
      last = next++;
      return list.get(last);
    }

    @Override
    public void remove() {
      if (last < 0) {
        throw new IllegalStateException();
      }
      Object _ = list.remove(last);
      next = last;
      last = -1;
    }
  }
}

package dev.fluxion.grad.runtime;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What users' collections and iterators inherit from the platform, in plain Java: their elements
 * are made by the user's code, which is followed so.
 */
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

  /** {@code Collection.stream}. */
  public static Stream<Object> stream(Collection<Object> all) {
    List<Object> elements = new ArrayList<>();
    for (Object one : all) {
      elements.add(one);
    }
    return elements.stream();
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

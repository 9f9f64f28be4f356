package dev.fluxion.grad.runtime;

import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.Set;
import java.util.Spliterator;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
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

  /** {@code Iterable.spliterator}. */
  public static Spliterator<Object> spliterator(Iterable<Object> all) {
    return new Splitting.OfIterator(all.iterator());
  }

  /** {@code Collection.spliterator}. */
  public static Spliterator<Object> spliterator(Collection<Object> all) {
    return new Splitting.OfIterator(all.iterator());
  }

  /** {@code List.spliterator}. */
  public static Spliterator<Object> spliterator(List<Object> all) {
    return new Splitting.OfIterator(all.iterator());
  }

  /** {@code Set.spliterator}. */
  public static Spliterator<Object> spliterator(Set<Object> all) {
    return new Splitting.OfIterator(all.iterator());
  }

  /** {@code Collection.stream}. */
  public static Stream<Object> stream(Collection<Object> all) {
    return elements(all).stream();
  }

  /** {@code Collection.parallelStream}. */
  public static Stream<Object> parallelStream(Collection<Object> all) {
    return stream(all);
  }

  /** {@code AbstractCollection.toArray}. */
  public static Object[] toArray(AbstractCollection<Object> all, Object[] array) {
    return elements(all).toArray(array);
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

  /** {@code AbstractMap.keySet}. */
  public static Set<Object> keySet(AbstractMap<Object, Object> map) {
    return new Keys(map);
  }

  private record Parts(Iterator<Map.Entry<Object, Object>> entries, boolean areKeys)
      implements Iterator<Object> {
    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public Object next() {
      Map.Entry<Object, Object> entry = entries.next();
      return areKeys ? entry.getKey() : entry.getValue();
    }

    @Override
    public void remove() {
      entries.remove();
    }
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
      return new Parts(map.entrySet().iterator(), false);
    }
  }

  private static final class Keys extends AbstractSet<Object> {
    private final Map<Object, Object> map;

    Keys(Map<Object, Object> map) {
      this.map = map;
    }

    @Override
    public int size() {
      return map.size();
    }

    @Override
    public boolean contains(Object key) {
      return map.containsKey(key);
    }

    @Override
    public Iterator<Object> iterator() {
      return new Parts(map.entrySet().iterator(), true);
    }
  }

  /** {@code AbstractList.iterator}. */
  public static Iterator<Object> iterator(AbstractList<Object> list) {
    return new ListViews.Cursor(list, 0);
  }

  /** {@code AbstractList.listIterator}. */
  public static ListIterator<Object> listIterator(AbstractList<Object> list, int start) {
    return new ListViews.Cursor(list, start);
  }

  /** {@code AbstractList.subList}. */
  public static List<Object> subList(AbstractList<Object> list, int start, int end) {
    return new ListViews.Part(list, start, end);
  }

  /** {@code List.reversed}. */
  public static List<Object> reversed(List<Object> list) {
    return new ListViews.Reversed(list);
  }

  /** {@code AbstractList.addAll}. */
  public static boolean addAll(AbstractList<Object> list, int start, Collection<Object> all) {
    int next = Objects.checkIndex(start, list.size() + 1);
    for (Object one : all) {
      list.add(next++, one);
    }
    return next > start;
  }

  /** {@code AbstractList.clear}. */
  public static void clear(AbstractList<Object> list) {
    OwnCollections.refuseToRemoveRange(list);
    removeRange(list, 0, list.size());
  }

  /** {@code AbstractList.removeRange}. */
  public static void removeRange(AbstractList<Object> list, int start, int end) {
    ListIterator<Object> each = list.listIterator(start);
    for (int i = start; i < end; i++) {
      Object _ = each.next();
      each.remove();
    }
  }

  /** {@code Collections.shuffle}. */
  public static void shuffle(List<Object> list) {
    shuffle(list, new Random());
  }

  /** {@code Collections.shuffle}. */
  public static void shuffle(List<Object> list, RandomGenerator random) {
    for (int i = list.size(); i > 1; i--) {
      Collections.swap(list, i - 1, random.nextInt(i));
    }
  }

  /** {@code Collections.rotate}. */
  public static void rotate(List<Object> list, int distance) {
    Object[] all = list.toArray();
    for (int i = 0; i < all.length; i++) {
      Object _ = list.set(Math.floorMod(i + (long) distance, all.length), all[i]);
    }
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Collections, iterators and numbers that users write are followed where the platform has them. */
class OwnCollectionsTest {
  /** A list of the numbers of an array, each in a new box whenever it is asked for. */
  static final class Vector extends AbstractList<Double> {
    final double[] numbers;

    Vector(double... numbers) {
      this.numbers = numbers;
    }

    @Override
    public Double get(int index) {
      return numbers[index];
    }

    @Override
    public Double set(int index, Double number) {
      double before = numbers[index];
      numbers[index] = number;
      return before;
    }

    @Override
    public int size() {
      return numbers.length;
    }
  }

  static double looped(double x) {
    double sum = 0;
    for (double number : new Vector(x, x * x, 3)) {
      sum += number * number;
    }
    return sum;
  }

  static double streamed(double x) {
    Vector vector = new Vector(x, x * x, 3);
    vector.set(2, 5 * x);
    return vector.stream().mapToDouble(number -> number).sum() * vector.get(0);
  }

  /** Multiples of a number. */
  record Multiples(double step) implements Iterable<Double> {
    @Override
    public Iterator<Double> iterator() {
      return new Iterator<>() {
        private int next = 1;

        @Override
        public boolean hasNext() {
          return next < 4;
        }

        @Override
        public Double next() {
          return step * next++;
        }
      };
    }
  }

  static double forEach(double x) {
    double[] product = {1};
    new Multiples(x).forEach(number -> product[0] *= number);
    return product[0];
  }

  static double remaining(double x) {
    List<Double> all = new ArrayList<>();
    new Multiples(x).iterator().forEachRemaining(all::add);
    return all.get(0) * all.get(2);
  }

  /** The same without boxes. */
  static final class Bare implements PrimitiveIterator.OfDouble {
    private final double step;
    private int next;

    Bare(double step) {
      this.step = step;
    }

    @Override
    public boolean hasNext() {
      return next < 3;
    }

    @Override
    public double nextDouble() {
      return step * ++next;
    }
  }

  static double bare(double x) {
    Bare numbers = new Bare(x);
    double first = numbers.next();
    double[] sum = {0};
    numbers.forEachRemaining((Consumer<Double>) number -> sum[0] += first * number);
    new Bare(x).forEachRemaining((DoubleConsumer) number -> sum[0] += number);
    return sum[0];
  }

  /** The same, to be split. */
  static class Split implements Spliterator.OfDouble {
    private final double step;
    private int next;

    Split(double step) {
      this.step = step;
    }

    @Override
    public boolean tryAdvance(DoubleConsumer action) {
      boolean isMore = next < 3;
      if (isMore) {
        action.accept(step * ++next);
      }
      return isMore;
    }

    @Override
    public Spliterator.@Nullable OfDouble trySplit() {
      return null;
    }

    @Override
    public long estimateSize() {
      return 3L - next;
    }

    @Override
    public int characteristics() {
      return SIZED;
    }
  }

  static double split(double x) {
    double[] sum = {0};
    Split first = new Split(x);
    first.tryAdvance((Consumer<Double>) number -> sum[0] += number);
    first.forEachRemaining((Consumer<Double>) number -> sum[0] += number * number);
    Spliterator.OfDouble second = new Split(x);
    second.forEachRemaining((DoubleConsumer) number -> sum[0] *= number);
    return sum[0] * new Split(x).getExactSizeIfKnown();
  }

  /** The same in boxes, by what the platform has for such. */
  static final class Boxes extends Spliterators.AbstractSpliterator<Double> {
    private final double step;
    private int next;

    Boxes(double step) {
      super(3, ORDERED);
      this.step = step;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Double> action) {
      boolean isMore = next < 3;
      if (isMore) {
        action.accept(step * ++next);
      }
      return isMore;
    }
  }

  static double streamsOfOwn(double x) {
    double sum =
        StreamSupport.stream(new Multiples(x).spliterator(), false).reduce(0.0, Double::sum);
    sum += StreamSupport.stream(new Boxes(x), true).skip(1).mapToDouble(a -> a * a).sum();
    sum *= StreamSupport.doubleStream(new Split(x), false).limit(2).sum();
    Spliterator<Double> unknown =
        Spliterators.spliteratorUnknownSize(new Multiples(x).iterator(), Spliterator.ORDERED);
    double[] last = {0};
    unknown.forEachRemaining(number -> last[0] = number);
    return sum
        * last[0]
        * StreamSupport.stream(new Vector(x, 2).spliterator(), false).findFirst().get();
  }

  /** The powers of a number, by their names. */
  static final class Powers extends AbstractMap<String, Double> {
    final double base;

    Powers(double base) {
      this.base = base;
    }

    @Override
    public Set<Map.Entry<String, Double>> entrySet() {
      Set<Map.Entry<String, Double>> powers = new LinkedHashSet<>();
      powers.add(Map.entry("square", base * base));
      powers.add(Map.entry("cube", base * base * base));
      return powers;
    }
  }

  static double mapped(double x) {
    Powers powers = new Powers(x);
    double[] sum = {powers.get("cube") * powers.getOrDefault("fourth", x)};
    sum[0] += powers.getOrDefault("square", 7 * x);
    powers.forEach((name, power) -> sum[0] += name.length() * power);
    return sum[0];
  }

  static double values(double x) {
    double product = 1;
    for (double power : new Powers(x).values()) {
      product *= power;
    }
    return product + new Powers(x).values().stream().mapToDouble(power -> power).sum();
  }

  static double copied(double x) {
    Object[] all = new Powers(x).values().toArray();
    return (Double) all[0] + 2 * (Double) all[1];
  }

  /** A number of a class of the user. */
  static final class Fraction extends Number implements Comparable<Fraction> {
    private static final long serialVersionUID = 1L;
    final double above;
    final int below;

    Fraction(double above, int below) {
      this.above = above;
      this.below = below;
    }

    @Override
    public double doubleValue() {
      return above / below;
    }

    @Override
    public float floatValue() {
      return (float) doubleValue();
    }

    @Override
    public int intValue() {
      return (int) doubleValue();
    }

    @Override
    public long longValue() {
      return (long) doubleValue();
    }

    @Override
    public int compareTo(Fraction other) {
      return Double.compare(doubleValue(), other.doubleValue());
    }
  }

  static double numbers(double x) {
    List<Fraction> fractions = new ArrayList<>(List.of(new Fraction(x, 2), new Fraction(3, 1)));
    Collections.sort(fractions, Collections.reverseOrder());
    double product = 1;
    for (Number number : List.<Number>of(fractions.get(0), fractions.get(1), x, 2)) {
      product *= number.doubleValue();
    }
    return product;
  }

  /** A list that sums up what is added to it. */
  static class Summing extends ArrayList<Double> {
    private static final long serialVersionUID = 1L;
    private double sum;

    @Override
    public boolean add(Double number) {
      sum += number;
      return super.add(number);
    }
  }

  /** Another that counts, too, by what it inherits. */
  static final class Counting extends Summing {
    private static final long serialVersionUID = 1L;
    private int count;

    @Override
    public boolean add(Double number) {
      count++;
      return super.add(number);
    }
  }

  static double counted(double x) {
    Counting list = new Counting();
    list.add(x * x);
    list.add(x * x * x);
    return ((Summing) list).sum * list.count + list.get(1);
  }

  static double summed(double x) {
    Summing list = new Summing();
    list.add(3 * x);
    list.add(x * x);
    Collections.sort(list);
    return list.sum * list.get(0);
  }

  /** A cache that forgets what it was asked for least recently. */
  static final class Cache<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;

    Cache() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > 2;
    }
  }

  static double cached(double x) {
    Cache<String, Double> cache = new Cache<>();
    cache.put("a", x);
    cache.put("b", x * x);
    cache.merge("a", x, Double::sum);
    cache.put("c", 3.0);
    return cache.getOrDefault("a", 0.0) * cache.getOrDefault("b", x) * cache.get("c");
  }

  /** A list that grows, and counts its changes in the field that it inherits. */
  static final class Growing extends AbstractList<Double> {
    private double[] numbers = new double[2];
    private int size;

    @Override
    public Double get(int index) {
      return numbers[index];
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean add(Double number) {
      modCount++;
      if (size == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * size);
      }
      numbers[size++] = number;
      return true;
    }

    @Override
    public Double remove(int index) {
      modCount++;
      double before = numbers[index];
      System.arraycopy(numbers, index + 1, numbers, index, --size - index);
      return before;
    }
  }

  static double grown(double x) {
    Growing list = new Growing();
    for (int i = 1; i < 6; i++) {
      list.add(i * x);
    }
    double product = list.remove(1);
    Iterator<Double> each = list.iterator();
    while (each.hasNext()) {
      if (each.next() > 3 * x) {
        each.remove();
      }
    }
    for (double number : list) {
      product *= number;
    }
    return product;
  }

  static double sorted(double x) {
    Vector vector = new Vector(4 * x, x * x, 3);
    Collections.sort(vector);
    return vector.numbers[0] + 2 * vector.numbers[1];
  }

  static double replaced(double x) {
    Vector vector = new Vector(x, 1);
    vector.replaceAll(number -> number * x);
    return vector.numbers[0];
  }

  /** A future whose value somebody sets by a method that is protected. */
  static final class Promise extends FutureTask<Double> {
    Promise() {
      super(() -> 0.0);
    }

    double keep(double number) {
      set(number);
      return resultNow();
    }
  }

  @SuppressWarnings("deprecation") // it calls observers that are no functions of the platform's
  static double observed(double x) {
    double[] seen = new double[1];
    java.util.Observable source =
        new java.util.Observable() {
          @Override
          public boolean hasChanged() {
            return true;
          }
        };
    source.addObserver((_, number) -> seen[0] = (Double) number);
    source.notifyObservers(x);
    return seen[0];
  }

  @TestFactory
  Stream<DynamicTest> areFollowed() {
    double x = 0.7;
    return new Cases()
        .number("looped", x, 2 * x + 4 * x * x * x, a -> looped(a))
        .number("streamed", x, 12 * x + 3 * x * x, a -> streamed(a))
        .number("forEach", x, 18 * x * x, a -> forEach(a))
        .number("forEachRemaining", x, 6 * x, a -> remaining(a))
        .number("numbers without boxes", x, 10 * x + 6, a -> bare(a))
        .number(
            "numbers to be split",
            x,
            18 * (4 * Math.pow(x, 3) + 65 * Math.pow(x, 4)),
            a -> split(a))
        .number(
            "their streams", x, 216 * Math.pow(x, 3) + 585 * Math.pow(x, 4), a -> streamsOfOwn(a))
        .number("a map", x, 4 * Math.pow(x, 3) + 14 * x + 12 * x * x, a -> mapped(a))
        .number("a map's values", x, 5 * Math.pow(x, 4) + 2 * x + 3 * x * x, a -> values(a))
        .number("a map's values in an array", x, 2 * x + 6 * x * x, a -> copied(a))
        .number("numbers", x, 6 * x, a -> numbers(a))
        .number("summed", x, 9 * x * x + 4 * x * x * x, a -> summed(a))
        .number("counted", x, 4 * x + 9 * x * x, a -> counted(a))
        .number("cached", x, 12 * x, a -> cached(a))
        .number("grown", x, 18 * x * x, a -> grown(a))
        .number("sorted", x, 2 * x + 8, a -> sorted(a))
        .number("replaced", x, 2 * x, a -> replaced(a))
        .number("kept", x, 2 * x, a -> new Promise().keep(a * a))
        .hessian("second derivatives", Cases.of(x), new double[][] {{36 * x}}, a -> forEach(a[0]))
        .tests();
  }

  @Test
  void observersAreRefused() {
    assertThrows(GradientException.class, () -> Grad.gradient(x -> observed(x), 3));
    assertThrows(GradientException.class, () -> Grad.derivative(x -> observed(x), 3));
  }

  /** A map whose {@code replaceAll} hands a function of its own on to its {@code forEach}. */
  static final class Shared extends AbstractMap<String, Double>
      implements ConcurrentMap<String, Double> {
    private double kept;

    @Override
    public Set<Map.Entry<String, Double>> entrySet() {
      return Set.of(Map.entry("kept", kept));
    }

    @Override
    public Double put(String key, Double value) {
      double before = kept;
      kept = value;
      return before;
    }

    @Override
    public Double putIfAbsent(String key, Double value) {
      return kept;
    }

    @Override
    public boolean remove(Object key, Object value) {
      return false;
    }

    @Override
    public boolean replace(String key, Double old, Double value) {
      kept = value;
      return true;
    }

    @Override
    public Double replace(String key, Double value) {
      return put(key, value);
    }
  }

  static double shared(double x) {
    Shared map = new Shared();
    map.put("kept", x);
    map.replaceAll((_, value) -> value * x);
    return map.kept;
  }

  static double wrapped(double x) {
    Shared map = new Shared();
    Collections.synchronizedMap(map).put("kept", x * x);
    return map.kept;
  }

  @Test
  void whatThePlatformPutsIntoThemIsRefused() {
    for (Scalar1 f : List.<Scalar1>of(x -> shared(x), x -> wrapped(x))) {
      assertEquals(9, f.apply(3));
      for (Runnable derivative :
          List.<Runnable>of(() -> Grad.gradient(f, 3), () -> Grad.derivative(f, 3))) {
        String message = assertThrows(GradientException.class, derivative::run).getMessage();
        assertTrue(message.contains("by the class's own methods"), message);
      }
    }
  }
}

package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Serializable;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractQueue;
import java.util.AbstractSequentialList;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What collections of users inherit, and what the platform does with them, goes by their own
 * methods: these are followed.
 */
class InheritedMethodsTest {
  /** A list that gives a new box each time, and sums up what it is told. */
  static final class Tally extends AbstractList<Double> {
    private final List<Double> numbers = new ArrayList<>();
    private double sum;

    static Tally of(double... numbers) {
      Tally list = new Tally();
      for (double number : numbers) {
        list.numbers.add(number);
      }
      return list;
    }

    @Override
    public Double get(int index) {
      return numbers.get(index) * 1.0;
    }

    @Override
    public int size() {
      return numbers.size();
    }

    @Override
    public void add(int index, Double number) {
      sum += number;
      numbers.add(index, number);
    }

    @Override
    public boolean add(Double number) {
      sum *= 2;
      return super.add(number);
    }

    @Override
    public Double set(int index, Double number) {
      sum -= number;
      return numbers.set(index, number);
    }

    @Override
    public Double remove(int index) {
      sum = 3 * sum + index;
      return numbers.remove(index);
    }

    void cut() {
      removeRange(1, 3);
    }

    /** A number that every element has its part in, and every change. */
    double all(double x) {
      double all = sum;
      for (double number : this) {
        all = all * x + number;
      }
      return all;
    }
  }

  static Tally three(double x) {
    return Tally.of(x, x * x, 3 * x);
  }

  interface Change extends Serializable {
    /** Changes a list of a number, its square and its triple, and gives a number. */
    double of(Tally list, double x);
  }

  static final class Squares extends AbstractSet<Double> {
    private final double x;

    Squares(double x) {
      this.x = x;
    }

    @Override
    public int size() {
      return 3;
    }

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
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return x * next * next++;
        }
      };
    }
  }

  /** A map that makes its entries' numbers anew. */
  static final class Table extends AbstractMap<Double, Double> {
    private final List<Map.Entry<Double, Double>> entries = new ArrayList<>();

    static Table of(double x) {
      Table table = new Table();
      table.put(x, x * x);
      table.put(2 * x, 3 * x);
      return table;
    }

    @Override
    public @Nullable Double put(Double key, Double value) {
      for (Map.Entry<Double, Double> entry : entries) {
        if (entry.getKey().equals(key)) {
          return entry.setValue(value * 1.0);
        }
      }
      entries.add(new AbstractMap.SimpleEntry<>(key * 1.0, value * 1.0));
      return null;
    }

    @Override
    public Set<Map.Entry<Double, Double>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public Iterator<Map.Entry<Double, Double>> iterator() {
          return entries.iterator();
        }

        @Override
        public int size() {
          return entries.size();
        }
      };
    }
  }

  /** A list on an array, by an iterator. */
  static final class Sequence extends AbstractSequentialList<Double> {
    private final double[] numbers;

    Sequence(double... numbers) {
      this.numbers = numbers;
    }

    @Override
    public int size() {
      return numbers.length;
    }

    @Override
    public ListIterator<Double> listIterator(int start) {
      return new ListIterator<>() {
        private int next = start;
        private int last;

        @Override
        public boolean hasNext() {
          return next < numbers.length;
        }

        @Override
        public Double next() {
          last = next++;
          return numbers[last];
        }

        @Override
        public boolean hasPrevious() {
          return next > 0;
        }

        @Override
        public Double previous() {
          last = --next;
          return numbers[last];
        }

        @Override
        public int nextIndex() {
          return next;
        }

        @Override
        public int previousIndex() {
          return next - 1;
        }

        @Override
        public void set(Double number) {
          numbers[last] = number;
        }

        @Override
        public void add(Double number) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void remove() {
          throw new UnsupportedOperationException();
        }
      };
    }
  }

  static final class Line extends AbstractQueue<Double> {
    private double[] numbers = new double[0];

    @Override
    public boolean offer(Double number) {
      double[] more = new double[numbers.length + 1];
      System.arraycopy(numbers, 0, more, 0, numbers.length);
      more[numbers.length] = number;
      numbers = more;
      return true;
    }

    @Override
    public @Nullable Double poll() {
      Double first = peek();
      double[] fewer = new double[numbers.length - 1];
      System.arraycopy(numbers, 1, fewer, 0, fewer.length);
      numbers = fewer;
      return first;
    }

    @Override
    public @Nullable Double peek() {
      return numbers.length == 0 ? null : (Double) numbers[0];
    }

    @Override
    public int size() {
      return numbers.length;
    }

    @Override
    public Iterator<Double> iterator() {
      return new Sequence(numbers).iterator();
    }
  }

  /** Keeps a copy of its list. */
  record Kept(List<Double> numbers) {
    Kept {
      numbers = List.copyOf(numbers);
    }
  }

  static double listIterator(Tally list, double x) {
    ListIterator<Double> each = list.listIterator(1);
    double sum = each.next();
    each.add(5 * x);
    sum += each.next() * 2;
    each.set(sum * x);
    sum *= each.previous();
    each.remove();
    each.add(x * x * x);
    while (each.hasPrevious()) {
      sum = sum * x + each.previous() * each.nextIndex();
    }
    return sum;
  }

  static double part(Tally list, double x) {
    List<Double> part = list.subList(1, 3);
    part.set(0, x * x * x);
    part.add(x);
    part.addFirst(2 * x);
    part.remove(2);
    double sum = part.getLast() * part.stream().mapToDouble(number -> number).sum();
    part.subList(0, 1).clear();
    Collections.sort(part);
    return sum * part.get(0) + list.size();
  }

  static double reversed(Tally list, double x) {
    List<Double> reversed = list.reversed();
    reversed.set(0, x * x * x);
    reversed.add(7 * x);
    reversed.add(0, 2 * x);
    reversed.remove(1);
    double sum = 0;
    for (double number : reversed) {
      sum = sum * x + number;
    }
    return sum + reversed.reversed().get(1) * reversed.removeLast();
  }

  static double map(double x) {
    Table table = Table.of(x);
    table.merge(x, x, (a, b) -> a * b);
    table.merge(5.0, x, (a, b) -> a * b);
    table.compute(5.0, (key, value) -> key * value * x);
    table.computeIfAbsent(6.0, key -> key * x);
    table.computeIfAbsent(6.0, key -> key);
    table.computeIfPresent(6.0, (key, value) -> key * value * x);
    table.replaceAll((key, value) -> value + key);
    double product = table.get(5.0) * table.get(6.0) * table.get(2 * x);
    product += requireNonNull(table.replace(6.0, x));
    table.replace(6.0, table.get(6.0), x * x);
    table.putIfAbsent(6.0, 1.0);
    table.putIfAbsent(7.0, x);
    return product * requireNonNull(table.remove(6.0)) * table.get(7.0) * table.size();
  }

  static double mapViews(double x) {
    Table table = Table.of(x);
    double sum = 0;
    for (double key : table.keySet()) {
      sum = sum * x + key;
    }
    table.values().removeIf(value -> value > 2 * x);
    table.put(3.0, x);
    table.keySet().remove(3.0);
    return sum * table.values().iterator().next()
        + table.entrySet().stream().mapToDouble(entry -> entry.getKey() * entry.getValue()).sum();
  }

  static double mapCopies(double x) {
    Table table = Table.of(x);
    Map<Double, Double> hashed = new HashMap<>(table);
    hashed.putAll(Table.of(3 * x));
    table.putAll(Map.of(7.0, x));
    table.putAll(Table.of(7 * x));
    return Map.copyOf(table).get(7.0) * new TreeMap<>(table).lastEntry().getValue()
        + hashed.get(6 * x) * table.get(14 * x);
  }

  static double copies(double x) {
    List<Double> list = new ArrayList<>(new Squares(x));
    list.addAll(0, new Sequence(x * x, x));
    Deque<Double> deque = new ArrayDeque<>(new Squares(x * x));
    deque.addAll(new Sequence(x, 2));
    double product = list.get(0) * list.get(3) + deque.removeFirst() * deque.getLast();
    product *= new PriorityQueue<>(new Sequence(5 * x, x)).peek();
    product *= new LinkedHashSet<>(new Squares(x)).getLast();
    product += new Kept(new Sequence(x, x * x)).numbers().get(1);
    return product * new ArrayList<>(Set.copyOf(new Sequence(x, x))).getFirst();
  }

  static double caught(double x) {
    try {
      return new ArrayList<>(new Sequence(x)).get(5);
    } catch (IndexOutOfBoundsException e) {
      return List.copyOf(new Sequence(x, x * x)).get(1);
    }
  }

  static double sequence(double x) {
    Sequence list = new Sequence(x, x * x, 3 * x);
    list.set(0, 5 * x);
    Collections.sort(list);
    Collections.reverse(list);
    list.replaceAll(number -> number * x);
    return list.get(1) + list.subList(1, 3).get(1) * list.getFirst();
  }

  static double queue(double x) {
    Line queue = new Line();
    queue.addAll(List.of(x, x * x));
    queue.add(3 * x);
    double product = queue.element() * queue.remove();
    return product * queue.remove() + requireNonNull(queue.peek());
  }

  private static DynamicTest test(String name, Scalar1 f) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          double x = 1.3;
          double h = 1e-5;
          double slope = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
          double tolerance = 1e-7 * Math.max(1, Math.abs(slope));
          assertEquals(slope, Grad.gradient(f, x), tolerance, "reverse");
          assertEquals(slope, Grad.derivative(f, x), tolerance, "forward");
        });
  }

  private static DynamicTest change(String name, Change change) {
    return test(
        name,
        x -> {
          Tally list = three(x);
          double number = change.of(list, x);
          return number * x + list.all(x);
        });
  }

  @TestFactory
  Stream<DynamicTest> ofLists() {
    return Stream.of(
        change("add", (list, x) -> list.add(x * x) ? 1 : x),
        change("addAll", (list, x) -> list.addAll(List.of(x, 5.0)) ? 1 : x),
        change("addAll in between", (list, x) -> list.addAll(1, three(2 * x)) ? 1 : x),
        change("addFirst", (list, x) -> first(list, 4 * x)),
        change("clear", (list, x) -> list.getLast() + cleared(list)),
        change("removeRange", (list, x) -> cut(list)),
        change("removeIf", (list, x) -> list.removeIf(number -> number > 2 * x) ? x : 1),
        change("removeAll", (list, x) -> list.removeAll(List.of(x)) ? x : 1),
        change("retainAll", (list, x) -> list.retainAll(Tally.of(x * x, x)) ? x : 1),
        change("remove", (list, x) -> list.remove((Object) (x * x)) ? x : 1),
        change("replaceAll", (list, x) -> replaced(list, x)),
        change("sort", (list, x) -> sorted(list, Comparator.comparingDouble(number -> -number))),
        change("contains", (list, x) -> list.contains(x * x) && !list.contains(5.0) ? x : 1),
        change("indexOf", (list, x) -> list.indexOf(x * x) * x + list.lastIndexOf(3 * x)),
        change("equals", (list, x) -> list.equals(three(x)) && !list.equals(null) ? x : 1),
        change("toArray", (list, x) -> list.toArray(Double[]::new)[1] * (Double) list.toArray()[2]),
        change("toArray of a type", (list, x) -> list.toArray(new Double[0])[1]),
        change("an iterator", InheritedMethodsTest::listIterator),
        change("a part", InheritedMethodsTest::part),
        change("reversed", InheritedMethodsTest::reversed),
        change("parallel", (list, x) -> list.parallelStream().reduce(1.0, (a, b) -> a * b)));
  }

  static double first(Tally list, double number) {
    list.addFirst(number);
    return list.removeLast() * list.getFirst();
  }

  static double cleared(Tally list) {
    list.clear();
    return list.size();
  }

  static double cut(Tally list) {
    list.cut();
    return list.size();
  }

  static double replaced(Tally list, double x) {
    list.replaceAll(number -> number * x + number * number);
    return 1;
  }

  static double sorted(Tally list, Comparator<Double> order) {
    list.sort(order);
    return list.getFirst();
  }

  @TestFactory
  Stream<DynamicTest> byCollections() {
    return Stream.of(
        change("sort", (list, x) -> change(() -> Collections.sort(list))),
        change("swap", (list, x) -> change(() -> Collections.swap(list, 0, 2))),
        change("reverse", (list, x) -> change(() -> Collections.reverse(list))),
        change("shuffle", (list, x) -> change(() -> Collections.shuffle(list, new Random(1)))),
        change("rotate", (list, x) -> change(() -> Collections.rotate(list, -4))),
        change("fill", (list, x) -> change(() -> Collections.fill(list, x * x))),
        change("copy", (list, x) -> change(() -> Collections.copy(list, Tally.of(x * x, 5)))),
        change("addAll", (list, x) -> Collections.addAll(list, x, 4.0) ? x : 1),
        change("replaceAll", (list, x) -> Collections.replaceAll(list, x, 4 * x) ? x : 1),
        change("max", (list, x) -> Collections.max(list) * Collections.min(new Squares(x))));
  }

  static double change(Runnable change) {
    change.run();
    return 1;
  }

  @TestFactory
  Stream<DynamicTest> ofOthers() {
    return Stream.of(
        test("a map", x -> map(x)),
        test("a map's views", x -> mapViews(x)),
        test("copies of a map", x -> mapCopies(x)),
        test("copies", x -> copies(x)),
        test("a copy in a try block", x -> caught(x)),
        test("a sequential list", x -> sequence(x)),
        test("a queue", x -> queue(x)));
  }

  @TestFactory
  Stream<DynamicTest> secondDerivatives() {
    double x = 1.3;
    return new Cases()
        .hessian(
            "sequence", Cases.of(x), new double[][] {{30 * x + 150 * x * x * x}}, a -> turned(a[0]))
        .tests();
  }

  /** 5 x³ + 15 x⁵ / 2. */
  static double turned(double x) {
    Tally list = Tally.of(x * x, 5 * x);
    Collections.reverse(list);
    list.replaceAll(number -> number * x);
    return list.get(0) * list.get(1) * 1.5 + list.get(0) * x;
  }

  /** A list with a range to remove in its own way. */
  static final class Clearing extends AbstractList<Double> {
    private double number;

    @Override
    public Double get(int index) {
      return number;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    protected void removeRange(int start, int end) {
      number *= number;
    }
  }

  static double ownRange(double x) {
    Clearing list = new Clearing();
    list.number = x;
    list.clear();
    return list.number;
  }

  @Test
  void aRangeRemovedInAnotherWayIsRefused() {
    assertEquals(9, ownRange(3));
    for (Runnable derivative :
        List.<Runnable>of(
            () -> Grad.gradient(x -> ownRange(x), 3), () -> Grad.derivative(x -> ownRange(x), 3))) {
      String message = assertThrows(GradientException.class, derivative::run).getMessage();
      assertTrue(message.contains("removeRange of its own"), message);
    }
  }
}

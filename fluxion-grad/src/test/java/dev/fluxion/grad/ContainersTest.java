package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through lambdas, the platform's containers and streams of objects. */
@SuppressWarnings({"BoxingComparator", "NullAway", "UnusedVariable"}) // code as users write it
class ContainersTest {
  record Point(double x, double y) {
    double norm() {
      return Math.sqrt(x * x + y * y);
    }
  }

  record Case(String name, Scalar1 f) {}

  static double integrate(DoubleUnaryOperator f, double a, double b) {
    double s = 0;
    for (int i = 0; i < 20; i++) {
      s += f.applyAsDouble(a + (b - a) * (i + 0.5) / 20) * (b - a) / 20;
    }
    return s;
  }

  static double capturing(double x) {
    DoubleUnaryOperator f = t -> Math.sin(t * x) + x;
    return integrate(f, 0, x) * f.applyAsDouble(2);
  }

  static double capturingArray(double x) {
    double[] a = {x, 2};
    Runnable square = () -> a[1] *= a[0];
    square.run();
    square.run();
    return a[1] * a[0];
  }

  static double composed(double x) {
    Function<Double, Double> square = v -> v * v;
    Function<Double, Double> shift = v -> v + x;
    return square.andThen(shift).compose((Double v) -> v * x).apply(x);
  }

  static double methodReferences(double x) {
    Supplier<Point> make = () -> new Point(x, 3 * x);
    Function<Point, Double> norm = Point::norm;
    DoubleUnaryOperator sine = Math::sin;
    BinaryOperator<Double> larger = Math::max;
    return norm.apply(make.get()) * sine.applyAsDouble(x) + larger.apply(x, 0.1);
  }

  static double curried(double x) {
    Function<Double, Function<Double, Double>> product = a -> b -> a * b * x;
    return product.apply(x).apply(x * 2);
  }

  static double list(double x) {
    List<Double> list = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      list.add(x * i + 1);
    }
    list.set(2, list.get(1) * list.get(3));
    list.remove(0);
    double s = 0;
    for (double d : list) {
      s += d * d;
    }
    return s + list.size() * x;
  }

  static double sorted(double x) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      points.add(new Point(Math.sin(i * 2.0 + x), x * i));
    }
    points.sort(Comparator.comparingDouble(p -> p.x()));
    double s = 0;
    for (int i = 0; i < points.size(); i++) {
      s += (i + 1) * points.get(i).x() * points.get(i).y();
    }
    return s;
  }

  static double deque(double x) {
    Deque<Double> stack = new ArrayDeque<>();
    stack.push(x);
    stack.push(2.0);
    stack.push(x * x);
    double product = stack.pop() + stack.pop();
    stack.addLast(product);
    return product * stack.removeFirst() * stack.peekLast();
  }

  static double maps(double x) {
    Map<String, Double> map = new HashMap<>();
    map.put("a", x);
    map.put("b", x * x);
    map.merge("a", 3 * x, Double::sum);
    map.computeIfAbsent("c", k -> x * 7);
    map.computeIfPresent("b", (k, v) -> v * x);
    double s = map.getOrDefault("d", 5.0);
    for (Map.Entry<String, Double> entry : map.entrySet()) {
      s += entry.getValue() * entry.getKey().charAt(0);
    }
    Map<Integer, double[]> rows = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      rows.computeIfAbsent(i % 2, k -> new double[2])[i % 2] += x * i;
    }
    return s * rows.get(1)[1] + rows.get(0)[0];
  }

  static double iterators(double x) {
    List<Double> list = new ArrayList<>(List.of(x, 1.0, x * x));
    Iterator<Double> it = list.iterator();
    double p = 1;
    while (it.hasNext()) {
      double v = it.next();
      p *= v;
      if (v == 1.0) {
        it.remove();
      }
    }
    return p * list.size();
  }

  static double optionals(double x) {
    Optional<Double> some = Optional.of(x * 2);
    return some.map(v -> v * x).filter(v -> v > 0).orElse(0.0)
        + Optional.<Double>empty().orElseGet(() -> x * x * x);
  }

  static double streams(double x) {
    List<Double> list = List.of(x, 2 * x, 3.0);
    double sum = list.stream().map(v -> v * v).reduce(0.0, (a, b) -> a + b);
    List<Point> points =
        IntStream.range(0, 4).mapToObj(i -> new Point(x * i, i)).collect(Collectors.toList());
    double norms =
        points.stream().filter(p -> p.y() > 0.5).map(Point::norm).reduce(1.0, (a, b) -> a * b);
    return sum * norms;
  }

  static double forEach(double x) {
    double[] total = {0};
    Stream.of(x, x * x, 2.0).forEach(v -> total[0] += v * v);
    List.of(x, x).forEach(v -> total[0] *= v);
    return total[0];
  }

  static double queue(double x) {
    PriorityQueue<Point> queue = new PriorityQueue<>(Comparator.comparing(Point::y));
    queue.add(new Point(x, 3));
    queue.add(new Point(x * x, 1));
    queue.add(new Point(1 / x, 2));
    double s = 0;
    for (int weight = 1; !queue.isEmpty(); weight++) {
      s += weight * queue.poll().x();
    }
    return s;
  }

  static double extremes(double x) {
    List<Double> list = Arrays.asList(x, x * x, Math.sin(x));
    return Collections.max(list) * Collections.min(list);
  }

  static double ownIterable(double x) {
    double s = 0;
    for (Double v : new Powers(x, 4)) {
      s += v;
    }
    return s;
  }

  /**
   * What is cleaned up is in reach until then, so that the cleaner's thread does not come first.
   */
  static double cleaned(double x) {
    double[] numbers = {x * x, x};
    Cleaner.Cleanable cleanable =
        Cleaner.create().register(numbers, () -> numbers[0] *= numbers[1]);
    cleanable.clean();
    cleanable.clean();
    return numbers[0];
  }

  record Powers(double x, int n) implements Iterable<Double> {
    @Override
    public Iterator<Double> iterator() {
      return new Iterator<>() {
        private int i;
        private double p = 1;

        @Override
        public boolean hasNext() {
          return i < n;
        }

        @Override
        public Double next() {
          i++;
          p *= x;
          return p;
        }
      };
    }
  }

  static final class Node {
    final double value;
    Node next;

    Node(double value, Node next) {
      this.value = value;
      this.next = next;
    }
  }

  static double linked(double x) {
    Node head = null;
    for (int i = 0; i < 4; i++) {
      head = new Node(x * (i + 1), head);
    }
    Node reversed = null;
    while (head != null) {
      Node next = head.next;
      head.next = reversed;
      reversed = head;
      head = next;
    }
    double s = 0;
    double w = 1;
    for (Node n = reversed; n != null; n = n.next) {
      s += n.value * n.value * w++;
    }
    return s;
  }

  static double memo(double x, int n, Map<Integer, Double> known) {
    Double found = known.get(n);
    if (found != null) {
      return found;
    }
    double value = n < 2 ? x : memo(x, n - 1, known) * x + memo(x, n - 2, known);
    known.put(n, value);
    return value;
  }

  static double[] row(double[][] m, int i) {
    return m[i];
  }

  static double aliasedResult(double x) {
    double[][] m = new double[2][2];
    row(m, 1)[0] = x * x;
    return m[1][0] * x;
  }

  static double boxArrays(double x) {
    Double[] boxes = {x, x * x, 2.0};
    List<Double> list = Arrays.asList(boxes);
    list.set(2, x * 5);
    Collections.reverse(list);
    Double[] copy = list.toArray(new Double[0]);
    Object[] objects = boxes;
    double s = 0;
    for (int i = 0; i < 3; i++) {
      s += (i + 1) * boxes[i] * copy[i] + (Double) objects[i];
    }
    return s;
  }

  static double sortedArray(double x) {
    Point[] points = {new Point(x, 3), new Point(x * x, 1), new Point(1 / x, 2)};
    Arrays.sort(points, Comparator.comparing(Point::y));
    double s = 0;
    for (int i = 0; i < points.length; i++) {
      s += (i + 1) * points[i].x();
    }
    return s;
  }

  static double numberStreams(double x) {
    double[] a = {x, 2 * x, 3};
    double dot = IntStream.range(0, 3).mapToDouble(i -> a[i] * a[i]).sum();
    double norms =
        Stream.of(new Point(x, 1), new Point(2, x)).mapToDouble(Point::norm).map(Math::log).sum();
    double powers = DoubleStream.iterate(x, v -> v * x).limit(5).filter(v -> v > 0.5).sum();
    double greatest = Arrays.stream(a).max().getAsDouble();
    double mean = DoubleStream.concat(DoubleStream.of(a), DoubleStream.of(x)).average().orElse(0);
    double[] sorted = DoubleStream.of(x * 3, x, 1.5).sorted().toArray();
    double product = Arrays.stream(a).boxed().map(v -> v + 1).reduce(1.0, (p, q) -> p * q);
    return dot * norms
        + powers * greatest
        + mean * sorted[1]
        + product
        + DoubleStream.of(a).skip(1).takeWhile(v -> v < 5).reduce(1, (p, q) -> p * q);
  }

  static double arrayMethods(double x) {
    double[] a = {3 * x, x, 2};
    double[] b = new double[5];
    System.arraycopy(a, 0, b, 1, 3);
    System.arraycopy(b, 1, b, 2, 3);
    Arrays.sort(a);
    Arrays.setAll(b, i -> b[i] * x + i);
    Point[] points = {new Point(x, 1), new Point(1, x)};
    Point[] copy = Arrays.copyOf(points.clone(), 3);
    copy[2] = points[0];
    System.arraycopy(copy, 0, copy, 1, 2);
    double s = Arrays.equals(a, b) ? 0 : a[0] * 2 + a[1] * a[2];
    for (int i = 0; i < 5; i++) {
      s += b[i] * (i + 1);
    }
    return s + copy[1].x() * copy[2].y();
  }

  static double comparing(double x) {
    Comparator<String> byLength = (a, b) -> (int) (x * a.length());
    return byLength.compare("abc", "b") * x;
  }

  @TestFactory
  List<DynamicTest> agreeWithFiniteDifferences() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("capturing", x -> capturing(x)),
            new Case("capturingArray", x -> capturingArray(x)),
            new Case("composed", x -> composed(x)),
            new Case("methodReferences", x -> methodReferences(x)),
            new Case("curried", x -> curried(x)),
            new Case("list", x -> list(x)),
            new Case("sorted", x -> sorted(x)),
            new Case("deque", x -> deque(x)),
            new Case("maps", x -> maps(x)),
            new Case("iterators", x -> iterators(x)),
            new Case("optionals", x -> optionals(x)),
            new Case("streams", x -> streams(x)),
            new Case("forEach", x -> forEach(x)),
            new Case("queue", x -> queue(x)),
            new Case("extremes", x -> extremes(x)),
            new Case("ownIterable", x -> ownIterable(x)),
            new Case("aliasedResult", x -> aliasedResult(x)),
            new Case("boxArrays", x -> boxArrays(x)),
            new Case("sortedArray", x -> sortedArray(x)),
            new Case("numberStreams", x -> numberStreams(x)),
            new Case("cleaned", x -> cleaned(x)),
            new Case("arrayMethods", x -> arrayMethods(x)),
            new Case("comparing", x -> comparing(x)),
            new Case("linked", x -> linked(x)),
            new Case("memo", x -> memo(x, 9, new LinkedHashMap<>())))) {
      tests.add(
          DynamicTest.dynamicTest(
              one.name(),
              () -> {
                for (double x : new double[] {0.7, 1.3, 2.1}) {
                  double h = 1e-6;
                  double expected = (one.f().apply(x + h) - one.f().apply(x - h)) / (2 * h);
                  double found = Grad.gradient(one.f(), x);
                  assertEquals(expected, found, 1e-6 * Math.max(1, Math.abs(expected)));
                }
              }));
    }
    return tests;
  }

  static final class Model {
    final double[] weights = {1, 2};
    Model inner;
    String name = "m";

    double apply(double x) {
      return weights[0] * x + weights[1] * x * x + (inner == null ? 0 : inner.apply(2 * x));
    }
  }

  @Test
  void theGradientInAnObjectIsSuchAnObject() {
    Model model = new Model();
    model.inner = new Model();
    Model gradient = Grad.gradient(m -> m.apply(3), model);
    assertArrayEquals(new double[] {3, 9}, gradient.weights);
    assertArrayEquals(new double[] {6, 36}, gradient.inner.weights);
    assertEquals("m", gradient.name);
  }

  @Test
  void sharedObjectsShareTheirGradient() {
    Model model = new Model();
    model.inner = model;
    Model gradient =
        Grad.gradient(m -> m.weights[0] + 2 * m.inner.weights[0] + m.inner.inner.weights[1], model);
    assertArrayEquals(new double[] {3, 1}, gradient.weights);
    assertSame(gradient, gradient.inner);
  }

  record Mixture(List<Double> weights, Map<String, Point> named, Optional<Double> bias) {}

  @Test
  void aGradientInContainersIsMadeOfSuchContainers() {
    Mixture at = new Mixture(List.of(2.0, 3.0), Map.of("p", new Point(4, 5)), Optional.of(6.0));
    Mixture gradient =
        Grad.gradient(
            m ->
                m.weights().get(0) * m.named().get("p").x() * m.bias().get()
                    + m.weights().get(1) * m.weights().get(1),
            at);
    assertEquals(
        new Mixture(List.of(24.0, 6.0), Map.of("p", new Point(12, 0)), Optional.of(8.0)), gradient);
  }
}

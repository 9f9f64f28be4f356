package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What has a first derivative has all higher ones, in whatever order the modes are nested: each
 * agrees with differences of the one before, and all of an order with one another.
 */
@Execution(ExecutionMode.CONCURRENT)
@SuppressWarnings({"BoxingComparator", "NullAway", "UnusedVariable"}) // code as users write it
class HigherDerivativesTest {
  record Case(String name, Scalar1 f) {}

  record Point(double x, double y) {}

  static final Object LOCK = new Object();

  // ---------------------------------------------------------------- containers

  static double list(double x) {
    List<Double> list = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      list.add(x * x * i + 1);
    }
    list.set(2, list.get(1) * list.get(3));
    list.remove(0);
    double s = 0;
    for (double d : list) {
      s += d * d;
    }
    return s + list.size() * x;
  }

  static double immutable(double x) {
    return List.of(x * x * x).get(0);
  }

  static double maps(double x) {
    Map<String, Double> map = new HashMap<>();
    map.put("a", x);
    map.put("b", x * x);
    map.merge("a", 3 * x, (a, b) -> a * b);
    map.computeIfPresent("b", (k, v) -> v * x);
    return map.get("a") * map.get("b") + map.getOrDefault("c", 2.0) * x;
  }

  static double sortedMap(double x) {
    Map<Double, Double> map = new TreeMap<>(Comparator.reverseOrder());
    map.put(x, x * x);
    map.put(2 * x, x * x * x);
    double s = 1;
    for (Map.Entry<Double, Double> entry : map.entrySet()) {
      s = s * entry.getKey() + entry.getValue();
    }
    return s;
  }

  static double rows(double x) {
    Map<Integer, double[]> rows = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      rows.computeIfAbsent(i % 2, k -> new double[] {x, 1})[i % 2] += x * i;
    }
    return rows.get(1)[1] * rows.get(0)[0] * rows.get(1)[0];
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

  static double optionals(double x) {
    Optional<Double> some = Optional.of(x * 2);
    return some.map(v -> v * v * x).filter(v -> v > 0).orElse(0.0)
        + Optional.<Double>empty().orElseGet(() -> x * x * x);
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

  static double streams(double x) {
    List<Double> list = List.of(x, 2 * x, 3.0);
    double sum = list.stream().map(v -> v * v).reduce(0.0, (a, b) -> a + b * x);
    List<Double> collected =
        Stream.of(x, x * x).filter(v -> v > 0).map(v -> Math.sin(v)).collect(Collectors.toList());
    return sum * collected.get(0) + collected.get(1);
  }

  static double numberStreams(double x) {
    double[] a = {x, 2 * x, 3};
    double squares = DoubleStream.of(a).map(v -> v * v * x).sum();
    double powers = DoubleStream.iterate(x, v -> v * x).limit(3).sum();
    return squares + powers * Stream.of(x, x * x).mapToDouble(v -> v * v).sum();
  }

  static double sorted(double x) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      points.add(new Point(Math.sin(i * 2.0 + x), x * x * i));
    }
    points.sort(Comparator.comparingDouble(p -> p.x()));
    double s = 0;
    for (int i = 0; i < points.size(); i++) {
      s += (i + 1) * points.get(i).x() * points.get(i).y();
    }
    return s;
  }

  static double compared(double x) {
    List<Double> list = new ArrayList<>(List.of(x * x, 1 / x, x));
    list.sort((a, b) -> Double.compare(a * x, b * x));
    Collections.reverse(list);
    return list.get(0) * list.get(0) + list.get(1) * 3 + list.get(2) * list.get(1);
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
    return s * s;
  }

  static double forEach(double x) {
    double[] total = {x};
    List.of(x, x * x).forEach(v -> total[0] *= v + x);
    return total[0];
  }

  static double composed(double x) {
    Function<Double, Double> square = v -> v * v;
    Function<Double, Double> shift = v -> v + x;
    return square.andThen(shift).compose((Double v) -> v * x).apply(x);
  }

  static double functionsInLists(double x) {
    List<Function<Double, Double>> functions = new ArrayList<>();
    functions.add(v -> v * v);
    functions.add(v -> v * x + 1);
    double y = x;
    for (Function<Double, Double> f : functions) {
      y = f.apply(y);
    }
    return y;
  }

  static double nestedCallbacks(double x) {
    double[] total = {0};
    List.of(x, 2 * x)
        .forEach(
            v -> List.of(v, x * x).forEach(w -> total[0] += Optional.of(w).map(u -> u * v).get()));
    return total[0];
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

  static double boxes(double x) {
    Double box = x * x;
    List<Double> list = new ArrayList<>(List.of(box, box));
    Object[] objects = {box, list};
    list.add((Double) objects[0]);
    return list.get(0) * list.get(1) * list.get(2) + box;
  }

  // ---------------------------------------------------------------- exceptions and monitors

  static double caught(double x) {
    double y = x;
    try {
      y = y * x;
      if (y > 0.1) {
        throw new IllegalStateException("large");
      }
      y = y * 3;
    } catch (IllegalStateException e) {
      y = Math.sin(y);
    } finally {
      y *= x;
    }
    return y * x;
  }

  static double carried(double x) {
    try {
      return ExceptionsTest.overshooting(x * x + 1) * x;
    } catch (ExceptionsTest.Overshoot e) {
      return e.by * 3 + x * e.by;
    }
  }

  static double checked(double x) {
    if (x > 0.5) {
      throw new IllegalArgumentException();
    }
    return x * x * x;
  }

  static double caughtFromCalls(double x) {
    double s = x;
    for (int i = 0; i < 3; i++) {
      try {
        s = s * x + checked(x * 0.3 * i);
      } catch (IllegalArgumentException e) {
        s += Math.cos(s);
      }
    }
    return s;
  }

  static double caughtFromCallback(double x) {
    double[] total = {x};
    try {
      List.of(x, x * x, 3.0)
          .forEach(
              v -> {
                total[0] *= v;
                if (v > 2.5) {
                  throw new IllegalStateException();
                }
              });
    } catch (IllegalStateException e) {
      total[0] *= x;
    }
    return total[0];
  }

  static double locked(double x) {
    double y = x;
    synchronized (LOCK) {
      y = y * y * x;
    }
    return y * x;
  }

  // ---------------------------------------------------------------- control flow and calls

  static double severalExits(double x) {
    double s = x;
    for (int i = 0; i < 10; i++) {
      s = s * x + Math.sin(s);
      if (s > 50) {
        return s * x;
      }
      if (i == 3) {
        s *= s;
        break;
      }
    }
    return s;
  }

  static double nestedExits(double x) {
    double s = x;
    outer:
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        s = s * 0.7 + x * x * j;
        if (s > 6) {
          break outer;
        }
        if (j > i) {
          continue outer;
        }
        if (s > 40) {
          return s * s;
        }
      }
      s *= x;
    }
    return s * x;
  }

  static double recursive(double x, int n) {
    return n == 0 ? x : Math.sin(recursive(x, n - 1)) * x + recursive(x * 0.5, n - 1);
  }

  interface Shape {
    double area();
  }

  record Square(double side) implements Shape {
    @Override
    public double area() {
      return side * side * side;
    }
  }

  record Disc(double radius) implements Shape {
    @Override
    public double area() {
      return radius * radius * radius * 3;
    }
  }

  static double shapes(double x) {
    List<Shape> shapes = List.of(new Square(x), new Disc(x * x));
    double s = 0;
    for (Shape shape : shapes) {
      s += shape.area() * x;
    }
    return s;
  }

  static final class Counter {
    double total;
    final double[] log = new double[4];
    int count;

    Counter(double start) {
      total = start;
    }

    void add(double x) {
      total += x * total;
      log[count++] = total * x;
    }
  }

  static double objects(double x) {
    Counter counter = new Counter(x);
    for (int i = 0; i < 3; i++) {
      counter.add(x * (i + 1));
    }
    return counter.total * counter.log[1];
  }

  private static List<Case> cases() {
    return List.of(
        new Case("list", x -> list(x)),
        new Case("immutable list", x -> immutable(x)),
        new Case("maps", x -> maps(x)),
        new Case("sorted map", x -> sortedMap(x)),
        new Case("arrays in a map", x -> rows(x)),
        new Case("deque", x -> deque(x)),
        new Case("optionals", x -> optionals(x)),
        new Case("iterators", x -> iterators(x)),
        new Case("streams", x -> streams(x)),
        new Case("number streams", x -> numberStreams(x)),
        new Case("sorted", x -> sorted(x)),
        new Case("compared", x -> compared(x)),
        new Case("queue", x -> queue(x)),
        new Case("for each", x -> forEach(x)),
        new Case("composed", x -> composed(x)),
        new Case("functions in lists", x -> functionsInLists(x)),
        new Case("nested callbacks", x -> nestedCallbacks(x)),
        new Case("memo", x -> memo(x, 6, new LinkedHashMap<>())),
        new Case("boxes", x -> boxes(x)),
        new Case("caught", x -> caught(x)),
        new Case("carried", x -> carried(x)),
        new Case("caught from calls", x -> caughtFromCalls(x)),
        new Case("caught from a callback", x -> caughtFromCallback(x)),
        new Case("locked", x -> locked(x)),
        new Case("several exits", x -> severalExits(x)),
        new Case("nested exits", x -> nestedExits(x)),
        new Case("recursive", x -> recursive(x, 3)),
        new Case("shapes", x -> shapes(x)),
        new Case("objects", x -> objects(x)));
  }

  // ---------------------------------------------------------------- nestings

  static Scalar1 forward(Scalar1 f) {
    return x -> Grad.derivative(f, x);
  }

  /** Of an array, for a derivative by a number within other code is taken in forward mode. */
  static Scalar1 reverse(Scalar1 f) {
    return x -> Grad.gradient((double[] p) -> f.apply(p[0]), new double[] {x})[0];
  }

  /** The derivative that a word says, the outermost mode first: F is forward, R reverse. */
  static Scalar1 nested(String word, Scalar1 f) {
    Scalar1 result = f;
    for (int i = word.length() - 1; i >= 0; i--) {
      result = word.charAt(i) == 'F' ? forward(result) : reverse(result);
    }
    return result;
  }

  private static void check(Case one, List<String> words) {
    int order = words.get(0).length();
    Scalar1 lower = nested("F".repeat(order - 1), one.f());
    for (double x : new double[] {0.7, 1.3}) {
      double h = 1e-5;
      double expected = (lower.apply(x + h) - lower.apply(x - h)) / (2 * h);
      double first = nested(words.get(0), one.f()).apply(x);
      assertEquals(expected, first, 1e-6 * Math.max(1, Math.abs(expected)), words.get(0));
      for (String word : words) {
        double found = nested(word, one.f()).apply(x);
        assertEquals(first, found, 1e-9 * Math.max(1, Math.abs(first)), word);
      }
    }
  }

  private static List<DynamicTest> checks(List<Case> cases, List<String> words) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one : cases) {
      tests.add(DynamicTest.dynamicTest(one.name(), () -> check(one, words)));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> secondDerivatives() {
    return checks(cases(), List.of("FF", "FR", "RF", "RR"));
  }

  @TestFactory
  List<DynamicTest> hessians() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one : cases()) {
      Scalar1 f = one.f();
      tests.add(
          DynamicTest.dynamicTest(
              one.name(),
              () -> {
                double[] x = {0.7, 1.1};
                double[][] hessian = Grad.hessian(p -> f.apply(p[0]) * f.apply(p[1] * p[0]), x);
                double[] direction = {0.4, -1.5};
                double[] product =
                    Grad.hessianVectorProduct(
                        p -> f.apply(p[0]) * f.apply(p[1] * p[0]), x, direction);
                double h = 1e-5;
                for (int j = 0; j < 2; j++) {
                  double[] up = x.clone();
                  double[] down = x.clone();
                  up[j] += h;
                  down[j] -= h;
                  double[] high = Grad.gradient(p -> f.apply(p[0]) * f.apply(p[1] * p[0]), up);
                  double[] low = Grad.gradient(p -> f.apply(p[0]) * f.apply(p[1] * p[0]), down);
                  for (int i = 0; i < 2; i++) {
                    double expected = (high[i] - low[i]) / (2 * h);
                    double tolerance = 1e-6 * Math.max(1, Math.abs(expected));
                    assertEquals(expected, hessian[j][i], tolerance);
                  }
                  double expected = hessian[j][0] * direction[0] + hessian[j][1] * direction[1];
                  assertEquals(expected, product[j], 1e-9 * Math.max(1, Math.abs(expected)));
                }
              }));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> thirdDerivatives() {
    return checks(cases(), List.of("FFF", "FRR", "RRR"));
  }

  @TestFactory
  List<DynamicTest> derivativesOfEveryKindNest() {
    List<Case> some =
        List.of(
            new Case("jvp", x -> NestedDerivativesTest.alongADirection(x)),
            new Case("hessian", x -> NestedDerivativesTest.byHessian(x)),
            new Case("pullback", x -> NestedDerivativesTest.byPullback(x)),
            new Case("product", x -> NestedDerivativesTest.byHessianVectorProduct(x)),
            new Case("jacobian", x -> NestedDerivativesTest.byJacobian(x)));
    return checks(some, List.of("FF", "FR", "RF", "RR"));
  }

  /** These take longer to derive: each kind of call is in one of them. */
  @TestFactory
  List<DynamicTest> fourthDerivatives() {
    List<Case> some =
        List.of(
            new Case("immutable list", x -> immutable(x)),
            new Case("carried", x -> carried(x)),
            new Case("locked", x -> locked(x)),
            new Case("several exits", x -> severalExits(x)),
            new Case("shapes", x -> shapes(x)));
    return checks(some, List.of("FFFF", "FFFR", "RRRR"));
  }
}

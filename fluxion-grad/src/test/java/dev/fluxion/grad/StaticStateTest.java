package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.library.CentralMeter;
import dev.fluxion.grad.library.Meter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through values in static fields. */
@SuppressWarnings({ // code as users write it
  "NullAway",
  "NonFinalStaticField",
  "StaticAssignmentInConstructor",
  "UnusedVariable",
  "serial"
})
class StaticStateTest {
  record Case(String name, Scalar1 f, boolean hasSecond) {}

  // ---------------------------------------------------------------- numbers

  private static double total;
  private static volatile double latest;
  private static double given = 5;
  private static float single;
  private static Double boxed = 1.0;
  private static Object anything;

  static double writtenAndRead(double x) {
    total = x * x;
    return total * x + total;
  }

  static double overwritten(double x) {
    total = x * x;
    double before = total;
    total = 3;
    double constant = total * x;
    total = before * before + total;
    return total + constant;
  }

  static double accumulated(double x) {
    total = 0;
    for (int i = 1; i < 6; i++) {
      total += Math.sin(i * x);
      latest = total * x;
    }
    return total * latest;
  }

  /** What the field held before is a constant, whatever another call has left there. */
  static double startsFromBefore(double x) {
    double before = given;
    given = x * before;
    double result = given * x;
    given = 5;
    return result;
  }

  static double boxes(double x) {
    boxed = x * 2;
    boxed = boxed * boxed;
    anything = boxed;
    single = 2f;
    return (Double) anything * single + x;
  }

  static double floats(double x) {
    single = (float) x;
    single *= single;
    return single * x;
  }

  static double sometimes(double x) {
    total = 1;
    for (int i = 0; i < 7; i++) {
      if (i % 3 == 0) {
        total *= x;
      } else if (i == 5) {
        total = total + i;
      }
    }
    return total;
  }

  // ---------------------------------------------------------------- through calls

  static void add(double v) {
    total += v * v;
  }

  static double read() {
    return total * 2;
  }

  static int count(int n) {
    total *= n;
    return n + 1;
  }

  static double calls(double x) {
    total = 1;
    add(x);
    add(2 * x);
    int n = count(3);
    return read() * n + read();
  }

  static void deep(double x, int n) {
    if (n == 0) {
      total = x;
      return;
    }
    deep(x * 1.5, n - 1);
    total = total * total / n;
  }

  static double recursion(double x) {
    deep(x, 3);
    return read();
  }

  interface Shape {
    double area();
  }

  static double size;

  static final class Square implements Shape {
    @Override
    public double area() {
      return size * size;
    }
  }

  static class Growing implements Shape {
    @Override
    public double area() {
      size *= 2;
      return size * 3;
    }
  }

  static double virtualCalls(double x) {
    size = x;
    Shape[] shapes = {new Square(), new Growing(), new Square(), new Growing()};
    double s = 0;
    for (Shape shape : shapes) {
      s += shape.area();
    }
    return s * size;
  }

  static double lambdas(double x) {
    total = x;
    DoubleUnaryOperator f =
        v -> {
          total += v * v;
          return total;
        };
    Runnable twice = () -> total *= 2;
    double first = f.applyAsDouble(x);
    twice.run();
    return first + f.applyAsDouble(3) * total;
  }

  static double callbacks(double x) {
    total = x;
    List.of(1.0, 2.0, 3.0).forEach(v -> total += v * x);
    List.of(1, 2).forEach(i -> total *= total);
    return total;
  }

  static double mapped(double x) {
    total = x;
    return List.of(1.0, 2.0).stream().map(v -> v * total).mapToDouble(v -> v * v).sum();
  }

  static double caught(double x) {
    total = x;
    try {
      add(3 * x);
      if (total > 0) {
        throw new IllegalStateException();
      }
    } catch (IllegalStateException e) {
      total *= x;
    } finally {
      total += 1;
    }
    return total;
  }

  static double inConstructor(double x) {
    size = x;
    Particle one = new Particle();
    size = 2;
    Particle two = new Particle();
    return one.mass * two.mass + one.mass * x + Particle.made;
  }

  static class Particle {
    static double made;
    final double mass;

    Particle() {
      mass = size * size;
      made = mass * 3;
    }
  }

  // ---------------------------------------------------------------- references

  private static double[] state = {1, 2};
  private static final double[] TABLE = new double[8];
  private static final double[][] GRID = new double[3][3];
  private static final List<Double> HISTORY = new ArrayList<>();
  private static final Map<Integer, Double> KNOWN = new HashMap<>();
  private static Node head;
  private static final Node ROOT = new Node(0, null);

  static class Node {
    double value;
    Node next;

    Node(double value, Node next) {
      this.value = value;
      this.next = next;
    }
  }

  static double arrays(double x) {
    state = new double[] {x, 3 * x};
    state[1] *= state[0];
    double[] old = state;
    state = new double[] {1, 1};
    state[0] += old[1];
    return state[0] * old[0] + state[1];
  }

  static double table(double x) {
    for (int i = 0; i < 8; i++) {
      TABLE[i] = i < 2 ? x : TABLE[i - 1] * x + TABLE[i - 2];
    }
    return TABLE[7];
  }

  static double fill(int i, double x) {
    TABLE[i] = x * i;
    return TABLE[i];
  }

  static double tableThroughCalls(double x) {
    for (int i = 0; i < 8; i++) {
      TABLE[i] = 1;
    }
    fill(2, x);
    fill(3, x * x);
    return TABLE[2] * TABLE[3] + TABLE[4];
  }

  static double grid(double x) {
    for (double[] row : GRID) {
      java.util.Arrays.fill(row, x);
    }
    double[] middle = GRID[1];
    middle[1] = x * x;
    GRID[0] = middle;
    double result = GRID[0][1] * GRID[1][1] + GRID[2][0];
    GRID[0] = new double[3];
    return result;
  }

  static double history(double x) {
    HISTORY.clear();
    for (int i = 1; i < 4; i++) {
      HISTORY.add(i * x * x);
    }
    double s = 0;
    for (double v : HISTORY) {
      s += v * v;
    }
    return s + HISTORY.get(1);
  }

  static double fibonacci(double x, int n) {
    Double found = KNOWN.get(n);
    if (found == null) {
      found = n < 2 ? x : fibonacci(x, n - 1) * x + fibonacci(x, n - 2);
      KNOWN.put(n, found);
    }
    return found;
  }

  static double memo(double x) {
    KNOWN.clear();
    return fibonacci(x, 8);
  }

  static double linked(double x) {
    head = null;
    for (int i = 1; i < 4; i++) {
      head = new Node(i * x, head);
    }
    ROOT.next = head;
    ROOT.value = x;
    double s = 0;
    for (Node n = ROOT; n != null; n = n.next) {
      s = s * n.value + n.value;
    }
    ROOT.next = null;
    return s;
  }

  static class Account {
    private static final Account SHARED = new Account();
    private double balance;

    static Account shared() {
      return SHARED;
    }

    void deposit(double amount) {
      balance += amount;
    }
  }

  static double singleton(double x) {
    Account.SHARED.balance = 1;
    Account.shared().deposit(x);
    Account.SHARED.deposit(x * x);
    return Account.shared().balance * Account.SHARED.balance;
  }

  static class Lazily {
    static double[] values = {1, 2};
    static double scale = total; // runs once
  }

  static double initialised(double x) {
    Lazily.values[0] = x;
    return Lazily.values[0] * Lazily.values[1] * x;
  }

  static final class Keeper implements Scalar1 {
    private double sum;

    @Override
    public double apply(double x) {
      sum += x;
      return sum * x;
    }
  }

  private static final Scalar1 KEEPER = new Keeper();

  static double kept(double x) {
    ((Keeper) KEEPER).sum = 0;
    return KEEPER.apply(x) * KEEPER.apply(2) + KEEPER.apply(x * x);
  }

  static class Region {
    Region part;
    Object mark;
    double cut;

    Region(double cut) {
      this.cut = cut;
    }

    void mark(Object mark) {
      this.mark = mark;
    }
  }

  /** Where active objects go, there go the platform's constants, which hold nothing. */
  static double marked(double x) {
    Region region = new Region(x);
    region.part = new Region(x * x);
    Region[] both = {region, region.part};
    for (Region each : both) {
      each.mark(each.cut > 1 ? Locale.ROOT : region);
    }
    both[0].mark(Locale.ENGLISH);
    both[1].mark(Locale.ROOT);
    return region.part.mark == Locale.ROOT ? region.cut * region.part.cut : 0;
  }

  /** Neither this class nor the receiver's has static fields; another that is called has one. */
  static double countedElsewhere(double x) {
    Meter meter = new CentralMeter();
    return meter.read(x) * x;
  }

  // ---------------------------------------------------------------- by way of accessors

  private static final double[] CACHE = new double[2];

  static final class Store {
    private static final Store ONE = new Store();
    double number;
    double[] numbers = new double[2];
    Store next;

    static Store one() {
      return ONE;
    }

    double[] numbers() {
      return numbers;
    }

    Store last() {
      return next == null ? ONE : next;
    }
  }

  interface Source {
    double[] numbers();

    Store store(Store own);
  }

  record Shared() implements Source {
    @Override
    public double[] numbers() {
      return CACHE;
    }

    @Override
    public Store store(Store own) {
      return Store.one();
    }
  }

  record Own() implements Source {
    @Override
    public double[] numbers() {
      return new double[2];
    }

    @Override
    public Store store(Store own) {
      return own;
    }
  }

  static double[] cache() {
    return CACHE;
  }

  static double accessed(double x) {
    cache()[0] = x * x;
    Store.one().number = x;
    Store.one().numbers()[1] = x * 3;
    Store.one().next = null;
    new Store().last().numbers()[0] = x * cache()[0];
    return CACHE[0] * Store.ONE.number + Store.ONE.numbers[1] * Store.ONE.numbers[0];
  }

  private static Source source(int i) {
    return i % 2 == 0 ? new Shared() : new Own();
  }

  static double accessedByClass(double x) {
    double y = 0;
    for (int i = 0; i < 4; i++) {
      source(i).numbers()[1] = x * x * i;
      Store own = new Store();
      source(i).store(own).number = x * i;
      y += CACHE[1] * Store.ONE.number + own.number * x;
    }
    return y;
  }

  private static final Map<String, double[]> NAMED = new HashMap<>();
  private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[3]);
  private static double[] buffer = {};

  /** No numbers are in it, and it has no subclass. */
  static class Order {
    private static final Map<Integer, Order> KNOWN = new HashMap<>();
    private final int[] powers;

    private Order(int order) {
      powers = new int[] {order, order + 1};
    }

    static Order of(int order) {
      return KNOWN.computeIfAbsent(order, Order::new);
    }
  }

  record Raised(double x, Order order) implements Activation {
    @Override
    public double apply(double y) {
      return Math.pow(x, order.powers[0]) * y;
    }
  }

  static double ordered(double x) {
    double y = 0;
    for (int i = 0; i < 3; i++) {
      y += new Raised(x, Order.of(i)).apply(x);
    }
    return y;
  }

  /** A chain of numbers, of which the empty one is a constant. */
  interface Chain {
    Chain with(double number);

    Chain reversed();

    double sum();
  }

  record End(double[] none, List<String> names) implements Chain {
    static final End ONE = new End(new double[0], List.of());

    @Override
    public Chain with(double number) {
      return new Link(number, this);
    }

    @Override
    public Chain reversed() {
      return ONE;
    }

    @Override
    public double sum() {
      return none.length;
    }
  }

  record Link(double number, Chain rest) implements Chain {
    @Override
    public Chain with(double other) {
      return new Link(other, this);
    }

    @Override
    public Chain reversed() {
      return rest.reversed().with(number * 2);
    }

    @Override
    public double sum() {
      return number * number + rest.sum();
    }
  }

  static double chained(double x) {
    return End.ONE.with(x).with(x * x).with(3).reversed().with(x).sum();
  }

  record Pages(double[] first, List<double[]> others) {}

  static double[] named(String name) {
    return NAMED.computeIfAbsent(name, _ -> new double[2]);
  }

  static double[] scratch() {
    return SCRATCH.get();
  }

  static double[] grown(double[] old, int size) {
    return old.length >= size ? old : new double[size];
  }

  static double[] buffer(int size) {
    buffer = grown(buffer, size);
    return buffer;
  }

  static Pages pages() {
    return new Pages(CACHE, List.of(named("page")));
  }

  static double accessedInContainers(double x) {
    named("a")[0] = x;
    scratch()[2] = x * x;
    buffer(3)[1] = x * 3;
    double y = NAMED.get("a")[0] * SCRATCH.get()[2] + buffer[1] * x;
    pages().first()[1] = x;
    pages().others().get(0)[0] = y;
    Optional.of(CACHE).map(all -> grown(all, 1)).orElseThrow()[0] = x;
    return CACHE[1] * named("page")[0] + CACHE[0];
  }

  // ---------------------------------------------------------------- functions in constants

  abstract static class Statistic {
    private double[] data = {1};
    double last;

    double of(double[] values) {
      return isValid(values) ? of(values, 0, values.length) : 0;
    }

    boolean isValid(double[] values) {
      return values.length > 0 && data.length > 0;
    }

    abstract double of(double[] values, int from, int to);
  }

  static class Total extends Statistic {
    @Override
    double of(double[] values, int from, int to) {
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += term(values[i]);
      }
      return sum;
    }

    double term(double value) {
      return value;
    }
  }

  static final class Squares extends Total {
    @Override
    double term(double value) {
      return super.term(value) * value;
    }
  }

  static final class Remembering extends Total {
    @Override
    double term(double value) {
      last = value * last + 1;
      return last;
    }
  }

  private static final Statistic TOTAL = new Total();
  private static final Statistic SQUARES = new Squares();
  private static final Statistic REMEMBERING = new Remembering();

  static double statistics(double x) {
    double[] values = {x, x * x, 2};
    REMEMBERING.last = 0;
    return TOTAL.of(values) * SQUARES.of(values)
        + REMEMBERING.of(values) * REMEMBERING.last
        + TOTAL.last;
  }

  // ---------------------------------------------------------------- constants stay constants

  private static final double[] WEIGHTS = {0.5, 0.25, 2};
  private static double rate = 0.1;

  interface Activation {
    double apply(double x);
  }

  record Scaled(double by) implements Activation {
    @Override
    public double apply(double x) {
      return by * x * x;
    }
  }

  enum Power implements Activation {
    SQUARE {
      @Override
      public double apply(double x) {
        return x * x;
      }
    }
  }

  private static final Activation SQUARE = Power.SQUARE;
  private static final Activation SCALED = new Scaled(3);

  static double weighted(Activation f, double x) {
    return f.apply(x) * WEIGHTS[2];
  }

  static double constants(double x) {
    return SQUARE.apply(x) * rate + SCALED.apply(x) + weighted(SCALED, x) + weighted(SQUARE, x);
  }

  @TestFactory
  List<DynamicTest> agreeWithFiniteDifferences() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("writtenAndRead", x -> writtenAndRead(x), true),
            new Case("overwritten", x -> overwritten(x), true),
            new Case("accumulated", x -> accumulated(x), true),
            new Case("startsFromBefore", x -> startsFromBefore(x), true),
            new Case("boxes", x -> boxes(x), true),
            new Case("sometimes", x -> sometimes(x), true),
            new Case("calls", x -> calls(x), true),
            new Case("recursion", x -> recursion(x), true),
            new Case("virtualCalls", x -> virtualCalls(x), true),
            new Case("lambdas", x -> lambdas(x), true),
            new Case("callbacks", x -> callbacks(x), false),
            new Case("mapped", x -> mapped(x), false),
            new Case("caught", x -> caught(x), true),
            new Case("inConstructor", x -> inConstructor(x), true),
            new Case("arrays", x -> arrays(x), true),
            new Case("table", x -> table(x), true),
            new Case("tableThroughCalls", x -> tableThroughCalls(x), true),
            new Case("grid", x -> grid(x), true),
            new Case("history", x -> history(x), false),
            new Case("memo", x -> memo(x), false),
            new Case("linked", x -> linked(x), true),
            new Case("singleton", x -> singleton(x), true),
            new Case("kept", x -> kept(x), true),
            new Case("marked", x -> marked(x), true),
            new Case("countedElsewhere", x -> countedElsewhere(x), true),
            new Case("accessed", x -> accessed(x), true),
            new Case("accessedByClass", x -> accessedByClass(x), true),
            new Case("accessedInContainers", x -> accessedInContainers(x), true),
            new Case("ordered", x -> ordered(x), true),
            new Case("chained", x -> chained(x), true),
            new Case("statistics", x -> statistics(x), true),
            new Case("initialised", x -> initialised(x), true),
            new Case("constants", x -> constants(x), true))) {
      tests.add(DynamicTest.dynamicTest(one.name(), () -> check(one)));
    }
    return tests;
  }

  private static void check(Case one) {
    Scalar1 f = one.f();
    for (double x : new double[] {0.7, 1.3, 2.1, 1.3}) {
      double h = 1e-6;
      double expected = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
      double tolerance = 1e-6 * Math.max(1, Math.abs(expected));
      assertEquals(expected, Grad.gradient(f, x), tolerance);
      assertEquals(expected, Grad.derivative(f, x), tolerance);
      if (!one.hasSecond()) {
        continue;
      }
      double second = (Grad.gradient(f, x + h) - Grad.gradient(f, x - h)) / (2 * h);
      tolerance = 1e-6 * Math.max(1, Math.abs(second));
      assertEquals(second, Grad.hessian(a -> f.apply(a[0]), new double[] {x})[0][0], tolerance);
    }
  }

  @Test
  void secondDerivativesOfEachKind() {
    assertEquals(
        writtenAndReadTwice(1.3),
        Grad.hessian(a -> writtenAndRead(a[0]), new double[] {1.3})[0][0],
        1e-12);
    assertEquals(
        writtenAndReadTwice(1.3),
        Grad.derivative(x -> Grad.gradient(y -> writtenAndRead(y), x), 1.3),
        1e-12);
    assertEquals(
        writtenAndReadTwice(1.3),
        Grad.gradient(x -> Grad.derivative(y -> writtenAndRead(y), x), 1.3),
        1e-12);
    double[] a = {1.3};
    assertArrayEquals(
        new double[] {writtenAndReadTwice(1.3)},
        Grad.gradient(p -> Grad.gradient(q -> writtenAndRead(q[0]), p)[0], a),
        1e-12);
  }

  static double writtenAndReadTwice(double x) { // (x³ + x²)''
    return 6 * x + 2;
  }

  @Test
  void anInnerDerivativeDoesNotConfuseTheOutersField() {
    // d/dx of (d/dy of (y² T) at 3) with T = x³
    double found =
        Grad.gradient(
            x -> {
              total = x * x * x;
              return Grad.derivative(y -> y * y * total, 3);
            },
            2.0);
    assertEquals(6 * 12, found);
  }

  @Test
  void floatsAreFloats() {
    assertEquals(3 * 1.5 * 1.5, Grad.gradient(x -> floats(x), 1.5), 1e-6);
    assertEquals(3 * 1.5 * 1.5, Grad.derivative(x -> floats(x), 1.5), 1e-6);
  }

  static double captured(double x) {
    total = x;
    return total * x;
  }

  @Test
  void aCapturedFunctionIsInSight() {
    for (Scalar1 f : List.<Scalar1>of(x -> captured(x), x -> x, x -> writtenAndRead(x))) {
      Scalar1 outer = x -> f.apply(x) * x;
      double h = 1e-6;
      double expected = (outer.apply(2 + h) - outer.apply(2 - h)) / (2 * h);
      assertEquals(expected, Grad.gradient(outer, 2.0), 1e-6);
      assertEquals(expected, Grad.derivative(outer, 2.0), 1e-6);
    }
  }

  @Test
  void theFieldHasWhatThePlainCallLeaves() {
    calls(1.5);
    double left = total;
    total = -1;
    Grad.gradient(x -> calls(x), 1.5);
    assertEquals(left, total);
    total = -1;
    Grad.derivative(x -> calls(x), 1.5);
    assertEquals(left, total);
  }

  @Test
  void anArgumentMayBeTheFieldsArrayToo() {
    double[] gradient =
        Grad.gradient(
            a -> {
              state = a;
              state[0] *= a[1];
              return a[0] * state[0];
            },
            new double[] {2, 3});
    assertArrayEquals(new double[] {2 * 2 * 9, 2 * 4 * 3}, gradient);
  }

  @Test
  void aPullbackStartsEachTimeFromZero() {
    var back = Grad.pullback(a -> new double[] {calls(a[0]), total}, new double[] {1.5});
    double first = back.gradient(new double[] {1, 0})[0];
    assertEquals(first, back.gradient(new double[] {1, 0})[0]);
    assertEquals(3 * 10 * 1.5, back.gradient(new double[] {0, 1})[0], 1e-12);
    assertEquals(first, back.gradient(new double[] {1, 0})[0]);
  }

  private static double[] shared = {0};

  static synchronized double inTurns(double x) {
    shared = new double[] {x};
    total = x;
    for (int i = 0; i < 3; i++) {
      shared[0] *= x;
      total += shared[0];
    }
    return total;
  }

  @Test
  void threadsHaveAdjointsOfTheirOwn() throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Double>> tasks = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        double x = 1 + i * 0.001;
        tasks.add(
            () -> {
              synchronized (StaticStateTest.class) { // the field itself is the program's to guard
                return Grad.gradient(v -> inTurns(v), x);
              }
            });
      }
      List<Future<Double>> found = pool.invokeAll(tasks);
      for (int i = 0; i < 400; i++) {
        double x = 1 + i * 0.001;
        assertEquals(1 + 2 * x + 3 * x * x + 4 * x * x * x, found.get(i).get(), 1e-12);
      }
    }
  }
}

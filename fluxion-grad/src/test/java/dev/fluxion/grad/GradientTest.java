package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients of plain Java agree with finite differences and closed forms. */
@SuppressWarnings({
  "DuplicateBranches",
  "IdentityBinaryExpression",
  "OperatorPrecedence",
  "StatementSwitchToExpressionSwitch"
})
class GradientTest {
  private static final double[] POINTS = {0.7, 1.3, 2.1};

  private final List<DynamicTest> tests = new ArrayList<>();

  record Point(double x, double y) {
    double norm() {
      return Math.sqrt(x * x + y * y);
    }
  }

  record Segment(Point from, Point to, String name) {}

  static double power(double x) {
    double r = 1;
    for (int i = 0; i < 20; i++) {
      r = r * x;
    }
    return r;
  }

  static double recursive(double x, int n) {
    return n == 0 ? 1 : x * recursive(x, n - 1);
  }

  static double even(double x, int n) {
    return n == 0 ? x : Math.sin(x) * odd(x, n - 1);
  }

  static double odd(double x, int n) {
    return n == 0 ? x * x : Math.cos(x) + even(x, n - 1);
  }

  static double newton(double a) {
    double x = a;
    while (Math.abs(x * x - a) > 1e-14) {
      x = (x + a / x) / 2;
    }
    return x;
  }

  static double nested(double x) {
    double s = 0;
    for (int i = 1; i < 6; i++) {
      double p = x;
      for (int j = 0; j < i; j++) {
        p = p * x + Math.sin(s + j);
        if (p > 50) {
          break;
        }
      }
      s += p / i;
    }
    return s;
  }

  static double labelled(double x) {
    double s = x;
    outer:
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        if (j == 3) {
          continue outer;
        }
        s = s * 0.9 + Math.exp(-x * j);
        if (i * j > 5) {
          break outer;
        }
      }
    }
    return s;
  }

  static double early(double x) {
    for (int i = 0; i < 100; i++) {
      if (x * i > 4) {
        return x * x * i;
      }
    }
    return -x;
  }

  static double swap(double x) {
    double a = x;
    double b = 1;
    for (int i = 0; i < 7; i++) {
      double t = a;
      a = b * x;
      b = t + a;
    }
    return a - 2 * b;
  }

  static double choose(double x, int k) {
    switch (k) {
      case 0:
        return x;
      case 1:
        return x * x;
      case 7:
        return Math.exp(x);
      default:
        return 1 / x;
    }
  }

  static double choices(double x) {
    double s = 0;
    for (int k = 0; k < 9; k++) {
      s += choose(x + k, k);
    }
    return s;
  }

  static double doWhile(double x) {
    double y = x;
    int n = 0;
    do {
      y = Math.sqrt(y + x);
    } while (++n < 10);
    return y;
  }

  /** Nothing happens between the break and where both ways out of the loop meet. */
  static double leftInTwoWays(double x) {
    double y = Math.sin(x);
    double[] a = {1, 0};
    int i = 0;
    do {
      a[i % 2] += Math.exp(a[1] * y);
      if (a[0] > 4) {
        break;
      }
    } while (++i < 3);
    return a[0] * a[1] * x + y;
  }

  static double slopeOrTanh(double a, double b) {
    if (a > b) {
      return 0.5 * b;
    }
    return Math.tanh(b);
  }

  /** What is used after the loops passes through parameters of both. */
  static double pastLoops(double x) {
    double y = x + 1;
    double s = 0;
    for (int i = 0; i < 4; i++) {
      s += slopeOrTanh(i % 2 == 0 ? y : y, 1);
    }
    for (int k = 0; k < 3; k++) {
      for (int i = 0; i < 4; i++) {
        s += slopeOrTanh(1.42, y * 0.46);
      }
    }
    return x * y * s;
  }

  static double passiveLoop(double x) {
    int n = 0;
    for (int i = 0; i < 10; i++) {
      if (i % 3 == 0) {
        n += i;
      }
    }
    return x * n;
  }

  static double floats(double x) {
    float f = (float) x;
    float g = f * 2f + 1f;
    return g * f;
  }

  static double array(double x) {
    double[] a = new double[5];
    a[0] = x;
    for (int i = 1; i < a.length; i++) {
      a[i] = a[i - 1] * x + i;
    }
    a[2] = a[2] * a[2];
    double s = 0;
    for (double d : a) {
      s += d;
    }
    return s;
  }

  static double overwrite(double x) {
    double[] a = {x, x * x};
    double t = a[0];
    a[0] = a[1] * 3;
    a[1] = t * a[0];
    a[0] = 2;
    return a[0] * a[1];
  }

  static double matrix(double x) {
    double[][] m = new double[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        m[i][j] = Math.sin(x * i + j);
      }
    }
    double[] row = m[1];
    row[1] *= x;
    return m[1][1] * m[2][0] + m[0][2];
  }

  static double copies(double x) {
    double[] a = {x, 2 * x};
    double[] b = a.clone();
    b[0] = x * x;
    double[] c = Arrays.copyOf(b, 3);
    Arrays.fill(a, x);
    return a[0] * b[0] + c[1] * a[1];
  }

  static double records(double x) {
    Point p = new Point(x, 2);
    Point q = new Point(p.y() * x, p.x());
    return p.norm() * q.norm();
  }

  private static final class Counter {
    private double total;

    private Counter(double start) {
      total = start;
      for (int i = 0; i < 3; i++) {
        total += start * i;
      }
    }

    private void add(double x) {
      total += x * total;
    }
  }

  static double mutableObject(double x) {
    Counter counter = new Counter(x);
    counter.add(x);
    counter.add(2 * x);
    return counter.total;
  }

  static double aliased(double x) {
    Counter a = new Counter(x);
    Counter b = x > 1 ? a : new Counter(2 * x);
    b.add(x);
    a.add(3);
    return a.total * b.total;
  }

  interface Shape {
    double area(double scale);
  }

  record Square(double side) implements Shape {
    @Override
    public double area(double scale) {
      return side * side * scale;
    }
  }

  record Disc(double radius) implements Shape {
    @Override
    public double area(double scale) {
      return Math.PI * radius * radius * scale * scale;
    }
  }

  static double chosenByClass(double x) {
    Shape[] shapes = {new Square(x), new Disc(x * x), new Square(2)};
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      sum += shapes[i % 3].area(x + i);
    }
    return sum;
  }

  private void check(String name, DoubleUnaryOperator value, Scalar1 f) {
    for (double x : POINTS) {
      tests.add(
          DynamicTest.dynamicTest(
              name + " at " + x,
              () -> {
                double h = 1e-6;
                double expected =
                    (value.applyAsDouble(x + h) - value.applyAsDouble(x - h)) / (2 * h);
                double actual = Grad.gradient(f, x);
                double tolerance = 1e-5 * Math.max(1, Math.abs(expected));
                if (name.equals("floats")) {
                  assertEquals(8 * x / 2 + 1, actual, 1e-5);
                } else {
                  assertEquals(expected, actual, tolerance);
                }
              }));
    }
  }

  private void check(String name, Scalar1 f) {
    check(name, f::apply, f);
  }

  @TestFactory
  List<DynamicTest> agreesWithFiniteDifferences() {
    check("identity", x -> x);
    check("constant", x -> 3);
    check("square", x -> x * x);
    check("quotient", x -> (x * x + 1) / (x - 5));
    check("remainder", x -> (x * 7.3) % (x + 0.9));
    check("negation", x -> -(-x * 3) - x);
    check("reused", x -> x * x * x + x / x - x);
    check("conversion", x -> (double) (int) x * x + (long) x);
    check("sin", x -> Math.sin(x));
    check("cos", x -> Math.cos(x));
    check("tan", x -> Math.tan(x / 2));
    check("asin", x -> Math.asin(x / 3));
    check("acos", x -> Math.acos(x / 3));
    check("atan", x -> Math.atan(x));
    check("sinh", x -> Math.sinh(x));
    check("cosh", x -> Math.cosh(x));
    check("tanh", x -> Math.tanh(x));
    check("exp", x -> Math.exp(x));
    check("expm1", x -> Math.expm1(x));
    check("log", x -> Math.log(x));
    check("log1p", x -> Math.log1p(x));
    check("log10", x -> Math.log10(x));
    check("sqrt", x -> Math.sqrt(x));
    check("cbrt", x -> Math.cbrt(x));
    check("abs", x -> Math.abs(x - 1));
    check("max", x -> Math.max(x, 1) * Math.min(2, x));
    check("pow", x -> Math.pow(x, 2.5) + Math.pow(2, x) + Math.pow(x, x));
    check("atan2", x -> Math.atan2(x, 2) + Math.atan2(1, x));
    check("hypot", x -> Math.hypot(x, 3));
    check("fma", x -> Math.fma(x, x, x));
    check("floor", x -> Math.floor(x) * x);
    check("ternary", x -> x > 1 ? x * x : Math.sin(x));
    check("shortCircuit", x -> x > 1 && x < 2 || x > 3 ? x * x : -x);
    check("power", GradientTest::power);
    check("recursive", x -> recursive(x, 6));
    check("mutual", x -> even(x, 5));
    check("newton", GradientTest::newton);
    check("nested", GradientTest::nested);
    check("labelled", GradientTest::labelled);
    check("early", GradientTest::early);
    check("swap", GradientTest::swap);
    check("choices", GradientTest::choices);
    check("doWhile", GradientTest::doWhile);
    check("past loops", GradientTest::pastLoops);
    check("loop left in two ways", GradientTest::leftInTwoWays);
    check("passiveLoop", GradientTest::passiveLoop);
    check("floats", GradientTest::floats);
    check("array", GradientTest::array);
    check("overwrite", GradientTest::overwrite);
    check("matrix", GradientTest::matrix);
    check("copies", GradientTest::copies);
    check("records", GradientTest::records);
    check("mutableObject", GradientTest::mutableObject);
    check("aliased", GradientTest::aliased);
    check("boxes", GradientTest::boxes);
    check("readsInherited", GradientTest::readsInherited);
    check("chosenByClass", GradientTest::chosenByClass);
    return tests;
  }

  @Test
  void gradientOfAnArray() {
    double[] x = {1, 2, 3};
    double[] g =
        Grad.gradient(
            a -> {
              double s = 0;
              for (int i = 0; i < a.length; i++) {
                s += a[i] * a[i] * i;
              }
              return s;
            },
            x);
    assertArrayEquals(new double[] {0, 4, 12}, g, 1e-12);
  }

  @Test
  void gradientOfAFloatArray() {
    float[] g = Grad.gradient(a -> a[0] * a[1], new float[] {3, 4});
    assertArrayEquals(new float[] {4, 3}, g);
  }

  @Test
  void gradientOfARecordIsThatRecord() {
    Segment segment = new Segment(new Point(0, 0), new Point(3, 4), "s");
    ValueAndGradient<Segment> result =
        Grad.valueAndGradient(
            s -> Math.hypot(s.to().x() - s.from().x(), s.to().y() - s.from().y()), segment);
    assertEquals(5, result.value());
    assertEquals(new Segment(new Point(-0.6, -0.8), new Point(0.6, 0.8), "s"), result.gradient());
  }

  @Test
  void gradientInTwoArguments() {
    assertEquals(new Pair<>(0.5, -0.25), Grad.gradient((a, b) -> a / b, 1.0, 2.0));
  }

  @Test
  void unusedArgumentHasZeroGradient() {
    assertArrayEquals(new double[2], Grad.gradient(a -> 1.0, new double[2]));
  }

  @Test
  void capturedValuesAreConstants() {
    double c = 5;
    double[] data = {1, 2};
    assertEquals(5 + 2 * 2 * 2, Grad.gradient(x -> x * c + data[1] * x * x, 2.0));
  }

  @Test
  void stopGradientHasDerivativeZero() {
    assertEquals(3, Grad.gradient(x -> x * Grad.stopGradient(x), 3.0));
  }

  static double cube(double x) {
    return x * x * x;
  }

  @Test
  void aRuleReplacesTheDerivativeEvenAfterUse() {
    assertEquals(12, Grad.gradient(x -> cube(x), 2.0));
    Grad.rule(GradientTest::cube, x -> 42);
    Scalar1 f = x -> cube(x);
    assertEquals(42, Grad.gradient(f, 2.0));
  }

  static double[] halves(double[] a) {
    return new double[] {a[0] / 2, a[1] / 2};
  }

  static double weigh(double[] a, double w) {
    return (a[0] + a[1]) * w;
  }

  @Test
  void aRuleForArraysIsOneLine() {
    Grad.rule(GradientTest::halves, (a, y, dy) -> new double[] {7 * dy[0], 8 * dy[1]});
    Grad.rule(
        GradientTest::weigh, (a, w, y, dy) -> new double[] {dy, 2 * dy}, (a, w, y, dy) -> 3.0 * dy);
    assertArrayEquals(
        new double[] {7, 16},
        Grad.gradient(
            a -> {
              double[] h = halves(a);
              return h[0] + 2 * h[1];
            },
            new double[2]));
    assertEquals(3.0, Grad.gradient((a, w) -> weigh(a, w), new double[] {1, 2}, 5.0).second());
  }

  @Test
  void gradientInThreeArguments() {
    assertEquals(new Triple<>(6.0, 3.0, 2.0), Grad.gradient((a, b, c) -> a * b * c, 1.0, 2.0, 3.0));
  }

  @Test
  void aDerivativeCanBeCalledManyTimes() {
    Scalar1 f = x -> x * x;
    Scalar1 slope = Grad.grad(f);
    for (int i = 0; i < 1000; i++) {
      assertEquals(2.0 * i, slope.apply(i));
    }
  }

  static double throughBigDecimal(double x) {
    return new BigDecimal(x * x).doubleValue();
  }

  static double throughTry(double x) {
    try {
      return x * x;
    } finally {
      System.identityHashCode(null);
    }
  }

  static double throughDecimal(double x) {
    return BigDecimal.valueOf(x * x).doubleValue();
  }

  static double boxes(double x) {
    Double[] d = {x, x * x};
    d[0] = d[1] * 2;
    return d[0] + d[1];
  }

  private static class Base {
    double a;

    Base(double x) {
      a = x * x;
    }
  }

  private static final class Reader extends Base {
    final double b;

    Reader(double x) {
      super(x);
      b = a * x;
    }
  }

  private static final class Writer extends Base {
    Writer(double x) {
      super(x);
      a = a * x;
    }
  }

  static double readsInherited(double x) {
    return new Reader(x).b;
  }

  static double writesInherited(double x) {
    return new Writer(x).a;
  }

  record Mixed(double a, Double b, float c) {}

  record Weighted(List<Double> weights, double k) {}

  @Primitive(GradientTest.class)
  static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1];
  }

  @Pullback(of = "dot")
  static double[] dotFirst(double[] a, double[] b, double y, double dy) {
    return new double[] {dy * b[0], dy * b[1]};
  }

  @Pullback(of = "dot", argument = 1)
  static double[] dotSecond(double[] a, double[] b, double y, double dy) {
    return new double[] {dy * a[0], dy * a[1]};
  }

  @Primitive(GradientTest.class)
  static double[] doubled(double[] a) {
    return new double[] {2 * a[0], 2 * a[1]};
  }

  @Pullback(of = "doubled")
  static double[] doubledBack(double[] a, double[] y, double[] dy) {
    return new double[] {2 * dy[0], 2 * dy[1]};
  }

  @Test
  void rulesGoThroughArrays() {
    assertArrayEquals(new double[] {2, 4}, Grad.gradient(a -> dot(a, a), new double[] {1, 2}));
    assertArrayEquals(
        new double[] {12, 8},
        Grad.gradient(
            a -> {
              double[] d = doubled(a);
              return d[0] * 3 + doubled(d)[1] * d[0] + d[0];
            },
            new double[] {1, 0.5}),
        1e-12);
  }

  @Test
  void boxedNumbersInRecordsHaveTheirOwnGradients() {
    assertEquals(new Mixed(3, 2.0, 0), Grad.gradient(m -> m.a() * m.b(), new Mixed(2, 3.0, 1)));
  }

  @Test
  void aContainerInAnArgumentHasItsGradient() {
    Weighted weighted = new Weighted(List.of(7.0), 2);
    assertEquals(
        new Weighted(List.of(2.0), 7), Grad.gradient(w -> w.weights().get(0) * w.k(), weighted));
    assertEquals(new Weighted(List.of(0.0), 1), Grad.gradient(w -> w.k(), weighted));
    assertEquals(List.of(2.0), Grad.gradient(w -> w.get(0) * 2, List.of(7.0)));
  }

  private static void assertRefused(Scalar1 f) {
    GradientException e = assertThrows(GradientException.class, () -> Grad.gradient(f, 2.0));
    assertTrue(e.getMessage().contains("GradientTest.java:"), e.getMessage());
  }

  @Test
  void whatCannotBeFollowedIsRefusedNotZero() {
    assertRefused(x -> throughDecimal(x));
    assertRefused(x -> throughBigDecimal(x));
  }

  @Test
  void printingAndComparingArePassive() {
    StringBuilder text = new StringBuilder();
    double slope =
        Grad.gradient(
            x -> {
              text.append(x);
              String line = "x = " + x;
              return Double.compare(x, 1) > 0 && !line.isEmpty() ? x * x : x;
            },
            2.0);
    assertEquals(4, slope);
    assertEquals("2.0", text.toString());
  }

  @Test
  void aNumberMayBeLookedFor() {
    double[] knots = {0, 1, 2.5, 4};
    float[] floats = {0, 1};
    Scalar1 f =
        x -> {
          int i = -Arrays.binarySearch(knots, x) - 2;
          int j = -Arrays.binarySearch(floats, (float) x) - 2;
          return (x - knots[i]) * x * j;
        };
    assertEquals(2 * 2 - 1, Grad.gradient(f, 2));
    assertEquals(2 * 2 - 1, Grad.derivative(f, 2));
  }

  @SuppressWarnings({"deprecation", "removal", "BoxedPrimitiveConstructor"}) // as old code has it
  static double boxedByConstructors(double x) {
    List<Object> boxes = new ArrayList<>();
    boxes.add(new Double(x * x));
    boxes.add(new Float((float) x));
    Double first = (Double) boxes.get(0);
    boolean equal = first.equals(new Double(x * x)) && first.hashCode() != 1;
    return equal ? first.doubleValue() * ((Float) boxes.get(1)).floatValue() : x;
  }

  @Test
  void numbersMayBeBoxedByConstructors() {
    assertEquals(12, Grad.gradient(GradientTest::boxedByConstructors, 2));
    assertEquals(12, Grad.derivative(GradientTest::boxedByConstructors, 2));
  }

  /** A field that holds no numbers, and is forgotten. */
  private static final class Remembering {
    private int[] places = {0, 1};
    private double[] numbers;

    Remembering(double x) {
      numbers = new double[] {x, x * x};
    }

    @SuppressWarnings("NullAway")
    double forget() {
      double sum = numbers[places[0]] + numbers[places[1]];
      places = null;
      numbers = null;
      return places == null ? sum : 0;
    }
  }

  @Test
  void whatHoldsNoNumbersMayBeForgotten() {
    Scalar1 f =
        x -> {
          List<Remembering> all = new ArrayList<>(List.of(new Remembering(x)));
          return all.get(0).forget();
        };
    assertEquals(5, Grad.gradient(f, 2));
    assertEquals(5, Grad.derivative(f, 2));
  }

  @Test
  void theIdentityOfAnObjectIsPassive() {
    double slope =
        Grad.gradient(
            x -> {
              double[] numbers = {x, 3};
              return System.identityHashCode(numbers) == 1 ? x : numbers[0] * numbers[1];
            },
            2.0);
    assertEquals(3, slope);
  }

  @Test
  void codeThatCannotBeReadIsNamedWithItsLine() {
    GradientException e =
        assertThrows(
            GradientException.class,
            () ->
                Grad.gradient(
                    x ->
                        Double.longBitsToDouble(Double.doubleToLongBits(x)) * x
                            + Double.parseDouble(Double.toString(x)) * Math.exp(x)
                            + Double.valueOf(x).hashCode()
                            + new java.math.BigDecimal(x).doubleValue(),
                    2.0));
    assertTrue(e.getMessage().contains("BigDecimal"), e.getMessage());
    assertTrue(e.getMessage().contains("GradientTest.java:"), e.getMessage());
  }
}

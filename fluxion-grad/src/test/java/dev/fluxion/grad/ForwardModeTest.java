package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Forward mode agrees with finite differences and with reverse mode. */
class ForwardModeTest {
  private static final double[] POINTS = {0.7, 1.3, 2.1};

  private final List<DynamicTest> tests = new ArrayList<>();

  record Point(double x, double y) {}

  record Line(Point from, Point to, String name, float width, Double weight, double[] knots) {}

  interface Shape {
    double area();
  }

  record Square(double side) implements Shape {
    @Override
    public double area() {
      return side * side;
    }
  }

  record Disc(double radius) implements Shape {
    @Override
    public double area() {
      return Math.PI * radius * radius;
    }
  }

  static final class Account {
    double balance;
    @Nullable Account other;

    Account(double balance) {
      this.balance = balance;
    }

    void transfer(double amount) {
      balance -= amount;
      if (other != null) {
        other.balance += amount * balance;
      }
    }
  }

  static double accounts(double x) {
    Account a = new Account(x);
    a.other = a;
    Account b = new Account(2);
    b.other = a;
    a.transfer(x * x);
    b.transfer(x);
    a.other = b;
    a.transfer(3);
    return a.balance * b.balance;
  }

  static double fibonacci(double x, int n) {
    return n < 2 ? x : fibonacci(x, n - 1) * 0.5 + fibonacci(x, n - 2) * x;
  }

  static double switched(double x) {
    double s = 0;
    for (int i = 0; i < 6; i++) {
      s +=
          switch (i) {
            case 0, 3 -> x * i;
            case 1 -> Math.exp(-x);
            case 4 -> s * x;
            default -> 1;
          };
    }
    return s;
  }

  static double inObjects(double x) {
    Object[] things = {x * x, new Point(x, 2 * x), "text", new double[] {x}};
    double first = (Double) things[0];
    Point second = (Point) things[1];
    things[0] = 3.0;
    return first * second.y() + (Double) things[0] * ((double[]) things[3])[0];
  }

  static Object asObject(double x) {
    return x > 1 ? (Object) (x * x) : (Object) new Point(x, x * x);
  }

  static double fromObject(double x) {
    Object o = asObject(x);
    return o instanceof Point p ? p.y() * 3 : (Double) o;
  }

  static double ragged(double x) {
    double[][] rows = {{x}, {x, x * x}, new double[3]};
    rows[2] = rows[1];
    rows[2][0] = x * rows[0][0];
    return rows[1][0] + rows[2][1] * rows[1][1];
  }

  static double overwritten(double x) {
    double[] a = {x, x};
    a[0] = 5;
    a[1] *= a[0];
    float[] f = {(float) x};
    f[0] = 1;
    return a[0] * a[1] * f[0];
  }

  private void check(String name, Scalar1 f) {
    for (double x : POINTS) {
      tests.add(
          DynamicTest.dynamicTest(
              name + " at " + x,
              () -> {
                double h = 1e-6;
                double slope = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
                double forward = Grad.derivative(f, x);
                assertEquals(slope, forward, 2e-5 * Math.max(1, Math.abs(slope)));
                assertEquals(Grad.gradient(f, x), forward, 1e-12 * Math.max(1, Math.abs(slope)));
              }));
    }
  }

  @TestFactory
  List<DynamicTest> agreesWithFiniteDifferencesAndReverseMode() {
    check("identity", x -> x);
    check("constant", x -> 3);
    check("quotient", x -> (x * x + 1) / (x - 5) + 1 / x);
    check("remainder", x -> (x * 7.3) % (x + 0.9) + 5 % x);
    check("negation", x -> -(-x * 3) - x - (2 - x));
    check("conversion", x -> (double) (int) x * x + (long) x);
    check("trigonometry", x -> Math.sin(x) * Math.cos(x) + Math.tan(x / 2) - Math.atan(x));
    check("inverses", x -> Math.asin(x / 3) * Math.acos(x / 3) + Math.atan2(x, 2 * x * x));
    check("hyperbolic", x -> Math.sinh(x) + Math.cosh(x) * Math.tanh(x));
    check("exponentials", x -> Math.exp(x) + Math.expm1(x) + Math.log(x) * Math.log1p(x));
    check("roots", x -> Math.sqrt(x) * Math.cbrt(x) + Math.hypot(x, 3) + Math.log10(x));
    check("powers", x -> Math.pow(x, 2.5) + Math.pow(2, x) + Math.pow(x, x));
    check("pieces", x -> Math.abs(x - 1) * Math.max(x, 1) * Math.min(2, x) + Math.floor(x) * x);
    check("fma", x -> Math.fma(x, x, x) + Math.clamp(x, 1.0, 2.0));
    check("ternary", x -> x > 1 ? x * x : Math.sin(x));
    check("power", GradientTest::power);
    check("recursive", x -> GradientTest.recursive(x, 6));
    check("fibonacci", x -> fibonacci(x, 6));
    check("mutual", x -> GradientTest.even(x, 5));
    check("newton", GradientTest::newton);
    check("nested", GradientTest::nested);
    check("labelled", GradientTest::labelled);
    check("early", GradientTest::early);
    check("swap", GradientTest::swap);
    check("choices", GradientTest::choices);
    check("switched", ForwardModeTest::switched);
    check("doWhile", GradientTest::doWhile);
    check("passiveLoop", GradientTest::passiveLoop);
    check("array", GradientTest::array);
    check("overwrite", GradientTest::overwrite);
    check("overwritten", ForwardModeTest::overwritten);
    check("matrix", GradientTest::matrix);
    check("ragged", ForwardModeTest::ragged);
    check("copies", GradientTest::copies);
    check("records", GradientTest::records);
    check("mutableObject", GradientTest::mutableObject);
    check("aliased", GradientTest::aliased);
    check("accounts", ForwardModeTest::accounts);
    check("boxes", GradientTest::boxes);
    check("inObjects", ForwardModeTest::inObjects);
    check("fromObject", ForwardModeTest::fromObject);
    check("readsInherited", GradientTest::readsInherited);
    check("chosenByClass", GradientTest::chosenByClass);
    check("capturing", ContainersTest::capturing);
    check("capturingArray", ContainersTest::capturingArray);
    check("composed", ContainersTest::composed);
    check("methodReferences", ContainersTest::methodReferences);
    check("curried", ContainersTest::curried);
    check("list", ContainersTest::list);
    check("sorted", ContainersTest::sorted);
    check("deque", ContainersTest::deque);
    check("maps", ContainersTest::maps);
    check("iterators", ContainersTest::iterators);
    check("optionals", ContainersTest::optionals);
    check("streams", ContainersTest::streams);
    check("forEach", ContainersTest::forEach);
    check("queue", ContainersTest::queue);
    check("extremes", ContainersTest::extremes);
    check("ownIterable", ContainersTest::ownIterable);
    check("aliasedResult", ContainersTest::aliasedResult);
    check("boxArrays", ContainersTest::boxArrays);
    check("sortedArray", ContainersTest::sortedArray);
    check("comparing", ContainersTest::comparing);
    check("linked", ContainersTest::linked);
    check("numberStreams", ContainersTest::numberStreams);
    check("arrayMethods", ContainersTest::arrayMethods);
    check("writesInherited", GradientTest::writesInherited);
    check("caughtHere", ExceptionsTest::caughtHere);
    check("caughtFromCall", ExceptionsTest::caughtFromCall);
    check("inLoop", ExceptionsTest::inLoop);
    check("carried", ExceptionsTest::carried);
    check("caughtAsPlatformType", ExceptionsTest::caughtAsPlatformType);
    check("rethrown", ExceptionsTest::rethrown);
    check("withResources", ExceptionsTest::withResources);
    check("nullPointer", ExceptionsTest::nullPointer);
    check("nestedLoops", ExceptionsTest::nestedLoops);
    check("synchronizedCode", ExceptionsTest::synchronizedCode);
    check("parsed", ExceptionsTest::parsed);
    return tests;
  }

  private static final Fn1<double[], double[]> TALL =
      a -> {
        double[] r = new double[7];
        for (int i = 0; i < r.length; i++) {
          r[i] = Math.sin(a[0] * i) * a[1];
        }
        return r;
      };

  private static final Fn1<double[], double[]> WIDE =
      a -> {
        double sum = 0;
        double product = 1;
        for (int i = 0; i < a.length; i++) {
          sum += a[i] * a[i] * i;
          product *= a[i];
        }
        a[0] = 0;
        return new double[] {sum, product};
      };

  private static final Fn1<double[], double[]> SQUARE =
      a -> {
        double t = a[0];
        for (int i = 0; i + 1 < a.length; i++) {
          a[i] *= a[i + 1];
        }
        a[a.length - 1] = t;
        return a;
      };

  private static void checkJacobian(Fn1<double[], double[]> f, int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = 0.5 + 0.9 * Math.sin(i);
    }
    double[] before = x.clone();
    double[][] jacobian = Grad.jacobian(f, x);
    assertArrayEquals(before, x);
    double h = 1e-6;
    for (int j = 0; j < n; j++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[j] += h;
      down[j] -= h;
      double[] high = f.apply(up);
      double[] low = f.apply(down);
      double[] unit = new double[n];
      unit[j] = 1;
      double[] column = Grad.jvp(f, x.clone(), unit).tangent();
      assertEquals(high.length, jacobian.length);
      for (int i = 0; i < high.length; i++) {
        assertEquals((high[i] - low[i]) / (2 * h), jacobian[i][j], 1e-5);
        assertEquals(column[i], jacobian[i][j], 1e-12);
      }
    }
  }

  @Test
  void jacobiansOfAllShapes() {
    checkJacobian(TALL, 2);
    for (int n : new int[] {1, 2, 3, 4, 5, 9}) {
      checkJacobian(SQUARE, n);
    }
    checkJacobian(WIDE, 4);
    checkJacobian(WIDE, 30);
    assertEquals(0, Grad.jacobian(a -> new double[0], new double[] {1}).length);
    assertArrayEquals(new double[2], Grad.jacobian(a -> new double[1], new double[2])[0]);
  }

  @Test
  void aTangentHasTheTypeOfItsValue() {
    ValueAndTangent<Point> p =
        Grad.jvp(q -> new Point(q.x() * q.y(), q.x()), new Point(2, 3), new Point(1, 10));
    assertEquals(new Point(6, 2), p.value());
    assertEquals(new Point(23, 1), p.tangent());

    double[] knots = {1, 2};
    Line line = new Line(new Point(1, 2), new Point(3, 4), "a", 2, 5.0, knots);
    Line change = new Line(new Point(1, 0), new Point(0, 1), "b", 1, 2.0, new double[] {0, 1});
    ValueAndTangent<Double> q =
        Grad.jvp(
            l -> l.from().x() * l.to().y() + l.width() * l.weight() * l.knots()[1], line, change);
    assertEquals(4 + 20, q.value());
    assertEquals(4 + 1 + 1 * 5 * 2 + 2 * 2 * 2 + 10 * 1, q.tangent());

    ValueAndTangent<Double> r = Grad.jvp(x -> x * x, 3.0, 2.0);
    assertEquals(12, r.tangent());
    ValueAndTangent<float[]> s =
        Grad.jvp(
            x -> new float[] {x[0] * x[1], (float) Math.sqrt(x[1])},
            new float[] {3, 4},
            new float[] {1, 8});
    assertArrayEquals(new float[] {28, 2}, s.tangent());
    ValueAndTangent<Float> t = Grad.jvp(x -> x * x, 3f, 2f);
    assertEquals(12f, t.tangent());
    ValueAndTangent<Double> u =
        Grad.jvp(x -> x.get(0) * x.get(1), List.of(2.0, 3.0), List.of(1.0, 10.0));
    assertEquals(23, u.tangent());
    ValueAndTangent<double[][]> v =
        Grad.jvp(
            x -> new double[][] {x[1], {x[0][0] * x[1][0]}},
            new double[][] {{2}, {3}},
            new double[][] {{1}, {10}});
    assertArrayEquals(new double[] {10}, v.tangent()[0]);
    assertArrayEquals(new double[] {23}, v.tangent()[1]);
    ValueAndTangent<Double> w =
        Grad.jvp(x -> x[0] * x[1], new Double[] {2.0, 3.0}, new Double[] {1.0, 10.0});
    assertEquals(23, w.tangent());
  }

  @Test
  void derivativesOfFloatsAreExactInFloats() {
    assertEquals(8 * 1.5 / 2 + 1, Grad.derivative(GradientTest::floats, 1.5), 1e-6);
  }

  @Test
  void aZeroTangentWinsOverAnInfiniteDerivative() {
    double[][] j = Grad.jacobian(a -> new double[] {Math.sqrt(a[0]) + a[1]}, new double[] {0, 1});
    assertEquals(Double.POSITIVE_INFINITY, j[0][0]);
    assertEquals(1, j[0][1]);
    assertEquals(1, Grad.derivative(x -> Math.sqrt(x * 0) + x, 1.0));
  }

  @Test
  void rulesHoldInForwardModeToo() {
    Grad.rule(ForwardModeTest::opaque, x -> 42 * x);
    assertEquals(84, Grad.derivative(x -> opaque(x), 2.0));
    assertEquals(168, Grad.jvp(x -> opaque(x[0]), new double[] {2}, new double[] {2}).tangent());
    assertEquals(3, Grad.derivative(x -> x * Grad.stopGradient(x), 3.0));
    assertEquals(
        23.0,
        Grad.jvp(x -> dot(x, new double[] {x[1], 0}), new double[] {2, 3}, new double[] {1, 10})
            .tangent());
    assertEquals(1, Grad.derivative(x -> Grad.isTraining() ? x : 0, 1.0));
  }

  static double opaque(double x) {
    return Double.parseDouble(Double.toString(x));
  }

  @Primitive(ForwardModeTest.class)
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

  @Pushforward(of = "dot")
  static double dotForward(double[] a, double[] b, double y, double[] da) {
    return da[0] * b[0] + da[1] * b[1];
  }

  @Pushforward(of = "dot", argument = 1)
  static double dotForwardSecond(double[] a, double[] b, double y, double[] db) {
    return a[0] * db[0] + a[1] * db[1];
  }

  private static void assertRefused(String part, Runnable derivative) {
    GradientException e = assertThrows(GradientException.class, derivative::run);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void whatCannotBeFollowedIsRefused() {
    String file = "GradientTest.java:";
    assertRefused(file, () -> Grad.derivative(x -> GradientTest.throughDecimal(x), 2.0));
    assertRefused(file, () -> Grad.derivative(x -> GradientTest.throughBigDecimal(x), 2.0));
    assertRefused("length 3", () -> Grad.jvp(a -> a[0], new double[2], new double[3]));
    assertRefused("Point", () -> Grad.<Object, Double>jvp(a -> 1.0, new Point(1, 2), 2.0));
    assertRefused("String", () -> Grad.jvp(a -> 1.0, "a", "b"));
  }
}

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

/** Derivatives of derivatives, in all combinations of the modes, without perturbation confusion. */
class NestedDerivativesTest {
  private final List<DynamicTest> tests = new ArrayList<>();

  record Pendulum(double mass, double length) {}

  static final class Box {
    final double value;
    double square;

    Box(double value) {
      this.value = value;
      square = value * value;
    }
  }

  static double slopeAt(Scalar1 f, double x) {
    return Grad.gradient(f, x);
  }

  static double[] slopesAt(Fn1<double[], Double> f, double[] x) {
    return Grad.gradient(f, x);
  }

  static double twice(Scalar1 f, double x) {
    return Grad.derivative(y -> Grad.derivative(f, y), x);
  }

  // ---------------------------------------------------------------- perturbation confusion

  @Test
  void perturbationsOfDifferentVariablesAreNotConfused() {
    // d/dx (x d/dy (x + y)) = 1, after Siskind and Pearlmutter, "Perturbation Confusion and
    // Referential Transparency" (2005)
    assertEquals(1, Grad.derivative(x -> x * Grad.derivative(y -> x + y, 1.0), 1.0));
    assertEquals(1, Grad.derivative(x -> x * Grad.gradient(y -> x + y, 1.0), 1.0));
    assertEquals(1, Grad.gradient(x -> x * Grad.derivative(y -> x + y, 1.0), 1.0));
    assertEquals(1, Grad.gradient(x -> x * Grad.gradient(y -> x + y, 1.0), 1.0));
    assertEquals(1, Grad.gradient(x -> x * slopeAt(y -> x + y, 1.0), 1.0));
    assertEquals(1, Grad.derivative(x -> x * slopeAt(y -> x + y, 1.0), 1.0));
  }

  /** f(x) = x d/dy g(x, y) at y = h(x), against the closed form of f'. */
  private void check(String name, double x, double expected, Scalar1 f) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              assertEquals(expected, Grad.derivative(f, x), 1e-9, "forward");
              assertEquals(expected, Grad.gradient(f, x), 1e-9, "reverse");
              assertEquals(
                  expected,
                  Grad.jvp(p -> f.apply(p[0]), new double[] {x}, new double[] {1}).tangent(),
                  1e-9,
                  "jvp");
            }));
  }

  static double threeDeep(double x) {
    // d/dz x y z³ at z = y is 3 x y³, whose d/dy at y = x is 9 x³
    return Grad.gradient(y -> Grad.gradient(z -> x * y * z * z * z, y), x);
  }

  static double overArrays(double x) {
    double[] at = {x, 2 * x};
    double[] inner = Grad.gradient(p -> p[0] * p[1] * p[1] * x, at);
    return inner[0] * inner[1]; // 4 x³ · 4 x³
  }

  static double overArraysInALoop(double x) {
    double[] at = {x, 1};
    for (int i = 0; i < 4; i++) {
      double[] step = Grad.gradient(p -> p[0] * p[0] * p[1] + x * p[1], at);
      at[0] -= 0.1 * step[0];
      at[1] -= 0.1 * step[1];
    }
    return at[0] * at[1];
  }

  static double inTwo(double x) {
    Pair<Double, Double> slopes = Grad.gradient((a, b) -> a * a * b * x, x, 3.0);
    return slopes.first() + slopes.second(); // 6 x² + x³
  }

  static double inThree(double x) {
    Triple<double[], double[], Double> slopes =
        Grad.gradient(
            (a, b, c) -> a[0] * a[0] * b[0] * c * x, new double[] {x}, new double[] {2}, 3.0);
    return slopes.first()[0] + slopes.second()[0] + slopes.third(); // 12 x² + 3 x³ + 2 x³
  }

  static double inThreeNumbers(double x) {
    Triple<Double, Double, Double> slopes =
        Grad.gradient((a, b, c) -> a * a * b * c * x, x, 2.0, 3.0);
    return slopes.first() + slopes.second() + slopes.third();
  }

  static double withValue(double x) {
    ValueAndGradient<double[]> inner =
        Grad.valueAndGradient(p -> p[0] * p[0] * x, new double[] {x});
    return inner.value() + inner.gradient()[0]; // x³ + 2 x²
  }

  record Leaf(Pendulum first, double[] knots, Float scale) {}

  record Tree(
      Pendulum first,
      double[] knots,
      Float scale,
      String name,
      Leaf next,
      @Nullable Pendulum nothing) {}

  static double inRecords(double x) {
    Leaf at = new Leaf(new Pendulum(x, 2), new double[] {x, 1}, 3f);
    Tree outer = new Tree(new Pendulum(1, x), new double[] {2}, 1f, "t", at, null);
    Tree g =
        Grad.gradient(
            s ->
                s.next().first().mass() * s.next().first().mass() * s.first().length() * x
                    + s.next().knots()[0] * s.next().scale() * s.knots()[0]
                    + s.scale() * x,
            outer);
    return g.next().first().mass() // 2 x³
        + g.first().length() // x³
        + g.next().knots()[0] * x // 6 x
        + g.knots()[0] // 3 x
        + g.scale() // x
        + g.name().length();
  }

  static double withObjects(double x) {
    return Grad.gradient(
        y -> {
          Box box = new Box(x * y);
          return box.square * box.value + y;
        },
        2.0); // 3 x³ y² + 1
  }

  static double withoutDependence(double x) {
    return x * Grad.gradient(y -> new Box(y).square + new Pendulum(y, 1).mass(), 2.0);
  }

  static double recursively(double x, int depth) {
    return depth == 0 ? x * x * x * x * x : Grad.gradient(y -> recursively(y, depth - 1), x);
  }

  static double byDerivativeFunctions(double x) {
    Scalar1 slope = Grad.grad((Scalar1) y -> x * y * y * y);
    return slope.apply(x) + slope.apply(1); // 3 x³ + 3 x
  }

  static double root(double a) {
    double y = a;
    for (int i = 0; i < 20; i++) { // Newton's method for y³ = a
      double at = y;
      y -= (at * at * at - a) / Grad.derivative(t -> t * t * t - a, at);
    }
    return y;
  }

  static double newton(double x) {
    Scalar1 f = t -> t * t - x;
    double y = x;
    for (int i = 0; i < 30; i++) {
      y -= f.apply(y) / Grad.gradient(f, y);
    }
    return y;
  }

  static double branching(double x) {
    return Grad.gradient(y -> y > 1 ? y * y * x : Math.sin(y * x), x);
  }

  static double boxed(double x) {
    Double slope = Grad.gradient((Double y) -> y * y * x, (Double) x);
    return slope * 2; // 4 x²
  }

  static double alongADirection(double x) {
    ValueAndTangent<double[]> inner =
        Grad.jvp(
            p -> new double[] {p[0] * p[1] * x, p[0]}, new double[] {x, 2}, new double[] {x, 1});
    return inner.tangent()[0] * inner.value()[0] + inner.tangent()[1]; // 3 x² · 2 x² + x
  }

  static double alongANumber(double x) {
    return Grad.jvp((Double p) -> p * p * x, x, 2 * x).tangent(); // 4 x³
  }

  static double byHessian(double x) {
    double[][] h = Grad.hessian(p -> p[0] * p[0] * p[1] * x, new double[] {x, 3});
    return h[0][0] + h[0][1] * x; // 6 x + 2 x³
  }

  static double byHessianVectorProduct(double x) {
    double[] at = {x, 3};
    double[] v = {x, 1};
    double[] product = Grad.hessianVectorProduct(p -> p[0] * p[0] * p[1] * x, at, v);
    return product[0] * product[1]; // 8 x² · 2 x³
  }

  static double byPullback(double x) {
    ValueAndPullback<double[], double[]> back =
        Grad.pullback(p -> new double[] {p[0] * p[1] * x, p[0] * p[0]}, new double[] {x, 2});
    double[] first = back.gradient(new double[] {1, x}); // 2 x + 2 x², x²
    double[] second = back.gradient(new double[] {0, 1}); // 2 x, 0
    return first[0] * second[0] + first[1] * back.value()[0]; // 4 x² + 4 x³ + 2 x⁴
  }

  static double byPullbackOfANumber(double x) {
    ValueAndPullback<Double, Double> back = Grad.pullback((Double p) -> p * p * x, x);
    return back.gradient(x) * back.value() + back.gradient(1.0); // 2 x⁶ + 2 x²
  }

  static double byJacobian(double x) {
    double[] at = {x, x * x};
    double[][] j =
        Grad.jacobian(p -> new double[] {p[0] * p[1], Math.sin(p[0]), p[1] * p[1] * x}, at);
    return j[0][0] * j[2][1] + j[1][0]; // x² · 2 x³ + cos x
  }

  @TestFactory
  List<DynamicTest> innerDerivativesDependOnTheOuterVariable() {
    check("jvp", 1.5, 24 * Math.pow(1.5, 3) + 1, x -> alongADirection(x));
    check("jvp of a number", 1.5, 12 * 1.5 * 1.5, x -> alongANumber(x));
    check("hessian", 1.5, 6 + 6 * 1.5 * 1.5, x -> byHessian(x));
    check("product", 1.5, 80 * Math.pow(1.5, 4), x -> byHessianVectorProduct(x));
    check("pullback", 1.5, 12 + 27 + 27, x -> byPullback(x));
    check("pullback of a number", 1.5, 12 * Math.pow(1.5, 5) + 6, x -> byPullbackOfANumber(x));
    check("jacobian", 1.5, 10 * Math.pow(1.5, 4) - Math.sin(1.5), x -> byJacobian(x));
    check("captured", 2, 24, x -> x * Grad.gradient(y -> x * y * y, x));
    check("three deep", 1.5, 27 * 1.5 * 1.5, x -> threeDeep(x));
    check("arrays", 1.5, 6 * 16 * Math.pow(1.5, 5), x -> overArrays(x));
    check("two numbers", 1.5, 12 * 1.5 + 3 * 1.5 * 1.5, x -> inTwo(x));
    check("three", 1.5, 24 * 1.5 + 15 * 1.5 * 1.5, x -> inThree(x));
    check("three numbers", 1.5, 24 * 1.5 + 15 * 1.5 * 1.5, x -> inThreeNumbers(x));
    check("value", 1.5, 3 * 1.5 * 1.5 + 4 * 1.5, x -> withValue(x));
    check("records", 1.5, 9 * 1.5 * 1.5 + 10, x -> inRecords(x));
    check("objects", 1.5, 9 * 1.5 * 1.5 * 4, x -> withObjects(x));
    check("independent", 1.5, 5, x -> withoutDependence(x));
    check("functions", 1.5, 9 * 1.5 * 1.5 + 3, x -> byDerivativeFunctions(x));
    check("cube root", 8, 1.0 / 12, x -> root(x));
    check("square root", 4, 0.25, x -> newton(x));
    check("branch", 1.5, 4 * 1.5, x -> branching(x));
    check("other branch", 0.5, Math.cos(0.25) - 2 * 0.25 * Math.sin(0.25), x -> branching(x));
    check("boxed", 1.5, 8 * 1.5, x -> boxed(x));
    double h = 1e-6;
    double difference = (overArraysInALoop(1.2 + h) - overArraysInALoop(1.2 - h)) / (2 * h);
    tests.add(
        DynamicTest.dynamicTest(
            "descent",
            () -> {
              assertEquals(difference, Grad.gradient(x -> overArraysInALoop(x), 1.2), 1e-7);
              assertEquals(difference, Grad.derivative(x -> overArraysInALoop(x), 1.2), 1e-7);
            }));
    return tests;
  }

  // ---------------------------------------------------------------- higher derivatives

  @Test
  void fourthDerivatives() {
    for (double x : new double[] {0.3, 1.7}) {
      Scalar1 sin = Math::sin;
      Scalar1 exp = y -> Math.exp(2 * y);
      Scalar1 pow = y -> Math.pow(y, 5.5);
      assertEquals(-Math.sin(x), twice(sin, x), 1e-14);
      assertEquals(-Math.cos(x), Grad.grad(Grad.grad(Grad.grad(sin))).apply(x), 1e-14);
      assertEquals(Math.sin(x), fourth(sin).apply(x), 1e-12);
      assertEquals(16 * Math.exp(2 * x), fourth(exp).apply(x), 1e-10);
      assertEquals(5.5 * 4.5 * 3.5 * 2.5 * Math.pow(x, 1.5), fourth(pow).apply(x), 1e-10);
      assertEquals(24 / Math.pow(x, 5), fourth(y -> 1 / y).apply(x), 1e-10 * 24 / Math.pow(x, 5));
      assertEquals(120 * x, fourth(y -> GradientTest.recursive(y, 5)).apply(x), 1e-10);
    }
  }

  private static Scalar1 fourth(Scalar1 f) {
    return Grad.grad(Grad.grad(Grad.grad(Grad.grad(f))));
  }

  @Test
  void fourthDerivativesInForwardModeAlone() {
    double fourth =
        Grad.derivative(
            a ->
                Grad.derivative(
                    b -> Grad.derivative(c -> Grad.derivative(d -> Math.exp(3 * d), c), b), a),
            0.5);
    assertEquals(81 * Math.exp(1.5), fourth, 1e-10);
  }

  @Test
  void aHessianOfAGradient() {
    // |∇ (a b²)|² = b⁴ + 4 a² b²
    Fn1<double[], Double> f =
        p -> {
          double[] g = slopesAt(q -> q[0] * q[1] * q[1], p);
          return g[0] * g[0] + g[1] * g[1];
        };
    double[] x = {1, 2};
    assertArrayEquals(new double[] {32, 32 + 16}, Grad.gradient(f, x), 1e-12);
    double[][] h = Grad.hessian(f, x);
    assertArrayEquals(new double[] {8 * 4, 16 * 2}, h[0], 1e-12);
    assertArrayEquals(new double[] {16 * 2, 12 * 4 + 8}, h[1], 1e-12);
    assertArrayEquals(
        new double[] {32 + 64, 32 + 2 * 56},
        Grad.hessianVectorProduct(f, x, new double[] {1, 2}),
        1e-12);
  }

  @Test
  void aJacobianOfAGradientIsTheHessian() {
    Fn1<double[], Double> f = SecondDerivativesTest::rosenbrock;
    double[] x = {0.3, -0.4, 1.2, 0.9, -1.1};
    double[][] expected = Grad.hessian(f, x);
    double[][] actual = Grad.jacobian(p -> slopesAt(f, p), x);
    for (int i = 0; i < x.length; i++) {
      assertArrayEquals(expected[i], actual[i], 1e-10);
    }
  }

  @Test
  void whatCannotBeNestedIsRefused() {
    GradientException e =
        assertThrows(
            GradientException.class,
            () -> Grad.derivative(x -> Grad.pullback((a, b) -> a * b, x, 3.0).value(), 2.0));
    assertTrue(e.getMessage().contains("Grad.pullback"), e.getMessage());
    assertTrue(e.getMessage().contains("NestedDerivativesTest.java:"), e.getMessage());
    GradientException object =
        assertThrows(
            GradientException.class,
            () -> Grad.derivative(x -> Grad.gradient(b -> b.square, new Box(x)).square, 2.0));
    assertTrue(object.getMessage().contains("another object"), object.getMessage());
    GradientException endless =
        assertThrows(GradientException.class, () -> Grad.derivative(x -> recursively(x, 3), 2.0));
    assertTrue(endless.getMessage().contains("differentiates itself"), endless.getMessage());
  }
}

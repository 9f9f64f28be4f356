package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where functions have no derivative, or an infinite one: the conventions of {@code MathRules}. */
class DelicatePointsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private static Arguments one(String name, Scalar1 f, double x, double slope) {
    Fn1<double[], Double> ofArray = a -> f.apply(a[0]);
    return Arguments.of(name, ofArray, new double[] {x}, new double[] {slope});
  }

  private static Arguments two(
      String name, Scalar2 f, double a, double b, double first, double second) {
    Fn1<double[], Double> ofArray = x -> f.apply(x[0], x[1]);
    return Arguments.of(name, ofArray, new double[] {a, b}, new double[] {first, second});
  }

  private static Arguments clamp(double x, double low, double high, double... slopes) {
    Fn1<double[], Double> ofArray = a -> Math.clamp(a[0], a[1], a[2]);
    return Arguments.of("clamp", ofArray, new double[] {x, low, high}, slopes);
  }

  static Stream<Arguments> points() {
    double large = 1e200;
    double half = Math.sqrt(0.5);
    return Stream.of(
        // the powers of zero
        two("pow", Math::pow, 0, 3, 0, 0),
        two("pow", Math::pow, 0, 2, 0, 0),
        two("pow", Math::pow, 0, 1, 1, 0),
        two("pow", Math::pow, 0, 0.5, INF, 0),
        two("pow", Math::pow, 0, 0, 0, 0),
        two("pow", Math::pow, 0, -1, -INF, -INF),
        two("pow", Math::pow, -0.0, 3, 0, 0),
        two("pow", Math::pow, -0.0, 1, 1, 0),
        // other powers
        two("pow", Math::pow, 2, 0, 0, Math.log(2)),
        two("pow", Math::pow, -2, 0, 0, NAN),
        two("pow", Math::pow, -2, 3, 12, NAN),
        two("pow", Math::pow, -2, 0.5, NAN, NAN),
        two("pow", Math::pow, 1, 5, 5, 0),
        two("pow", Math::pow, INF, 0, 0, INF),
        two("pow", Math::pow, INF, 1, 1, INF),
        two("pow", Math::pow, INF, -1, -0.0, 0),
        two("pow", Math::pow, NAN, 0, 0, NAN),
        two("pow", Math::pow, 1e200, 2, 2e200, INF),
        // roots and lengths
        one("sqrt", Math::sqrt, 0, INF),
        one("sqrt", Math::sqrt, INF, 0),
        one("sqrt", Math::sqrt, -1, NAN),
        one("cbrt", Math::cbrt, 0, INF),
        one("cbrt", Math::cbrt, INF, 0),
        two("hypot", Math::hypot, 0, 0, 0, 0),
        two("hypot", Math::hypot, 0, -3, 0, -1),
        two("hypot", Math::hypot, large, large, half, half),
        two("hypot", Math::hypot, 1.5e308, 1.5e308, half, half),
        two("hypot", Math::hypot, 3e-320, 4e-320, 0.6, 0.8),
        two("hypot", Math::hypot, -INF, 5, -1, 0),
        two("hypot", Math::hypot, 5, INF, 0, 1),
        two("hypot", Math::hypot, INF, -INF, half, -half),
        // kinks and ties
        one("abs", Math::abs, 0, 0),
        one("abs", Math::abs, -0.0, 0),
        one("abs", Math::abs, -INF, -1),
        one("abs", Math::abs, NAN, NAN),
        two("max", Math::max, 2, 2, 0.5, 0.5),
        two("max", Math::max, 0.0, -0.0, 0.5, 0.5),
        two("max", Math::max, INF, 3, 1, 0),
        two("min", Math::min, 2, 2, 0.5, 0.5),
        two("min", Math::min, -0.0, 0.0, 0.5, 0.5),
        two("min", Math::min, -INF, 3, 1, 0),
        two("copySign", Math::copySign, 0, -1, 0, 0),
        two("copySign", Math::copySign, 2, -0.0, -1, 0),
        clamp(1, 1, 2, 1, 0, 0),
        clamp(2, 1, 2, 1, 0, 0),
        clamp(1, 1, 1, 1, 0, 0),
        clamp(0, 1, 1, 0, 1, 0),
        clamp(5, 1, 1, 0, 0, 1),
        clamp(-INF, 1, 2, 0, 1, 0),
        // angles
        two("atan2", Math::atan2, 0, 0, 0, 0),
        two("atan2", Math::atan2, 0, -1, -1, 0),
        two("atan2", Math::atan2, large, large, 0.5 / large, -0.5 / large),
        two("atan2", Math::atan2, 0, 0x1p-600, 0x1p600, 0),
        two("atan2", Math::atan2, INF, 1, 0, 0),
        two("atan2", Math::atan2, 1, -INF, 0, 0),
        two("atan2", Math::atan2, INF, INF, 0, 0),
        one("atan", Math::atan, INF, 0),
        one("atan", Math::atan, 1e200, 0),
        one("asin", Math::asin, 1, INF),
        one("asin", Math::asin, -1, INF),
        one("acos", Math::acos, 1, -INF),
        one("acos", Math::acos, -1, -INF),
        one("asin", Math::asin, 2, NAN),
        // logarithms
        one("log", Math::log, 0, INF),
        one("log", Math::log, INF, 0),
        one("log", Math::log, Double.MIN_VALUE, INF),
        one("log1p", Math::log1p, -1, INF),
        one("log10", Math::log10, 0, INF),
        one("log10", Math::log10, INF, 0),
        // too large for a number, and limits
        one("exp", Math::exp, 1000, INF),
        one("exp", Math::exp, INF, INF),
        one("exp", Math::exp, -INF, 0),
        one("expm1", Math::expm1, 1000, INF),
        one("expm1", Math::expm1, -INF, 0),
        one("sinh", Math::sinh, 1000, INF),
        one("cosh", Math::cosh, -1000, -INF),
        one("tanh", Math::tanh, 1000, 0),
        one("tanh", Math::tanh, -INF, 0),
        one("sin", Math::sin, INF, NAN),
        one("tan", Math::tan, INF, NAN),
        // arithmetic
        two("divided", (a, b) -> a / b, 1, 0, INF, -INF),
        two("divided", (a, b) -> a / b, 1, INF, 0, -0.0),
        two("divided", (a, b) -> a / b, 0, 0, INF, NAN),
        two("remainder", (a, b) -> a % b, 7, 2, 1, -3),
        two("IEEEremainder", Math::IEEEremainder, 7, 2, 1, -4));
  }

  private static double[] zeros(double[] point) {
    return new double[point.length];
  }

  /** Zero of either sign is zero. */
  private static double[] unsigned(double... values) {
    double[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] += 0.0;
    }
    return result;
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("points")
  void conventions(String name, Fn1<double[], Double> f, double[] point, double[] slopes) {
    int n = point.length;
    double[] expected = unsigned(slopes);
    assertArrayEquals(expected, unsigned(Grad.gradient(f, point)), 1e-9, "reverse");
    for (int i = 0; i < n; i++) {
      double[] unit = zeros(point);
      unit[i] = 1;
      double tangent = Grad.jvp(f, point, unit).tangent();
      assertArrayEquals(new double[] {expected[i]}, unsigned(tangent), 1e-9, "forward " + i);
    }
    double[] together = Grad.jacobian(a -> new double[] {f.apply(a)}, point)[0];
    assertArrayEquals(expected, unsigned(together), 1e-9, "several directions");
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("points")
  void zeroWins(String name, Fn1<double[], Double> f, double[] point, double[] slopes) {
    int n = point.length;
    double[] zeros = zeros(point);
    double[] gradient = Grad.pullback(f, point).gradient(0.0);
    assertArrayEquals(zeros, unsigned(gradient), "a cotangent of zero");
    assertEquals(0, Grad.jvp(f, point, zeros).tangent() + 0.0, "a tangent of zero");
    double[] both = java.util.Arrays.copyOf(point, n + 1);
    double[][] jacobian = Grad.jacobian(a -> new double[] {f.apply(a) * 0 + a[n]}, both);
    assertEquals(1, jacobian[0][n], "beside another direction");
    double[][] chosen = Grad.hessian(a -> unused(f.apply(a), a[n]), both);
    assertArrayEquals(new double[n + 1], unsigned(chosen[n]), "second derivatives");
    for (int i = 0; i < n; i++) {
      assertArrayEquals(new double[n + 1], unsigned(chosen[i]), "second derivatives");
    }
  }

  /** The number itself, whatever the other is. */
  static double unused(double value, double x) {
    return value > 1e308 || value < 1e308 || Double.isNaN(value) ? x : value;
  }

  /** A second derivative must not be lost where a first one is zero. */
  @Test
  void aZeroFactorIsNoConstant() {
    double[][] weighted = Grad.hessian(a -> a[0] * Math.sqrt(a[1]), new double[] {0, 4});
    assertArrayEquals(new double[] {0, 0.25}, weighted[0]);
    assertArrayEquals(new double[] {0.25, 0}, weighted[1]);
    assertEquals(
        1, Grad.gradient(b -> Grad.gradient((a, c) -> Math.sin(a * c), 2.0, b).first(), 0.0));
    assertEquals(
        0.5, Grad.gradient(b -> Grad.gradient((a, c) -> Math.pow(a, c), 2.0, b).first(), 0.0));
    assertEquals(
        0.5, Grad.gradient(b -> Grad.gradient((a, c) -> Math.pow(a, c), b, 0.0).second(), 2.0));
  }

  static double guarded(double x) {
    double inverse = 1 / x;
    return x == 0 ? 3 * x : inverse * x * x;
  }

  @Test
  void theOtherBranchDividesByZero() {
    assertEquals(3, Grad.gradient((double x) -> guarded(x), 0));
    assertEquals(3, Grad.derivative(x -> guarded(x), 0));
    assertEquals(1, Grad.gradient((double x) -> guarded(x), 2), 1e-15);
  }
}

package dev.fluxion.tensor;

import org.apache.commons.numbers.gamma.Erf;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * The functions of one and two numbers that tensors apply to their elements, for float32 and
 * float64. A function named {@code …Back} gives the cotangent of an argument from a value (the
 * argument or the result) and the result's cotangent.
 */
final class Functions {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
  private static final double ROOT_HALF = Math.sqrt(0.5);
  private static final double ONE_OVER_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

  static final Unary NEG = new Unary("neg", 1, x -> -x, x -> -x);
  static final Unary SQUARE = new Unary("square", 1, x -> x * x, x -> x * x);
  static final Unary ABS = new Unary("abs", 1, x -> Math.abs(x), x -> Math.abs(x));
  static final Unary SIGN = new Unary("sign", 1, Math::signum, Math::signum);
  static final Unary FLOOR = new Unary("floor", 2, x -> (float) Math.floor(x), Math::floor);
  static final Unary CEIL = new Unary("ceil", 2, x -> (float) Math.ceil(x), Math::ceil);
  static final Unary ROUND = new Unary("round", 2, x -> (float) Math.rint(x), Math::rint);
  static final Unary SQRT = new Unary("sqrt", 2, x -> (float) Math.sqrt(x), Math::sqrt);
  static final Unary RSQRT =
      new Unary("rsqrt", 3, x -> (float) (1 / Math.sqrt(x)), x -> 1 / Math.sqrt(x));
  static final Unary EXP = new Unary("exp", 8, FloatMath::exp, DoubleMath::exp);
  static final Unary EXPM1 = new Unary("expm1", 8, FloatMath::expm1, DoubleMath::expm1);
  static final Unary LOG = new Unary("log", 8, FloatMath::log, DoubleMath::log);
  static final Unary LOG1P = new Unary("log1p", 8, FloatMath::log1p, DoubleMath::log1p);
  static final Unary SIN = new Unary("sin", 8, FloatMath::sin, DoubleMath::sin);
  static final Unary COS = new Unary("cos", 8, FloatMath::cos, DoubleMath::cos);
  static final Unary TAN = new Unary("tan", 8, x -> (float) Math.tan(x), Math::tan);
  static final Unary ATAN = new Unary("atan", 8, x -> (float) Math.atan(x), Math::atan);
  static final Unary TANH = new Unary("tanh", 12, FloatMath::tanh, DoubleMath::tanh);
  static final Unary SIGMOID = new Unary("sigmoid", 8, FloatMath::sigmoid, DoubleMath::sigmoid);
  static final Unary ASIN = new Unary("asin", 8, x -> (float) Math.asin(x), Math::asin);
  static final Unary ACOS = new Unary("acos", 8, x -> (float) Math.acos(x), Math::acos);
  static final Unary SINH = new Unary("sinh", 12, x -> (float) Math.sinh(x), Math::sinh);
  static final Unary COSH = new Unary("cosh", 12, x -> (float) Math.cosh(x), Math::cosh);
  static final Unary ASINH = new Unary("asinh", 12, x -> (float) asinh(x), Functions::asinh);
  static final Unary ACOSH = new Unary("acosh", 12, x -> (float) acosh(x), Functions::acosh);
  static final Unary ATANH = new Unary("atanh", 12, x -> (float) atanh(x), Functions::atanh);
  static final Unary EXP2 = new Unary("exp2", 16, x -> (float) Math.pow(2, x), x -> Math.pow(2, x));
  static final Unary LOG2 = new Unary("log2", 8, x -> (float) log2(x), Functions::log2);
  static final Unary LOG10 = new Unary("log10", 8, x -> (float) Math.log10(x), Math::log10);
  static final Unary RECIPROCAL = new Unary("reciprocal", 2, x -> 1 / x, x -> 1 / x);
  static final Unary TRUNC = new Unary("trunc", 2, x -> (float) trunc(x), Functions::trunc);
  static final Unary IS_NAN =
      Unary.truth("isNaN", x -> Float.isNaN(x) ? 1 : 0, x -> Double.isNaN(x) ? 1 : 0);
  static final Unary IS_FINITE =
      Unary.truth("isFinite", x -> Float.isFinite(x) ? 1 : 0, x -> Double.isFinite(x) ? 1 : 0);
  static final Unary RELU = new Unary("relu", 1, x -> Math.max(x, 0f), x -> Math.max(x, 0.0));
  static final Unary SOFTPLUS =
      new Unary("softplus", 16, FloatMath::softplus, DoubleMath::softplus);
  static final Unary ERF = new Unary("erf", 32, FloatMath::erf, Functions::erf);
  static final Unary GELU = new Unary("gelu", 32, FloatMath::gelu, Functions::gelu);

  static final Binary PLUS = new Binary("plus", 1, (a, b) -> a + b, (a, b) -> a + b);
  static final Binary MINUS = new Binary("minus", 1, (a, b) -> a - b, (a, b) -> a - b);
  static final Binary TIMES = new Binary("times", 1, (a, b) -> a * b, (a, b) -> a * b);
  static final Binary DIV = new Binary("div", 2, (a, b) -> a / b, (a, b) -> a / b);
  static final Binary MAXIMUM = new Binary("maximum", 1, Math::max, Math::max);
  static final Binary MINIMUM = new Binary("minimum", 1, Math::min, Math::min);
  static final Binary POW = new Binary("pow", 16, (a, b) -> (float) pow(a, b), Functions::pow);
  static final Binary GREATER =
      Binary.truth("greater", (a, b) -> a > b ? 1 : 0, (a, b) -> a > b ? 1 : 0);
  static final Binary GREATER_EQUAL =
      Binary.truth("greaterOrEqual", (a, b) -> a >= b ? 1 : 0, (a, b) -> a >= b ? 1 : 0);
  static final Binary LESS = Binary.truth("less", (a, b) -> a < b ? 1 : 0, (a, b) -> a < b ? 1 : 0);
  static final Binary LESS_EQUAL =
      Binary.truth("lessOrEqual", (a, b) -> a <= b ? 1 : 0, (a, b) -> a <= b ? 1 : 0);
  static final Binary EQUAL =
      Binary.truth("equalTo", (a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0);

  static final Binary NOT_EQUAL =
      Binary.truth("notEqualTo", (a, b) -> a != b ? 1 : 0, (a, b) -> a != b ? 1 : 0);
  static final Binary ATAN2 =
      new Binary("atan2", 12, (a, b) -> (float) Math.atan2(a, b), Math::atan2);
  static final Binary HYPOT =
      new Binary("hypot", 8, (a, b) -> (float) Math.hypot(a, b), Math::hypot);
  static final Binary REMAINDER =
      new Binary("remainder", 4, (a, b) -> (float) remainder(a, b), Functions::remainder);
  static final Binary LOG_ADD_EXP =
      new Binary("logAddExp", 16, (a, b) -> (float) logAddExp(a, b), Functions::logAddExp);
  static final Binary XLOGY =
      new Binary("xlogy", 8, (a, b) -> (float) xlogy(a, b), Functions::xlogy);

  /** A share of a cotangent for the greater argument, half of it at a tie. */
  static final Binary SHARE_GREATER =
      new Binary(
          "maximum",
          1,
          (a, b) -> a > b ? 1 : a == b ? 0.5f : a < b ? 0 : Float.NaN,
          (a, b) -> a > b ? 1 : a == b ? 0.5 : a < b ? 0 : Double.NaN);

  static final Binary SQUARE_BACK =
      new Binary("square", 1, (x, d) -> 2 * x * d, (x, d) -> 2 * x * d);
  static final Binary SQRT_BACK =
      new Binary("sqrt", 2, (y, d) -> 0.5f * d / y, (y, d) -> 0.5 * d / y);
  static final Binary RSQRT_BACK =
      new Binary("rsqrt", 1, (y, d) -> -0.5f * d * (y * y * y), (y, d) -> -0.5 * d * (y * y * y));
  static final Binary EXPM1_BACK =
      new Binary("expm1", 1, (y, d) -> d * (y + 1), (y, d) -> d * (y + 1));
  static final Binary LOG1P_BACK =
      new Binary("log1p", 2, (x, d) -> d / (1 + x), (x, d) -> d / (1 + x));
  static final Binary SIN_BACK =
      new Binary("sin", 8, (x, d) -> d * FloatMath.cos(x), (x, d) -> d * DoubleMath.cos(x));
  static final Binary COS_BACK =
      new Binary("cos", 8, (x, d) -> -d * FloatMath.sin(x), (x, d) -> -d * DoubleMath.sin(x));
  static final Binary TAN_BACK =
      new Binary("tan", 1, (y, d) -> d * (1 + y * y), (y, d) -> d * (1 + y * y));
  static final Binary ATAN_BACK =
      new Binary("atan", 2, (x, d) -> d / (1 + x * x), (x, d) -> d / (1 + x * x));
  static final Binary TANH_BACK =
      new Binary("tanh", 1, (y, d) -> d * (1 - y * y), (y, d) -> d * (1 - y * y));
  static final Binary SIGMOID_BACK =
      new Binary("sigmoid", 1, (y, d) -> d * (y * (1 - y)), (y, d) -> d * (y * (1 - y)));
  static final Binary RELU_BACK =
      new Binary("relu", 1, (y, d) -> y <= 0 ? 0 : d, (y, d) -> y <= 0 ? 0 : d);
  static final Binary ABS_BACK =
      new Binary("abs", 1, (x, d) -> d * Math.signum(x), (x, d) -> d * Math.signum(x));
  static final Binary SOFTPLUS_BACK =
      new Binary(
          "softplus", 8, (x, d) -> d * FloatMath.sigmoid(x), (x, d) -> d * DoubleMath.sigmoid(x));
  static final Binary ERF_BACK =
      new Binary("erf", 8, (x, d) -> d * FloatMath.erfSlope(x), (x, d) -> d * erfSlope(x));
  static final Binary GELU_BACK =
      new Binary("gelu", 32, (x, d) -> d * FloatMath.geluSlope(x), (x, d) -> d * geluSlope(x));

  private Functions() {}

  /**
   * As {@link Math#pow}, but 1 to any power is 1, as is -1 to an infinite one (IEEE 754, 9.2.1).
   */
  static double pow(double a, double b) {
    return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
  }

  static double asinh(double x) {
    double size = Math.abs(x);
    double value =
        size > 1e8
            ? Math.log(size) + Math.log(2)
            : Math.log1p(size + size * size / (1 + Math.sqrt(size * size + 1)));
    return Math.copySign(value, x);
  }

  static double acosh(double x) {
    double over = x - 1;
    return x > 1e8
        ? Math.log(x) + Math.log(2)
        : Math.log1p(over + Math.sqrt(over) * Math.sqrt(over + 2));
  }

  static double atanh(double x) {
    return 0.5 * (Math.log1p(x) - Math.log1p(-x));
  }

  /** Exact for powers of two. */
  static double log2(double x) {
    double rounded = Math.rint(Math.log(x) / Math.log(2));
    boolean isPower = Math.abs(rounded) < 1000 && Math.scalb(1.0, (int) rounded) == x;
    return isPower ? rounded : Math.log(x) / Math.log(2);
  }

  static double trunc(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  /** With the sign of the divisor, as Python's {@code %}. */
  static double remainder(double a, double b) {
    double rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }

  static double logAddExp(double a, double b) {
    double greater = Math.max(a, b);
    return Double.isInfinite(greater) ? greater : greater + Math.log1p(Math.exp(-Math.abs(a - b)));
  }

  /** {@code x log(y)}, 0 where x is 0 unless y is NaN. */
  static double xlogy(double x, double y) {
    return x == 0 && !Double.isNaN(y) ? 0 : x * Math.log(y);
  }

  static double gelu(double x) {
    return 0.5 * x * erfc(-x * ROOT_HALF);
  }

  static double geluSlope(double x) {
    return 0.5 * erfc(-x * ROOT_HALF) + x * ONE_OVER_ROOT_TWO_PI * Math.exp(-0.5 * x * x);
  }

  static double erfSlope(double x) {
    return TWO_OVER_ROOT_PI * Math.exp(-x * x);
  }

  /** The error function. */
  static double erf(double x) {
    return Erf.value(x);
  }

  /** {@code 1 - erf(x)}, without cancellation for large x. */
  static double erfc(double x) {
    return Erfc.value(x);
  }
}

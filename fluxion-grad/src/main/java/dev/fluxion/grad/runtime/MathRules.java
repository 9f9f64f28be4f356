package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Pullback;

/**
 * The derivatives of {@link Math} and {@link StrictMath}.
 *
 * <p>A method without a rule here is constant between its steps: {@code floor}, {@code ceil},
 * {@code rint}, {@code round}, {@code signum}, {@code ulp}, {@code getExponent}. {@code nextUp},
 * {@code nextDown} and {@code nextAfter} are the argument itself but for rounding.
 *
 * <p>Where there is no derivative, or an infinite one, these hold:
 *
 * <ul>
 *   <li>A zero cotangent (or tangent) gives zero, whatever the derivative: zero times infinity is
 *       zero here, and so is zero times the not-a-number of a point out of the domain.
 *   <li>{@code abs}, {@code copySign}, {@code hypot} and {@code atan2} have slope 0 at the origin.
 *   <li>{@code max} and {@code min} give each of two equal arguments a half; {@code clamp} gives
 *       its first argument all, at the limits too.
 *   <li>{@code sqrt} and {@code cbrt} at 0, {@code log}, {@code log10} and {@code log1p} where they
 *       are infinite, {@code asin} and {@code acos} at 1 and -1 have an infinite slope.
 *   <li>{@code pow(a, 0)} has slope 0 in {@code a} everywhere, at 0 too. {@code pow(0, b)} has in
 *       {@code a} the slope 1 for {@code b == 1}, 0 for greater and an infinite one for other
 *       exponents, and in {@code b} the slope 0 for {@code b >= 0}. In the exponent, a power of a
 *       negative number has none: it is not a number.
 *   <li>At infinity the limit holds where there is one.
 * </ul>
 */
public final class MathRules {
  private static final double LOG_10 = Math.log(10);

  private MathRules() {}

  /** The pullback of {@code sin}. */
  @Pullback(of = "sin")
  public static double sin(double x, double y, double dy) {
    return Adjoints.product(dy, Math.cos(x));
  }

  /** The pullback of {@code cos}. */
  @Pullback(of = "cos")
  public static double cos(double x, double y, double dy) {
    return Adjoints.product(-dy, Math.sin(x));
  }

  /** The pullback of {@code tan}. */
  @Pullback(of = "tan")
  public static double tan(double x, double y, double dy) {
    return Adjoints.product(dy, 1 + y * y);
  }

  /** The pullback of {@code asin}. */
  @Pullback(of = "asin")
  public static double asin(double x, double y, double dy) {
    return Adjoints.quotient(dy, Math.sqrt((1 - x) * (1 + x)));
  }

  /** The pullback of {@code acos}. */
  @Pullback(of = "acos")
  public static double acos(double x, double y, double dy) {
    return Adjoints.quotient(-dy, Math.sqrt((1 - x) * (1 + x)));
  }

  /** The pullback of {@code atan}. */
  @Pullback(of = "atan")
  public static double atan(double x, double y, double dy) {
    return Adjoints.quotient(dy, 1 + x * x);
  }

  /** The pullback of {@code sinh}. */
  @Pullback(of = "sinh")
  public static double sinh(double x, double y, double dy) {
    return Adjoints.product(dy, Math.cosh(x));
  }

  /** The pullback of {@code cosh}. */
  @Pullback(of = "cosh")
  public static double cosh(double x, double y, double dy) {
    return Adjoints.product(dy, Math.sinh(x));
  }

  /** The pullback of {@code tanh}. */
  @Pullback(of = "tanh")
  public static double tanh(double x, double y, double dy) {
    return Adjoints.product(dy, 1 - y * y);
  }

  /** The pullback of {@code exp}. */
  @Pullback(of = "exp")
  public static double exp(double x, double y, double dy) {
    return Adjoints.product(dy, y);
  }

  /** The pullback of {@code expm1}. */
  @Pullback(of = "expm1")
  public static double expm1(double x, double y, double dy) {
    return Adjoints.product(dy, y + 1);
  }

  /** The pullback of {@code log}. */
  @Pullback(of = "log")
  public static double log(double x, double y, double dy) {
    return Adjoints.quotient(dy, x);
  }

  /** The pullback of {@code log1p}. */
  @Pullback(of = "log1p")
  public static double log1p(double x, double y, double dy) {
    return Adjoints.quotient(dy, 1 + x);
  }

  /** The pullback of {@code log10}. */
  @Pullback(of = "log10")
  public static double log10(double x, double y, double dy) {
    return Adjoints.quotient(dy, x) / LOG_10;
  }

  /** The pullback of {@code sqrt}. */
  @Pullback(of = "sqrt")
  public static double sqrt(double x, double y, double dy) {
    return Adjoints.quotient(dy, 2 * y);
  }

  /** The pullback of {@code cbrt}. */
  @Pullback(of = "cbrt")
  public static double cbrt(double x, double y, double dy) {
    return Adjoints.quotient(dy, 3 * y * y);
  }

  /** The pullback of {@code toRadians}. */
  @Pullback(of = "toRadians")
  public static double toRadians(double x, double y, double dy) {
    return Math.toRadians(dy);
  }

  /** The pullback of {@code toDegrees}. */
  @Pullback(of = "toDegrees")
  public static double toDegrees(double x, double y, double dy) {
    return Math.toDegrees(dy);
  }

  /** The pullback of {@code Double.sum}. */
  @Pullback(of = "sum", argument = 0)
  public static double sumFirst(double a, double b, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code Double.sum}. */
  @Pullback(of = "sum", argument = 1)
  public static double sumSecond(double a, double b, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code Float.sum}. */
  @Pullback(of = "sum", argument = 0)
  public static float sumFirst(float a, float b, float y, float dy) {
    return dy;
  }

  /** The pullback of {@code Float.sum}. */
  @Pullback(of = "sum", argument = 1)
  public static float sumSecond(float a, float b, float y, float dy) {
    return dy;
  }

  /** The pullback of {@code abs}. */
  @Pullback(of = "abs")
  public static double abs(double x, double y, double dy) {
    return x > 0 ? dy : x < 0 ? -dy : x == 0 ? 0 : Adjoints.product(dy, x);
  }

  /** The pullback of {@code max}. */
  @Pullback(of = "max", argument = 0)
  public static double maxFirst(double a, double b, double y, double dy) {
    return a > b ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code max}. */
  @Pullback(of = "max", argument = 1)
  public static double maxSecond(double a, double b, double y, double dy) {
    return b > a ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code min}. */
  @Pullback(of = "min", argument = 0)
  public static double minFirst(double a, double b, double y, double dy) {
    return a < b ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code min}. */
  @Pullback(of = "min", argument = 1)
  public static double minSecond(double a, double b, double y, double dy) {
    return b < a ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 0)
  public static double fmaFirst(double a, double b, double c, double y, double dy) {
    return Adjoints.product(dy, b);
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 1)
  public static double fmaSecond(double a, double b, double c, double y, double dy) {
    return Adjoints.product(dy, a);
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 2)
  public static double fmaThird(double a, double b, double c, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code copySign}. */
  @Pullback(of = "copySign", argument = 0)
  public static double copySign(double a, double b, double y, double dy) {
    return a == 0 ? 0 : Math.copySign(1, a) == Math.copySign(1, b) ? dy : -dy;
  }

  /** The pullback of {@code scalb}. */
  @Pullback(of = "scalb", argument = 0)
  public static double scalb(double a, int scale, double y, double dy) {
    return Math.scalb(dy, scale);
  }

  /** The pullback of {@code clamp}. */
  @Pullback(of = "clamp", argument = 0)
  public static double clamp(double x, double low, double high, double y, double dy) {
    return x >= low && x <= high ? dy : 0;
  }

  /** The pullback of {@code clamp}. */
  @Pullback(of = "clamp", argument = 1)
  public static double clampLow(double x, double low, double high, double y, double dy) {
    return x < low ? dy : 0;
  }

  /** The pullback of {@code clamp}. */
  @Pullback(of = "clamp", argument = 2)
  public static double clampHigh(double x, double low, double high, double y, double dy) {
    return x > high ? dy : 0;
  }

  /** The pullback of {@code abs}. */
  @Pullback(of = "abs")
  public static float abs(float x, float y, float dy) {
    return x > 0 ? dy : x < 0 ? -dy : x == 0 ? 0 : Adjoints.product(dy, x);
  }

  /** The pullback of {@code max}. */
  @Pullback(of = "max", argument = 0)
  public static float maxFirst(float a, float b, float y, float dy) {
    return a > b ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code max}. */
  @Pullback(of = "max", argument = 1)
  public static float maxSecond(float a, float b, float y, float dy) {
    return b > a ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code min}. */
  @Pullback(of = "min", argument = 0)
  public static float minFirst(float a, float b, float y, float dy) {
    return a < b ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code min}. */
  @Pullback(of = "min", argument = 1)
  public static float minSecond(float a, float b, float y, float dy) {
    return b < a ? dy : a == b ? dy / 2 : 0;
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 0)
  public static float fmaFirst(float a, float b, float c, float y, float dy) {
    return Adjoints.product(dy, b);
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 1)
  public static float fmaSecond(float a, float b, float c, float y, float dy) {
    return Adjoints.product(dy, a);
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 2)
  public static float fmaThird(float a, float b, float c, float y, float dy) {
    return dy;
  }

  /** The pullback of {@code copySign}. */
  @Pullback(of = "copySign", argument = 0)
  public static float copySign(float a, float b, float y, float dy) {
    return a == 0 ? 0 : Math.copySign(1, a) == Math.copySign(1, b) ? dy : -dy;
  }

  /** The pullback of {@code scalb}. */
  @Pullback(of = "scalb", argument = 0)
  public static float scalb(float a, int scale, float y, float dy) {
    return Math.scalb(dy, scale);
  }

  /** The pullback of {@code clamp}. */
  @Pullback(of = "clamp", argument = 0)
  public static float clamp(float x, float low, float high, float y, float dy) {
    return x >= low && x <= high ? dy : 0;
  }

  /** The pullback of {@code clamp}. */
  @Pullback(of = "clamp", argument = 1)
  public static float clampLow(float x, float low, float high, float y, float dy) {
    return x < low ? dy : 0;
  }

  /** The pullback of {@code clamp}. */
  @Pullback(of = "clamp", argument = 2)
  public static float clampHigh(float x, float low, float high, float y, float dy) {
    return x > high ? dy : 0;
  }

  /** The pullback of {@code pow}. */
  @Pullback(of = "pow", argument = 0)
  public static double powBase(double a, double b, double y, double dy) {
    return Adjoints.product(dy, Adjoints.product(b, Math.pow(a, b - 1)));
  }

  /** The pullback of {@code pow}. */
  @Pullback(of = "pow", argument = 1)
  public static double powExponent(double a, double b, double y, double dy) {
    return a == 0 && b >= 0 ? 0 : Adjoints.product(dy, Adjoints.product(y, Math.log(a)));
  }

  /** The pullback of a power with a whole exponent, as libraries have it beside {@code Math}'s. */
  @Pullback(of = "pow", argument = 0)
  public static double powBase(double a, int b, double y, double dy) {
    return powBase(a, (double) b, y, dy);
  }

  /** The pullback of a power with a whole exponent, as libraries have it beside {@code Math}'s. */
  @Pullback(of = "pow", argument = 0)
  public static double powBase(double a, long b, double y, double dy) {
    return powBase(a, (double) b, y, dy);
  }

  /** The pullback of {@code atan2}. */
  @Pullback(of = "atan2", argument = 0)
  public static double atan2First(double a, double b, double y, double dy) {
    return Adjoints.product(dy, overSquare(b, a, b));
  }

  /** The pullback of {@code atan2}. */
  @Pullback(of = "atan2", argument = 1)
  public static double atan2Second(double a, double b, double y, double dy) {
    return Adjoints.product(-dy, overSquare(a, a, b));
  }

  /** c / (a² + b²), where the squares may be too large or too small to be added. */
  private static double overSquare(double c, double a, double b) {
    double square = a * a + b * b;
    if (square > 1e-290 && square < 1e300) {
      return c / square;
    }
    double length = Math.hypot(a, b);
    return length == 0 || length == Double.POSITIVE_INFINITY ? 0 : c / length / length;
  }

  /** The pullback of {@code hypot}. */
  @Pullback(of = "hypot", argument = 0)
  public static double hypotFirst(double a, double b, double y, double dy) {
    return Adjoints.product(dy, overLength(a, b, y));
  }

  /** The pullback of {@code hypot}. */
  @Pullback(of = "hypot", argument = 1)
  public static double hypotSecond(double a, double b, double y, double dy) {
    return Adjoints.product(dy, overLength(b, a, y));
  }

  /** a / hypot(a, b), where that may be too large for a number. */
  private static double overLength(double a, double b, double length) {
    if (length == 0) {
      return 0;
    }
    if (length < Double.POSITIVE_INFINITY) {
      return a / length;
    }
    boolean isEndless = Math.abs(a) == Double.POSITIVE_INFINITY;
    if (Math.abs(b) == Double.POSITIVE_INFINITY) {
      return isEndless ? Math.copySign(Math.sqrt(0.5), a) : 0;
    }
    return isEndless ? Math.signum(a) : a / 4 / Math.hypot(a / 4, b / 4);
  }

  /** The pullback of {@code IEEEremainder}. */
  @Pullback(of = "IEEEremainder", argument = 0)
  public static double remainderFirst(double a, double b, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code IEEEremainder}. */
  @Pullback(of = "IEEEremainder", argument = 1)
  public static double remainderSecond(double a, double b, double y, double dy) {
    return Adjoints.product(-dy, Math.rint((a - y) / b));
  }

  /** The pullback of {@code nextUp}. */
  @Pullback(of = "nextUp")
  public static double nextUp(double x, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code nextUp}. */
  @Pullback(of = "nextUp")
  public static float nextUp(float x, float y, float dy) {
    return dy;
  }

  /** The pullback of {@code nextDown}. */
  @Pullback(of = "nextDown")
  public static double nextDown(double x, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code nextDown}. */
  @Pullback(of = "nextDown")
  public static float nextDown(float x, float y, float dy) {
    return dy;
  }

  /** The pullback of {@code nextAfter}. */
  @Pullback(of = "nextAfter")
  public static double nextAfter(double x, double direction, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code nextAfter}. */
  @Pullback(of = "nextAfter")
  public static float nextAfter(float x, double direction, float y, float dy) {
    return dy;
  }
}

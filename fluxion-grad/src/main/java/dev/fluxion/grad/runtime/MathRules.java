package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Pullback;

/**
 * The derivatives of {@link Math} and {@link StrictMath}; a point without one gets a subgradient.
 */
public final class MathRules {
  private static final double LOG_10 = Math.log(10);

  private MathRules() {}

  /** The pullback of {@code sin}. */
  @Pullback(of = "sin")
  public static double sin(double x, double y, double dy) {
    return dy * Math.cos(x);
  }

  /** The pullback of {@code cos}. */
  @Pullback(of = "cos")
  public static double cos(double x, double y, double dy) {
    return -dy * Math.sin(x);
  }

  /** The pullback of {@code tan}. */
  @Pullback(of = "tan")
  public static double tan(double x, double y, double dy) {
    return dy * (1 + y * y);
  }

  /** The pullback of {@code asin}. */
  @Pullback(of = "asin")
  public static double asin(double x, double y, double dy) {
    return dy / Math.sqrt(1 - x * x);
  }

  /** The pullback of {@code acos}. */
  @Pullback(of = "acos")
  public static double acos(double x, double y, double dy) {
    return -dy / Math.sqrt(1 - x * x);
  }

  /** The pullback of {@code atan}. */
  @Pullback(of = "atan")
  public static double atan(double x, double y, double dy) {
    return dy / (1 + x * x);
  }

  /** The pullback of {@code sinh}. */
  @Pullback(of = "sinh")
  public static double sinh(double x, double y, double dy) {
    return dy * Math.cosh(x);
  }

  /** The pullback of {@code cosh}. */
  @Pullback(of = "cosh")
  public static double cosh(double x, double y, double dy) {
    return dy * Math.sinh(x);
  }

  /** The pullback of {@code tanh}. */
  @Pullback(of = "tanh")
  public static double tanh(double x, double y, double dy) {
    return dy * (1 - y * y);
  }

  /** The pullback of {@code exp}. */
  @Pullback(of = "exp")
  public static double exp(double x, double y, double dy) {
    return dy * y;
  }

  /** The pullback of {@code expm1}. */
  @Pullback(of = "expm1")
  public static double expm1(double x, double y, double dy) {
    return dy * (y + 1);
  }

  /** The pullback of {@code log}. */
  @Pullback(of = "log")
  public static double log(double x, double y, double dy) {
    return dy / x;
  }

  /** The pullback of {@code log1p}. */
  @Pullback(of = "log1p")
  public static double log1p(double x, double y, double dy) {
    return dy / (1 + x);
  }

  /** The pullback of {@code log10}. */
  @Pullback(of = "log10")
  public static double log10(double x, double y, double dy) {
    return dy / (x * LOG_10);
  }

  /** The pullback of {@code sqrt}. */
  @Pullback(of = "sqrt")
  public static double sqrt(double x, double y, double dy) {
    return dy == 0 ? 0 : dy / (2 * y);
  }

  /** The pullback of {@code cbrt}. */
  @Pullback(of = "cbrt")
  public static double cbrt(double x, double y, double dy) {
    return dy == 0 ? 0 : dy / (3 * y * y);
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
    return x > 0 ? dy : x < 0 ? -dy : 0;
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
    return dy * b;
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 1)
  public static double fmaSecond(double a, double b, double c, double y, double dy) {
    return dy * a;
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 2)
  public static double fmaThird(double a, double b, double c, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code copySign}. */
  @Pullback(of = "copySign", argument = 0)
  public static double copySign(double a, double b, double y, double dy) {
    return Math.copySign(1, a) == Math.copySign(1, b) ? dy : -dy;
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
    return x > 0 ? dy : x < 0 ? -dy : 0;
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
    return dy * b;
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 1)
  public static float fmaSecond(float a, float b, float c, float y, float dy) {
    return dy * a;
  }

  /** The pullback of {@code fma}. */
  @Pullback(of = "fma", argument = 2)
  public static float fmaThird(float a, float b, float c, float y, float dy) {
    return dy;
  }

  /** The pullback of {@code copySign}. */
  @Pullback(of = "copySign", argument = 0)
  public static float copySign(float a, float b, float y, float dy) {
    return Math.copySign(1, a) == Math.copySign(1, b) ? dy : -dy;
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
    double slope = b == 0 || dy == 0 ? 0 : b * Math.pow(a, b - 1);
    return slope == 0 ? 0 : dy * slope;
  }

  /** The pullback of {@code pow}. */
  @Pullback(of = "pow", argument = 1)
  public static double powExponent(double a, double b, double y, double dy) {
    return y == 0 || dy == 0 || (a == 0 && b == 0) ? 0 : dy * y * Math.log(a);
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
    return a == 0 && b == 0 ? 0 : dy * b / (a * a + b * b);
  }

  /** The pullback of {@code atan2}. */
  @Pullback(of = "atan2", argument = 1)
  public static double atan2Second(double a, double b, double y, double dy) {
    return a == 0 && b == 0 ? 0 : -dy * a / (a * a + b * b);
  }

  /** The pullback of {@code hypot}. */
  @Pullback(of = "hypot", argument = 0)
  public static double hypotFirst(double a, double b, double y, double dy) {
    return y == 0 ? 0 : dy * (a / y);
  }

  /** The pullback of {@code hypot}. */
  @Pullback(of = "hypot", argument = 1)
  public static double hypotSecond(double a, double b, double y, double dy) {
    return y == 0 ? 0 : dy * (b / y);
  }

  /** The pullback of {@code IEEEremainder}. */
  @Pullback(of = "IEEEremainder", argument = 0)
  public static double remainderFirst(double a, double b, double y, double dy) {
    return dy;
  }

  /** The pullback of {@code IEEEremainder}. */
  @Pullback(of = "IEEEremainder", argument = 1)
  public static double remainderSecond(double a, double b, double y, double dy) {
    return -dy * Math.rint((a - y) / b);
  }
}

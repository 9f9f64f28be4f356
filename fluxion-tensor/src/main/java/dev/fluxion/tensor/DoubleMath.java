package dev.fluxion.tensor;

/**
 * Elementary functions of doubles, at most 2 ulp from the true value, as {@link FloatMath} has them
 * of floats: the same bits everywhere.
 *
 * <p>The fraction of {@link #tanh} is that of Moshier's Cephes library.
 */
final class DoubleMath {
  /** A double of this size has no bits for fractions; the last bits of a sum are a whole number. */
  private static final double SHIFTER = 0x1.8p52;

  private static final long SHIFTER_BITS = 0x4338000000000000L;
  private static final long ONE_BITS = 0x3ff0000000000000L;
  private static final long ROOT_HALF_BITS = 0x3fe6a09e667f3bcdL;
  private static final long FRACTION_BITS = 0x000fffffffffffffL;

  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN2_HIGH = 0.6931471805599453;
  private static final double LN2_LOW = 2.3190468138462996e-17;

  private static final double TWO_OVER_PI = 0.6366197723675814;
  private static final double HALF_PI_HIGH = 0x1.921fb54442d18p0;
  private static final double HALF_PI_MIDDLE = 0x1.1a62633145c07p-54;
  private static final double HALF_PI_LOW = -0x1.f1976b7ed8fbcp-110;

  /** Up to here {@link #sineOfModerate} and {@link #cosineOfModerate} are exact. */
  static final double GREATEST_MODERATE = 0x1p24;

  private DoubleMath() {}

  // ---------------------------------------------------------------- exponentials

  static double exp(double x) {
    double a = x > 710 ? 710 : x < -746 ? -746 : x; // beyond, the result is infinite, or 0
    double shifted = Math.fma(a, LOG2_E, SHIFTER);
    double r = remainder(a, shifted - SHIFTER);
    double y = Math.fma(r * r, tailOfExp(r), r) + 1;
    // 2ⁿ in two factors: it may be too great for one, or so small that y ends subnormal
    long exponents = Double.doubleToRawLongBits(shifted) - (SHIFTER_BITS - 2 * 1023);
    long first = exponents >>> 1;
    return y * power(first) * power(exponents - first);
  }

  static double expm1(double x) {
    double a = x > 710 ? 710 : x < -40 ? -40 : x;
    double shifted = Math.fma(a, LOG2_E, SHIFTER);
    double r = remainder(a, shifted - SHIFTER);
    // half of 2ⁿ, since 2ⁿ may be too great
    double half = power(Double.doubleToRawLongBits(shifted) - (SHIFTER_BITS - 1022));
    double y = 2 * Math.fma(half, r * r * tailOfExp(r), Math.fma(half, r, half - 0.5));
    return Math.abs(x) < 0x1p-54 ? x : y;
  }

  /** {@code x - n ln 2}. */
  private static double remainder(double x, double n) {
    return Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
  }

  /** {@code (exp(r) - 1 - r) / r²} for r of at most half of ln 2 in size. */
  private static double tailOfExp(double r) {
    double p = Math.fma(2.08756746528076e-9, r, 2.5108989488700827e-8);
    p = Math.fma(p, r, 2.755740164999921e-7);
    p = Math.fma(p, r, 2.7557244346317244e-6);
    p = Math.fma(p, r, 2.480158717355367e-5);
    p = Math.fma(p, r, 0.00019841269885990758);
    p = Math.fma(p, r, 0.0013888888888961932);
    p = Math.fma(p, r, 0.008333333333321683);
    p = Math.fma(p, r, 0.04166666666666651);
    p = Math.fma(p, r, 0.16666666666666677);
    return Math.fma(p, r, 0.5);
  }

  /** A power of two by its biased exponent. */
  private static double power(long exponent) {
    return Double.longBitsToDouble(exponent << 52);
  }

  // ---------------------------------------------------------------- logarithms

  static double log(double x) {
    boolean isSmall = x < Double.MIN_NORMAL;
    long bits = shifted(isSmall ? x * 0x1p52 : x);
    double y =
        logarithm(fraction(bits) - 1, number(bits >>> 52) - (isSmall ? 1023.0 + 52.0 : 1023.0));
    return x > 0 && x < Double.POSITIVE_INFINITY ? y : limitOfLog(x, 0);
  }

  static double log1p(double x) {
    double sum = 1 + x;
    double part = sum - 1;
    double lost = 1 - (sum - part) + (x - part); // what the sum lost in rounding
    long bits = shifted(sum);
    long exponent = bits >>> 52;
    double f = Math.fma(lost * 0.5, power(2047 - exponent), fraction(bits) - 1);
    double y = logarithm(f, number(exponent) - 1023);
    double near = Math.abs(x) < 0x1p-54 ? x : y;
    return x > -1 && x < Double.POSITIVE_INFINITY ? near : limitOfLog(x, -1);
  }

  /** The bits of a number, moved so that its exponent changes at the root of ½ instead of at 1. */
  private static long shifted(double x) {
    return Double.doubleToRawLongBits(x) + (ONE_BITS - ROOT_HALF_BITS);
  }

  private static double fraction(long shifted) {
    return Double.longBitsToDouble((shifted & FRACTION_BITS) + ROOT_HALF_BITS);
  }

  /** A whole number of at most 51 bits as a double. */
  private static double number(long n) {
    return Double.longBitsToDouble(n + SHIFTER_BITS) - SHIFTER;
  }

  /** {@code log(1 + f) + n ln 2} for {@code 1 + f} between the roots of ½ and 2, as fdlibm does. */
  private static double logarithm(double f, double n) {
    double s = f / (2 + f);
    double z = s * s;
    double p = Math.fma(0.14795737614578444, z, 0.1531407542457334);
    p = Math.fma(p, z, 0.18183563170445813);
    p = Math.fma(p, z, 0.22222198599970225);
    p = Math.fma(p, z, 0.28571428742065663);
    p = Math.fma(p, z, 0.3999999999941654);
    p = Math.fma(p, z, 0.6666666666666734);
    double square = 0.5 * f * f;
    double small = Math.fma(s, Math.fma(z, p, square), -square);
    return Math.fma(n, LN2_HIGH, Math.fma(n, LN2_LOW, small) + f);
  }

  /** The value where a logarithm has no finite one. */
  private static double limitOfLog(double x, double pole) {
    return x == pole ? Double.NEGATIVE_INFINITY : x < pole ? Double.NaN : x;
  }

  // ---------------------------------------------------------------- hyperbolic

  static double tanh(double x) {
    double a = Math.abs(x);
    return withSign(a < 0.625 ? tanhNear(a) : 1 - 2 / (exp(a + a) + 1), x);
  }

  private static double tanhNear(double a) {
    double z = a * a;
    double p = Math.fma(-0.9643991794250523, z, -99.28772310019185);
    p = Math.fma(p, z, -1614.6876844170845);
    double q = Math.fma(z + 112.81167849163293, z, 2235.4883906010045);
    q = Math.fma(q, z, 4844.063053251255);
    return Math.fma(a * z, p / q, a);
  }

  /** A number that is not negative with another's sign. */
  private static double withSign(double size, double sign) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(size) | signBit(sign));
  }

  private static long signBit(double x) {
    return Double.doubleToRawLongBits(x) & Long.MIN_VALUE;
  }

  static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  static double softplus(double x) {
    return (x > 0 ? x : 0) + log1p(exp(-Math.abs(x)));
  }

  // ---------------------------------------------------------------- circular

  static double sin(double x) {
    return Math.abs(x) > GREATEST_MODERATE ? Math.sin(x) : sineOfModerate(x);
  }

  static double cos(double x) {
    return Math.abs(x) > GREATEST_MODERATE ? Math.cos(x) : cosineOfModerate(x);
  }

  static double sineOfModerate(double x) {
    double a = Math.abs(x);
    double shifted = Math.fma(a, TWO_OVER_PI, SHIFTER);
    long quadrant = Double.doubleToRawLongBits(shifted);
    return Double.longBitsToDouble(sine(a, shifted - SHIFTER, quadrant) ^ signBit(x));
  }

  static double cosineOfModerate(double x) {
    double a = Math.abs(x);
    double shifted = Math.fma(a, TWO_OVER_PI, SHIFTER);
    long quadrant = Double.doubleToRawLongBits(shifted) + 1;
    return Double.longBitsToDouble(sine(a, shifted - SHIFTER, quadrant));
  }

  /** The bits of the sine of what is left of x without n quarter turns, after some such turns. */
  private static long sine(double x, double n, long quadrant) {
    double r = Math.fma(n, -HALF_PI_HIGH, x);
    r = Math.fma(n, -HALF_PI_LOW, Math.fma(n, -HALF_PI_MIDDLE, r));
    double z = r * r;
    double s = Math.fma(1.5895432991041718e-10, z, -2.5050734383826745e-8);
    s = Math.fma(s, z, 2.755731353849043e-6);
    s = Math.fma(s, z, -0.000198412698293585);
    s = Math.fma(s, z, 0.00833333333332184);
    s = Math.fma(s, z, -0.1666666666666663);
    double c = Math.fma(-1.135873289242931e-11, z, 2.0875705116261656e-9);
    c = Math.fma(c, z, -2.7557314215302454e-7);
    c = Math.fma(c, z, 2.480158728899748e-5);
    c = Math.fma(c, z, -0.0013888888888873338);
    c = Math.fma(c, z, 0.041666666666666595);
    double sine = Math.fma(r * z, s, r);
    double cosine = Math.fma(z * z, c, Math.fma(-0.5, z, 1));
    double y = (quadrant & 1) == 0 ? sine : cosine;
    return Double.doubleToRawLongBits(y) ^ (quadrant << 62 & Long.MIN_VALUE);
  }
}

package dev.fluxion.tensor;

/**
 * Elementary functions of floats, at most 2 ulp from the true value; {@link DoubleMath} has those
 * of doubles.
 *
 * <p>They consist of operations that IEEE 754 defines to the last bit, so they give the same bits
 * on every machine, in the interpreter and when compiled. {@link Vectorizing} writes the same
 * operations for vectors, so an element has the same value wherever in an array it stands. The
 * methods of {@link Math} have these properties too, but no vector instructions that give the same
 * bits.
 *
 * <p>The methods are written for {@link Vectorizing}: without loops, and with the shifts and bits
 * of integers only as vectors have them. Each polynomial is the best one of its degree for the
 * relative error of the function, found with Remez's algorithm and rounded to floats. How arguments
 * are reduced is told in Muller's Elementary Functions, chapter 11, and in the comments of fdlibm.
 */
final class FloatMath {
  /** A float of this size has no bits for fractions; the last bits of a sum are a whole number. */
  private static final float SHIFTER = 0x1.8p23f;

  private static final int SHIFTER_BITS = 0x4b400000;
  private static final int ONE_BITS = 0x3f800000;
  private static final int ROOT_HALF_BITS = 0x3f3504f3;
  private static final int FRACTION_BITS = 0x007fffff;

  private static final float LOG2_E = 1.442695f;
  private static final float LN2_HIGH = 0.6931472f;
  private static final float LN2_LOW = -1.9046542e-9f;

  private static final float TWO_OVER_PI = 0.63661975f;
  private static final float HALF_PI_HIGH = 0x1.921fb6p0f;
  private static final float HALF_PI_MIDDLE = -0x1.777a5cp-25f;
  private static final float HALF_PI_LOW = -0x1.ee59dap-50f;

  private static final float TWO_OVER_ROOT_PI = 1.1283792f;
  private static final float ONE_OVER_ROOT_TWO_PI = 0.3989423f;

  /** Up to here {@link #sineOfModerate} and {@link #cosineOfModerate} are exact. */
  static final float GREATEST_MODERATE = 0x1p16f;

  private FloatMath() {}

  // ---------------------------------------------------------------- exponentials

  static float exp(float x) {
    float a = x > 89 ? 89 : x < -104 ? -104 : x; // beyond, the result is infinite, or 0
    float shifted = Math.fma(a, LOG2_E, SHIFTER);
    float r = remainder(a, shifted - SHIFTER);
    float y = Math.fma(r * r, tailOfExp(r), r) + 1;
    // 2ⁿ in two factors: it may be too great for one, or so small that y ends subnormal
    int exponents = Float.floatToRawIntBits(shifted) - (SHIFTER_BITS - 2 * 127);
    int first = exponents >>> 1;
    return y * power(first) * power(exponents - first);
  }

  static float expm1(float x) {
    float a = x > 89 ? 89 : x < -18 ? -18 : x;
    float shifted = Math.fma(a, LOG2_E, SHIFTER);
    float r = remainder(a, shifted - SHIFTER);
    // half of 2ⁿ, since 2ⁿ may be too great
    float half = power(Float.floatToRawIntBits(shifted) - (SHIFTER_BITS - 126));
    float y = 2 * Math.fma(half, r * r * tailOfExp(r), Math.fma(half, r, half - 0.5f));
    return Math.abs(x) < 0x1p-25f ? x : y;
  }

  /** {@code x - n ln 2}. */
  private static float remainder(float x, float n) {
    return Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
  }

  /** {@code (exp(r) - 1 - r) / r²} for r of at most half of ln 2 in size. */
  private static float tailOfExp(float r) {
    float p = Math.fma(0.0013882748f, r, 0.008366526f);
    p = Math.fma(p, r, 0.041667197f);
    p = Math.fma(p, r, 0.16666543f);
    return Math.fma(p, r, 0.49999997f);
  }

  /** A power of two by its biased exponent. */
  private static float power(int exponent) {
    return Float.intBitsToFloat(exponent << 23);
  }

  // ---------------------------------------------------------------- logarithms

  static float log(float x) {
    boolean isSmall = x < Float.MIN_NORMAL;
    int bits = shifted(isSmall ? x * 0x1p23f : x);
    float y = logarithm(fraction(bits) - 1, number(bits >>> 23) - (isSmall ? 127f + 23f : 127f));
    return x > 0 && x < Float.POSITIVE_INFINITY ? y : limitOfLog(x, 0);
  }

  static float log1p(float x) {
    float sum = 1 + x;
    float part = sum - 1;
    float lost = 1 - (sum - part) + (x - part); // what the sum lost in rounding
    int bits = shifted(sum);
    int exponent = bits >>> 23;
    float f = Math.fma(lost * 0.5f, power(255 - exponent), fraction(bits) - 1);
    float y = logarithm(f, number(exponent) - 127);
    float near = Math.abs(x) < 0x1p-25f ? x : y;
    return x > -1 && x < Float.POSITIVE_INFINITY ? near : limitOfLog(x, -1);
  }

  /** The bits of a number, moved so that its exponent changes at the root of ½ instead of at 1. */
  private static int shifted(float x) {
    return Float.floatToRawIntBits(x) + (ONE_BITS - ROOT_HALF_BITS);
  }

  private static float fraction(int shifted) {
    return Float.intBitsToFloat((shifted & FRACTION_BITS) + ROOT_HALF_BITS);
  }

  /** A whole number of at most 22 bits as a float. */
  private static float number(int n) {
    return Float.intBitsToFloat(n + SHIFTER_BITS) - SHIFTER;
  }

  /** {@code log(1 + f) + n ln 2} for {@code 1 + f} between the roots of ½ and 2. */
  private static float logarithm(float f, float n) {
    float p = Math.fma(-0.07634534f, f, 0.12761585f);
    p = Math.fma(p, f, -0.1316017f);
    p = Math.fma(p, f, 0.14201754f);
    p = Math.fma(p, f, -0.16623358f);
    p = Math.fma(p, f, 0.20001227f);
    p = Math.fma(p, f, -0.2500082f);
    p = Math.fma(p, f, 0.3333333f);
    p = Math.fma(p, f, -0.5f);
    return Math.fma(n, LN2_HIGH, Math.fma(n, LN2_LOW, f * f * p) + f);
  }

  /** The value where a logarithm has no finite one. */
  private static float limitOfLog(float x, float pole) {
    return x == pole ? Float.NEGATIVE_INFINITY : x < pole ? Float.NaN : x;
  }

  // ---------------------------------------------------------------- hyperbolic

  static float tanh(float x) {
    float a = Math.abs(x);
    return withSign(a < 0.625f ? tanhNear(a) : 1 - 2 / (exp(a + a) + 1), x);
  }

  private static float tanhNear(float a) {
    float z = a * a;
    float p = Math.fma(-0.005692303f, z, 0.02062817f);
    p = Math.fma(p, z, -0.053736515f);
    p = Math.fma(p, z, 0.13331406f);
    p = Math.fma(p, z, -0.3333328f);
    return Math.fma(a * z, p, a);
  }

  /** A number that is not negative with another's sign. */
  private static float withSign(float size, float sign) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(size) | signBit(sign));
  }

  private static int signBit(float x) {
    return Float.floatToRawIntBits(x) & Integer.MIN_VALUE;
  }

  static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  }

  static float softplus(float x) {
    return (x > 0 ? x : 0) + log1p(exp(-Math.abs(x)));
  }

  // ---------------------------------------------------------------- circular

  static float sin(float x) {
    return Math.abs(x) > GREATEST_MODERATE ? (float) Math.sin(x) : sineOfModerate(x);
  }

  static float cos(float x) {
    return Math.abs(x) > GREATEST_MODERATE ? (float) Math.cos(x) : cosineOfModerate(x);
  }

  static float sineOfModerate(float x) {
    float a = Math.abs(x);
    float shifted = Math.fma(a, TWO_OVER_PI, SHIFTER);
    int quadrant = Float.floatToRawIntBits(shifted);
    return Float.intBitsToFloat(sine(a, shifted - SHIFTER, quadrant) ^ signBit(x));
  }

  static float cosineOfModerate(float x) {
    float a = Math.abs(x);
    float shifted = Math.fma(a, TWO_OVER_PI, SHIFTER);
    int quadrant = Float.floatToRawIntBits(shifted) + 1;
    return Float.intBitsToFloat(sine(a, shifted - SHIFTER, quadrant));
  }

  /** The bits of the sine of what is left of x without n quarter turns, after some such turns. */
  private static int sine(float x, float n, int quadrant) {
    float r = Math.fma(n, -HALF_PI_HIGH, x);
    r = Math.fma(n, -HALF_PI_LOW, Math.fma(n, -HALF_PI_MIDDLE, r));
    float z = r * r;
    float s = Math.fma(Math.fma(-0.00019507884f, z, 0.008332106f), z, -0.16666654f);
    float c = Math.fma(Math.fma(2.4430978e-5f, z, -0.0013887302f), z, 0.041666646f);
    float sine = Math.fma(r * z, s, r);
    float cosine = Math.fma(z * z, c, Math.fma(-0.5f, z, 1));
    float y = (quadrant & 1) == 0 ? sine : cosine;
    return Float.floatToRawIntBits(y) ^ (quadrant << 30 & Integer.MIN_VALUE);
  }

  // ---------------------------------------------------------------- the normal distribution

  static float erf(float x) {
    float a = Math.abs(x);
    return withSign(a < 1 ? erfNear(a) : 1 - exp(logOfErfc(a > 3.95f ? 3.95f : a)), x);
  }

  private static float erfNear(float a) {
    float z = a * a;
    float p = Math.fma(7.806903e-5f, z, -0.0007997853f);
    p = Math.fma(p, z, 0.005187162f);
    p = Math.fma(p, z, -0.026853347f);
    p = Math.fma(p, z, 0.11283579f);
    p = Math.fma(p, z, -0.37612626f);
    p = Math.fma(p, z, 0.12837917f);
    return Math.fma(a, p, a);
  }

  private static float logOfErfc(float a) {
    float p = Math.fma(0.00018638896f, a, -0.0029477181f);
    p = Math.fma(p, a, 0.021838183f);
    p = Math.fma(p, a, -0.1031068f);
    p = Math.fma(p, a, -0.63814497f);
    p = Math.fma(p, a, -1.127089f);
    return Math.fma(p, a, -0.000341579f);
  }

  static float erfSlope(float x) {
    float a = Math.abs(x);
    float size = a > 11 ? 11 : a;
    return exponentialOfMinus(size, size) * TWO_OVER_ROOT_PI;
  }

  /** {@code exp(-a b)}, where what the product loses in rounding counts. */
  private static float exponentialOfMinus(float a, float b) {
    float product = a * b;
    float e = exp(-product);
    return Math.fma(-Math.fma(a, b, -product), e, e);
  }

  static float gelu(float x) {
    float a = Math.abs(x);
    float size = a > 15 ? 15 : a;
    return x * share(x, size, exponentialOfMinus(0.5f * size, size));
  }

  static float geluSlope(float x) {
    float a = Math.abs(x);
    float size = a > 15 ? 15 : a;
    float density = exponentialOfMinus(0.5f * size, size);
    return Math.fma(x * ONE_OVER_ROOT_TWO_PI, density, share(x, size, density));
  }

  /**
   * The share of the standard normal distribution below x: a polynomial in {@code (a - 3) / (a +
   * 3)} for the share beyond its size, times {@code (1 + a) / exp(-a²/2)}.
   */
  private static float share(float x, float a, float density) {
    float t = (a - 3) / (a + 3);
    float p = Math.fma(-6.2133346e-5f, t, -0.00044310893f);
    p = Math.fma(p, t, -0.0002620824f);
    p = Math.fma(p, t, 0.0029925632f);
    p = Math.fma(p, t, 0.001126639f);
    p = Math.fma(p, t, -0.022729037f);
    p = Math.fma(p, t, 0.04516863f);
    p = Math.fma(p, t, -0.01643211f);
    p = Math.fma(p, t, -0.09652694f);
    p = Math.fma(p, t, 0.4860558f);
    float beyond = p / (1 + a) * density;
    return x < 0 ? beyond : 1 - beyond;
  }
}

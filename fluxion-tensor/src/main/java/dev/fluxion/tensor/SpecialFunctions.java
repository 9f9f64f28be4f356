package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.numbers.gamma.Digamma;
import org.apache.commons.numbers.gamma.Erfcx;
import org.apache.commons.numbers.gamma.InverseErf;
import org.apache.commons.numbers.gamma.InverseErfc;
import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Special functions of the elements of tensors, as statistics uses them, with derivatives of any
 * order. The error and gamma functions are those of Apache Commons Numbers, computed in float64.
 *
 * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="special"}
 */
public final class SpecialFunctions {
  private static final Unary LOG_GAMMA =
      new Unary("logGamma", 32, x -> (float) logGamma(x), SpecialFunctions::logGamma);
  private static final Unary DIGAMMA =
      new Unary("digamma", 32, x -> (float) digamma(x), SpecialFunctions::digamma);
  private static final Unary ERFC =
      new Unary("erfc", 32, x -> (float) Functions.erfc(x), Functions::erfc);
  private static final Unary ERFCX =
      new Unary("erfcx", 32, x -> (float) Erfcx.value(x), Erfcx::value);
  private static final Unary ERFINV =
      new Unary("erfinv", 32, x -> (float) inverseErf(x), SpecialFunctions::inverseErf);
  private static final Unary INVERSE_ERFC =
      new Unary("erfcinv", 32, x -> (float) InverseErfc.value(x), InverseErfc::value);
  private static final Map<Integer, Unary> POLYGAMMA = new ConcurrentHashMap<>();

  /** The numbers of Bernoulli over factorials: {@code B(2j) / (2j)!} for j = 1, 2, … */
  private static final double[] BERNOULLI = {
    1.0 / 12,
    -1.0 / 720,
    1.0 / 30240,
    -1.0 / 1209600,
    1.0 / 47900160,
    -691.0 / 1307674368000.0,
    1.0 / 74724249600.0
  };

  private SpecialFunctions() {}

  /** The logarithm of the absolute value of the gamma function; infinite at 0, -1, -2 … */
  @Primitive(Rules.class)
  public static Tensor logGamma(Tensor x) {
    return Elementwise.map(LOG_GAMMA, x);
  }

  /** The derivative of {@link #logGamma}. */
  @Primitive(Rules.class)
  public static Tensor digamma(Tensor x) {
    return Elementwise.map(DIGAMMA, x);
  }

  /**
   * The derivative of {@link #digamma} of an order.
   *
   * @param order 1 for the trigamma function; 0 is digamma itself
   */
  @Primitive(Rules.class)
  public static Tensor polygamma(int order, Tensor x) {
    if (order < 0) {
      throw new IllegalArgumentException("polygamma of order " + order + ": it is at least 0");
    }
    return order == 0
        ? Elementwise.map(DIGAMMA, x)
        : Elementwise.map(POLYGAMMA.computeIfAbsent(order, SpecialFunctions::polygamma), x);
  }

  /** {@code 1 - erf(x)}, exact for large x. */
  @Primitive(Rules.class)
  public static Tensor erfc(Tensor x) {
    return Elementwise.map(ERFC, x);
  }

  /** {@code exp(x²) erfc(x)}. */
  @Primitive(Rules.class)
  public static Tensor erfcx(Tensor x) {
    return Elementwise.map(ERFCX, x);
  }

  /** The inverse of the error function: infinite at -1 and 1, NaN beyond. */
  @Primitive(Rules.class)
  public static Tensor erfinv(Tensor x) {
    return Elementwise.map(ERFINV, x);
  }

  /** The inverse of {@link #erfc}: exact for small shares, which {@link #erfinv} does not see. */
  @Primitive(Rules.class)
  static Tensor inverseErfc(Tensor x) {
    return Elementwise.map(INVERSE_ERFC, x);
  }

  /** The type to compute with in several steps: float32 for those of 16 bits. */
  private static Tensor roomy(String name, Tensor x) {
    DType.requireFloatingPoint(name, x);
    return x.roomy();
  }

  /** The logarithm of the beta function of positive arguments. */
  public static Tensor logBeta(Tensor a, Tensor b) {
    Tensor p = roomy("logBeta", a);
    Tensor q = roomy("logBeta", b);
    Tensor both = logGamma(p.plus(q));
    return logGamma(p).plus(logGamma(q)).minus(both).cast(DType.common("logBeta", a, b));
  }

  /** {@code log(x / (1 - x))}. */
  public static Tensor logit(Tensor x) {
    Tensor share = roomy("logit", x);
    return share.log().minus(share.neg().log1p()).cast(x.dtype());
  }

  /** {@code -x log(x)}, 0 at 0, and -infinity below. */
  public static Tensor entropy(Tensor x) {
    Tensor share = roomy("entropy", x);
    Tensor outside = share.fill(Double.NEGATIVE_INFINITY);
    return Tensor.where(share.less(0), outside, share.xlogy(share).neg()).cast(x.dtype());
  }

  /** The distribution function of the standard normal distribution. */
  public static Tensor normalCdf(Tensor x) {
    return erfc(roomy("normalCdf", x).times(-Math.sqrt(0.5))).times(0.5).cast(x.dtype());
  }

  /** The logarithm of {@link #normalCdf}, exact in the lower tail. */
  public static Tensor logNormalCdf(Tensor x) {
    Tensor number = roomy("logNormalCdf", x);
    Tensor isLow = number.less(0);
    Tensor low = Tensor.where(isLow, number, number.zero());
    Tensor high = Tensor.where(isLow, number.zero(), number);
    Tensor tail = erfcx(low.times(-Math.sqrt(0.5))).log().minus(low.square().times(0.5));
    Tensor rest = erfc(high.times(Math.sqrt(0.5))).times(-0.5).log1p();
    return Tensor.where(isLow, tail.minus(Math.log(2)), rest).cast(x.dtype());
  }

  /** The inverse of {@link #normalCdf}. */
  public static Tensor normalQuantile(Tensor share) {
    Tensor twice = roomy("normalQuantile", share).times(2);
    return inverseErfc(twice).times(-Math.sqrt(2)).cast(share.dtype());
  }

  /** {@code sin(πx) / (πx)}, and 1 at 0. */
  public static Tensor sinc(Tensor x) {
    Tensor number = roomy("sinc", x);
    Tensor isZero = number.equalTo(0);
    Tensor angle = Tensor.where(isZero, number.fill(1), number.times(Math.PI));
    Tensor square = number.square().times(Math.PI * Math.PI / -6);
    return Tensor.where(isZero, square.plus(1), angle.sin().div(angle)).cast(x.dtype());
  }

  static double inverseErf(double x) {
    return InverseErf.value(x);
  }

  private static double logGamma(double x) {
    if (x == Math.rint(x) && x <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    return x == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : LogGamma.value(x);
  }

  private static Unary polygamma(int order) {
    return new Unary("polygamma", 64, x -> (float) polygamma(order, x), x -> polygamma(order, x));
  }

  /** Of negative numbers by reflection (DLMF 5.5.4), with the part of π that matters exact. */
  private static double digamma(double x) {
    if (x == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, -x);
    }
    double fraction = x - Math.rint(x);
    if (x > 0) {
      return Digamma.value(x);
    }
    return fraction == 0
        ? Double.NaN
        : Digamma.value(1 - x) - Math.PI / Math.tan(Math.PI * fraction);
  }

  /**
   * Of an order of 1 or more: {@code (-1)ⁿ⁺¹ n! ζ(n + 1, x)}, of negative numbers by reflection
   * (DLMF 5.15.6), infinite at 0, -1, -2 …
   */
  private static double polygamma(int order, double x) {
    if (x < 0 && x != Math.rint(x)) {
      double reflected = (order % 2 == 0 ? 1 : -1) * polygamma(order, 1 - x);
      return reflected - Math.pow(Math.PI, order + 1) * cotangent(order, x - Math.rint(x));
    }
    double factor = order % 2 == 0 ? -1 : 1;
    for (int i = 2; i <= order; i++) {
      factor *= i;
    }
    return factor * hurwitz(order + 1, x);
  }

  /**
   * The derivative of an order of the cotangent at {@code πx}. It is a polynomial in the cotangent,
   * whose own derivative is {@code -1 - cot²}.
   */
  private static double cotangent(int order, double x) {
    double[] polynomial = {0, 1};
    for (int n = 0; n < order; n++) {
      double[] next = new double[polynomial.length + 1];
      for (int k = 1; k < polynomial.length; k++) {
        next[k - 1] -= k * polynomial[k];
        next[k + 1] -= k * polynomial[k];
      }
      polynomial = next;
    }
    double cotangent = 1 / Math.tan(Math.PI * x);
    double value = 0;
    for (int k = polynomial.length - 1; k >= 0; k--) {
      value = value * cotangent + polynomial[k];
    }
    return value;
  }

  /** The sum of {@code (x + k)⁻ˢ}, by the formula of Euler and Maclaurin (DLMF 25.11.28). */
  private static double hurwitz(int s, double x) {
    if (x <= 0 || x == Double.POSITIVE_INFINITY) {
      return x <= 0 ? Double.POSITIVE_INFINITY : 0;
    }
    double sum = 0;
    double z = x;
    while (z < 15 + s) {
      sum += Math.pow(z, -s);
      z++;
    }
    double power = Math.pow(z, -s);
    sum += power * z / (s - 1) + power / 2;
    double rising = s;
    double scaled = power / z;
    for (int j = 0; j < BERNOULLI.length; j++) {
      sum += BERNOULLI[j] * rising * scaled;
      rising *= (s + 2.0 * j + 1) * (s + 2.0 * j + 2);
      scaled /= z * z;
    }
    return sum;
  }

  static final class Rules {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

    private Rules() {}

    @Pullback(of = "logGamma")
    @Pushforward(of = "logGamma")
    static Tensor logGamma(Tensor x, Tensor y, Tensor d) {
      return d.times(SpecialFunctions.digamma(x));
    }

    @Pullback(of = "digamma")
    @Pushforward(of = "digamma")
    static Tensor digamma(Tensor x, Tensor y, Tensor d) {
      return d.times(SpecialFunctions.polygamma(1, x));
    }

    @Pullback(of = "polygamma", argument = 1)
    @Pushforward(of = "polygamma", argument = 1)
    static Tensor polygamma(int order, Tensor x, Tensor y, Tensor d) {
      return d.times(SpecialFunctions.polygamma(order + 1, x));
    }

    @Pullback(of = "erfc")
    @Pushforward(of = "erfc")
    static Tensor erfc(Tensor x, Tensor y, Tensor d) {
      return d.times(x.square().neg().exp()).times(-TWO_OVER_ROOT_PI);
    }

    @Pullback(of = "erfcx")
    @Pushforward(of = "erfcx")
    static Tensor erfcx(Tensor x, Tensor y, Tensor d) {
      return d.times(x.times(y).times(2).minus(TWO_OVER_ROOT_PI));
    }

    @Pullback(of = "inverseErfc")
    @Pushforward(of = "inverseErfc")
    static Tensor inverseErfc(Tensor x, Tensor y, Tensor d) {
      return d.times(y.square().exp()).times(-1 / TWO_OVER_ROOT_PI);
    }

    @Pullback(of = "erfinv")
    @Pushforward(of = "erfinv")
    static Tensor erfinv(Tensor x, Tensor y, Tensor d) {
      return d.times(y.square().exp()).times(1 / TWO_OVER_ROOT_PI);
    }
  }
}

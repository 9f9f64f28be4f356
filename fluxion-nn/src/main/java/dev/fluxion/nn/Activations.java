package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Functions that bend a network's straight lines, element by element. Each is a layer: {@code
 * Activations::gelu} stands wherever a {@link Layer} does.
 */
public final class Activations {
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double GELU_SCALE = Math.sqrt(2 / Math.PI);
  private static final double LOG_2 = Math.log(2);

  private Activations() {}

  /** {@code x} itself. */
  public static Tensor identity(Tensor x) {
    return x;
  }

  /** {@code max(x, 0)}. */
  public static Tensor relu(Tensor x) {
    return x.relu();
  }

  /** {@link #leakyRelu(Tensor, double)} with a slope of 0.01. */
  public static Tensor leakyRelu(Tensor x) {
    return leakyRelu(x, 0.01);
  }

  /** {@code x} where positive, else {@code slope x}. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return Tensor.map(v -> v > 0 ? v : slope * v, x);
  }

  /** {@code x} where positive, else {@code exp(x) - 1} (Clevert et al., 2016). */
  public static Tensor elu(Tensor x) {
    return elu(x, 1);
  }

  /** {@code x} where positive, else {@code alpha (exp(x) - 1)}. */
  public static Tensor elu(Tensor x, double alpha) {
    return Tensor.map(v -> v > 0 ? v : alpha * Math.expm1(v), x);
  }

  /** The scaled {@link #elu} that keeps mean 0 and variance 1 (Klambauer et al., 2017). */
  public static Tensor selu(Tensor x) {
    return Tensor.map(v -> SELU_SCALE * (v > 0 ? v : SELU_ALPHA * Math.expm1(v)), x);
  }

  /** {@code 1 / (1 + exp(-x))}. */
  public static Tensor sigmoid(Tensor x) {
    return x.sigmoid();
  }

  /** The hyperbolic tangent. */
  public static Tensor tanh(Tensor x) {
    return x.tanh();
  }

  /** {@code log(1 + exp(x))}, without overflow. */
  public static Tensor softplus(Tensor x) {
    return Tensor.map(Activations::softplus, x);
  }

  /**
   * {@code x} times the normal distribution function, by its tanh form (Hendrycks, Gimpel, 2016).
   */
  public static Tensor gelu(Tensor x) {
    return Tensor.map(v -> 0.5 * v * (1 + Math.tanh(GELU_SCALE * (v + 0.044715 * v * v * v))), x);
  }

  /** {@code x sigmoid(x)} (Ramachandran et al., 2017), which others call SiLU. */
  public static Tensor swish(Tensor x) {
    return Tensor.map(v -> v / (1 + Math.exp(-v)), x);
  }

  /** {@code x tanh(softplus(x))} (Misra, 2019). */
  public static Tensor mish(Tensor x) {
    return Tensor.map(v -> v * Math.tanh(softplus(v)), x);
  }

  /** {@link #gelu} by the error function. */
  public static Tensor geluErf(Tensor x) {
    return x.gelu();
  }

  /** {@code max(x, 0)}, but at most 6. */
  public static Tensor relu6(Tensor x) {
    return Tensor.map(v -> upTo(v, 6), x);
  }

  /** The {@link #elu(Tensor, double)} with a smooth slope for any alpha (Barron, 2017). */
  public static Tensor celu(Tensor x, double alpha) {
    return Tensor.map(v -> v > 0 ? v : alpha * Math.expm1(v / alpha), x);
  }

  /** {@code (x + 3) / 6}, from 0 to 1. */
  public static Tensor hardSigmoid(Tensor x) {
    return Tensor.map(Activations::hardSigmoid, x);
  }

  /** {@code v} from 0 to a limit, with slope 0 at both ends. */
  private static double upTo(double v, double limit) {
    return v <= 0 ? 0 : v >= limit ? limit : v;
  }

  private static double hardSigmoid(double v) {
    return upTo(v + 3, 6) / 6;
  }

  /** Without overflow. */
  private static double softplus(double v) {
    return v > 0 ? v + Math.log1p(Math.exp(-v)) : Math.log1p(Math.exp(v));
  }

  /** {@code x}, from -1 to 1. */
  public static Tensor hardTanh(Tensor x) {
    return Tensor.map(v -> upTo(v + 1, 2) - 1, x);
  }

  /** {@code x hardSigmoid(x)} (Howard et al., 2019). */
  public static Tensor hardSwish(Tensor x) {
    return Tensor.map(v -> v * hardSigmoid(v), x);
  }

  /** {@code x / (1 + |x|)}. */
  public static Tensor softSign(Tensor x) {
    return Tensor.map(v -> v / (1 + Math.abs(v)), x);
  }

  /** The logarithm of {@link #sigmoid}, without overflow. */
  public static Tensor logSigmoid(Tensor x) {
    return Tensor.map(v -> -softplus(-v), x);
  }

  /** {@code log(cosh(x))}, without overflow. */
  public static Tensor logCosh(Tensor x) {
    return Tensor.map(v -> v + softplus(-2 * v) - LOG_2, x);
  }

  /** {@code x - tanh(x)}. */
  public static Tensor tanhShrink(Tensor x) {
    return Tensor.map(v -> v - Math.tanh(v), x);
  }

  /** {@code x} without what lies between {@code -limit} and {@code limit}. */
  public static Tensor softShrink(Tensor x, double limit) {
    return x.minus(x.clamp(-limit, limit));
  }

  /** {@code x} where it is greater than the threshold, else 0. */
  public static Tensor thresholdRelu(Tensor x, double threshold) {
    return x.times(x.greater(threshold));
  }

  /** {@code x tanh(x)} (Roy et al., 2019). */
  public static Tensor lisht(Tensor x) {
    return Tensor.map(v -> v * Math.tanh(v), x);
  }

  /** Half of an axis, let through by the {@link #sigmoid} of the other (Dauphin et al., 2017). */
  public static Tensor glu(Tensor x, int axis) {
    Tensor[] halves = x.split(axis, 2);
    return halves[0].times(halves[1].sigmoid());
  }
}

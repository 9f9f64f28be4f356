package dev.fluxion.nn;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.Tensor;

/**
 * Functions that bend a network's straight lines, element by element. Each is a layer: {@code
 * Activations::gelu} stands wherever a {@link Layer} does.
 */
public final class Activations {
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;

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
    return x.times(slope).plus(x.relu().times(1 - slope));
  }

  /** {@code x} where positive, else {@code exp(x) - 1} (Clevert et al., 2016). */
  public static Tensor elu(Tensor x) {
    return elu(x, 1);
  }

  /** {@code x} where positive, else {@code alpha (exp(x) - 1)}. */
  public static Tensor elu(Tensor x, double alpha) {
    Tensor positive = x.relu();
    return positive.plus(x.minus(positive).exp().plus(-1).times(alpha));
  }

  /** The scaled {@link #elu} that keeps mean 0 and variance 1 (Klambauer et al., 2017). */
  public static Tensor selu(Tensor x) {
    return elu(x, SELU_ALPHA).times(SELU_SCALE);
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
    Tensor shift = Grad.stopGradient(x.relu()); // cancels out, so it has no derivative
    return shift.plus(shift.neg().exp().plus(x.minus(shift).exp()).log());
  }

  /**
   * {@code x} times the normal distribution function, by its tanh form (Hendrycks, Gimpel, 2016).
   */
  public static Tensor gelu(Tensor x) {
    Tensor cubic = x.square().times(0.044715).plus(1).times(x);
    return cubic.times(Math.sqrt(2 / Math.PI)).tanh().plus(1).times(x).times(0.5);
  }

  /** {@code x sigmoid(x)} (Ramachandran et al., 2017), which others call SiLU. */
  public static Tensor swish(Tensor x) {
    return x.times(x.sigmoid());
  }

  /** {@code x tanh(softplus(x))} (Misra, 2019). */
  public static Tensor mish(Tensor x) {
    return x.times(softplus(x).tanh());
  }

  /** {@link #gelu} by the error function. */
  public static Tensor geluErf(Tensor x) {
    return x.gelu();
  }

  /** {@code max(x, 0)}, but at most 6. */
  public static Tensor relu6(Tensor x) {
    return upTo(x.relu(), 6);
  }

  /** The {@link #elu(Tensor, double)} with a smooth slope for any alpha (Barron, 2017). */
  public static Tensor celu(Tensor x, double alpha) {
    Tensor positive = x.relu();
    return positive.plus(x.minus(positive).div(alpha).expm1().times(alpha));
  }

  /** {@code (x + 3) / 6}, from 0 to 1. */
  public static Tensor hardSigmoid(Tensor x) {
    return upTo(x.plus(3).relu(), 6).div(6);
  }

  /** The lesser of both, with slope 0 where they are equal. */
  private static Tensor upTo(Tensor x, double limit) {
    return x.neg().plus(limit).relu().neg().plus(limit);
  }

  /** {@code x}, from -1 to 1. */
  public static Tensor hardTanh(Tensor x) {
    return upTo(x.plus(1).relu(), 2).minus(1);
  }

  /** {@code x hardSigmoid(x)} (Howard et al., 2019). */
  public static Tensor hardSwish(Tensor x) {
    return x.times(hardSigmoid(x));
  }

  /** {@code x / (1 + |x|)}. */
  public static Tensor softSign(Tensor x) {
    return x.div(x.abs().plus(1));
  }

  /** The logarithm of {@link #sigmoid}, without overflow. */
  public static Tensor logSigmoid(Tensor x) {
    return softplus(x.neg()).neg();
  }

  /** {@code log(cosh(x))}, without overflow. */
  public static Tensor logCosh(Tensor x) {
    return x.plus(softplus(x.times(-2))).minus(Math.log(2));
  }

  /** {@code x - tanh(x)}. */
  public static Tensor tanhShrink(Tensor x) {
    return x.minus(x.tanh());
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
    return x.times(x.tanh());
  }

  /** Half of an axis, let through by the {@link #sigmoid} of the other (Dauphin et al., 2017). */
  public static Tensor glu(Tensor x, int axis) {
    Tensor[] halves = x.split(axis, 2);
    return halves[0].times(halves[1].sigmoid());
  }
}

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
}

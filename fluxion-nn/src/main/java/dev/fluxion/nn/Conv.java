package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * A convolution of images without padding, then an activation.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="layers"}
 *
 * @param kernel the kernels, (out, in, height, width)
 * @param b the bias, (out, 1, 1)
 * @param activation the activation
 */
public record Conv(Tensor kernel, Tensor b, Layer activation) implements Layer {
  /** A layer without an activation. */
  public Conv(Tensor kernel, Tensor b) {
    this(kernel, b, Activations::identity);
  }

  /** A layer with square kernels, Glorot-uniform weights, a bias of zero and no activation. */
  public static Conv of(int in, int out, int size, RandomGenerator random) {
    return of(in, out, size, Activations::identity, random);
  }

  /** A layer with square kernels, Glorot-uniform weights and a bias of zero. */
  public static Conv of(int in, int out, int size, Layer activation, RandomGenerator random) {
    return new Conv(
        Initialisers.glorotUniform(random, out, in, size, size),
        Tensor.zeros(out, 1, 1),
        activation);
  }

  /** The output, (batch, out, …), for images of (batch, in, height, width). */
  @Override
  public Tensor apply(Tensor x) {
    return activation.apply(x.conv2d(kernel).plus(b));
  }
}

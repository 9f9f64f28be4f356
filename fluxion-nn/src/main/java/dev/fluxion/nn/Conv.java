package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * A convolution of images without padding.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="layers"}
 *
 * @param kernel the kernels, (out, in, height, width)
 * @param b the bias, (out, 1, 1)
 */
public record Conv(Tensor kernel, Tensor b) implements Layer {
  /** A layer with square kernels, Glorot-uniform weights and a bias of zero. */
  public static Conv of(int in, int out, int size, RandomGenerator random) {
    int area = size * size;
    return new Conv(
        Initialisers.glorotUniform(random, in * area, out * area, out, in, size, size),
        Tensor.zeros(out, 1, 1));
  }

  /** The output, (batch, out, …), for images of (batch, in, height, width). */
  @Override
  public Tensor apply(Tensor x) {
    return x.conv2d(kernel).plus(b);
  }
}

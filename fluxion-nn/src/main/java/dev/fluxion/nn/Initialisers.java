package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.random.RandomGenerator;

/** First values of weights, from an explicit generator. */
public final class Initialisers {
  private Initialisers() {}

  /**
   * Uniform in ±sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, 2010).
   *
   * @param shape the tensor's shape
   */
  public static Tensor glorotUniform(RandomGenerator random, int fanIn, int fanOut, int... shape) {
    double limit = Math.sqrt(6.0 / (fanIn + fanOut));
    int size = 1;
    for (int n : shape) {
      size *= n;
    }
    float[] data = new float[size];
    for (int i = 0; i < size; i++) {
      data[i] = (float) random.nextDouble(-limit, limit);
    }
    return Tensor.of(data, shape);
  }
}

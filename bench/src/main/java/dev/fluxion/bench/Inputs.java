package dev.fluxion.bench;

import dev.fluxion.tensor.Tensor;

/**
 * The inputs of the workloads: a stream of numbers in [-1, 1) from a seed (splitmix64; Steele, Lea
 * and Flood, 2014), the same in every system that is compared.
 */
public final class Inputs {
  private Inputs() {}

  /** The first {@code n} numbers of a seed's stream. */
  public static double[] u(long seed, int n) {
    double[] stream = new double[n];
    long state = seed;
    for (int i = 0; i < n; i++) {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z = z ^ (z >>> 31);
      stream[i] = (z >>> 11) * 0x1p-53 * 2 - 1;
    }
    return stream;
  }

  /** Indices in [0, k). */
  public static int[] indices(long seed, int k, int n) {
    double[] stream = u(seed, n);
    int[] indices = new int[n];
    for (int i = 0; i < n; i++) {
      indices[i] = (int) Math.floor((stream[i] + 1) / 2 * k);
    }
    return indices;
  }

  /** A float32 tensor of the stream. */
  public static Tensor tensor(long seed, int... shape) {
    return scaled(seed, 1, shape);
  }

  /** Weights: the stream times {@code sqrt(1 / fanIn)}. */
  public static Tensor weight(long seed, int fanIn, int... shape) {
    return scaled(seed, Math.sqrt(1.0 / fanIn), shape);
  }

  /** The stream times a factor. */
  public static Tensor scaled(long seed, double scale, int... shape) {
    int size = 1;
    for (int n : shape) {
      size *= n;
    }
    double[] stream = u(seed, size);
    float[] elements = new float[size];
    for (int i = 0; i < size; i++) {
      elements[i] = (float) (stream[i] * scale);
    }
    return Tensor.of(elements, shape);
  }
}

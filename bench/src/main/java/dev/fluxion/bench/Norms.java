package dev.fluxion.bench;

import dev.fluxion.tensor.Tensor;

/** Numbers that stand for a whole result. */
public final class Norms {
  private Norms() {}

  /** The Euclidean norm of the elements of all tensors, summed in float64. */
  public static double norm(Iterable<Tensor> tensors) {
    double squares = 0;
    for (Tensor tensor : tensors) {
      squares += squares(tensor.toDoubleArray());
    }
    return Math.sqrt(squares);
  }

  /** The Euclidean norm of the elements of all arrays. */
  public static double norm(double[]... arrays) {
    double squares = 0;
    for (double[] array : arrays) {
      squares += squares(array);
    }
    return Math.sqrt(squares);
  }

  /** The sum of the elements. */
  public static double sum(double[] array) {
    double sum = 0;
    for (double x : array) {
      sum += x;
    }
    return sum;
  }

  private static double squares(double[] array) {
    double squares = 0;
    for (double x : array) {
      squares += x * x;
    }
    return squares;
  }
}

package dev.fluxion.tensor;

import java.util.Arrays;

/** Shifts and scales to mean 0 and variance 1, over different parts of a batch. */
public final class Normalization {
  private Normalization() {}

  /**
   * {@code (x - mean) / sqrt(variance + epsilon)} with the mean and variance over some axes.
   *
   * @param epsilon what keeps the root from 0, such as 1e-5
   */
  public static Tensor over(Tensor x, int[] axes, double epsilon) {
    int[] shape = x.dimensions();
    boolean[] chosen = Shapes.axes("normalization", axes, shape);
    int inner = shape.length; // the axes from here on are all chosen
    while (inner > 0 && chosen[inner - 1]) {
      inner--;
    }
    int outer = 0; // and those before this one
    while (outer < inner && chosen[outer]) {
      outer++;
    }
    boolean isBetween = false;
    for (int i = outer; i < inner; i++) {
      isBetween |= chosen[i];
    }
    if (!isBetween && x.size() > 0) {
      return Standardization.of(
          x, Shapes.product(shape, 0, outer), Shapes.product(shape, outer, inner), epsilon);
    }
    Tensor centred = x.minus(x.mean(axes, true));
    return centred.times(centred.square().mean(axes, true).plus(epsilon).rsqrt());
  }

  /** Over the last axes, so many of them (Ba et al., 2016). */
  public static Tensor layer(Tensor x, int axes, double epsilon) {
    return over(x, last(axes), epsilon);
  }

  /**
   * Over the batch and all places, for each channel of (batch, channels, …) (Ioffe, Szegedy, 2015).
   */
  public static Tensor batch(Tensor x, double epsilon) {
    int[] axes = last(x.rank() - 1);
    axes[0] = 0;
    return over(x, axes, epsilon);
  }

  /** Over all places, for each image and channel of (batch, channels, …) (Ulyanov et al., 2016). */
  public static Tensor instance(Tensor x, double epsilon) {
    return over(x, last(x.rank() - 2), epsilon);
  }

  /** Over all places and a group of channels, for each image (Wu, He, 2018). */
  public static Tensor group(Tensor x, int groups, double epsilon) {
    int channels = x.size(1);
    if (groups < 1 || channels % groups != 0) {
      throw new ShapeException(
          "group of shape "
              + ShapeException.text(x.dimensions())
              + ": "
              + channels
              + " channels do not fall into "
              + groups
              + " groups");
    }
    return layer(x.reshape(x.size(0), groups, -1), 1, epsilon).reshape(x.dimensions());
  }

  private static int[] last(int count) {
    int[] axes = new int[count];
    Arrays.setAll(axes, i -> i - count);
    return axes;
  }
}

package dev.fluxion.tensor;

/**
 * How {@link Tensor#resize} makes elements between those that it has, along one axis after the
 * other; places are those of PyTorch's {@code interpolate}.
 */
public enum Interpolation {
  /** The element at or before the place. */
  NEAREST(1),
  /** On the line through the two neighbours: bilinear in two axes, trilinear in three. */
  LINEAR(2),
  /** On the cubic through four neighbours with the parameter -¾ (Keys, 1981). */
  CUBIC(4);

  private static final double A = -0.75;

  private final int taps;

  Interpolation(int taps) {
    this.taps = taps;
  }

  Tensor resize(Tensor x, int axis, int size, boolean alignCorners) {
    int from = x.size(axis);
    if (from == 0 || size < 1) {
      throw new ShapeException(
          "resize of axis "
              + axis
              + " of shape "
              + ShapeException.text(x.dimensions())
              + " to "
              + size
              + ": there is nothing to take or make");
    }
    int[] places = new int[size];
    double[] rests = new double[size];
    for (int i = 0; i < size; i++) {
      double place = place(i, from, size, alignCorners);
      places[i] = (int) Math.floor(place);
      rests[i] = place - places[i];
    }
    if (this == NEAREST) {
      return x.gather(axis, inside(places, 0, from));
    }
    DType.requireFloatingPoint("resize between elements", x);
    int[] shape = new int[x.rank()];
    java.util.Arrays.fill(shape, 1);
    shape[axis] = size;
    int first = 1 - taps / 2;
    Tensor sum = tap(x, axis, places, rests, first, shape);
    for (int offset = first + 1; offset < first + taps; offset++) {
      sum = sum.plus(tap(x, axis, places, rests, offset, shape));
    }
    return sum;
  }

  /** The neighbours at an offset from all places, by weight. */
  private Tensor tap(Tensor x, int axis, int[] places, double[] rests, int offset, int[] shape) {
    Tensor weights = Tensor.of(weights(rests, offset), shape).cast(x.dtype());
    return x.gather(axis, inside(places, offset, x.size(axis))).times(weights);
  }

  private double place(int index, int from, int size, boolean alignCorners) {
    if (this == NEAREST) {
      return Math.floor(index * ((double) from / size));
    }
    if (alignCorners) {
      return size == 1 ? 0 : index * ((double) (from - 1) / (size - 1));
    }
    double place = (index + 0.5) * ((double) from / size) - 0.5;
    return this == LINEAR ? Math.max(0, place) : place;
  }

  private static int[] inside(int[] places, int offset, int size) {
    int[] inside = new int[places.length];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = Math.clamp((long) places[i] + offset, 0, size - 1);
    }
    return inside;
  }

  private double[] weights(double[] rests, int offset) {
    double[] weights = new double[rests.length];
    for (int i = 0; i < weights.length; i++) {
      double distance = Math.abs(rests[i] - offset);
      weights[i] = this == LINEAR ? 1 - distance : cubic(distance);
    }
    return weights;
  }

  private static double cubic(double t) {
    return t <= 1 ? ((A + 2) * t - (A + 3)) * t * t + 1 : ((A * t - 5 * A) * t + 8 * A) * t - 4 * A;
  }
}

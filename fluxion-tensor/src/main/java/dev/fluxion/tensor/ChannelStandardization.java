package dev.fluxion.tensor;

/**
 * {@link Standardization} of the channels of float32 images of (batch, height, width, channels): a
 * row of channels is done at a time.
 */
final class ChannelStandardization {
  /** So many elements are added up to sums of their own, on however many cores. */
  private static final int PIECE = 1 << 15;

  private ChannelStandardization() {}

  /** Of each channel the mean and {@code 1 / sqrt(variance + epsilon)}. */
  private record Moments(float[] mean, float[] scale) {}

  static Tensor of(Tensor x, double epsilon) {
    int channels = x.size(-1);
    float[] from = x.buffer().floats;
    Buffer y = Buffer.unset(DType.FLOAT32, from.length);
    Moments moments = moments(from, channels, epsilon);
    rows(
        from.length,
        channels,
        (first, last) -> standardize(from, y.floats, channels, first, last, moments));
    return new Tensor(x.dimensions(), y);
  }

  /** The derivative at x along d. */
  static Tensor derivative(Tensor x, Tensor d, double epsilon) {
    int channels = x.size(-1);
    float[] from = x.buffer().floats;
    float[] along = d.buffer().floats;
    Buffer to = Buffer.unset(DType.FLOAT32, from.length);
    if (from.length == 0) {
      return new Tensor(x.dimensions(), to);
    }
    Moments moments = moments(from, channels, epsilon);
    double[] sums =
        sums(
            from.length,
            channels,
            (first, last, into) -> addProducts(from, along, channels, first, last, moments, into));
    double count = (double) from.length / channels;
    float[] mean = new float[channels];
    float[] slope = new float[channels];
    for (int j = 0; j < channels; j++) {
      double scale = moments.scale[j];
      mean[j] = (float) (sums[j] / count);
      slope[j] = (float) (sums[channels + j] / count * scale * scale);
    }
    rows(
        from.length,
        channels,
        (first, last) ->
            derive(from, along, to.floats, channels, first, last, moments, mean, slope));
    return new Tensor(x.dimensions(), to);
  }

  /** By the sums of what is left after taking off a number near the mean, the first one. */
  private static Moments moments(float[] x, int channels, double epsilon) {
    float[] mean = new float[channels];
    float[] scale = new float[channels];
    if (x.length > 0) {
      double[] sums =
          sums(
              x.length, channels, (first, last, into) -> addPowers(x, channels, first, last, into));
      double count = (double) x.length / channels;
      for (int j = 0; j < channels; j++) {
        double offset = sums[j] / count;
        double variance = Math.max(0, sums[channels + j] / count - offset * offset);
        mean[j] = (float) (x[j] + offset);
        scale[j] = (float) (1 / Math.sqrt(variance + epsilon));
      }
    }
    return new Moments(mean, scale);
  }

  // ---------------------------------------------------------------- rows

  /** Adds up two sums for each channel over some rows. */
  private interface Summands {
    void add(int first, int last, double[] sums);
  }

  /** Two sums for each channel: of pieces of rows, one piece after the other. */
  private static double[] sums(int size, int channels, Summands summands) {
    int rows = size / channels;
    int height = Math.max(1, PIECE / channels);
    int pieces = Math.ceilDiv(rows, height);
    double[][] all = new double[pieces][2 * channels];
    Parallel.tasks(pieces, i -> summands.add(i * height, Math.min(rows, (i + 1) * height), all[i]));
    double[] sums = all[0];
    for (int i = 1; i < pieces; i++) {
      for (int j = 0; j < sums.length; j++) {
        sums[j] += all[i][j];
      }
    }
    return sums;
  }

  private static void rows(int size, int channels, Parallel.Range work) {
    Parallel.ranges(size == 0 ? 0 : size / channels, PIECE / channels, work);
  }

  /** Adds {@code x - x0} and its square. */
  private static void addPowers(float[] x, int channels, int first, int last, double[] sums) {
    int row = first;
    for (; row + 4 <= last; row += 4) {
      int at = row * channels;
      int second = at + channels;
      int third = second + channels;
      int fourth = third + channels;
      for (int j = 0; j < channels; j++) {
        double shift = x[j];
        double a = x[at + j] - shift;
        double b = x[second + j] - shift;
        double c = x[third + j] - shift;
        double d = x[fourth + j] - shift;
        sums[j] += (a + b) + (c + d);
        sums[channels + j] += (a * a + b * b) + (c * c + d * d);
      }
    }
    for (; row < last; row++) {
      for (int j = 0; j < channels; j++) {
        double a = x[row * channels + j] - (double) x[j];
        sums[j] += a;
        sums[channels + j] += a * a;
      }
    }
  }

  /** Adds {@code d} and {@code d (x - mean)}. */
  private static void addProducts(
      float[] x, float[] d, int channels, int first, int last, Moments moments, double[] sums) {
    float[] mean = moments.mean;
    int row = first;
    for (; row + 2 <= last; row += 2) {
      int at = row * channels;
      int second = at + channels;
      for (int j = 0; j < channels; j++) {
        double shift = mean[j];
        double a = d[at + j];
        double b = d[second + j];
        sums[j] += a + b;
        sums[channels + j] += a * (x[at + j] - shift) + b * (x[second + j] - shift);
      }
    }
    for (; row < last; row++) {
      for (int j = 0; j < channels; j++) {
        double a = d[row * channels + j];
        sums[j] += a;
        sums[channels + j] += a * (x[row * channels + j] - (double) mean[j]);
      }
    }
  }

  /** {@code (x - mean) scale}. */
  private static void standardize(
      float[] x, float[] y, int channels, int first, int last, Moments moments) {
    float[] mean = moments.mean;
    float[] scale = moments.scale;
    for (int row = first; row < last; row++) {
      int at = row * channels;
      for (int j = 0; j < channels; j++) {
        y[at + j] = (x[at + j] - mean[j]) * scale[j];
      }
    }
  }

  /** {@code scale (d - mean(d) - (x - mean) slope)}. */
  private static void derive(
      float[] x,
      float[] d,
      float[] to,
      int channels,
      int first,
      int last,
      Moments moments,
      float[] ofD,
      float[] slope) {
    float[] mean = moments.mean;
    float[] scale = moments.scale;
    for (int row = first; row < last; row++) {
      int at = row * channels;
      for (int j = 0; j < channels; j++) {
        to[at + j] = scale[j] * (d[at + j] - ofD[j] - (x[at + j] - mean[j]) * slope[j]);
      }
    }
  }
}

package dev.fluxion.tensor;

/**
 * {@link Standardization} of the channels of float32 images of (batch, height, width, channels).
 * Where there are few channels several rows of them are done at a time, since loops over a few
 * elements gain nothing from vector instructions.
 */
final class ChannelStandardization {
  /** So many elements are added up to sums of their own, on however many cores. */
  private static final int PIECE = 1 << 15;

  /** So many elements at a time are enough. */
  private static final int WIDTH = 128;

  private final int channels;
  private final int width; // of rows that are done at a time

  private ChannelStandardization(int channels) {
    this.channels = channels;
    this.width = channels * Math.ceilDiv(WIDTH, Math.max(1, channels));
  }

  /** Of each channel the mean and {@code 1 / sqrt(variance + epsilon)}. */
  private record Moments(float[] mean, float[] scale) {}

  static Tensor of(Tensor x, double epsilon) {
    return new ChannelStandardization(x.size(-1)).standardized(x, epsilon);
  }

  /** The derivative at x along d. */
  static Tensor derivative(Tensor x, Tensor d, double epsilon) {
    return new ChannelStandardization(x.size(-1)).derived(x, d, epsilon);
  }

  private Tensor standardized(Tensor x, double epsilon) {
    float[] from = x.buffer().floats;
    Buffer y = Buffer.unset(DType.FLOAT32, from.length);
    if (from.length > 0) {
      float[] shift = wide(from);
      double[][] sums =
          sums(2, from, (first, last, into) -> addPowers(from, shift, first, last, into));
      Moments moments = moments(from, sums, epsilon);
      float[] mean = wide(moments.mean);
      float[] scale = wide(moments.scale);
      pieces(from.length, (first, last) -> standardize(from, y.floats, mean, scale, first, last));
    }
    return new Tensor(x.dimensions(), y);
  }

  private Tensor derived(Tensor x, Tensor d, double epsilon) {
    float[] from = x.buffer().floats;
    float[] along = d.buffer().floats;
    Buffer to = Buffer.unset(DType.FLOAT32, from.length);
    if (from.length > 0) {
      float[] shift = wide(from);
      double[][] sums =
          sums(
              4,
              from,
              (first, last, into) -> {
                addPowers(from, shift, first, last, into);
                addProducts(from, along, shift, first, last, into);
              });
      Moments moments = moments(from, sums, epsilon);
      double count = (double) from.length / channels;
      float[] ofD = new float[channels];
      float[] slope = new float[channels];
      for (int j = 0; j < channels; j++) {
        double scale = moments.scale[j];
        double product = sums[3][j] - sums[0][j] / count * sums[2][j];
        ofD[j] = (float) (sums[2][j] / count);
        slope[j] = (float) (product / count * scale * scale);
      }
      Wide wide = new Wide(wide(moments.mean), wide(moments.scale), wide(ofD), wide(slope));
      pieces(from.length, (first, last) -> derive(from, along, to.floats, wide, first, last));
    }
    return new Tensor(x.dimensions(), to);
  }

  /** By the sums of what is left after taking off a number near the mean, the first one. */
  private Moments moments(float[] x, double[][] sums, double epsilon) {
    float[] mean = new float[channels];
    float[] scale = new float[channels];
    double count = (double) x.length / channels;
    for (int j = 0; j < channels; j++) {
      double offset = sums[0][j] / count;
      double variance = Math.max(0, sums[1][j] / count - offset * offset);
      mean[j] = (float) (x[j] + offset);
      scale[j] = (float) (1 / Math.sqrt(variance + epsilon));
    }
    return new Moments(mean, scale);
  }

  /** The first numbers, one of each channel, as often as rows are done at a time. */
  private float[] wide(float[] ofChannels) {
    float[] wide = new float[width];
    for (int at = 0; at < width; at += channels) {
      System.arraycopy(ofChannels, 0, wide, at, channels);
    }
    return wide;
  }

  // ---------------------------------------------------------------- pieces

  /** Adds up sums of the width over the elements from one index up to another. */
  private interface Summands {
    void add(int first, int last, double[][] sums);
  }

  /** So many sums for each channel: of pieces, one after the other. */
  private double[][] sums(int count, float[] x, Summands summands) {
    int length = Math.max(1, PIECE / width) * width;
    double[][][] all = new double[Math.ceilDiv(x.length, length)][count][width];
    Parallel.tasks(
        all.length,
        i ->
            summands.add(i * length, i * length + Math.min(length, x.length - i * length), all[i]));
    double[][] sums = new double[count][channels];
    for (double[][] piece : all) {
      for (int k = 0; k < count; k++) {
        for (int j = 0; j < width; j++) {
          sums[k][j % channels] += piece[k][j];
        }
      }
    }
    return sums;
  }

  private void pieces(int size, Parallel.Range work) {
    int rows = size / channels;
    Parallel.ranges(
        rows, PIECE / channels, (first, last) -> work.run(first * channels, last * channels));
  }

  /** Adds {@code x - x0} and its square. Loops that write to one array C2 gives vectors. */
  private void addPowers(float[] x, float[] shift, int first, int last, double[][] sums) {
    double[] ofOne = sums[0];
    double[] ofSquare = sums[1];
    int at = first;
    for (; at + 2 * width <= last; at += 2 * width) {
      int next = at + width;
      for (int j = 0; j < width; j++) {
        ofOne[j] += ((double) x[at + j] - shift[j]) + ((double) x[next + j] - shift[j]);
      }
      for (int j = 0; j < width; j++) {
        double a = (double) x[at + j] - shift[j];
        double b = (double) x[next + j] - shift[j];
        ofSquare[j] += a * a + b * b;
      }
    }
    for (; at < last; at += width) {
      for (int j = 0; j < Math.min(width, last - at); j++) {
        double a = (double) x[at + j] - shift[j];
        ofOne[j] += a;
        ofSquare[j] += a * a;
      }
    }
  }

  /** Adds {@code d} and {@code d (x - x0)}. */
  private void addProducts(
      float[] x, float[] d, float[] shift, int first, int last, double[][] sums) {
    double[] ofD = sums[2];
    double[] ofProduct = sums[3];
    int at = first;
    for (; at + 2 * width <= last; at += 2 * width) {
      int next = at + width;
      for (int j = 0; j < width; j++) {
        ofD[j] += (double) d[at + j] + (double) d[next + j];
      }
      for (int j = 0; j < width; j++) {
        double a = (double) d[at + j] * ((double) x[at + j] - shift[j]);
        double b = (double) d[next + j] * ((double) x[next + j] - shift[j]);
        ofProduct[j] += a + b;
      }
    }
    for (; at < last; at += width) {
      for (int j = 0; j < Math.min(width, last - at); j++) {
        ofD[j] += d[at + j];
        ofProduct[j] += (double) d[at + j] * ((double) x[at + j] - shift[j]);
      }
    }
  }

  /** {@code (x - mean) scale}. */
  private void standardize(float[] x, float[] y, float[] mean, float[] scale, int first, int last) {
    for (int at = first; at < last; at += width) {
      int end = Math.min(width, last - at);
      for (int j = 0; j < end; j++) {
        y[at + j] = (x[at + j] - mean[j]) * scale[j];
      }
    }
  }

  /** Numbers of each channel, as often as rows are done at a time. */
  private record Wide(float[] mean, float[] scale, float[] ofD, float[] slope) {}

  /** {@code scale (d - mean(d) - (x - mean) slope)}. */
  private void derive(float[] x, float[] d, float[] to, Wide wide, int first, int last) {
    float[] mean = wide.mean;
    float[] scale = wide.scale;
    float[] ofD = wide.ofD;
    float[] slope = wide.slope;
    for (int at = first; at < last; at += width) {
      int end = Math.min(width, last - at);
      for (int j = 0; j < end; j++) {
        to[at + j] = scale[j] * (d[at + j] - ofD[j] - (x[at + j] - mean[j]) * slope[j]);
      }
    }
  }
}

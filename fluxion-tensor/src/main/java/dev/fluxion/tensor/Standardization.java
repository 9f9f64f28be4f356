package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * {@code y = (x - mean) / sqrt(variance + epsilon)} of a tensor seen as (outer, groups, inner),
 * with a mean and a variance for each group, and its derivative.
 *
 * <p>With {@code s = 1 / sqrt(variance + epsilon)} the derivative {@code J v = s (v - mean(v) - y
 * mean(v y))} is a symmetric matrix, so tangents and cotangents take the same way, and so they do
 * through the derivative of {@code J v} in x, which is a Hessian.
 */
final class Standardization {
  private static final int GRAIN = 1 << 14;

  private Standardization() {}

  /** The mean of a group, and {@code 1 / sqrt(variance + epsilon)}. */
  private record Moments(double mean, double scale) {}

  @Primitive(Rules.class)
  static Tensor of(Tensor x, int outer, int groups, double epsilon) {
    int inner = inner(x, outer, groups);
    DType.requireFloatingPoint("normalization", x);
    if (isOfChannels(x, outer, groups)) {
      return ChannelsLast.back(
          ChannelStandardization.of(requireNonNull(ChannelsLast.turned(x)), epsilon));
    }
    Buffer in = x.buffer();
    Buffer y = Buffer.unset(x.dtype(), x.size());
    each(
        x,
        groups,
        group -> {
          Moments moments = moments(in, outer, groups, inner, group, epsilon);
          for (int i = 0; i < outer; i++) {
            int from = (i * groups + group) * inner;
            if (y.isFloat32()) {
              standardize(in.floats, y.floats, from, inner, moments);
            } else {
              standardize(in.doubles, y.doubles, from, inner, moments);
            }
          }
        });
    return new Tensor(x.dimensions(), y);
  }

  /** The derivative at x along d, which is the cotangent of x for one of the result, too. */
  @Primitive(Rules.class)
  static Tensor derivative(Tensor x, Tensor d, int outer, int groups, double epsilon) {
    DType.requireSame("normalization", x, d);
    if (isOfChannels(x, outer, groups) || isOfChannels(d, outer, groups)) {
      Tensor in = requireNonNull(ChannelsLast.turned(x));
      Tensor along = requireNonNull(ChannelsLast.turned(d));
      return ChannelsLast.back(ChannelStandardization.derivative(in, along, epsilon));
    }
    int inner = inner(x, outer, groups);
    Buffer in = x.buffer();
    Buffer along = d.buffer();
    Buffer to = Buffer.unset(x.dtype(), x.size());
    each(
        x,
        groups,
        group -> {
          Moments moments = moments(in, outer, groups, inner, group, epsilon);
          double[] sums = new double[2];
          for (int i = 0; i < outer; i++) {
            int from = (i * groups + group) * inner;
            if (to.isFloat32()) {
              addProducts(in.floats, along.floats, from, inner, moments.mean, sums);
            } else {
              addProducts(in.doubles, along.doubles, from, inner, moments.mean, sums);
            }
          }
          double count = (double) outer * inner;
          double mean = sums[0] / count;
          double slope = sums[1] / count * moments.scale * moments.scale;
          for (int i = 0; i < outer; i++) {
            int from = (i * groups + group) * inner;
            if (to.isFloat32()) {
              derive(in.floats, along.floats, to.floats, from, inner, moments, mean, slope);
            } else {
              derive(in.doubles, along.doubles, to.doubles, from, inner, moments, mean, slope);
            }
          }
        });
    return new Tensor(x.dimensions(), to);
  }

  /** Whether it is the channels of images that have them last which are normalised. */
  private static boolean isOfChannels(Tensor x, int outer, int groups) {
    return ChannelsLast.isIn(x)
        && x.dtype() == DType.FLOAT32
        && x.size(0) == outer
        && x.size(1) == groups;
  }

  private static int inner(Tensor x, int outer, int groups) {
    return x.size() == 0 ? 0 : x.size() / (outer * groups);
  }

  private static void each(Tensor x, int groups, Parallel.Piece work) {
    if (x.size() == 0) {
      return;
    }
    Parallel.ranges(
        groups,
        GRAIN / Math.max(1, x.size() / groups),
        (from, to) -> {
          for (int group = from; group < to; group++) {
            work.run(group);
          }
        });
  }

  private static Moments moments(
      Buffer x, int outer, int groups, int inner, int group, double epsilon) {
    Moments rough = moments(x, outer, groups, inner, group, epsilon, x.get(group * inner));
    // float64 has no digits to spare for a first element far from the mean
    return x.isFloat32() ? rough : moments(x, outer, groups, inner, group, epsilon, rough.mean);
  }

  /** By the sums of what is left, in float64, after taking off a number near the mean. */
  private static Moments moments(
      Buffer x, int outer, int groups, int inner, int group, double epsilon, double shift) {
    double[] sums = new double[2];
    for (int i = 0; i < outer; i++) {
      int from = (i * groups + group) * inner;
      if (x.isFloat32()) {
        addPowers(x.floats, from, inner, shift, sums);
      } else {
        addPowers(x.doubles, from, inner, shift, sums);
      }
    }
    double count = (double) outer * inner;
    double offset = sums[0] / count;
    double variance = Math.max(0, sums[1] / count - offset * offset);
    return new Moments(shift + offset, 1 / Math.sqrt(variance + epsilon));
  }

  /** Adds {@code x - shift} and its square; several sums hide the time of an addition. */
  private static void addPowers(float[] x, int from, int count, double shift, double[] sums) {
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    double b0 = 0;
    double b1 = 0;
    double b2 = 0;
    double b3 = 0;
    int end = from + count;
    int i = from;
    for (; i < end - 3; i += 4) {
      double d0 = x[i] - shift;
      double d1 = x[i + 1] - shift;
      double d2 = x[i + 2] - shift;
      double d3 = x[i + 3] - shift;
      a0 += d0;
      a1 += d1;
      a2 += d2;
      a3 += d3;
      b0 += d0 * d0;
      b1 += d1 * d1;
      b2 += d2 * d2;
      b3 += d3 * d3;
    }
    for (; i < end; i++) {
      double d = x[i] - shift;
      a0 += d;
      b0 += d * d;
    }
    sums[0] += a0 + a1 + (a2 + a3);
    sums[1] += b0 + b1 + (b2 + b3);
  }

  private static void addPowers(double[] x, int from, int count, double shift, double[] sums) {
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    double b0 = 0;
    double b1 = 0;
    double b2 = 0;
    double b3 = 0;
    int end = from + count;
    int i = from;
    for (; i < end - 3; i += 4) {
      double d0 = x[i] - shift;
      double d1 = x[i + 1] - shift;
      double d2 = x[i + 2] - shift;
      double d3 = x[i + 3] - shift;
      a0 += d0;
      a1 += d1;
      a2 += d2;
      a3 += d3;
      b0 += d0 * d0;
      b1 += d1 * d1;
      b2 += d2 * d2;
      b3 += d3 * d3;
    }
    for (; i < end; i++) {
      double d = x[i] - shift;
      a0 += d;
      b0 += d * d;
    }
    sums[0] += a0 + a1 + (a2 + a3);
    sums[1] += b0 + b1 + (b2 + b3);
  }

  /** Adds {@code d} and {@code d (x - mean)}. */
  private static void addProducts(
      float[] x, float[] d, int from, int count, double mean, double[] sums) {
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    double b0 = 0;
    double b1 = 0;
    double b2 = 0;
    double b3 = 0;
    int end = from + count;
    int i = from;
    for (; i < end - 3; i += 4) {
      a0 += d[i];
      a1 += d[i + 1];
      a2 += d[i + 2];
      a3 += d[i + 3];
      b0 += d[i] * (x[i] - mean);
      b1 += d[i + 1] * (x[i + 1] - mean);
      b2 += d[i + 2] * (x[i + 2] - mean);
      b3 += d[i + 3] * (x[i + 3] - mean);
    }
    for (; i < end; i++) {
      a0 += d[i];
      b0 += d[i] * (x[i] - mean);
    }
    sums[0] += a0 + a1 + (a2 + a3);
    sums[1] += b0 + b1 + (b2 + b3);
  }

  private static void addProducts(
      double[] x, double[] d, int from, int count, double mean, double[] sums) {
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    double b0 = 0;
    double b1 = 0;
    double b2 = 0;
    double b3 = 0;
    int end = from + count;
    int i = from;
    for (; i < end - 3; i += 4) {
      a0 += d[i];
      a1 += d[i + 1];
      a2 += d[i + 2];
      a3 += d[i + 3];
      b0 += d[i] * (x[i] - mean);
      b1 += d[i + 1] * (x[i + 1] - mean);
      b2 += d[i + 2] * (x[i + 2] - mean);
      b3 += d[i + 3] * (x[i + 3] - mean);
    }
    for (; i < end; i++) {
      a0 += d[i];
      b0 += d[i] * (x[i] - mean);
    }
    sums[0] += a0 + a1 + (a2 + a3);
    sums[1] += b0 + b1 + (b2 + b3);
  }

  /** {@code (x - mean) scale}. */
  private static void standardize(float[] x, float[] y, int from, int count, Moments moments) {
    float mean = (float) moments.mean;
    float scale = (float) moments.scale;
    for (int i = from; i < from + count; i++) {
      y[i] = (x[i] - mean) * scale;
    }
  }

  private static void standardize(double[] x, double[] y, int from, int count, Moments moments) {
    double mean = moments.mean;
    double scale = moments.scale;
    for (int i = from; i < from + count; i++) {
      y[i] = (x[i] - mean) * scale;
    }
  }

  /** {@code scale (d - mean(d) - (x - mean) slope)}. */
  private static void derive(
      float[] x,
      float[] d,
      float[] to,
      int from,
      int count,
      Moments moments,
      double ofD,
      double slope) {
    float mean = (float) moments.mean;
    float scale = (float) moments.scale;
    float a = (float) ofD;
    float b = (float) slope;
    for (int i = from; i < from + count; i++) {
      to[i] = scale * (d[i] - a - (x[i] - mean) * b);
    }
  }

  private static void derive(
      double[] x,
      double[] d,
      double[] to,
      int from,
      int count,
      Moments moments,
      double ofD,
      double slope) {
    double mean = moments.mean;
    double scale = moments.scale;
    double a = ofD;
    double b = slope;
    for (int i = from; i < from + count; i++) {
      to[i] = scale * (d[i] - a - (x[i] - mean) * b);
    }
  }

  /** Both directions are alike, and the second derivative is symmetric, too. */
  static final class Rules {
    private Rules() {}

    @Pullback(of = "of")
    @Pushforward(of = "of")
    static Tensor first(Tensor x, int outer, int groups, double epsilon, Tensor y, Tensor t) {
      return derivative(x, t, outer, groups, epsilon);
    }

    @Pullback(of = "derivative", argument = 1)
    @Pushforward(of = "derivative", argument = 1)
    static Tensor inDirection(
        Tensor x, Tensor d, int outer, int groups, double epsilon, Tensor g, Tensor t) {
      return derivative(x, t, outer, groups, epsilon);
    }

    @Pullback(of = "derivative")
    @Pushforward(of = "derivative")
    static Tensor inPoint(
        Tensor x, Tensor d, int outer, int groups, double epsilon, Tensor g, Tensor t) {
      Parts parts = Parts.of(x, outer, groups, epsilon);
      Tensor y = parts.y;
      Tensor sum =
          y.times(parts.mean(parts.view(g).times(parts.view(t))))
              .plus(
                  parts
                      .view(derivative(x, t, outer, groups, epsilon))
                      .times(parts.mean(parts.view(d).times(y))))
              .plus(parts.view(g).times(parts.mean(parts.view(t).times(y))));
      return sum.times(parts.scale).neg().reshape(x.dimensions());
    }

    @Pullback(of = "of", argument = 3)
    static double inEpsilon(Tensor x, int outer, int groups, double epsilon, Tensor y, Tensor t) {
      return t.times(slope(x, outer, groups, epsilon)).sum().item();
    }

    @Pushforward(of = "of", argument = 3)
    static Tensor alongEpsilon(
        Tensor x, int outer, int groups, double epsilon, Tensor y, double t) {
      return slope(x, outer, groups, epsilon).times(t);
    }

    /** {@code -y scale² / 2}, the derivative in epsilon. */
    private static Tensor slope(Tensor x, int outer, int groups, double epsilon) {
      Parts parts = Parts.of(x, outer, groups, epsilon);
      return parts.y.times(parts.scale.square()).times(-0.5).reshape(x.dimensions());
    }

    @Pullback(of = "derivative", argument = 4)
    static double derivativeInEpsilon(
        Tensor x, Tensor d, int outer, int groups, double epsilon, Tensor g, Tensor t) {
      return t.times(slope(x, d, outer, groups, epsilon, g)).sum().item();
    }

    @Pushforward(of = "derivative", argument = 4)
    static Tensor derivativeAlongEpsilon(
        Tensor x, Tensor d, int outer, int groups, double epsilon, Tensor g, double t) {
      return slope(x, d, outer, groups, epsilon, g).times(t);
    }

    /** {@code scale² (scale y mean(d y) - g / 2)}, the derivative of the derivative in epsilon. */
    private static Tensor slope(
        Tensor x, Tensor d, int outer, int groups, double epsilon, Tensor g) {
      Parts parts = Parts.of(x, outer, groups, epsilon);
      Tensor along = parts.y.times(parts.mean(parts.view(d).times(parts.y))).times(parts.scale);
      return along
          .minus(parts.view(g).times(0.5))
          .times(parts.scale.square())
          .reshape(x.dimensions());
    }
  }

  /** The result and the scale again, of shapes (outer, groups, inner) and (1, groups, 1). */
  private record Parts(int outer, int groups, Tensor y, Tensor scale) {
    static Parts of(Tensor x, int outer, int groups, double epsilon) {
      Tensor view = x.reshape(outer, groups, -1);
      int[] axes = {0, 2};
      Tensor centred = view.minus(view.mean(axes, true));
      Tensor scale = centred.square().mean(axes, true).plus(epsilon).rsqrt();
      return new Parts(outer, groups, centred.times(scale), scale);
    }

    Tensor view(Tensor x) {
      return x.reshape(outer, groups, -1);
    }

    Tensor mean(Tensor x) {
      return x.mean(new int[] {0, 2}, true);
    }
  }
}

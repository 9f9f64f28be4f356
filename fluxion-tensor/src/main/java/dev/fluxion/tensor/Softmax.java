package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;

/** Softmax and its relatives over the last axis: greatest element first, so nothing overflows. */
final class Softmax {
  private static final int GRAIN = 1 << 14;

  private Softmax() {}

  private static int width(String name, Tensor x) {
    DType.requireFloatingPoint(name, x);
    if (x.rank() == 0) {
      throw new ShapeException(name + " of shape (): an axis is needed");
    }
    return x.size(x.rank() - 1);
  }

  private static void rows(Tensor x, int width, Parallel.Range work) {
    if (x.size() > 0) {
      Parallel.ranges(x.size() / width, GRAIN / width, work);
    }
  }

  private static double greatest(Buffer x, int from, int width) {
    double max = x.isFloat32() ? greatest(x.floats, from, width) : greatest(x.doubles, from, width);
    // inf - inf would be NaN where the logarithm of the sum is infinite
    return Double.isInfinite(max) ? 0 : max;
  }

  /** Four side by side hide the time that a comparison takes. */
  private static double greatest(float[] x, int from, int width) {
    float m0 = Float.NEGATIVE_INFINITY;
    float m1 = m0;
    float m2 = m0;
    float m3 = m0;
    int end = from + width;
    int j = from;
    for (; j < end - 3; j += 4) {
      m0 = Math.max(m0, x[j]);
      m1 = Math.max(m1, x[j + 1]);
      m2 = Math.max(m2, x[j + 2]);
      m3 = Math.max(m3, x[j + 3]);
    }
    for (; j < end; j++) {
      m0 = Math.max(m0, x[j]);
    }
    return Math.max(Math.max(m0, m1), Math.max(m2, m3));
  }

  private static double greatest(double[] x, int from, int width) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = from; j < from + width; j++) {
      max = Math.max(max, x[j]);
    }
    return max;
  }

  /** {@code exp(x - max)} of each row, and the maxima. */
  private static Buffer exponentials(Tensor x, int width, double[] maxima) {
    Buffer from = x.buffer();
    Buffer shifted = new Buffer(x.dtype(), x.size());
    rows(
        x,
        width,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            maxima[i] = greatest(from, i * width, width);
            addTo(shifted, from, i * width, width, -maxima[i]);
          }
        });
    Elementwise.mapTo(Functions.EXP, shifted, shifted);
    return shifted;
  }

  private static void addTo(Buffer to, Buffer x, int from, int width, double term) {
    if (to.isFloat32()) {
      float number = (float) term;
      for (int j = from; j < from + width; j++) {
        to.floats[j] = x.floats[j] + number;
      }
    } else {
      for (int j = from; j < from + width; j++) {
        to.doubles[j] = x.doubles[j] + term;
      }
    }
  }

  private static void scale(Buffer to, int from, int width, double factor) {
    if (to.isFloat32()) {
      float number = (float) factor;
      for (int j = from; j < from + width; j++) {
        to.floats[j] *= number;
      }
    } else {
      for (int j = from; j < from + width; j++) {
        to.doubles[j] *= factor;
      }
    }
  }

  static Tensor softmax(Tensor x) {
    int width = width("softmax", x);
    Buffer y = exponentials(x, width, new double[x.size() / Math.max(1, width)]);
    rows(
        x,
        width,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            scale(y, i * width, width, 1 / Reductions.sum(y, i * width, (i + 1) * width));
          }
        });
    return new Tensor(x.dimensions(), y);
  }

  static Tensor logSoftmax(Tensor x) {
    int width = width("logSoftmax", x);
    double[] maxima = new double[x.size() / Math.max(1, width)];
    Buffer from = x.buffer();
    Buffer y = exponentials(x, width, maxima);
    rows(
        x,
        width,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            double log = Math.log(Reductions.sum(y, i * width, (i + 1) * width));
            addTo(y, from, i * width, width, -maxima[i]);
            addTo(y, y, i * width, width, -log);
          }
        });
    return new Tensor(x.dimensions(), y);
  }

  /** The logarithm of each row's sum of exponentials; the last axis has size 1 then. */
  static Tensor logSumExp(Tensor x) {
    int width = width("logSumExp", x);
    double[] maxima = new double[x.size() / Math.max(1, width)];
    Buffer e = exponentials(x, width, maxima);
    int[] shape = x.dimensions().clone();
    shape[shape.length - 1] = 1;
    Buffer y = new Buffer(x.dtype(), Shapes.count(shape));
    for (int i = 0; i < y.size(); i++) {
      double sum = width == 0 ? 0 : Reductions.sum(e, i * width, (i + 1) * width);
      y.set(i, (width == 0 ? 0 : maxima[i]) + Math.log(sum));
    }
    return new Tensor(shape, y);
  }

  /** {@code dx = y (dy - sum(dy y))}. */
  @Primitive(PullbackRules.class)
  static Tensor softmaxBack(Tensor y, Tensor dy) {
    int width = width("softmax", y);
    Buffer of = y.buffer();
    Buffer dx = dy.times(y).buffer();
    rows(
        y,
        width,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            double sum = Reductions.sum(dx, i * width, (i + 1) * width);
            dx.addScaled(-sum, of, i * width, i * width, width);
          }
        });
    return new Tensor(y.dimensions(), dx);
  }

  /** {@code dx = dy - exp(y) sum(dy)}. */
  @Primitive(PullbackRules.class)
  static Tensor logSoftmaxBack(Tensor y, Tensor dy) {
    int width = width("logSoftmax", y);
    Buffer from = dy.buffer();
    Buffer dx = Elementwise.map(Functions.EXP, y.buffer());
    rows(
        y,
        width,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            double sum = Reductions.sum(from, i * width, (i + 1) * width);
            scale(dx, i * width, width, -sum);
            dx.scatterAdd(from, i * width, i * width, 1, width);
          }
        });
    return new Tensor(y.dimensions(), dx);
  }
}

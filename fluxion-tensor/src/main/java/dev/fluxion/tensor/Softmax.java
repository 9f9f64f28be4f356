package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import java.util.Arrays;

/** Softmax and its relatives over the last axis: greatest element first, so nothing overflows. */
final class Softmax {
  private static final int GRAIN = 1 << 14;
  private static final int RUN = 4096;

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
    Buffer shifted = Buffer.unset(x.dtype(), x.size());
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

  /**
   * Writes some rows of what the softmax is taken of; where an element is -inf, the result is 0.
   */
  private interface Rows {
    void write(int start, int end, Buffer to);
  }

  static Tensor softmax(Tensor x) {
    int width = width("softmax", x);
    Buffer from = x.buffer();
    return softmax(
        x,
        width,
        Double.NaN,
        (start, end, to) -> to.copy(from, start * width, start * width, (end - start) * width));
  }

  /**
   * The softmax over those elements of each row that are seen, where the tensor of truth values,
   * which stretches to x, is not 0; the others are 0, and all are where none is seen.
   */
  @Primitive(PullbackRules.class)
  static Tensor masked(Tensor x, Tensor seen) {
    int width = width("softmax", x);
    int[] shape = x.dimensions();
    int[] strides = Shapes.strides(seen.dimensions(), shape);
    int last = shape.length - 1;
    int[] outer = Arrays.copyOf(shape, last);
    int[] steps = Arrays.copyOf(strides, last);
    Buffer from = x.buffer();
    float[] mask = seen.buffer().floats;
    return softmax(
        x,
        width,
        0,
        (start, end, to) -> {
          Odometer odometer = new Odometer(outer, steps);
          odometer.jump(start);
          for (int row = start; row < end; row++) {
            copySeen(from, to, row * width, width, mask, odometer.at(0), strides[last]);
            odometer.advance();
          }
        });
  }

  private static void copySeen(
      Buffer from, Buffer to, int at, int width, float[] mask, int start, int step) {
    if (to.isFloat32()) {
      for (int j = 0; j < width; j++) {
        boolean isSeen = mask[start + j * step] != 0;
        to.floats[at + j] = isSeen ? from.floats[at + j] : Float.NEGATIVE_INFINITY;
      }
    } else {
      for (int j = 0; j < width; j++) {
        boolean isSeen = mask[start + j * step] != 0;
        to.doubles[at + j] = isSeen ? from.doubles[at + j] : Double.NEGATIVE_INFINITY;
      }
    }
  }

  /** One over a sum; as in PyTorch, no number where an infinite element has made it infinite. */
  private static double share(double sum, double empty) {
    return sum == 0 ? empty : Double.isInfinite(sum) ? Double.NaN : 1 / sum;
  }

  /**
   * So many rows at a time that they stay in the cache.
   *
   * @param empty what multiplies the zeros of a row all of whose elements are -inf
   */
  private static Tensor softmax(Tensor x, int width, double empty, Rows elements) {
    Buffer y = Buffer.unset(x.dtype(), x.size());
    int most = Math.max(1, RUN / Math.max(1, width));
    rows(
        x,
        width,
        (first, last) -> {
          for (int start = first; start < last; start += most) {
            int end = Math.min(last, start + most);
            elements.write(start, end, y);
            for (int i = start; i < end; i++) {
              addTo(y, y, i * width, width, -greatest(y, i * width, width));
            }
            Elementwise.mapTo(Functions.EXP, y, y, start * width, end * width);
            for (int i = start; i < end; i++) {
              double sum = Reductions.sum(y, i * width, (i + 1) * width);
              scale(y, i * width, width, share(sum, empty));
            }
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
            double sum = Reductions.sum(y, i * width, (i + 1) * width);
            double log = Double.isInfinite(sum) ? Double.NaN : Math.log(sum);
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
    Buffer from = dy.buffer();
    Buffer dx = Buffer.unset(y.dtype(), y.size());
    rows(
        y,
        width,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            if (dx.isFloat32()) {
              back(of.floats, from.floats, dx.floats, i * width, width);
            } else {
              back(of.doubles, from.doubles, dx.doubles, i * width, width);
            }
          }
        });
    return new Tensor(y.dimensions(), dx);
  }

  private static void back(float[] y, float[] dy, float[] dx, int from, int width) {
    double even = 0;
    double odd = 0;
    int end = from + width;
    int j = from;
    for (; j < end - 1; j += 2) {
      even += (double) y[j] * dy[j];
      odd += (double) y[j + 1] * dy[j + 1];
    }
    float sum = (float) (j < end ? even + odd + (double) y[j] * dy[j] : even + odd);
    for (j = from; j < end; j++) {
      dx[j] = y[j] * (dy[j] - sum);
    }
  }

  private static void back(double[] y, double[] dy, double[] dx, int from, int width) {
    int end = from + width;
    double sum = 0;
    for (int j = from; j < end; j++) {
      sum += y[j] * dy[j];
    }
    for (int j = from; j < end; j++) {
      dx[j] = y[j] * (dy[j] - sum);
    }
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

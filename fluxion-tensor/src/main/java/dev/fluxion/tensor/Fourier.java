package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;
import java.util.Arrays;

/**
 * Discrete Fourier transforms, with NumPy's names, order of frequencies and norm: a transform is a
 * plain sum, its inverse is divided by the number of entries. They have derivatives of any order.
 *
 * <p>Any length takes time in proportion to n log n. Sums are in float64 for float32, too.
 *
 * {@snippet file="dev/fluxion/tensor/FourierTest.java" region="fourier"}
 */
public final class Fourier {
  private static final int GRAIN = 1 << 14;

  /** So many elements of side-by-side columns stay in a core's cache. */
  private static final int ROOM = 1 << 14;

  private Fourier() {}

  /** The transform along the last axis. */
  public static ComplexTensor fft(ComplexTensor x) {
    return fft(x, -1);
  }

  /** The transform along an axis. */
  public static ComplexTensor fft(ComplexTensor x, int axis) {
    return along(x, axis, false);
  }

  /** The transform of real numbers along the last axis, with all frequencies. */
  public static ComplexTensor fft(Tensor x) {
    return fft(ComplexTensor.of(x), -1);
  }

  /** The inverse transform along the last axis. */
  public static ComplexTensor ifft(ComplexTensor x) {
    return ifft(x, -1);
  }

  /** The inverse transform along an axis. */
  public static ComplexTensor ifft(ComplexTensor x, int axis) {
    return along(x, axis, true).div(x.size(axis));
  }

  /** The transform over the last two axes. */
  public static ComplexTensor fft2(ComplexTensor x) {
    return fftn(x, -2, -1);
  }

  /** The inverse transform over the last two axes. */
  public static ComplexTensor ifft2(ComplexTensor x) {
    return ifftn(x, -2, -1);
  }

  /** The transform over some axes. */
  public static ComplexTensor fftn(ComplexTensor x, int... axes) {
    ComplexTensor y = x;
    for (int axis : axes) {
      y = fft(y, axis);
    }
    return y;
  }

  /** The inverse transform over some axes. */
  public static ComplexTensor ifftn(ComplexTensor x, int... axes) {
    ComplexTensor y = x;
    for (int axis : axes) {
      y = ifft(y, axis);
    }
    return y;
  }

  /** The transform of real numbers along the last axis, without negative frequencies. */
  public static ComplexTensor rfft(Tensor x) {
    return rfft(x, -1);
  }

  /**
   * The transform of real numbers along an axis of size n, without the negative frequencies, which
   * are the conjugates of the others: n / 2 + 1 entries are left.
   */
  public static ComplexTensor rfft(Tensor x, int axis) {
    return fft(ComplexTensor.of(x), axis).slice(axis, 0, x.size(axis) / 2 + 1);
  }

  /** The inverse of {@link #rfft(Tensor)} for an axis of even size. */
  public static Tensor irfft(ComplexTensor x) {
    return irfft(x, 2 * (x.size(-1) - 1), -1);
  }

  /**
   * The inverse of {@link #rfft(Tensor, int)}. The imaginary parts of frequencies 0 and n / 2,
   * which are zero for real numbers, are not looked at.
   *
   * @param size the size n of the axis in the result, since n / 2 + 1 entries do not tell it
   */
  public static Tensor irfft(ComplexTensor x, int size, int axis) {
    int at = Shapes.axis("irfft", axis, x.shape());
    requireHalf(x.shape(), size, at);
    int[] indices = new int[size];
    double[] signs = new double[size];
    for (int k = 0; k < size; k++) {
      boolean isOwnMirror = k == 0 || 2 * k == size;
      boolean isMirrored = 2 * k > size;
      indices[k] = isMirrored ? size - k : k;
      signs[k] = isOwnMirror ? 0 : isMirrored ? -1 : 1;
    }
    int[] column = new int[x.rank() - at];
    Arrays.fill(column, 1);
    column[0] = size;
    Tensor sign = Tensor.of(signs, column).cast(x.dtype());
    Tensor real = x.real().gather(at, indices);
    Tensor imaginary = x.imaginary().gather(at, indices).times(sign);
    return ifft(new ComplexTensor(real, imaginary), at).real();
  }

  private static void requireHalf(int[] shape, int size, int axis) {
    if (size < 1 || shape[axis] != size / 2 + 1) {
      throw new ShapeException(
          "irfft of shape "
              + ShapeException.text(shape)
              + " to "
              + size
              + " numbers: axis "
              + axis
              + " must have half as many entries and one more");
    }
  }

  /** The transform of real numbers over the last two axes; the last one is {@link #rfft}'s. */
  public static ComplexTensor rfft2(Tensor x) {
    return rfftn(x, -2, -1);
  }

  /** The inverse of {@link #rfft2} for a last axis of even size. */
  public static Tensor irfft2(ComplexTensor x) {
    return irfftn(x, 2 * (x.size(-1) - 1), -2, -1);
  }

  /** The transform of real numbers over some axes; the last one given is {@link #rfft}'s. */
  public static ComplexTensor rfftn(Tensor x, int... axes) {
    int last = axes.length - 1;
    return fftn(rfft(x, axes[last]), Arrays.copyOf(axes, last));
  }

  /** The inverse of {@link #rfftn}, to so many entries along the last axis given. */
  public static Tensor irfftn(ComplexTensor x, int size, int... axes) {
    int last = axes.length - 1;
    return irfft(ifftn(x, Arrays.copyOf(axes, last)), size, axes[last]);
  }

  /** The frequencies of {@link #fft(ComplexTensor)}'s entries, for samples this far apart. */
  public static Tensor fftFreq(int size, double spacing) {
    float[] frequencies = new float[size];
    for (int k = 0; k < size; k++) {
      frequencies[k] = (float) ((k <= (size - 1) / 2 ? k : k - size) / (size * spacing));
    }
    return Tensor.of(frequencies, size);
  }

  /** The frequencies of {@link #rfft(Tensor)}'s entries, for samples this far apart. */
  public static Tensor rfftFreq(int size, double spacing) {
    return Tensor.arange(size / 2 + 1).div(size * spacing);
  }

  /** The entries of some axes turned so that frequency 0 is in the middle. */
  public static Tensor fftShift(Tensor x, int... axes) {
    Tensor y = x;
    for (int axis : axes) {
      y = y.roll(x.size(axis) / 2, axis);
    }
    return y;
  }

  /** The inverse of {@link #fftShift}. */
  public static Tensor ifftShift(Tensor x, int... axes) {
    Tensor y = x;
    for (int axis : axes) {
      y = y.roll(-(x.size(axis) / 2), axis);
    }
    return y;
  }

  private static ComplexTensor along(ComplexTensor x, int axis, boolean inverse) {
    int at = Shapes.axis("fft", axis, x.shape());
    Tensor pair = transform(Tensor.stack(x.real(), x.imaginary()), at + 1, inverse);
    return new ComplexTensor(pair.at(0), pair.at(1));
  }

  /** Of real parts followed by imaginary parts; the inverse is not divided by the size. */
  @Primitive(Rules.class)
  static Tensor transform(Tensor pair, int axis, boolean inverse) {
    int[] shape = pair.dimensions();
    int size = shape[axis];
    if (size == 0) {
      throw new ShapeException(
          "fft of shape "
              + ShapeException.text(Arrays.copyOfRange(shape, 1, shape.length))
              + ": axis "
              + (axis - 1)
              + " has no entry");
    }
    int run = Shapes.product(shape, axis + 1, shape.length);
    int columns = Math.clamp(ROOM / size, 1, Math.max(1, run));
    int strips = Math.ceilDiv(run, columns);
    int blocks = Shapes.product(shape, 1, axis) * strips;
    int half = pair.size() / 2;
    Buffer from = pair.buffer();
    Buffer to = new Buffer(pair.dtype(), pair.size());
    FourierPlan plan = FourierPlan.of(size);
    Parallel.ranges(
        blocks,
        Math.max(1, GRAIN / (size * columns)),
        (start, end) -> {
          FourierPlan.Work work = plan.work(columns);
          for (int i = start; i < end; i++) {
            int first = i % strips * columns;
            int at = i / strips * size * run + first;
            int count = Math.min(columns, run - first);
            int real = inverse ? half + at : at; // swapped parts make it the inverse
            int imaginary = inverse ? at : half + at;
            load(from, real, run, work.real, columns, count, size);
            load(from, imaginary, run, work.imaginary, columns, count, size);
            plan.run(work, columns);
            store(work.real, columns, to, real, run, count, size);
            store(work.imaginary, columns, to, imaginary, run, count, size);
          }
        });
    return new Tensor(shape, to);
  }

  private static void load(
      Buffer from, int at, int run, double[] to, int columns, int count, int size) {
    for (int t = 0; t < size; t++) {
      if (from.isFloat32()) {
        for (int q = 0; q < count; q++) {
          to[t * columns + q] = from.floats[at + t * run + q];
        }
      } else {
        System.arraycopy(from.doubles, at + t * run, to, t * columns, count);
      }
    }
  }

  private static void store(
      double[] from, int columns, Buffer to, int at, int run, int count, int size) {
    for (int t = 0; t < size; t++) {
      if (to.isFloat32()) {
        for (int q = 0; q < count; q++) {
          to.floats[at + t * run + q] = (float) from[t * columns + q];
        }
      } else {
        System.arraycopy(from, t * columns, to.doubles, at + t * run, count);
      }
    }
  }

  /** The matrix is symmetric, and its adjoint the inverse transform that is not divided. */
  static final class Rules {
    private Rules() {}

    @Pullback(of = "transform")
    static Tensor transform(Tensor pair, int axis, boolean inverse, Tensor y, Tensor dy) {
      return Fourier.transform(dy, axis, !inverse);
    }

    @Pushforward(of = "transform")
    static Tensor transformForward(Tensor pair, int axis, boolean inverse, Tensor y, Tensor d) {
      return Fourier.transform(d, axis, inverse);
    }
  }
}

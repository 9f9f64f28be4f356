package dev.fluxion.tensor;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Discrete Fourier transforms of one length: by Stockham's self-sorting passes, one for each factor
 * of the length (Swarztrauber, 1982), or where a prime factor is large by Bluestein's convolution
 * with a chirp (1970). Either takes time in proportion to n log n.
 *
 * <p>Entries may lie a run apart, and the columns between them are transformed side by side: the
 * passes then begin with the stride that they would have reached.
 */
final class FourierPlan {
  /** The passes for greater factors would cost more than a convolution. */
  private static final int LARGEST_FACTOR = 13;

  private static final int MOST_PLANS = 64;

  private static final Map<Integer, FourierPlan> PLANS = new ConcurrentHashMap<>();

  private final int size;
  private final int[] factors;

  /** The powers of the first root of unity, {@code exp(-2πi k / size)}. */
  private final double[] rootReal;

  private final double[] rootImaginary;

  /** The chirp of Bluestein's method and the transform of its conjugate; none elsewhere. */
  private final Chirp[] chirp;

  private record Chirp(
      FourierPlan plan, double[] real, double[] imaginary, double[] kernel, double[] kernelI) {}

  private FourierPlan(int size) {
    this.size = size;
    this.factors = factors(size);
    boolean isSmooth = Arrays.stream(factors).allMatch(factor -> factor <= LARGEST_FACTOR);
    this.rootReal = new double[isSmooth ? size : 0];
    this.rootImaginary = new double[rootReal.length];
    for (int k = 0; k < rootReal.length; k++) {
      double angle = -2 * Math.PI * (k > size / 2 ? k - size : k) / size;
      rootReal[k] = Math.cos(angle);
      rootImaginary[k] = Math.sin(angle);
    }
    this.chirp = isSmooth ? new Chirp[0] : new Chirp[] {chirp(size)};
  }

  static FourierPlan of(int size) {
    FourierPlan found = PLANS.get(size);
    if (found == null) {
      found = new FourierPlan(size);
      if (PLANS.size() >= MOST_PLANS) {
        PLANS.clear();
      }
      PLANS.put(size, found);
    }
    return found;
  }

  /** Fours first, then the prime factors in ascending order. */
  private static int[] factors(int size) {
    int[] found = new int[32];
    int count = 0;
    int rest = size;
    while (rest % 4 == 0) {
      found[count++] = 4;
      rest /= 4;
    }
    for (int factor = 2; (long) factor * factor <= rest; factor++) {
      while (rest % factor == 0) {
        found[count++] = factor;
        rest /= factor;
      }
    }
    if (rest > 1) {
      found[count++] = rest;
    }
    return Arrays.copyOf(found, count);
  }

  private static Chirp chirp(int size) {
    int length = Integer.highestOneBit(Math.multiplyExact(2, size) - 1) * 2;
    double[] real = new double[size];
    double[] imaginary = new double[size];
    double[] kernel = new double[length];
    double[] kernelI = new double[length];
    for (int t = 0; t < size; t++) {
      long square = (long) t * t % (2L * size);
      double angle = -Math.PI * (square > size ? square - 2L * size : square) / size;
      real[t] = Math.cos(angle);
      imaginary[t] = Math.sin(angle);
      kernel[t] = real[t] / length;
      kernelI[t] = -imaginary[t] / length;
      kernel[(length - t) % length] = kernel[t];
      kernelI[(length - t) % length] = kernelI[t];
    }
    FourierPlan plan = of(length);
    Work work = plan.work(1);
    work.take(kernel, kernelI);
    plan.run(work, 1);
    return new Chirp(plan, real, imaginary, work.real, work.imaginary);
  }

  /** The parts of the entries, and room for those of the next pass. */
  static final class Work {
    double[] real;
    double[] imaginary;
    private double[] nextReal;
    private double[] nextImaginary;
    private final Work[] inner;

    private Work(int count, Work... inner) {
      this.real = new double[count];
      this.imaginary = new double[count];
      this.nextReal = new double[inner.length == 0 ? count : 0];
      this.nextImaginary = new double[nextReal.length];
      this.inner = inner;
    }

    private void take(double[] from, double[] fromI) {
      System.arraycopy(from, 0, real, 0, real.length);
      System.arraycopy(fromI, 0, imaginary, 0, imaginary.length);
    }

    /** Turns a transform into its inverse, times the length. */
    private void swapParts() {
      double[] swap = real;
      real = imaginary;
      imaginary = swap;
    }

    private void advance() {
      double[] swap = real;
      real = nextReal;
      nextReal = swap;
      swap = imaginary;
      imaginary = nextImaginary;
      nextImaginary = swap;
    }
  }

  /** Room for transforms of so many columns side by side. */
  Work work(int columns) {
    int count = Math.multiplyExact(size, columns);
    return chirp.length == 0 ? new Work(count) : new Work(count, chirp[0].plan.work(columns));
  }

  /** Transforms what lies in the work's parts, an entry every so many columns. */
  void run(Work work, int columns) {
    if (chirp.length > 0) {
      convolve(chirp[0], work, work.inner[0], columns);
      return;
    }
    int stride = columns;
    int rest = size;
    for (int factor : factors) {
      rest /= factor;
      int step = stride / columns;
      switch (factor) {
        case 2 -> pairs(work, rest, stride, step);
        case 4 -> fours(work, rest, stride, step);
        default -> any(work, factor, rest, stride, step);
      }
      work.advance();
      stride *= factor;
    }
  }

  private void convolve(Chirp chirp, Work work, Work inner, int columns) {
    double[] x = inner.real;
    double[] y = inner.imaginary;
    Arrays.fill(x, size * columns, x.length, 0);
    Arrays.fill(y, size * columns, y.length, 0);
    multiply(chirp.real, chirp.imaginary, work.real, work.imaginary, x, y, size, columns);
    chirp.plan.run(inner, columns);
    x = inner.real;
    y = inner.imaginary;
    multiply(chirp.kernel, chirp.kernelI, x, y, x, y, chirp.plan.size, columns);
    inner.swapParts();
    chirp.plan.run(inner, columns);
    inner.swapParts();
    x = inner.real;
    y = inner.imaginary;
    multiply(chirp.real, chirp.imaginary, x, y, work.real, work.imaginary, size, columns);
  }

  /** Each entry's columns times that entry's factor. */
  private static void multiply(
      double[] a,
      double[] b,
      double[] x,
      double[] y,
      double[] toX,
      double[] toY,
      int size,
      int columns) {
    for (int t = 0; t < size; t++) {
      double c = a[t];
      double d = b[t];
      for (int q = t * columns; q < (t + 1) * columns; q++) {
        double real = x[q] * c - y[q] * d;
        toY[q] = x[q] * d + y[q] * c;
        toX[q] = real;
      }
    }
  }

  private void pairs(Work work, int rest, int stride, int step) {
    double[] x = work.real;
    double[] y = work.imaginary;
    double[] u = work.nextReal;
    double[] v = work.nextImaginary;
    int half = stride * rest;
    for (int j = 0; j < rest; j++) {
      double c = rootReal[j * step];
      double d = rootImaginary[j * step];
      int from = stride * j;
      int to = 2 * stride * j;
      for (int q = 0; q < stride; q++) {
        double a = x[from + q] - x[from + half + q];
        double b = y[from + q] - y[from + half + q];
        u[to + q] = x[from + q] + x[from + half + q];
        v[to + q] = y[from + q] + y[from + half + q];
        u[to + stride + q] = a * c - b * d;
        v[to + stride + q] = a * d + b * c;
      }
    }
  }

  private void fours(Work work, int rest, int stride, int step) {
    double[] x = work.real;
    double[] y = work.imaginary;
    double[] u = work.nextReal;
    double[] v = work.nextImaginary;
    int part = stride * rest;
    for (int j = 0; j < rest; j++) {
      double c1 = rootReal[j * step];
      double d1 = rootImaginary[j * step];
      double c2 = rootReal[2 * j * step];
      double d2 = rootImaginary[2 * j * step];
      double c3 = rootReal[3 * j * step];
      double d3 = rootImaginary[3 * j * step];
      int to = 4 * stride * j;
      for (int i = stride * j; i < stride * (j + 1); i++, to++) {
        double sumA = x[i] + x[i + 2 * part];
        double sumB = y[i] + y[i + 2 * part];
        double differenceA = x[i] - x[i + 2 * part];
        double differenceB = y[i] - y[i + 2 * part];
        double oddA = x[i + part] + x[i + 3 * part];
        double oddB = y[i + part] + y[i + 3 * part];
        double turnedA = y[i + part] - y[i + 3 * part];
        double turnedB = x[i + 3 * part] - x[i + part];
        u[to] = sumA + oddA;
        v[to] = sumB + oddB;
        double a = differenceA + turnedA;
        double b = differenceB + turnedB;
        u[to + stride] = a * c1 - b * d1;
        v[to + stride] = a * d1 + b * c1;
        a = sumA - oddA;
        b = sumB - oddB;
        u[to + 2 * stride] = a * c2 - b * d2;
        v[to + 2 * stride] = a * d2 + b * c2;
        a = differenceA - turnedA;
        b = differenceB - turnedB;
        u[to + 3 * stride] = a * c3 - b * d3;
        v[to + 3 * stride] = a * d3 + b * c3;
      }
    }
  }

  private void any(Work work, int factor, int rest, int stride, int step) {
    double[] x = work.real;
    double[] y = work.imaginary;
    double[] u = work.nextReal;
    double[] v = work.nextImaginary;
    Arrays.fill(u, 0);
    Arrays.fill(v, 0);
    for (int j = 0; j < rest; j++) {
      for (int k = 0; k < factor; k++) {
        int to = stride * (factor * j + k);
        for (int r = 0; r < factor; r++) {
          long power = (long) (r * k % factor) * (size / factor) + (long) j * k * step;
          double c = rootReal[(int) (power % size)];
          double d = rootImaginary[(int) (power % size)];
          int from = stride * (j + rest * r);
          for (int q = 0; q < stride; q++) {
            u[to + q] += x[from + q] * c - y[from + q] * d;
            v[to + q] += x[from + q] * d + y[from + q] * c;
          }
        }
      }
    }
  }
}

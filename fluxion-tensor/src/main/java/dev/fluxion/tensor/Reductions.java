package dev.fluxion.tensor;

import java.util.Arrays;

/**
 * Sums and greatest and least elements over axes.
 *
 * <p>Float32 sums are carried in float64, float64 sums of runs are compensated and others of pieces
 * added in pairs (Higham, 1993), so the error does not grow with the number of terms in practice.
 */
final class Reductions {
  private static final int GRAIN = 1 << 16;

  private Reductions() {}

  /** Long sums are sums of the sums of about so many elements, on however many cores. */
  private static final int PIECE = 1 << 16;

  private static final int MOST_PIECES = 64;

  /** So many numbers lose nothing to speak of when they are added one by one. */
  private static final int FEW = 16;

  /** A piece has so many rows, unless there are not so many, and at most so many columns. */
  private static final int FEWEST_ROWS = 16;

  private static final int MOST_COLUMNS = 1 << 13;

  /** One pass over an array seen as (outer, count, inner), to (outer, inner). */
  private interface Pass {
    void run(Buffer from, Buffer to, int outer, int count, int inner);
  }

  static Tensor sumTo(Tensor x, int[] target) {
    int[] full = x.dimensions();
    int rank = full.length;
    if (target.length > rank) {
      throw new ShapeException(
          "sumTo of " + ShapeException.text(full) + " to " + ShapeException.text(target));
    }
    int[] aligned = new int[rank];
    Arrays.fill(aligned, 1);
    System.arraycopy(target, 0, aligned, rank - target.length, target.length);
    boolean[] chosen = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      chosen[i] = aligned[i] != full[i];
      if (chosen[i] && aligned[i] != 1) {
        throw new ShapeException(
            "sumTo of " + ShapeException.text(full) + " to " + ShapeException.text(target));
      }
    }
    Tensor stored = ChannelsLast.stored(x);
    int[] turned = stored == null ? null : ChannelsLast.turned(target);
    if (stored != null && turned != null) {
      return ChannelsLast.back(sumTo(stored, turned));
    }
    boolean isSame = Shapes.count(target) == x.size(); // but for axes of size 1
    return new Tensor(target.clone(), isSame ? Scans.wide(x).elements() : sum(x, chosen, target));
  }

  static Tensor sum(Tensor x, boolean[] chosen) {
    Tensor stored = ChannelsLast.stored(x);
    if (stored != null) {
      boolean[] turned = {chosen[0], chosen[2], chosen[3], chosen[1]};
      return ChannelsLast.back(sum(stored, turned));
    }
    int[] kept = Shapes.kept(x.dimensions(), chosen);
    return new Tensor(kept, sum(x, chosen, kept));
  }

  static Tensor extreme(String name, Tensor x, boolean[] chosen, boolean greatest) {
    int[] shape = x.dimensions();
    for (int i = 0; i < shape.length; i++) {
      if (chosen[i] && shape[i] == 0) {
        throw new ShapeException(
            name
                + " of shape "
                + ShapeException.text(shape)
                + ": axis "
                + i
                + " is empty, and nothing has no "
                + (greatest ? "greatest" : "least")
                + " element");
      }
    }
    Pass pass =
        (from, to, outer, count, inner) ->
            Parallel.ranges(
                outer,
                grain(count, inner),
                (start, end) -> extremes(from, to, start, end, count, inner, greatest));
    return new Tensor(Shapes.kept(shape, chosen), reduce(x, chosen, pass));
  }

  /** Sums of elements from one index up to another. */
  interface Sums {
    double sum(int start, int end);
  }

  /** Makes what a core sums with, so many elements at most at a time. */
  interface SumsMaker {
    Sums make(int most);
  }

  /** The sum of so many elements, which has the bits that it has of elements that are there. */
  static Buffer sum(DType type, int count, SumsMaker maker) {
    int rows = rows(count, 1);
    double[] all = new double[Math.ceilDiv(count, rows)];
    Parallel.ranges(
        all.length,
        1,
        (start, end) -> {
          Sums sums = maker.make(Math.min(rows, count));
          for (int i = start; i < end; i++) {
            int first = i * rows;
            all[i] = sums.sum(first, first + Math.min(rows, count - first));
          }
        });
    Buffer to = new Buffer(type, 1);
    to.set(0, all.length == 1 ? all[0] : sum(all, 0, all.length));
    return to;
  }

  /** How many rows of a width a piece has. */
  private static int rows(int count, int width) {
    return Math.max(Math.max(FEWEST_ROWS, PIECE / width), Math.ceilDiv(count, MOST_PIECES));
  }

  private static Buffer sum(Tensor x, boolean[] chosen, int[] kept) {
    boolean isWhole = Shapes.count(kept) == 1;
    Buffer sum = isWhole && x.elements() instanceof Mapped later ? later.sum() : null;
    return sum == null ? reduce(Scans.wide(x), chosen, Reductions::sum) : sum;
  }

  /** Neighbouring axes are reduced together, the last ones first. */
  private static Buffer reduce(Tensor x, boolean[] chosen, Pass pass) {
    int[] shape = x.dimensions().clone();
    Buffer buffer = x.buffer();
    int end = shape.length;
    while (end > 0) {
      if (!chosen[end - 1]) {
        end--;
        continue;
      }
      int start = end;
      while (start > 0 && (chosen[start - 1] || shape[start - 1] == 1)) {
        start--;
      }
      int outer = Shapes.product(shape, 0, start);
      int count = Shapes.product(shape, start, end);
      int inner = Shapes.product(shape, end, shape.length);
      Buffer to = new Buffer(x.dtype(), outer * inner);
      pass.run(buffer, to, outer, count, inner);
      buffer = to;
      Arrays.fill(shape, start, end, 1);
      end = start;
    }
    return buffer;
  }

  private static int grain(int count, int inner) {
    return GRAIN / Math.max(1, count * Math.max(1, inner));
  }

  private static void sum(Buffer from, Buffer to, int outer, int count, int inner) {
    if (to.isWhole()) {
      for (int row = 0; row < outer * count; row++) {
        to.scatterAdd(from, row * inner, row / count * inner, 1, inner);
      }
      return;
    }
    int width = Math.clamp(inner, 1, MOST_COLUMNS);
    int rows = rows(count, width);
    int pieces = Math.max(1, Math.ceilDiv(count, rows));
    int blocks = Math.ceilDiv(inner, width);
    double[] all = new double[pieces == 1 ? 0 : outer * pieces * inner];
    Parallel.ranges(
        outer * pieces * blocks,
        GRAIN / Math.max(1, Math.min(rows, count) * width),
        (start, end) -> {
          double[] sums = new double[width];
          for (int i = start; i < end; i++) {
            int column = i % blocks * width;
            int columns = Math.min(width, inner - column);
            int first = i / blocks % pieces * rows;
            int row = i / blocks / pieces * count;
            Arrays.fill(sums, 0);
            int last = row + Math.min(count, first + rows);
            addRows(from, row + first, last, inner, column, columns, sums);
            if (pieces == 1) {
              store(sums, 0, to, i / blocks * inner + column, columns);
            } else {
              System.arraycopy(sums, 0, all, i / blocks * inner + column, columns);
            }
          }
        });
    for (int i = 0; pieces > 1 && i < outer; i++) {
      if (inner == 1) {
        all[i * pieces] = sum(all, i * pieces, (i + 1) * pieces);
      } else {
        join(all, i * pieces * inner, pieces, inner);
      }
      store(all, i * pieces * inner, to, i * inner, inner);
    }
  }

  /** Adds rows of sums up to the first of them, in pairs. */
  private static void join(double[] sums, int at, int rows, int columns) {
    for (int step = 1; step < rows; step *= 2) {
      for (int row = 0; row + step < rows; row += 2 * step) {
        int left = at + row * columns;
        int right = left + step * columns;
        for (int j = 0; j < columns; j++) {
          sums[left + j] += sums[right + j];
        }
      }
    }
  }

  private static void store(double[] sums, int at, Buffer to, int index, int count) {
    if (to.isFloat32()) {
      for (int j = 0; j < count; j++) {
        to.floats[index + j] = (float) sums[at + j];
      }
    } else {
      System.arraycopy(sums, at, to.doubles, index, count);
    }
  }

  /** Adds some columns of rows up, four rows at a time. */
  private static void addRows(
      Buffer from, int start, int end, int inner, int column, int columns, double[] sums) {
    if (inner == 1) {
      sums[0] = sum(from, start, end);
      return;
    }
    int row = start;
    for (; row + 4 <= end; row += 4) {
      if (from.isFloat32()) {
        addFour(from.floats, row * inner + column, inner, columns, sums);
      } else {
        addFour(from.doubles, row * inner + column, inner, columns, sums);
      }
    }
    for (; row < end; row++) {
      for (int j = 0; j < columns; j++) {
        sums[j] += from.get(row * inner + column + j);
      }
    }
  }

  private static void addFour(float[] x, int at, int stride, int columns, double[] sums) {
    int second = at + stride;
    int third = second + stride;
    int fourth = third + stride;
    for (int j = 0; j < columns; j++) {
      double one = (double) x[at + j] + x[second + j];
      double other = (double) x[third + j] + x[fourth + j];
      sums[j] += one + other;
    }
  }

  private static void addFour(double[] x, int at, int stride, int columns, double[] sums) {
    int second = at + stride;
    int third = second + stride;
    int fourth = third + stride;
    for (int j = 0; j < columns; j++) {
      sums[j] += (x[at + j] + x[second + j]) + (x[third + j] + x[fourth + j]);
    }
  }

  static double sum(Buffer x, int from, int to) {
    return x.isFloat32() ? sum(x.floats, from, to) : sum(x.doubles, from, to);
  }

  /** Eight sums side by side hide the time that an addition takes. */
  private static double sum(float[] x, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
      s4 += x[i + 4];
      s5 += x[i + 5];
      s6 += x[i + 6];
      s7 += x[i + 7];
    }
    double rest = 0;
    for (; i < to; i++) {
      rest += x[i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7)) + rest;
  }

  /** Four compensated sums (Ogita, Rump and Oishi, 2005, algorithm Sum2) side by side. */
  private static double sum(double[] x, int from, int to) {
    if (to - from <= FEW) {
      return sumOfFew(x, from, to);
    }
    int i = from;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double c0 = 0;
    double c1 = 0;
    double c2 = 0;
    double c3 = 0;
    for (; i + 4 <= to; i += 4) {
      double t0 = s0 + x[i];
      double t1 = s1 + x[i + 1];
      double t2 = s2 + x[i + 2];
      double t3 = s3 + x[i + 3];
      c0 += lost(s0, x[i], t0);
      c1 += lost(s1, x[i + 1], t1);
      c2 += lost(s2, x[i + 2], t2);
      c3 += lost(s3, x[i + 3], t3);
      s0 = t0;
      s1 = t1;
      s2 = t2;
      s3 = t3;
    }
    double sum = 0;
    double rest = (c0 + c1) + (c2 + c3);
    for (double part : new double[] {s0, s1, s2, s3}) {
      double next = sum + part;
      rest += lost(sum, part, next);
      sum = next;
    }
    for (; i < to; i++) {
      double next = sum + x[i];
      rest += lost(sum, x[i], next);
      sum = next;
    }
    // what infinities and overflow lose is not a number
    return Double.isNaN(rest) ? sum : sum + rest;
  }

  private static double sumOfFew(double[] x, int from, int to) {
    double even = 0;
    double odd = 0;
    int i = from;
    for (; i + 2 <= to; i += 2) {
      even += x[i];
      odd += x[i + 1];
    }
    return i < to ? even + odd + x[i] : even + odd;
  }

  /** What a rounded sum of two numbers is too small by. */
  private static double lost(double a, double b, double sum) {
    double second = sum - a;
    return (a - (sum - second)) + (b - second);
  }

  /** {@link Math#max} and {@link Math#min} keep NaN. */
  private static void extremes(
      Buffer from, Buffer to, int start, int end, int count, int inner, boolean greatest) {
    for (int i = start; i < end; i++) {
      to.copy(from, i * count * inner, i * inner, inner);
      for (int k = 1; k < count; k++) {
        int at = (i * count + k) * inner;
        if (to.isFloat32()) {
          extremes(from.floats, at, to.floats, i * inner, inner, greatest);
        } else if (to.isWhole()) {
          extremes(from.longs, at, to.longs, i * inner, inner, greatest);
        } else {
          extremes(from.doubles, at, to.doubles, i * inner, inner, greatest);
        }
      }
    }
  }

  private static void extremes(float[] x, int at, float[] y, int to, int count, boolean greatest) {
    if (greatest) {
      for (int j = 0; j < count; j++) {
        y[to + j] = Math.max(y[to + j], x[at + j]);
      }
    } else {
      for (int j = 0; j < count; j++) {
        y[to + j] = Math.min(y[to + j], x[at + j]);
      }
    }
  }

  private static void extremes(
      double[] x, int at, double[] y, int to, int count, boolean greatest) {
    if (greatest) {
      for (int j = 0; j < count; j++) {
        y[to + j] = Math.max(y[to + j], x[at + j]);
      }
    } else {
      for (int j = 0; j < count; j++) {
        y[to + j] = Math.min(y[to + j], x[at + j]);
      }
    }
  }

  private static void extremes(long[] x, int at, long[] y, int to, int count, boolean greatest) {
    for (int j = 0; j < count; j++) {
      y[to + j] = greatest ? Math.max(y[to + j], x[at + j]) : Math.min(y[to + j], x[at + j]);
    }
  }

  /** The index of the first greatest or least element along an axis, or of the first NaN. */
  static int[] argExtreme(Tensor x, int axis, boolean greatest) {
    int[] shape = x.dimensions();
    int count = shape[axis];
    int inner = Shapes.product(shape, axis + 1, shape.length);
    int[] result = new int[Shapes.product(shape, 0, axis) * inner];
    Buffer from = x.buffer();
    for (int i = 0; i < result.length; i++) {
      int start = i / inner * count * inner + i % inner;
      for (int k = 1; k < count; k++) {
        if (exceeds(from, start + k * inner, start + result[i] * inner, greatest)) {
          result[i] = k;
        }
      }
    }
    return result;
  }

  /** Whether an element is more extreme than another; NaN is the most extreme. */
  private static boolean exceeds(Buffer x, int i, int j, boolean greatest) {
    if (x.isWhole()) {
      return greatest ? x.longs[i] > x.longs[j] : x.longs[i] < x.longs[j];
    }
    double a = x.get(i);
    double b = x.get(j);
    return !Double.isNaN(b) && (Double.isNaN(a) || (greatest ? a > b : a < b));
  }
}

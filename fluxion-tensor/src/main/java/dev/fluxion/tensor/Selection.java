package dev.fluxion.tensor;

import java.util.Arrays;

/** Elements of one tensor where a mask is not 0, else of another, all stretched to a shape. */
final class Selection {
  private static final int GRAIN = 1 << 15;

  private Selection() {}

  static void fill(Tensor mask, Tensor a, Tensor b, int[] shape, Buffer to) {
    if (to.size() == 0) {
      return;
    }
    int last = Math.max(0, shape.length - 1);
    int count = shape.length == 0 ? 1 : shape[last];
    int[] outer = Arrays.copyOf(shape, last);
    int[] m = Shapes.strides(mask.dimensions(), shape);
    int[] p = Shapes.strides(a.dimensions(), shape);
    int[] q = Shapes.strides(b.dimensions(), shape);
    Buffer of = mask.buffer();
    Buffer x = a.buffer();
    Buffer y = b.buffer();
    Parallel.ranges(
        to.size() / count,
        GRAIN / count,
        (start, end) -> {
          Odometer odometer =
              new Odometer(
                  outer, Arrays.copyOf(m, last), Arrays.copyOf(p, last), Arrays.copyOf(q, last));
          odometer.jump(start);
          for (int row = start; row < end; row++) {
            Row from =
                new Row(
                    odometer.at(0),
                    step(m, last),
                    odometer.at(1),
                    step(p, last),
                    odometer.at(2),
                    step(q, last));
            if (to.isFloat32()) {
              select(from, of.floats, x.floats, y.floats, to.floats, row * count, count);
            } else if (to.isWhole()) {
              select(from, of.longs, x.longs, y.longs, to.longs, row * count, count);
            } else {
              select(from, of.doubles, x.doubles, y.doubles, to.doubles, row * count, count);
            }
            odometer.advance();
          }
        });
  }

  private static int step(int[] strides, int last) {
    return strides.length == 0 ? 0 : strides[last];
  }

  /** Where the three begin, and their steps: 0 stays on one element. */
  private record Row(int mask, int maskStep, int a, int aStep, int b, int bStep) {}

  private static void select(
      Row row, float[] mask, float[] a, float[] b, float[] to, int at, int count) {
    int i = row.mask;
    int j = row.a;
    int k = row.b;
    for (int n = at; n < at + count; n++) {
      to[n] = mask[i] != 0 ? a[j] : b[k];
      i += row.maskStep;
      j += row.aStep;
      k += row.bStep;
    }
  }

  private static void select(
      Row row, double[] mask, double[] a, double[] b, double[] to, int at, int count) {
    int i = row.mask;
    int j = row.a;
    int k = row.b;
    for (int n = at; n < at + count; n++) {
      to[n] = mask[i] != 0 ? a[j] : b[k];
      i += row.maskStep;
      j += row.aStep;
      k += row.bStep;
    }
  }

  private static void select(
      Row row, long[] mask, long[] a, long[] b, long[] to, int at, int count) {
    int i = row.mask;
    int j = row.a;
    int k = row.b;
    for (int n = at; n < at + count; n++) {
      to[n] = mask[i] != 0 ? a[j] : b[k];
      i += row.maskStep;
      j += row.aStep;
      k += row.bStep;
    }
  }
}

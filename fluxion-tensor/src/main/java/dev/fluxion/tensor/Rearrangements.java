package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import java.util.Arrays;

/** Moves elements: transposes, slices, joins, gathers. */
final class Rearrangements {
  private static final int TILE = 64;

  private Rearrangements() {}

  static Tensor permute(Tensor x, int[] order) {
    int[] shape = x.dimensions();
    int rank = shape.length;
    int[] target = new int[rank];
    int[] strides = new int[rank];
    boolean[] seen = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      int axis = order.length == rank ? Shapes.axis("permute", order[i], shape) : -1;
      if (axis < 0 || seen[axis]) {
        throw new ShapeException(
            "permute of shape "
                + ShapeException.text(shape)
                + " by "
                + Arrays.toString(order)
                + ": each axis is to be named once");
      }
      seen[axis] = true;
      target[i] = shape[axis];
      strides[i] = Shapes.product(shape, axis + 1, rank);
    }
    Buffer from = x.buffer();
    Buffer to = Buffer.unset(x.dtype(), x.size());
    if (to.size() == 0) {
      return new Tensor(target, to);
    }
    int last = rank - 1;
    if (rank >= 2 && strides[last - 1] == 1 && strides[last] != 1) {
      int[] outer = Arrays.copyOf(target, rank - 2);
      Odometer odometer = new Odometer(outer, Arrays.copyOf(strides, rank - 2));
      int area = target[last - 1] * target[last];
      for (int i = 0; i < to.size() / area; i++) {
        transpose(
            from, odometer.at(0), strides[last], to, i * area, target[last - 1], target[last]);
        odometer.advance();
      }
    } else if (rank >= 1) {
      Odometer odometer = new Odometer(Arrays.copyOf(target, last), Arrays.copyOf(strides, last));
      int count = target[last];
      for (int i = 0; i < to.size() / count; i++) {
        to.gather(from, odometer.at(0), strides[last], i * count, count);
        odometer.advance();
      }
    } else {
      to.copy(from, 0, 0, 1);
    }
    return new Tensor(target, to);
  }

  /**
   * Columns of stored rows a stride apart become rows, eight at a time: a stride that is a power of
   * two puts all of them in one set of a cache, which holds no more than eight to twelve.
   */
  static void transpose(
      Buffer from, int start, int stride, Buffer to, int at, int rows, int columns) {
    for (int i = 0; i < rows; i += TILE) {
      int height = Math.min(TILE, rows - i);
      int first = start + i;
      int target = at + i * columns;
      int j = 0;
      for (; j + 8 <= columns; j += 8) {
        if (to.isFloat32()) {
          transpose(from.floats, first + j * stride, stride, to.floats, target, columns, j, height);
        } else if (to.isWhole()) {
          transpose(from.longs, first + j * stride, stride, to.longs, target, columns, j, height);
        } else {
          transpose(
              from.doubles, first + j * stride, stride, to.doubles, target, columns, j, height);
        }
      }
      for (; j < columns; j++) {
        to.scatter(from, first + j * stride, target + j, columns, height);
      }
    }
  }

  private static void transpose(
      float[] from, int start, int stride, float[] to, int at, int columns, int left, int count) {
    for (int k = 0; k < count; k++) {
      int s = start + k;
      int t = at + k * columns + left;
      to[t] = from[s];
      to[t + 1] = from[s + stride];
      to[t + 2] = from[s + 2 * stride];
      to[t + 3] = from[s + 3 * stride];
      to[t + 4] = from[s + 4 * stride];
      to[t + 5] = from[s + 5 * stride];
      to[t + 6] = from[s + 6 * stride];
      to[t + 7] = from[s + 7 * stride];
    }
  }

  private static void transpose(
      double[] from, int start, int stride, double[] to, int at, int columns, int left, int count) {
    for (int k = 0; k < count; k++) {
      int s = start + k;
      int t = at + k * columns + left;
      to[t] = from[s];
      to[t + 1] = from[s + stride];
      to[t + 2] = from[s + 2 * stride];
      to[t + 3] = from[s + 3 * stride];
      to[t + 4] = from[s + 4 * stride];
      to[t + 5] = from[s + 5 * stride];
      to[t + 6] = from[s + 6 * stride];
      to[t + 7] = from[s + 7 * stride];
    }
  }

  private static void transpose(
      long[] from, int start, int stride, long[] to, int at, int columns, int left, int count) {
    for (int k = 0; k < count; k++) {
      int s = start + k;
      int t = at + k * columns + left;
      to[t] = from[s];
      to[t + 1] = from[s + stride];
      to[t + 2] = from[s + 2 * stride];
      to[t + 3] = from[s + 3 * stride];
      to[t + 4] = from[s + 4 * stride];
      to[t + 5] = from[s + 5 * stride];
      to[t + 6] = from[s + 6 * stride];
      to[t + 7] = from[s + 7 * stride];
    }
  }

  /** The order of axes that swaps two of them. */
  static int[] swap(int rank, int a, int b) {
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i == a ? b : i == b ? a : i;
    }
    return order;
  }

  static int[] inverse(int[] order) {
    int rank = order.length;
    int[] inverse = new int[rank];
    for (int i = 0; i < rank; i++) {
      inverse[order[i] < 0 ? order[i] + rank : order[i]] = i;
    }
    return inverse;
  }

  static Tensor slice(Tensor x, int axis, int from, int to) {
    int[] shape = x.dimensions();
    int at = Shapes.axis("slice", axis, shape);
    if (from < 0 || to < from || to > shape[at]) {
      throw new ShapeException(
          "slice from "
              + from
              + " to "
              + to
              + " of axis "
              + axis
              + " of shape "
              + ShapeException.text(shape)
              + ": the range must lie in 0 to "
              + shape[at]);
    }
    int[] target = shape.clone();
    target[at] = to - from;
    Buffer result = Buffer.unset(x.dtype(), Shapes.count(target));
    int inner = Shapes.product(shape, at + 1, shape.length);
    int outer = Shapes.product(shape, 0, at);
    int run = (to - from) * inner;
    Buffer buffer = x.buffer();
    for (int i = 0; i < outer; i++) {
      result.copy(buffer, (i * shape[at] + from) * inner, i * run, run);
    }
    return new Tensor(target, result);
  }

  /** Zeros of a shape with a slice of an axis set: the pullback of slice. */
  @Primitive(PullbackRules.class)
  static Tensor place(Tensor part, int[] shape, int axis, int from) {
    return Placed.of(part, shape, Shapes.axis("slice", axis, shape), from);
  }

  static Tensor concat(Tensor a, Tensor b, int axis) {
    int[] p = a.dimensions();
    int[] q = b.dimensions();
    DType type = DType.common("concat", a, b);
    int at = Shapes.axis("concat", axis, p);
    int[] target = p.clone();
    int[] other = q.clone();
    if (p.length == q.length) {
      target[at] = p[at] + q[at];
      other[at] = target[at];
    }
    if (!Arrays.equals(target, other)) {
      throw new ShapeException(
          "concat of "
              + ShapeException.text(p)
              + " and "
              + ShapeException.text(q)
              + " along axis "
              + axis
              + ": all other dimensions must be equal");
    }
    Buffer x = a.buffer().as(type);
    Buffer y = b.buffer().as(type);
    Buffer to = Buffer.unset(type, Shapes.count(target));
    int outer = Shapes.product(p, 0, at);
    int left = Shapes.product(p, at, p.length);
    int right = Shapes.product(q, at, q.length);
    for (int i = 0; i < outer; i++) {
      to.copy(x, i * left, i * (left + right), left);
      to.copy(y, i * right, i * (left + right) + left, right);
    }
    return new Tensor(target, to);
  }

  private static int index(String name, int index, int[] shape, int axis) {
    if (index < 0 || index >= shape[axis]) {
      throw Entries.outside(name, index, shape, axis);
    }
    return index;
  }

  static Tensor pick(Tensor x, int[] columns) {
    int[] shape = x.dimensions();
    if (shape.length != 2 || columns.length != shape[0]) {
      throw new ShapeException(
          "pick of "
              + columns.length
              + " columns from "
              + ShapeException.text(shape)
              + ": a matrix and a column for each of its rows are expected");
    }
    Buffer from = x.buffer();
    Buffer to = new Buffer(x.dtype(), columns.length);
    for (int i = 0; i < columns.length; i++) {
      to.copy(from, i * shape[1] + index("pick", columns[i], shape, 1), i, 1);
    }
    return new Tensor(new int[] {columns.length}, to);
  }

  @Primitive(PullbackRules.class)
  static Tensor pickBack(int[] shape, int[] columns, Tensor dy) {
    Buffer from = dy.buffer();
    Buffer to = new Buffer(dy.dtype(), Shapes.count(shape));
    for (int i = 0; i < columns.length; i++) {
      to.copy(from, i, i * shape[1] + columns[i], 1);
    }
    return new Tensor(shape, to);
  }

  static Tensor where(Tensor mask, Tensor a, Tensor b) {
    DType type = DType.common("where", a, b);
    int[] shape =
        Shapes.broadcast(
            "where", Shapes.broadcast("where", mask.dimensions(), a.dimensions()), b.dimensions());
    boolean isTruth = mask.dtype() == DType.BOOL || mask.dtype() == type;
    Tensor truth = (isTruth ? mask : mask.notEqualTo(0)).cast(type);
    Buffer to = new Buffer(type, Shapes.count(shape));
    Selection.fill(truth, a.cast(type), b.cast(type), shape, to);
    return new Tensor(shape, to);
  }

  static Tensor oneHot(int[] labels, int classes) {
    int[] shape = {labels.length, classes};
    Buffer to = new Buffer(DType.FLOAT32, Shapes.count(shape));
    for (int i = 0; i < labels.length; i++) {
      to.set(i * classes + index("oneHot", labels[i], shape, 1), 1);
    }
    return new Tensor(shape, to);
  }

  static int[] reshaped(int[] shape, int size, int[] sizes) {
    int[] target = sizes.clone();
    int known = 1;
    int open = -1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] == -1 && open < 0) {
        open = i;
      } else {
        known *= target[i];
      }
    }
    if (open >= 0 && known > 0) {
      target[open] = size / known;
    }
    if (Arrays.stream(target).anyMatch(n -> n < 0) || Shapes.count(target) != size) {
      throw new ShapeException(
          "reshape of "
              + ShapeException.text(shape)
              + " to "
              + ShapeException.text(sizes)
              + ": "
              + size
              + " elements do not fit");
    }
    return target;
  }
}

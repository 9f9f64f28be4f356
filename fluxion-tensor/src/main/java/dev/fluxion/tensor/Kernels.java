package dev.fluxion.tensor;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Loops over elements, in plain Java. */
final class Kernels {
  private Kernels() {}

  static Tensor map(Tensor x, DoubleUnaryOperator f) {
    Buffer from = x.buffer();
    Buffer to = new Buffer(from.type(), from.size());
    for (int i = 0; i < from.size(); i++) {
      to.set(i, f.applyAsDouble(from.get(i)));
    }
    return new Tensor(x.dimensions(), to);
  }

  static Tensor zip(String name, Tensor a, Tensor b, DoubleBinaryOperator f) {
    if (a.dtype() != b.dtype()) {
      throw new ShapeException(
          name + " of " + a.dtype() + " and " + b.dtype() + ": cast one of them first");
    }
    int[] shape = broadcast(name, a.dimensions(), b.dimensions());
    Buffer to = new Buffer(a.dtype(), Tensor.count(shape));
    int[] left = strides(a.dimensions(), shape);
    int[] right = strides(b.dimensions(), shape);
    walk(
        shape,
        left,
        right,
        (k, i, j) -> to.set(k, f.applyAsDouble(a.buffer().get(i), b.buffer().get(j))));
    return new Tensor(shape, to);
  }

  /** Where an element is in an array of the shape that is walked, and in two that stretch to it. */
  private interface Visit {
    void element(int index, int left, int right);
  }

  /** Goes through the elements of a shape in order. */
  private static void walk(int[] shape, int[] left, int[] right, Visit visit) {
    int[] index = new int[shape.length];
    int size = Tensor.count(shape);
    int i = 0;
    int j = 0;
    for (int k = 0; k < size; k++) {
      visit.element(k, i, j);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        i += left[axis];
        j += right[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        i -= left[axis] * shape[axis];
        j -= right[axis] * shape[axis];
        index[axis] = 0;
      }
    }
  }

  /** The shape that two shapes stretch to: aligned at the end, a 1 stretches. */
  static int[] broadcast(String name, int[] a, int[] b) {
    int rank = Math.max(a.length, b.length);
    int[] shape = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int left = i <= a.length ? a[a.length - i] : 1;
      int right = i <= b.length ? b[b.length - i] : 1;
      if (left != right && left != 1 && right != 1) {
        throw new ShapeException(
            name
                + " of shapes "
                + ShapeException.text(a)
                + " and "
                + ShapeException.text(b)
                + ": dimensions must be equal or 1, counted from the last");
      }
      shape[rank - i] = left == 1 ? right : left;
    }
    return shape;
  }

  /** How far to go in an array of one shape for a step in another, 0 where it stretches. */
  static int[] strides(int[] from, int[] to) {
    int[] strides = new int[to.length];
    int stride = 1;
    for (int i = 1; i <= from.length; i++) {
      int size = from[from.length - i];
      strides[to.length - i] = size == 1 ? 0 : stride;
      stride *= size;
    }
    return strides;
  }

  /** The sum over what was stretched: the reverse of broadcasting. */
  static Tensor sumTo(Tensor x, int[] shape) {
    Buffer to = new Buffer(x.dtype(), Tensor.count(shape));
    int[] full = x.dimensions();
    int[] strides = strides(shape, full);
    walk(full, strides, strides, (k, j, _) -> to.add(j, x.buffer().get(k)));
    return new Tensor(shape, to);
  }

  /** c += a b, for matrices of n by m and m by p. */
  static void multiply(Buffer a, Buffer b, Buffer c, int n, int m, int p) {
    if (a.floats != null && b.floats != null && c.floats != null) {
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < m; k++) {
          float x = a.floats[i * m + k];
          for (int j = 0; j < p; j++) {
            c.floats[i * p + j] += x * b.floats[k * p + j];
          }
        }
      }
    } else {
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < m; k++) {
          double x = a.get(i * m + k);
          for (int j = 0; j < p; j++) {
            c.add(i * p + j, x * b.get(k * p + j));
          }
        }
      }
    }
  }
}

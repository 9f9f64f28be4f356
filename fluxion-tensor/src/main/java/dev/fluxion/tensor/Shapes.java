package dev.fluxion.tensor;

import java.util.Arrays;

/** Sizes, strides and axes. */
final class Shapes {
  private Shapes() {}

  static int count(int[] shape) {
    int count = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new ShapeException(
            "the shape " + ShapeException.text(shape) + " has a negative size");
      }
      try {
        count = Math.multiplyExact(count, size);
      } catch (ArithmeticException _) {
        throw new ShapeException(
            "the shape " + ShapeException.text(shape) + " has more than 2147483647 elements");
      }
    }
    return count;
  }

  /** An axis counted from the first; a negative one counts from behind. */
  static int axis(String name, int axis, int[] shape) {
    int counted = axis < 0 ? axis + shape.length : axis;
    if (counted < 0 || counted >= shape.length) {
      throw new ShapeException(
          name
              + " of shape "
              + ShapeException.text(shape)
              + ": there is no axis "
              + axis
              + ", it has "
              + shape.length
              + " of them");
    }
    return counted;
  }

  /** Whether two shapes are equal; most of the time they are one array, and else they are short. */
  static boolean areEqual(int[] p, int[] q) {
    if (p == q) {
      return true;
    }
    boolean areEqual = p.length == q.length;
    for (int i = 0; areEqual && i < p.length; i++) {
      areEqual = p[i] == q[i];
    }
    return areEqual;
  }

  /** That indices lie on an axis. */
  static void check(String name, int axis, int[] indices, int[] shape) {
    int at = axis(name, axis, shape);
    for (int index : indices) {
      if (index < 0 || index >= shape[at]) {
        throw Entries.outside(name, index, shape, at);
      }
    }
  }

  /** That there is an index for each entry of an axis, and that it lies below a size. */
  static void check(String name, int axis, int[] indices, int size, int[] shape) {
    int at = axis(name, axis, shape);
    if (indices.length != shape[at]) {
      throw new ShapeException(
          name
              + " of shape "
              + ShapeException.text(shape)
              + " by "
              + indices.length
              + " indices: axis "
              + axis
              + " has "
              + shape[at]
              + " entries");
    }
    check(name, axis, indices, Indices.resized(shape, at, size));
  }

  /** Which axes are meant. */
  static boolean[] axes(String name, int[] axes, int[] shape) {
    boolean[] chosen = new boolean[shape.length];
    for (int axis : axes) {
      chosen[axis(name, axis, shape)] = true;
    }
    return chosen;
  }

  /** A shape whose chosen axes have size 1. */
  static int[] kept(int[] shape, boolean[] chosen) {
    int[] kept = shape.clone();
    for (int i = 0; i < kept.length; i++) {
      kept[i] = chosen[i] ? 1 : kept[i];
    }
    return kept;
  }

  /** A shape without the chosen axes. */
  static int[] without(int[] shape, boolean[] chosen) {
    int[] left = new int[shape.length];
    int rank = 0;
    for (int i = 0; i < shape.length; i++) {
      if (!chosen[i]) {
        left[rank++] = shape[i];
      }
    }
    return Arrays.copyOf(left, rank);
  }

  /** The product of the sizes from one axis up to, not including, another. */
  static int product(int[] shape, int from, int to) {
    int product = 1;
    for (int i = from; i < to; i++) {
      product *= shape[i];
    }
    return product;
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

  /** Where the elements of a shape are in an array of a shape that stretches to it. */
  static int[] offsets(int[] from, int[] to) {
    int[] offsets = new int[count(to)];
    int[] strides = strides(from, to);
    Odometer odometer = new Odometer(to, strides);
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = odometer.at(0);
      odometer.advance();
    }
    return offsets;
  }
}

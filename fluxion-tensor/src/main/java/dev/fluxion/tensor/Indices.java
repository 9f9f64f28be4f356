package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;

/** Which entries of an axis, or elements of a tensor, an arrangement takes, in its order. */
final class Indices {
  private Indices() {}

  /** The elements of a tensor of a whole type as indices. */
  @Primitive(ReductionRules.class)
  static int[] of(String name, Tensor indices) {
    if (!indices.dtype().isWhole()) {
      throw new ShapeException(
          name
              + " with indices "
              + ShapeException.text(indices.dimensions())
              + " of "
              + indices.dtype()
              + ": they must be of a whole type, as INT32 and INT64");
    }
    Buffer from = indices.buffer();
    int[] numbers = new int[from.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Math.clamp(from.longs[i], Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return numbers;
  }

  /** From one index up to, not including, another, in steps; a negative step goes down. */
  static int[] steps(int[] shape, int axis, int from, int to, int step) {
    int at = Shapes.axis("slice", axis, shape);
    int size = shape[at];
    boolean isInside =
        step > 0 ? from >= 0 && from <= to && to <= size : from < size && to >= -1 && to <= from;
    if (step == 0 || !isInside) {
      throw new ShapeException(
          "slice from "
              + from
              + " to "
              + to
              + " in steps of "
              + step
              + " of axis "
              + axis
              + " of shape "
              + ShapeException.text(shape)
              + ": the range must lie in "
              + (step < 0 ? (size - 1) + " down to, not including, -1" : "0 to " + size)
              + ", and the step must not be 0");
    }
    int[] indices = new int[Math.ceilDiv(Math.abs(to - from), Math.abs(step))];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = from + i * step;
    }
    return indices;
  }

  static int[] reversed(int size) {
    return IntStream.range(0, size).map(i -> size - 1 - i).toArray();
  }

  static int[] rolled(int size, int shift) {
    return IntStream.range(0, size).map(i -> Math.floorMod(i - shift, size)).toArray();
  }

  /** Each entry so many times, one after the other. */
  static int[] repeated(int size, int times) {
    return IntStream.range(0, size * times).map(i -> i / times).toArray();
  }

  /** All entries in order, so many times. */
  static int[] tiled(int size, int times) {
    return IntStream.range(0, size * times).map(i -> i % size).toArray();
  }

  static ShapeException unpadded(int axis, int[] shape, int before, int after, String reason) {
    return new ShapeException(
        "pad of axis "
            + axis
            + " of shape "
            + ShapeException.text(shape)
            + " by "
            + before
            + " and "
            + after
            + ": "
            + reason);
  }

  static int[] padded(int[] shape, int axis, Padding padding, int before, int after) {
    int at = Shapes.axis("pad", axis, shape);
    int size = shape[at];
    int most = padding.most(size);
    if (before < 0 || after < 0 || before > most || after > most) {
      throw unpadded(axis, shape, before, after, padding + " gives 0 to " + most);
    }
    return IntStream.range(-before, size + after).map(i -> padding.source(i, size)).toArray();
  }

  /** Where along an axis each element stands, with the other axes as they are. */
  static int[] along(int[] shape, int axis, int[] indices, int count) {
    int size = shape[axis];
    int inner = Shapes.product(shape, axis + 1, shape.length);
    int outer = Shapes.product(shape, 0, axis);
    if (indices.length != outer * count * inner) {
      throw new ShapeException(
          "gatherAlong of shape "
              + ShapeException.text(shape)
              + " with "
              + indices.length
              + " indices: axis "
              + axis
              + " needs "
              + outer * inner
              + " times "
              + count);
    }
    int[] positions = new int[indices.length];
    for (int i = 0; i < positions.length; i++) {
      if (indices[i] < 0 || indices[i] >= size) {
        throw Entries.outside("gatherAlong", indices[i], shape, axis);
      }
      positions[i] = (i / (count * inner) * size + indices[i]) * inner + i % inner;
    }
    return positions;
  }

  /** The positions of elements whose mask is not 0. */
  @Primitive(ReductionRules.class)
  static int[] chosen(Tensor mask) {
    Buffer buffer = mask.buffer();
    return IntStream.range(0, buffer.size()).filter(i -> buffer.get(i) != 0).toArray();
  }

  /** The positions of the diagonal of the last two axes; positive offsets lie above it. */
  static int[] diagonal(String name, int[] shape, int offset) {
    int rank = shape.length;
    if (rank < 2) {
      throw new ShapeException(
          name + " of shape " + ShapeException.text(shape) + ": two axes are needed");
    }
    int rows = shape[rank - 2];
    int columns = shape[rank - 1];
    int top = Math.max(0, -offset);
    int left = Math.max(0, offset);
    int length = Math.max(0, Math.min(rows - top, columns - left));
    int matrices = Shapes.product(shape, 0, rank - 2);
    int[] positions = new int[matrices * length];
    for (int i = 0; i < positions.length; i++) {
      int k = i % length;
      positions[i] = (i / length * rows + top + k) * columns + left + k;
    }
    return positions;
  }

  /** A shape with others in the place of an axis. */
  static int[] replaced(int[] shape, int axis, int[] others) {
    int[] replaced = Arrays.copyOf(shape, shape.length - 1 + others.length);
    System.arraycopy(others, 0, replaced, axis, others.length);
    System.arraycopy(shape, axis + 1, replaced, axis + others.length, shape.length - axis - 1);
    return replaced;
  }

  /** A shape with another size of an axis. */
  static int[] resized(int[] shape, int axis, int size) {
    int[] resized = shape.clone();
    resized[axis] = size;
    return resized;
  }

  /**
   * The indices along an axis that put its entries in ascending order, NaN last; equal ones stay in
   * theirs. They lie as the elements do.
   */
  static int[] sorted(Tensor x, int axis, boolean descending) {
    int[] shape = x.dimensions();
    int size = shape[axis];
    int inner = Shapes.product(shape, axis + 1, shape.length);
    int[] result = new int[x.size()];
    Buffer from = x.buffer();
    for (int row = 0; row < Shapes.product(shape, 0, axis); row++) {
      for (int column = 0; column < inner; column++) {
        int start = row * size * inner + column;
        int[] order = sorted(size, ascending(from, start, inner, size), descending);
        for (int k = 0; k < size; k++) {
          result[start + k * inner] = order[k];
        }
      }
    }
    return result;
  }

  /** Compares entries a stride apart. */
  private static IntBinaryOperator ascending(Buffer from, int start, int stride, int size) {
    if (from.isWhole()) {
      long[] longs = from.longs;
      return (a, b) -> Long.compare(longs[start + a * stride], longs[start + b * stride]);
    }
    double[] keys = new double[size];
    for (int k = 0; k < size; k++) {
      keys[k] = from.get(start + k * stride) + 0.0; // -0.0 equals 0.0
    }
    return (a, b) -> Double.compare(keys[a], keys[b]);
  }

  /** A merge sort, which is stable, on indices. */
  private static int[] sorted(int size, IntBinaryOperator ascending, boolean descending) {
    int[] from = IntStream.range(0, size).toArray();
    int[] to = new int[size];
    for (int width = 1; width < size; width *= 2) {
      for (int start = 0; start < size; start += 2 * width) {
        int middle = Math.min(start + width, size);
        int end = Math.min(start + 2 * width, size);
        int left = start;
        int right = middle;
        for (int k = start; k < end; k++) {
          boolean isRight =
              left == middle
                  || (right < end && precedes(ascending, from[right], from[left], descending));
          to[k] = isRight ? from[right++] : from[left++];
        }
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private static boolean precedes(IntBinaryOperator ascending, int a, int b, boolean descending) {
    return (descending ? ascending.applyAsInt(b, a) : ascending.applyAsInt(a, b)) < 0;
  }

  /** For each index the bag that it lies in. */
  static int[] bags(int count, int[] offsets) {
    int[] bags = new int[count];
    for (int bag = 0; bag < offsets.length; bag++) {
      int end = bag + 1 < offsets.length ? offsets[bag + 1] : count;
      if (offsets[bag] < 0 || offsets[bag] > end || end > count || (bag == 0 && offsets[0] != 0)) {
        throw new ShapeException(
            "gatherBags of "
                + count
                + " indices with offset "
                + offsets[bag]
                + ": offsets begin with 0 and do not descend");
      }
      for (int i = offsets[bag]; i < end; i++) {
        bags[i] = bag;
      }
    }
    if (offsets.length == 0 && count > 0) {
      throw new ShapeException("gatherBags of " + count + " indices without a bag");
    }
    return bags;
  }

  /** The first so many entries of an axis. */
  static int[] first(int[] elements, int[] shape, int axis, int count) {
    int inner = Shapes.product(shape, axis + 1, shape.length);
    int outer = Shapes.product(shape, 0, axis);
    int[] first = new int[outer * count * inner];
    for (int i = 0; i < outer; i++) {
      System.arraycopy(elements, i * shape[axis] * inner, first, i * count * inner, count * inner);
    }
    return first;
  }

  /** Of sorted numbers the positions where a new one begins. */
  @Primitive(ReductionRules.class)
  static int[] starts(Tensor sorted) {
    Buffer buffer = sorted.buffer();
    return IntStream.range(0, buffer.size())
        .filter(
            i ->
                i == 0
                    || (buffer.isWhole()
                        ? buffer.longs[i] != buffer.longs[i - 1]
                        : buffer.get(i) != buffer.get(i - 1)))
        .toArray();
  }
}

package dev.fluxion.tensor;

import java.util.Arrays;

/**
 * A way through tensors that stretch to one shape: rows, in each of which every tensor is either
 * walked element by element or stays on one element. Axes that all walk alike are one.
 *
 * @param shape the axes of the rows, and last the elements of a row
 * @param strides for each tensor how far a step along an axis is
 */
record Walk(int[] shape, int[][] strides) {
  static Walk over(int[] shape, int[]... tensors) {
    int[][] given = new int[tensors.length][];
    for (int k = 0; k < given.length; k++) {
      given[k] = Shapes.strides(tensors[k], shape);
    }
    int[] sizes = new int[shape.length + 1];
    int[][] strides = new int[given.length][shape.length + 1];
    int rank = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] == 1) {
        continue;
      }
      boolean joins = rank > 0;
      for (int k = 0; joins && k < given.length; k++) {
        joins = strides[k][rank - 1] == given[k][axis] * shape[axis];
      }
      rank = joins ? rank : rank + 1;
      sizes[rank - 1] = joins ? sizes[rank - 1] * shape[axis] : shape[axis];
      for (int k = 0; k < given.length; k++) {
        strides[k][rank - 1] = given[k][axis];
      }
    }
    if (rank == 0) { // one element
      sizes[rank++] = 1;
    }
    for (int k = 0; k < given.length; k++) {
      strides[k] = Arrays.copyOf(strides[k], rank);
    }
    return new Walk(Arrays.copyOf(sizes, rank), strides);
  }

  private int last() {
    return shape.length - 1;
  }

  /** How many elements a row has. */
  int inner() {
    return shape[last()];
  }

  /** Whether all rows of a tensor are the same one. */
  boolean isOneRow(int tensor) {
    for (int axis = 0; axis < last(); axis++) {
      if (strides[tensor][axis] != 0 && shape[axis] > 1) {
        return false;
      }
    }
    return true;
  }

  int rows() {
    return Shapes.product(shape, 0, last());
  }

  /** Whether a tensor is walked along a row, 1, or stays, 0. */
  int step(int tensor) {
    return strides[tensor][last()];
  }

  /** The tensors that stay, as bits. */
  long fixed() {
    long fixed = 0;
    for (int k = 0; k < strides.length; k++) {
      fixed |= step(k) == 0 ? 1L << k : 0;
    }
    return fixed;
  }

  /** Walks the rows. */
  Odometer odometer() {
    int[][] outer = new int[strides.length][];
    for (int k = 0; k < outer.length; k++) {
      outer[k] = Arrays.copyOf(strides[k], last());
    }
    return new Odometer(Arrays.copyOf(shape, last()), outer);
  }
}

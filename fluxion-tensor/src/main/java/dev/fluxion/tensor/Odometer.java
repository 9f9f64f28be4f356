package dev.fluxion.tensor;

/** Walks the indices of a shape in order, and where each is in arrays with other strides. */
final class Odometer {
  private final int[] shape;
  private final int[][] strides;
  private final int[] index;
  private final int[] at;

  Odometer(int[] shape, int[]... strides) {
    this.shape = shape;
    this.strides = strides;
    this.index = new int[shape.length];
    this.at = new int[strides.length];
  }

  /** Where this index is in an array. */
  int at(int array) {
    return at[array];
  }

  void advance() {
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      for (int i = 0; i < at.length; i++) {
        at[i] += strides[i][axis];
      }
      if (++index[axis] < shape[axis]) {
        return;
      }
      for (int i = 0; i < at.length; i++) {
        at[i] -= strides[i][axis] * shape[axis];
      }
      index[axis] = 0;
    }
  }

  /** Goes to the index with this number. */
  void jump(int number) {
    int rest = number;
    java.util.Arrays.fill(at, 0);
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
      for (int i = 0; i < at.length; i++) {
        at[i] += strides[i][axis] * index[axis];
      }
    }
  }
}

package dev.fluxion.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A matrix inside a buffer.
 *
 * @param buffer where its elements are
 * @param offset the index of the first element
 * @param stride how far a stored row is from the next
 * @param transposed whether the matrix meant is the transpose of the stored one
 */
record Block(Buffer buffer, int offset, int stride, boolean transposed) {
  /** The same stored matrix from a row and column of the matrix meant. */
  Block at(int row, int column) {
    int step = transposed ? column * stride + row : row * stride + column;
    return new Block(buffer, offset + step, stride, transposed);
  }

  /** The transpose of the matrix meant. */
  Block turned() {
    return new Block(buffer, offset, stride, !transposed);
  }

  /** The memory from the first element on, for native code. */
  MemorySegment memory() {
    return buffer.isFloat32()
        ? MemorySegment.ofArray(buffer.floats).asSlice(4L * offset)
        : MemorySegment.ofArray(buffer.doubles).asSlice(8L * offset);
  }

  /** Native code trusts us: no matrix of so many rows and columns may reach past its array. */
  void requireInside(int rows, int columns) {
    int height = transposed ? columns : rows;
    int width = transposed ? rows : columns;
    if (width > stride) {
      throw new IndexOutOfBoundsException("rows of " + width + " at a distance of " + stride);
    }
    Objects.checkFromIndexSize(offset, (long) (height - 1) * stride + width, (long) buffer.size());
  }
}

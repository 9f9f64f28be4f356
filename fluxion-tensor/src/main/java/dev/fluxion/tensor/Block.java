package dev.fluxion.tensor;

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
}

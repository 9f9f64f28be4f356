package dev.fluxion.tensor;

/** Masks of matrices. */
final class Matrices {
  private Matrices() {}

  /**
   * Ones on one side of a diagonal, which is with them, of the last two axes' sizes and the type.
   */
  static Tensor triangle(Tensor x, int offset, boolean lower) {
    int[] shape = x.dimensions();
    if (shape.length < 2) {
      throw new ShapeException(
          (lower ? "lowerTriangle" : "upperTriangle")
              + " of shape "
              + ShapeException.text(shape)
              + ": two axes are needed");
    }
    int rows = shape[shape.length - 2];
    int columns = shape[shape.length - 1];
    Buffer to = new Buffer(x.dtype(), rows * columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        if (lower ? j <= i + offset : j >= i + offset) {
          to.set(i * columns + j, 1);
        }
      }
    }
    return new Tensor(new int[] {rows, columns}, to);
  }
}

package dev.fluxion.tensor;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/** Walks the matrices of a batch, as EJML's matrices, and checks their shapes. */
final class Decompositions {
  private Decompositions() {}

  /** Fills a result from one matrix of a batch. */
  interface Each {
    void run(DMatrixRMaj a, double[] result);
  }

  /** For each matrix a result of a shape. */
  static Tensor each(Tensor a, int[] shape, Each each) {
    int rows = a.size(-2);
    int columns = a.size(-1);
    int[] batch = batch(a);
    int[] target = joined(batch, shape);
    int area = Shapes.count(shape);
    double[] from = a.toDoubleArray();
    double[] to = new double[Shapes.count(target)];
    Parallel.ranges(
        Shapes.count(batch),
        1 + 20_000 / (1 + rows * columns * Math.min(rows, columns)),
        (start, end) -> {
          double[] result = new double[area];
          for (int i = start; i < end; i++) {
            Arrays.fill(result, 0);
            int at = i * rows * columns;
            each.run(
                new DMatrixRMaj(
                    rows, columns, true, Arrays.copyOfRange(from, at, at + rows * columns)),
                result);
            System.arraycopy(result, 0, to, i * area, area);
          }
        });
    return Tensor.of(to, target).cast(a.dtype());
  }

  /** The second operand's matrix with the same number in the batch. */
  static DMatrixRMaj matrix(Tensor b, double[] elements, int index) {
    int rows = b.size(-2);
    int columns = b.size(-1);
    int at = index * rows * columns;
    return new DMatrixRMaj(
        rows, columns, true, Arrays.copyOfRange(elements, at, at + rows * columns));
  }

  static int[] batch(Tensor a) {
    return Arrays.copyOf(a.dimensions(), a.rank() - 2);
  }

  static int[] batch(String name, Tensor a, Tensor b) {
    return Shapes.broadcast(name, batch(a), batch(b));
  }

  static int[] joined(int[] batch, int... shape) {
    int[] joined = Arrays.copyOf(batch, batch.length + shape.length);
    System.arraycopy(shape, 0, joined, batch.length, shape.length);
    return joined;
  }

  static int[] matrices(int[] batch, Tensor a) {
    return joined(batch, a.size(-2), a.size(-1));
  }

  static Tensor identity(Tensor a) {
    int size = a.size(-1);
    return Tensor.eye(size).cast(a.dtype()).broadcastTo(a.dimensions());
  }

  static void requireMatrix(String name, Tensor a) {
    if (a.rank() < 2) {
      throw new ShapeException(
          name + " of shape " + ShapeException.text(a.dimensions()) + ": a matrix is expected");
    }
    DType.requireFloatingPoint(name, a);
  }

  static void requireSquare(String name, Tensor a) {
    if (a.rank() < 2 || a.size(-1) != a.size(-2)) {
      throw new ShapeException(
          name
              + " of shape "
              + ShapeException.text(a.dimensions())
              + ": a square matrix is expected");
    }
    DType.requireFloatingPoint(name, a);
  }

  static void requireRows(String name, Tensor a, Tensor b) {
    DType.requireSame(name, a, b);
    if (b.rank() < 2 || a.size(-1) != b.size(-2)) {
      throw new ShapeException(
          name
              + " of shapes "
              + ShapeException.text(a.dimensions())
              + " and "
              + ShapeException.text(b.dimensions())
              + ": the second needs as many rows as the first has columns");
    }
  }
}

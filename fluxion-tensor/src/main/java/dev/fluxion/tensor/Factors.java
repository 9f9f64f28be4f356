package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.LUDecomposition_F64;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Decompositions of matrices. The factors of one lie in one tensor, row upon row, so that each
 * decomposition is one primitive.
 */
final class Factors {
  private Factors() {}

  @Primitive(FactorRules.class)
  static Tensor cholesky(Tensor a) {
    int size = a.size(-1);
    return Decompositions.each(a, new int[] {size, size}, Factors::cholesky);
  }

  private static void cholesky(DMatrixRMaj a, double[] result) {
    int n = a.numRows;
    symmetrize(a);
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(n, true);
    if (n > 0 && !cholesky.decompose(a)) {
      throw new ArithmeticException(
          "cholesky: a matrix of size " + n + " is not positive definite");
    }
    if (n > 0) {
      write(cholesky.getT(null), result, 0, n);
    }
  }

  private static void symmetrize(DMatrixRMaj a) {
    for (int i = 0; i < a.numRows; i++) {
      for (int j = 0; j < i; j++) {
        double mean = 0.5 * (a.get(i, j) + a.get(j, i));
        a.set(i, j, mean);
        a.set(j, i, mean);
      }
    }
  }

  /** Columns of a matrix as the first columns of rows in a result. */
  private static void write(DMatrixRMaj from, double[] to, int row, int columns) {
    for (int i = 0; i < from.numRows; i++) {
      for (int j = 0; j < columns; j++) {
        to[(row + i) * columns + j] = from.get(i, j);
      }
    }
  }

  /** P, L and U. */
  @Primitive(FactorRules.class)
  static Tensor lu(Tensor a) {
    int size = a.size(-1);
    return Decompositions.each(a, new int[] {3 * size, size}, Factors::lu);
  }

  private static void lu(DMatrixRMaj a, double[] result) {
    int n = a.numRows;
    if (n == 0) {
      return;
    }
    LUDecomposition_F64<DMatrixRMaj> lu = DecompositionFactory_DDRM.lu(n, n);
    lu.decompose(a);
    int[] rows = lu.getRowPivotV(null);
    for (int i = 0; i < n; i++) {
      result[i * n + rows[i]] = 1;
    }
    write(lu.getLower(null), result, n, n);
    write(lu.getUpper(null), result, 2 * n, n);
  }

  /** Q and R of matrices with at least as many rows as columns. */
  @Primitive(FactorRules.class)
  static Tensor qr(Tensor a) {
    int columns = a.size(-1);
    return Decompositions.each(a, new int[] {a.size(-2) + columns, columns}, Factors::qr);
  }

  private static void qr(DMatrixRMaj a, double[] result) {
    int rows = a.numRows;
    int columns = a.numCols;
    if (columns == 0) {
      return;
    }
    QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(rows, columns);
    qr.decompose(a);
    DMatrixRMaj q = qr.getQ(null, true);
    DMatrixRMaj r = qr.getR(null, true);
    for (int k = 0; k < columns; k++) {
      if (r.get(k, k) < 0) {
        negateColumn(q, k);
        for (int j = k; j < columns; j++) {
          r.set(k, j, -r.get(k, j));
        }
      }
    }
    write(q, result, 0, columns);
    write(r, result, rows, columns);
  }

  private static void negateColumn(DMatrixRMaj a, int column) {
    for (int i = 0; i < a.numRows; i++) {
      a.set(i, column, -a.get(i, column));
    }
  }

  /** U, the singular values as a row, and V. */
  @Primitive(FactorRules.class)
  static Tensor svd(Tensor a) {
    int rows = a.size(-2);
    int columns = a.size(-1);
    int rank = Math.min(rows, columns);
    return Decompositions.each(a, new int[] {rows + 1 + columns, rank}, Factors::svd);
  }

  private static void svd(DMatrixRMaj a, double[] result) {
    int rank = Math.min(a.numRows, a.numCols);
    if (rank == 0) {
      return;
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(a.numRows, a.numCols, true, true, true);
    if (!svd.decompose(a)) {
      throw new ArithmeticException("svd: the iteration does not converge; is there a NaN?");
    }
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    double[] s = svd.getSingularValues();
    int[] order = descending(s, rank);
    for (int k = 0; k < rank; k++) {
      int column = order[k];
      double sign = sign(u, column);
      for (int i = 0; i < a.numRows; i++) {
        result[i * rank + k] = sign * u.get(i, column);
      }
      result[a.numRows * rank + k] = s[column];
      for (int i = 0; i < a.numCols; i++) {
        result[(a.numRows + 1 + i) * rank + k] = sign * v.get(i, column);
      }
    }
  }

  private static int[] descending(double[] numbers, int count) {
    return Indices.sorted(Tensor.of(java.util.Arrays.copyOf(numbers, count), count), 0, true);
  }

  /** Of the component of a column that is farthest from 0. */
  private static double sign(DMatrixRMaj a, int column) {
    double farthest = 0;
    for (int i = 0; i < a.numRows; i++) {
      double component = a.get(i, column);
      farthest = Math.abs(component) > Math.abs(farthest) * (1 + 1e-9) ? component : farthest;
    }
    return farthest < 0 ? -1 : 1;
  }

  /** The eigenvalues as a row, and the eigenvectors. */
  @Primitive(FactorRules.class)
  static Tensor eigh(Tensor a) {
    int size = a.size(-1);
    return Decompositions.each(a, new int[] {1 + size, size}, Factors::eigh);
  }

  private static void eigh(DMatrixRMaj a, double[] result) {
    int n = a.numRows;
    if (n == 0) {
      return;
    }
    symmetrize(a);
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
    if (!eigen.decompose(a)) {
      throw new ArithmeticException("eigh: the iteration does not converge; is there a NaN?");
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = eigen.getEigenvalue(i).getReal();
    }
    int[] order = descending(values, n);
    for (int k = 0; k < n; k++) {
      int from = order[n - 1 - k];
      DMatrixRMaj vector = eigen.getEigenVector(from);
      double sign = sign(vector, 0);
      result[k] = values[from];
      for (int i = 0; i < n; i++) {
        result[(1 + i) * n + k] = sign * vector.get(i, 0);
      }
    }
  }
}

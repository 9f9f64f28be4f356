package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.LUDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** Determinants and what their derivatives are made of. */
final class Determinants {
  private static final int[] SCALAR = {};
  private static final int[] MATRIX = {-2, -1};

  private Determinants() {}

  @Primitive(Rules.class)
  static Tensor determinant(Tensor a) {
    return Decompositions.each(a, SCALAR, (matrix, result) -> result[0] = determinant(matrix));
  }

  @Primitive(Rules.class)
  static Tensor logarithm(Tensor a) {
    return Decompositions.each(
        a,
        SCALAR,
        (matrix, result) -> {
          if (matrix.numRows > 0) {
            for (double pivot : pivots(lu(matrix))) {
              result[0] += Math.log(Math.abs(pivot));
            }
          }
        });
  }

  /** The derivative of the determinant, which singular matrices have too: by singular values. */
  @Primitive(Rules.class)
  static Tensor cofactors(Tensor a) {
    int size = a.size(-1);
    return Decompositions.each(a, new int[] {size, size}, Determinants::cofactors);
  }

  private static void cofactors(DMatrixRMaj a, double[] result) {
    int n = a.numRows;
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(n, n, true, true, false);
    if (n == 0 || !svd.decompose(a)) {
      Arrays.fill(result, Double.NaN);
      return;
    }
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    double[] s = svd.getSingularValues();
    double orientation = determinant(u) * determinant(v);
    for (int k = 0; k < n; k++) {
      double others = orientation;
      for (int i = 0; i < n; i++) {
        others *= i == k ? 1 : s[i];
      }
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          result[i * n + j] += others * u.get(i, k) * v.get(j, k);
        }
      }
    }
  }

  private static double determinant(DMatrixRMaj a) {
    if (a.numRows == 0) {
      return 1;
    }
    LUDecomposition_F64<DMatrixRMaj> lu = lu(a);
    double determinant = sign(lu.getRowPivotV(null), a.numRows);
    for (double pivot : pivots(lu)) {
      determinant *= pivot;
    }
    return determinant;
  }

  private static LUDecomposition_F64<DMatrixRMaj> lu(DMatrixRMaj a) {
    LUDecomposition_F64<DMatrixRMaj> lu = DecompositionFactory_DDRM.lu(a.numRows, a.numCols);
    if (!lu.decompose(a.copy())) {
      throw new ArithmeticException("determinant: the decomposition failed");
    }
    return lu;
  }

  private static double[] pivots(LUDecomposition_F64<DMatrixRMaj> lu) {
    DMatrixRMaj u = lu.getUpper(null);
    double[] pivots = new double[u.numRows];
    for (int i = 0; i < pivots.length; i++) {
      pivots[i] = u.get(i, i);
    }
    return pivots;
  }

  /** Of a permutation of rows: whether it is even. */
  private static double sign(int[] rows, int count) {
    double sign = 1;
    for (int i = 0; i < count; i++) {
      while (rows[i] != i) {
        int other = rows[i];
        rows[i] = rows[other];
        rows[other] = other;
        sign = -sign;
      }
    }
    return sign;
  }

  static final class Rules {
    private Rules() {}

    @Pullback(of = "determinant")
    static Tensor determinant(Tensor a, Tensor y, Tensor dy) {
      return asMatrix(dy).times(Determinants.cofactors(a));
    }

    @Pushforward(of = "determinant")
    static Tensor determinantForward(Tensor a, Tensor y, Tensor da) {
      return da.times(Determinants.cofactors(a)).sum(MATRIX, false);
    }

    @Pullback(of = "logarithm")
    static Tensor logarithm(Tensor a, Tensor y, Tensor dy) {
      return asMatrix(dy).times(inverseTurned(a));
    }

    @Pushforward(of = "logarithm")
    static Tensor logarithmForward(Tensor a, Tensor y, Tensor da) {
      return da.times(inverseTurned(a)).sum(MATRIX, false);
    }

    /** Of regular matrices only: {@code det(A) A⁻ᵀ} varies with both factors. */
    @Pullback(of = "cofactors")
    static Tensor cofactors(Tensor a, Tensor y, Tensor dy) {
      Tensor x = inverseTurned(a);
      Tensor size = asMatrix(Determinants.determinant(a));
      Tensor along = asMatrix(dy.times(x).sum(MATRIX, false)).times(x);
      return along.minus(x.matmul(LinearAlgebra.turned(dy)).matmul(x)).times(size);
    }

    /** The Jacobian matrix is symmetric. */
    @Pushforward(of = "cofactors")
    static Tensor cofactorsForward(Tensor a, Tensor y, Tensor da) {
      return cofactors(a, y, da);
    }

    private static Tensor inverseTurned(Tensor a) {
      return LinearAlgebra.turned(LinearSolves.inverse(a));
    }

    private static Tensor asMatrix(Tensor scalars) {
      return scalars.reshape(Decompositions.joined(scalars.dimensions(), 1, 1));
    }
  }
}

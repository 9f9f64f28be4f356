package dev.fluxion.tensor;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** Solutions of linear equations and inverses (derivatives: Giles, 2008). */
final class LinearSolves {
  private LinearSolves() {}

  @Primitive(Rules.class)
  static Tensor solve(Tensor a, Tensor b) {
    return pairs(
        a,
        b,
        (left, right, x) -> {
          LinearSolverDense<DMatrixRMaj> solver = factorized("solve", left);
          solver.solve(right, x);
        });
  }

  @Primitive(Rules.class)
  static Tensor inverse(Tensor a) {
    return Decompositions.each(
        a,
        new int[] {a.size(-1), a.size(-1)},
        (matrix, result) -> {
          DMatrixRMaj inverse = new DMatrixRMaj(matrix.numRows, matrix.numCols);
          factorized("inverse", matrix).invert(inverse);
          System.arraycopy(inverse.data, 0, result, 0, result.length);
        });
  }

  @Primitive(Rules.class)
  static Tensor solveTriangular(Tensor a, Tensor b, boolean lower) {
    return pairs(
        a,
        b,
        (left, right, x) -> {
          int n = left.numRows;
          int columns = right.numCols;
          for (int i = 0; i < n; i++) {
            if (left.get(i, i) == 0) {
              throw new ArithmeticException(
                  "solveTriangular: element " + i + " of the diagonal is 0");
            }
          }
          double[] column = new double[n];
          for (int j = 0; j < columns; j++) {
            for (int i = 0; i < n; i++) {
              column[i] = right.get(i, j);
            }
            if (lower) {
              TriangularSolver_DDRM.solveL(left.data, column, n);
            } else {
              TriangularSolver_DDRM.solveU(left.data, column, n);
            }
            for (int i = 0; i < n; i++) {
              x.set(i, j, column[i]);
            }
          }
        });
  }

  private static LinearSolverDense<DMatrixRMaj> factorized(String name, DMatrixRMaj a) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.lu(a.numRows);
    if (a.numRows > 0 && (!solver.setA(a) || solver.quality() == 0)) {
      throw new ArithmeticException(name + ": a matrix of size " + a.numRows + " is singular");
    }
    return solver;
  }

  private interface Pair {
    void run(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj x);
  }

  private static Tensor pairs(Tensor a, Tensor b, Pair pair) {
    double[] left = a.toDoubleArray();
    double[] right = b.toDoubleArray();
    int area = b.size(-2) * b.size(-1);
    double[] to = new double[b.size()];
    for (int i = 0; area > 0 && i < b.size() / area; i++) {
      DMatrixRMaj x = new DMatrixRMaj(b.size(-2), b.size(-1));
      pair.run(Decompositions.matrix(a, left, i), Decompositions.matrix(b, right, i), x);
      System.arraycopy(x.data, 0, to, i * area, area);
    }
    return Tensor.of(to, Arrays.copyOf(b.dimensions(), b.rank())).cast(b.dtype());
  }

  static final class Rules {
    private Rules() {}

    @Pullback(of = "solve")
    static Tensor solveInMatrix(Tensor a, Tensor b, Tensor x, Tensor dx) {
      Tensor db = LinearSolves.solve(LinearAlgebra.turned(a), dx);
      return db.matmul(LinearAlgebra.turned(x)).neg();
    }

    @Pullback(of = "solve", argument = 1)
    static Tensor solveInRight(Tensor a, Tensor b, Tensor x, Tensor dx) {
      return LinearSolves.solve(LinearAlgebra.turned(a), dx);
    }

    @Pushforward(of = "solve")
    static Tensor solveAlongMatrix(Tensor a, Tensor b, Tensor x, Tensor da) {
      return LinearSolves.solve(a, da.matmul(x)).neg();
    }

    @Pushforward(of = "solve", argument = 1)
    static Tensor solveAlongRight(Tensor a, Tensor b, Tensor x, Tensor db) {
      return LinearSolves.solve(a, db);
    }

    @Pullback(of = "solveTriangular")
    static Tensor triangularInMatrix(Tensor a, Tensor b, boolean lower, Tensor x, Tensor dx) {
      Tensor db = LinearSolves.solveTriangular(LinearAlgebra.turned(a), dx, !lower);
      return triangle(db.matmul(LinearAlgebra.turned(x)).neg(), lower);
    }

    @Pullback(of = "solveTriangular", argument = 1)
    static Tensor triangularInRight(Tensor a, Tensor b, boolean lower, Tensor x, Tensor dx) {
      return LinearSolves.solveTriangular(LinearAlgebra.turned(a), dx, !lower);
    }

    @Pushforward(of = "solveTriangular")
    static Tensor triangularAlongMatrix(Tensor a, Tensor b, boolean lower, Tensor x, Tensor da) {
      return LinearSolves.solveTriangular(a, triangle(da, lower).matmul(x), lower).neg();
    }

    @Pushforward(of = "solveTriangular", argument = 1)
    static Tensor triangularAlongRight(Tensor a, Tensor b, boolean lower, Tensor x, Tensor db) {
      return LinearSolves.solveTriangular(a, db, lower);
    }

    private static Tensor triangle(Tensor a, boolean lower) {
      return lower ? a.lowerTriangle(0) : a.upperTriangle(0);
    }

    @Pullback(of = "inverse")
    static Tensor inverse(Tensor a, Tensor y, Tensor dy) {
      Tensor turned = LinearAlgebra.turned(y);
      return turned.matmul(dy).matmul(turned).neg();
    }

    @Pushforward(of = "inverse")
    static Tensor inverseForward(Tensor a, Tensor y, Tensor da) {
      return y.matmul(da).matmul(y).neg();
    }
  }
}

package dev.fluxion.tensor;

import java.util.Arrays;

/**
 * Linear algebra of matrices (…, rows, columns), each of a batch by itself, with derivatives of any
 * order.
 *
 * <p>The decompositions are EJML's, computed in float64 whatever the type of the tensor. Where a
 * decomposition is unique but for signs, they are chosen: the diagonal of R is not negative, and
 * the largest component of an eigenvector or left singular vector is positive.
 *
 * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="linear-algebra"}
 */
public final class LinearAlgebra {
  private LinearAlgebra() {}

  /**
   * A lower triangular L with ones on its diagonal and an upper triangular U: {@code P A = L U}.
   */
  public record Lu(Tensor p, Tensor l, Tensor u) {}

  /** A Q with orthonormal columns and an upper triangular R: {@code A = Q R}. */
  public record Qr(Tensor q, Tensor r) {}

  /**
   * Singular vectors in the columns of U and V, and the singular values in descending order: {@code
   * A = U diag(s) Vᵀ}.
   */
  public record Svd(Tensor u, Tensor s, Tensor v) {}

  /**
   * The eigenvalues in ascending order and the eigenvectors in columns: {@code A = V diag(λ) Vᵀ}.
   */
  public record Eigen(Tensor values, Tensor vectors) {}

  /**
   * The X of {@code A X = B}, by LU decomposition.
   *
   * @param a (…, n, n)
   * @param b (…, n, m), or a vector (n) where {@code a} is a single matrix
   * @throws ArithmeticException if a matrix is singular
   */
  public static Tensor solve(Tensor a, Tensor b) {
    if (a.rank() == 2 && b.rank() == 1) {
      return solve(a, b.reshape(b.size(), 1)).reshape(b.size());
    }
    Decompositions.requireSquare("solve", a);
    Decompositions.requireRows("solve", a, b);
    int[] batch = Decompositions.batch("solve", a, b);
    return LinearSolves.solve(
        a.broadcastTo(Decompositions.matrices(batch, a)),
        b.broadcastTo(Decompositions.matrices(batch, b)));
  }

  /**
   * The X of {@code A X = B} for a triangular A, of which the other triangle is not read.
   *
   * @param lower whether the lower triangle of {@code a} is meant, else the upper one
   */
  public static Tensor solveTriangular(Tensor a, Tensor b, boolean lower) {
    if (a.rank() == 2 && b.rank() == 1) {
      return solveTriangular(a, b.reshape(b.size(), 1), lower).reshape(b.size());
    }
    Decompositions.requireSquare("solveTriangular", a);
    Decompositions.requireRows("solveTriangular", a, b);
    int[] batch = Decompositions.batch("solveTriangular", a, b);
    return LinearSolves.solveTriangular(
        a.broadcastTo(Decompositions.matrices(batch, a)),
        b.broadcastTo(Decompositions.matrices(batch, b)),
        lower);
  }

  /**
   * The X that makes {@code A X - B} least in the sum of squares, by QR decomposition; A has at
   * least as many rows as columns, which are independent.
   */
  public static Tensor leastSquares(Tensor a, Tensor b) {
    if (b.rank() == 1) {
      return leastSquares(a, b.reshape(b.size(), 1)).reshape(a.size(-1));
    }
    if (a.size(-2) < a.size(-1)) {
      throw new ShapeException(
          "leastSquares of shape "
              + ShapeException.text(a.dimensions())
              + ": at least as many rows as columns are expected");
    }
    Qr qr = qr(a);
    return solveTriangular(qr.r, turned(qr.q).matmul(b), false);
  }

  /**
   * The inverse.
   *
   * @throws ArithmeticException if a matrix is singular
   */
  public static Tensor inverse(Tensor a) {
    Decompositions.requireSquare("inverse", a);
    return LinearSolves.inverse(a);
  }

  /** The pseudoinverse of matrices of full rank: {@code (AᵀA)⁻¹Aᵀ} or {@code Aᵀ(AAᵀ)⁻¹}. */
  public static Tensor pseudoinverse(Tensor a) {
    if (a.size(-2) < a.size(-1)) {
      return turned(pseudoinverse(turned(a)));
    }
    Qr qr = qr(a);
    return solveTriangular(qr.r, turned(qr.q), false);
  }

  /** The determinant, of shape (…). */
  public static Tensor determinant(Tensor a) {
    Decompositions.requireSquare("determinant", a);
    return Determinants.determinant(a);
  }

  /**
   * The logarithm of the determinant's absolute value, of shape (…); negative infinity for a
   * singular matrix.
   */
  public static Tensor logDeterminant(Tensor a) {
    Decompositions.requireSquare("logDeterminant", a);
    return Determinants.logarithm(a);
  }

  /**
   * The lower triangular L of {@code A = L Lᵀ} for symmetric positive definite A.
   *
   * @throws ArithmeticException if a matrix is not positive definite
   */
  public static Tensor cholesky(Tensor a) {
    Decompositions.requireSquare("cholesky", a);
    return Factors.cholesky(a);
  }

  /** The LU decomposition of square matrices, with the rows permuted by size. */
  public static Lu lu(Tensor a) {
    Decompositions.requireSquare("lu", a);
    int size = a.size(-1);
    Tensor packed = Factors.lu(a);
    int[] shape = a.dimensions();
    return new Lu(
        packed.slice(-2, 0, size).reshape(shape),
        packed.slice(-2, size, 2 * size).reshape(shape),
        packed.slice(-2, 2 * size, 3 * size).reshape(shape));
  }

  /** The reduced QR decomposition: Q is (…, m, k) and R (…, k, n), with k the lesser of m and n. */
  public static Qr qr(Tensor a) {
    Decompositions.requireMatrix("qr", a);
    int rows = a.size(-2);
    int columns = a.size(-1);
    if (rows < columns) {
      Qr left = qr(a.slice(-1, 0, rows));
      Tensor right = turned(left.q).matmul(a.slice(-1, rows, columns));
      return new Qr(left.q, left.r.concat(right, -1));
    }
    Tensor packed = Factors.qr(a);
    return new Qr(
        packed.slice(-2, 0, rows).reshape(a.dimensions()), packed.slice(-2, rows, rows + columns));
  }

  /**
   * The reduced singular value decomposition: U is (…, m, k), s (…, k) and V (…, n, k), with k the
   * lesser of m and n. The derivatives of U and V need distinct singular values.
   */
  public static Svd svd(Tensor a) {
    Decompositions.requireMatrix("svd", a);
    int rows = a.size(-2);
    int columns = a.size(-1);
    Tensor packed = Factors.svd(a);
    int[] shape = a.dimensions();
    int[] values = Arrays.copyOf(shape, shape.length - 1);
    values[values.length - 1] = Math.min(rows, columns);
    return new Svd(
        packed.slice(-2, 0, rows),
        packed.slice(-2, rows, rows + 1).reshape(values),
        packed.slice(-2, rows + 1, rows + 1 + columns));
  }

  /**
   * The eigenvalues and eigenvectors of symmetric matrices; both triangles are read, as half of
   * their sum. The derivatives of the vectors need distinct eigenvalues.
   */
  public static Eigen eigh(Tensor a) {
    Decompositions.requireSquare("eigh", a);
    int size = a.size(-1);
    Tensor packed = Factors.eigh(a);
    int[] shape = a.dimensions();
    return new Eigen(
        packed.slice(-2, 0, 1).reshape(Arrays.copyOf(shape, shape.length - 1)),
        packed.slice(-2, 1, size + 1));
  }

  /** The product of a matrix with itself, so many times; a negative power is the inverse's. */
  public static Tensor power(Tensor a, int exponent) {
    Decompositions.requireSquare("power", a);
    if (exponent < 0) {
      return power(inverse(a), -exponent);
    }
    Tensor result = Decompositions.identity(a);
    Tensor square = a;
    for (int rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = result.matmul(square);
      }
      if (rest > 1) {
        square = square.matmul(square);
      }
    }
    return result;
  }

  static Tensor turned(Tensor a) {
    return a.transpose(-1, -2);
  }
}

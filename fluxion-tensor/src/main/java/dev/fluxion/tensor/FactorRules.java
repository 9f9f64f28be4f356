package dev.fluxion.tensor;

import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;

/**
 * The derivatives of decompositions, made of products and solves, so that they have derivatives
 * too. Cholesky: Murray, 2016; LU: de Hoog, Anderssen and Lukas, 2011; QR: Walter and Lehmann,
 * 2010; singular values: Townsend, 2016; eigenvalues: Giles, 2008.
 */
final class FactorRules {
  private FactorRules() {}

  private static Tensor turned(Tensor a) {
    return LinearAlgebra.turned(a);
  }

  private static Tensor solveLower(Tensor l, Tensor b) {
    return LinearSolves.solveTriangular(l, b, true);
  }

  private static Tensor solveUpper(Tensor u, Tensor b) {
    return LinearSolves.solveTriangular(u, b, false);
  }

  /** {@code b u⁻¹} for an upper triangular matrix. */
  private static Tensor divUpper(Tensor b, Tensor u) {
    return turned(solveLower(turned(u), turned(b)));
  }

  /** The lower triangle with half of the diagonal. */
  private static Tensor halfLower(Tensor a) {
    return a.lowerTriangle(0).plus(a.lowerTriangle(-1)).times(0.5);
  }

  private static Tensor symmetric(Tensor a) {
    return a.plus(turned(a)).times(0.5);
  }

  @Pullback(of = "cholesky")
  static Tensor cholesky(Tensor a, Tensor l, Tensor dl) {
    Tensor inner = halfLower(turned(l).matmul(dl.lowerTriangle(0)));
    Tensor left = solveUpper(turned(l), inner);
    return symmetric(turned(solveUpper(turned(l), turned(left))));
  }

  @Pushforward(of = "cholesky")
  static Tensor choleskyForward(Tensor a, Tensor l, Tensor da) {
    Tensor left = solveLower(l, symmetric(da));
    return l.matmul(halfLower(turned(solveLower(l, turned(left)))));
  }

  @Pullback(of = "lu")
  static Tensor lu(Tensor a, Tensor y, Tensor dy) {
    int n = a.size(-1);
    Tensor p = y.slice(-2, 0, n);
    Tensor l = y.slice(-2, n, 2 * n);
    Tensor u = y.slice(-2, 2 * n, 3 * n);
    Tensor lower = turned(l).matmul(dy.slice(-2, n, 2 * n)).lowerTriangle(-1);
    Tensor upper = dy.slice(-2, 2 * n, 3 * n).matmul(turned(u)).upperTriangle(0);
    Tensor left = solveUpper(turned(l), lower.plus(upper));
    return turned(p).matmul(turned(solveUpper(u, turned(left))));
  }

  @Pushforward(of = "lu")
  static Tensor luForward(Tensor a, Tensor y, Tensor da) {
    int n = a.size(-1);
    Tensor p = y.slice(-2, 0, n);
    Tensor l = y.slice(-2, n, 2 * n);
    Tensor u = y.slice(-2, 2 * n, 3 * n);
    Tensor inner = divUpper(solveLower(l, p.matmul(da)), u);
    Tensor dl = l.matmul(inner.lowerTriangle(-1));
    Tensor du = inner.upperTriangle(0).matmul(u);
    return p.zero().concat(dl, -2).concat(du, -2);
  }

  @Pullback(of = "qr")
  static Tensor qr(Tensor a, Tensor y, Tensor dy) {
    int rows = a.size(-2);
    int columns = a.size(-1);
    Tensor q = y.slice(-2, 0, rows);
    Tensor r = y.slice(-2, rows, rows + columns);
    Tensor dq = dy.slice(-2, 0, rows);
    Tensor dr = dy.slice(-2, rows, rows + columns).upperTriangle(0);
    Tensor m = r.matmul(turned(dr)).minus(turned(dq).matmul(q));
    Tensor mirrored = m.lowerTriangle(0).plus(turned(m.lowerTriangle(-1)));
    return turned(solveUpper(r, turned(dq.plus(q.matmul(mirrored)))));
  }

  @Pushforward(of = "qr")
  static Tensor qrForward(Tensor a, Tensor y, Tensor da) {
    int rows = a.size(-2);
    int columns = a.size(-1);
    Tensor q = y.slice(-2, 0, rows);
    Tensor r = y.slice(-2, rows, rows + columns);
    Tensor scaled = divUpper(da, r);
    Tensor inner = turned(q).matmul(scaled);
    Tensor lower = inner.lowerTriangle(-1);
    Tensor turn = lower.minus(turned(lower));
    Tensor dq = q.matmul(turn.minus(inner)).plus(scaled);
    return dq.concat(inner.minus(turn).matmul(r), -2);
  }

  /** {@code 1 / (s[j] - s[i])} at (i, j), and 0 where both are equal. */
  private static Tensor gaps(Tensor s) {
    Tensor differences = s.minus(turned(s));
    Tensor equal = differences.equalTo(0);
    return Tensor.where(equal, differences.zero(), differences.plus(equal).pow(-1.0));
  }

  @Pullback(of = "eigh")
  static Tensor eigh(Tensor a, Tensor y, Tensor dy) {
    int n = a.size(-1);
    Tensor values = y.slice(-2, 0, 1);
    Tensor v = y.slice(-2, 1, n + 1);
    Tensor turning = gaps(values).times(turned(v).matmul(dy.slice(-2, 1, n + 1)));
    Tensor diagonal = diagonal(dy.slice(-2, 0, 1));
    return symmetric(v.matmul(turning.plus(diagonal)).matmul(turned(v)));
  }

  @Pushforward(of = "eigh")
  static Tensor eighForward(Tensor a, Tensor y, Tensor da) {
    int n = a.size(-1);
    Tensor values = y.slice(-2, 0, 1);
    Tensor v = y.slice(-2, 1, n + 1);
    Tensor inner = turned(v).matmul(symmetric(da)).matmul(v);
    return row(inner).concat(v.matmul(gaps(values).times(inner)), -2);
  }

  /** A row as the diagonal of a matrix. */
  private static Tensor diagonal(Tensor row) {
    return row.times(Decompositions.identity(row.broadcastTo(square(row))));
  }

  private static int[] square(Tensor row) {
    int[] shape = row.dimensions().clone();
    shape[shape.length - 2] = shape[shape.length - 1];
    return shape;
  }

  /** The diagonal of a matrix as a row. */
  private static Tensor row(Tensor a) {
    return a.diagonal().reshape(Decompositions.joined(Decompositions.batch(a), 1, a.size(-1)));
  }

  @Pullback(of = "svd")
  static Tensor svd(Tensor a, Tensor y, Tensor dy) {
    int rows = a.size(-2);
    int columns = a.size(-1);
    Tensor u = y.slice(-2, 0, rows);
    Tensor s = y.slice(-2, rows, rows + 1);
    Tensor v = y.slice(-2, rows + 1, rows + 1 + columns);
    Tensor du = dy.slice(-2, 0, rows);
    Tensor dv = dy.slice(-2, rows + 1, rows + 1 + columns);
    Tensor gaps = gaps(s.square());
    Tensor turnU = gaps.times(turned(u).matmul(du));
    Tensor turnV = gaps.times(turned(v).matmul(dv));
    Tensor inner =
        turnU
            .plus(turned(turnU))
            .times(s)
            .plus(turned(s).times(turnV.plus(turned(turnV))))
            .plus(diagonal(dy.slice(-2, rows, rows + 1)));
    Tensor result = u.matmul(inner).matmul(turned(v));
    if (rows > columns) {
      result = result.plus(outside(u, du.div(s)).matmul(turned(v)));
    }
    if (columns > rows) {
      result = result.plus(u.matmul(turned(outside(v, dv.div(s)))));
    }
    return result;
  }

  /** What of some columns is orthogonal to the columns of a matrix. */
  private static Tensor outside(Tensor u, Tensor x) {
    return x.minus(u.matmul(turned(u).matmul(x)));
  }

  @Pushforward(of = "svd")
  static Tensor svdForward(Tensor a, Tensor y, Tensor da) {
    int rows = a.size(-2);
    int columns = a.size(-1);
    Tensor u = y.slice(-2, 0, rows);
    Tensor s = y.slice(-2, rows, rows + 1);
    Tensor v = y.slice(-2, rows + 1, rows + 1 + columns);
    Tensor inner = turned(u).matmul(da).matmul(v);
    Tensor gaps = gaps(s.square());
    Tensor scaled = inner.times(s);
    Tensor across = turned(s).times(inner);
    Tensor du = u.matmul(gaps.times(scaled.plus(turned(scaled))));
    Tensor dv = v.matmul(gaps.times(across.plus(turned(across))));
    if (rows > columns) {
      du = du.plus(outside(u, da.matmul(v).div(s)));
    }
    if (columns > rows) {
      dv = dv.plus(outside(v, turned(da).matmul(u).div(s)));
    }
    return du.concat(row(inner), -2).concat(dv, -2);
  }
}

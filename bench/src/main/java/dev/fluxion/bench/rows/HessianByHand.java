package dev.fluxion.bench.rows;

import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;

/**
 * What a careful person would write for {@link Hessian} without use of where it is zero, which the
 * peers and the compiler do not know: the tangent of the adjoint, in one direction after another.
 */
public final class HessianByHand implements Workload {
  private final double[] x = Hessian.point();

  @Override
  public double check() {
    return Norms.norm(hessian(x));
  }

  @Override
  public Object run() {
    return hessian(x);
  }

  private static double[][] hessian(double[] x) {
    double[][] columns = new double[x.length][];
    double[] direction = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      direction[j] = 1;
      columns[j] = product(x, direction);
      direction[j] = 0;
    }
    return columns;
  }

  /**
   * The tangent of the gradient: {@code g[i] -= 400 x[i] (x[i+1] - x[i]²) + 2 (1 - x[i])} and
   * {@code g[i+1] += 200 (x[i+1] - x[i]²)} for all {@code i}.
   */
  private static double[] product(double[] x, double[] dx) {
    double[] dg = new double[x.length];
    for (int i = 0; i < x.length - 1; i++) {
      double valley = x[i + 1] - x[i] * x[i];
      double change = dx[i + 1] - 2 * x[i] * dx[i];
      dg[i] += 2 * dx[i] - 400 * (dx[i] * valley + x[i] * change);
      dg[i + 1] += 200 * change;
    }
    return dg;
  }
}

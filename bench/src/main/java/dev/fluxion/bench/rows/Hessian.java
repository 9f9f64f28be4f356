package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;

/** All second derivatives of the function of Rosenbrock (1960) in 100 dimensions. */
public final class Hessian implements Workload {
  private final double[] x = point();

  static double[] point() {
    return Inputs.u(9, 100);
  }

  static double rosenbrock(double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length - 1; i++) {
      double valley = x[i + 1] - x[i] * x[i];
      double slope = 1 - x[i];
      sum += 100 * valley * valley + slope * slope;
    }
    return sum;
  }

  @Override
  public double check() {
    return Norms.norm(Grad.hessian(Hessian::rosenbrock, x));
  }

  @Override
  public Object run() {
    return Grad.hessian(Hessian::rosenbrock, x);
  }
}

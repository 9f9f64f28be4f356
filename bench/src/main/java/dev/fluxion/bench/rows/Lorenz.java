package dev.fluxion.bench.rows;

import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;

/**
 * The system of Lorenz (1963), 10 000 steps of the classical Runge-Kutta method: the gradient of
 * where it ends in its three parameters and where it starts.
 */
public final class Lorenz implements Workload {
  static final double[] START = {10, 28, 8.0 / 3.0, 1, 1, 1};
  static final int STEPS = 10_000;
  static final double DT = 1e-3;

  static double end(double[] start) {
    double s = start[0];
    double r = start[1];
    double b = start[2];
    double x = start[3];
    double y = start[4];
    double z = start[5];
    for (int i = 0; i < STEPS; i++) {
      double x1 = s * (y - x);
      double y1 = x * (r - z) - y;
      double z1 = x * y - b * z;
      double xa = x + DT / 2 * x1;
      double ya = y + DT / 2 * y1;
      double za = z + DT / 2 * z1;
      double x2 = s * (ya - xa);
      double y2 = xa * (r - za) - ya;
      double z2 = xa * ya - b * za;
      double xb = x + DT / 2 * x2;
      double yb = y + DT / 2 * y2;
      double zb = z + DT / 2 * z2;
      double x3 = s * (yb - xb);
      double y3 = xb * (r - zb) - yb;
      double z3 = xb * yb - b * zb;
      double xc = x + DT * x3;
      double yc = y + DT * y3;
      double zc = z + DT * z3;
      double x4 = s * (yc - xc);
      double y4 = xc * (r - zc) - yc;
      double z4 = xc * yc - b * zc;
      x = x + DT / 6 * (x1 + 2 * x2 + 2 * x3 + x4);
      y = y + DT / 6 * (y1 + 2 * y2 + 2 * y3 + y4);
      z = z + DT / 6 * (z1 + 2 * z2 + 2 * z3 + z4);
    }
    return x + y + z;
  }

  @Override
  public double check() {
    return Norms.sum(Grad.gradient(Lorenz::end, START));
  }

  @Override
  public Object run() {
    return Grad.gradient(Lorenz::end, START);
  }
}

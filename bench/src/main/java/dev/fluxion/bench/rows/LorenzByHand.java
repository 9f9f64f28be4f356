package dev.fluxion.bench.rows;

import static dev.fluxion.bench.rows.Lorenz.DT;
import static dev.fluxion.bench.rows.Lorenz.STEPS;

import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;

/**
 * What a careful person would write for {@link Lorenz}: the twelve values that a step's adjoint
 * reads are kept, three arrays of four a step.
 */
public final class LorenzByHand implements Workload {
  private final double[] kept = new double[12 * STEPS];

  @Override
  public double check() {
    return Norms.sum(gradient(Lorenz.START, kept));
  }

  @Override
  public Object run() {
    return gradient(Lorenz.START, kept);
  }

  private static double[] gradient(double[] start, double[] kept) {
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
      int at = 12 * i;
      kept[at] = x;
      kept[at + 1] = y;
      kept[at + 2] = z;
      kept[at + 3] = xa;
      kept[at + 4] = ya;
      kept[at + 5] = za;
      kept[at + 6] = xb;
      kept[at + 7] = yb;
      kept[at + 8] = zb;
      kept[at + 9] = xc;
      kept[at + 10] = yc;
      kept[at + 11] = zc;
      x = x + DT / 6 * (x1 + 2 * x2 + 2 * x3 + s * (yc - xc));
      y = y + DT / 6 * (y1 + 2 * y2 + 2 * y3 + (xc * (r - zc) - yc));
      z = z + DT / 6 * (z1 + 2 * z2 + 2 * z3 + (xc * yc - b * zc));
    }
    double ds = 0;
    double dr = 0;
    double db = 0;
    double dx = 1;
    double dy = 1;
    double dz = 1;
    for (int i = STEPS - 1; i >= 0; i--) {
      // each stage: the slopes' cotangents (p, q, w) at the stage's point (u, v, t)
      double du = dx;
      double dv = dy;
      double dt = dz;
      double p = 0;
      double q = 0;
      double w = 0;
      for (int stage = 3; stage >= 0; stage--) {
        int at = 12 * i + 3 * stage;
        double u = kept[at];
        double v = kept[at + 1];
        double t = kept[at + 2];
        double weight = DT / 6 * (stage == 0 || stage == 3 ? 1 : 2);
        double reach = stage == 3 ? 0 : stage == 2 ? DT : DT / 2;
        double a = weight * dx + reach * p;
        double c = weight * dy + reach * q;
        double e = weight * dz + reach * w;
        ds += a * (v - u);
        dr += c * u;
        db -= e * t;
        p = -s * a + (r - t) * c + v * e;
        q = s * a - c + u * e;
        w = -u * c - b * e;
        du += p;
        dv += q;
        dt += w;
      }
      dx = du;
      dy = dv;
      dz = dt;
    }
    return new double[] {ds, dr, db, dx, dy, dz};
  }
}

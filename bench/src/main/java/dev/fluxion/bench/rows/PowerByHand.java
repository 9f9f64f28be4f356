package dev.fluxion.bench.rows;

import dev.fluxion.bench.Workload;

/** What a careful person would write for {@link Power}. */
public final class PowerByHand implements Workload {
  private static final int N = 100;

  private final double[] before = new double[N];
  private final double x = Double.parseDouble("1.01"); // not a constant to the compiler

  @Override
  public double check() {
    return gradient(x, before);
  }

  @Override
  public Object run() {
    return gradient(x, before);
  }

  private static double gradient(double x, double[] before) {
    double r = 1;
    for (int i = 0; i < N; i++) {
      before[i] = r;
      r = r * x;
    }
    double dr = 1;
    double dx = 0;
    for (int i = N - 1; i >= 0; i--) {
      dx += dr * before[i];
      dr = dr * x;
    }
    return dx;
  }
}

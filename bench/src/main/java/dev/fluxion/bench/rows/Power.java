package dev.fluxion.bench.rows;

import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;

/** The derivative of {@code x} to the power 100, computed by a loop. */
public final class Power implements Workload {
  private final double x = Double.parseDouble("1.01"); // not a constant to the compiler

  static double power(double x) {
    double r = 1;
    for (int i = 0; i < 100; i++) {
      r = r * x;
    }
    return r;
  }

  @Override
  public double check() {
    return Grad.gradient(Power::power, x);
  }

  @Override
  public Object run() {
    return Grad.gradient(Power::power, x);
  }
}

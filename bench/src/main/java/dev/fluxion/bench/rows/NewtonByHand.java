package dev.fluxion.bench.rows;

import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;

/**
 * What a careful person would write for {@link NewtonGradient}: each root depends on one number, so
 * its derivative is computed along with it and nothing is kept.
 */
public final class NewtonByHand implements Workload {
  private final double[] numbers = Newton.numbers();

  @Override
  public double check() {
    return Norms.sum(gradient(numbers));
  }

  @Override
  public Object run() {
    return gradient(numbers);
  }

  private static double[] gradient(double[] numbers) {
    double[] gradient = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      double a = numbers[i];
      double x = a;
      double dx = 1;
      while (Math.abs(x * x - a) > 1e-6) {
        double ratio = a / x;
        dx = (dx + (1 - ratio * dx) / x) / 2;
        x = (x + ratio) / 2;
      }
      gradient[i] = dx;
    }
    return gradient;
  }
}

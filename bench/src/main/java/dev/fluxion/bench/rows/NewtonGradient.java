package dev.fluxion.bench.rows;

import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;

/** The gradient of {@link Newton}'s sum in the numbers. */
public final class NewtonGradient implements Workload {
  private final double[] numbers = Newton.numbers();

  @Override
  public double check() {
    return Norms.sum(Grad.gradient(Newton::sumOfRoots, numbers));
  }

  @Override
  public Object run() {
    return Grad.gradient(Newton::sumOfRoots, numbers);
  }
}

package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.tensor.Tensor;

/** A chain of element-wise operations over four million elements: value and gradient. */
public final class Fused implements Workload {
  private static final int N = 4_194_304;

  record Operands(Tensor a, Tensor b, Tensor c) {
    Tensor value() {
      return a.times(b).plus(c).tanh().times(a.sigmoid()).sum();
    }
  }

  private final Operands inputs =
      new Operands(Inputs.tensor(30, N), Inputs.tensor(31, N), Inputs.tensor(32, N));

  private ValueAndGradient<Operands> valueAndGradient() {
    return Grad.valueAndGradient(x -> x.value(), inputs);
  }

  @Override
  public double check() {
    return valueAndGradient().value();
  }

  @Override
  public Object run() {
    return valueAndGradient();
  }
}

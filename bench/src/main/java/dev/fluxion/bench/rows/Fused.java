package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import dev.fluxion.tensor.Tensor;

/** A function of the elements of three tensors, four million each: value and gradient. */
public final class Fused implements Workload {
  private static final int N = 4_194_304;

  record Operands(Tensor a, Tensor b, Tensor c) {
    Tensor value() {
      return Tensor.map((x, y, z) -> Math.tanh(x * y + z) / (1 + Math.exp(-x)), a, b, c).sum();
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

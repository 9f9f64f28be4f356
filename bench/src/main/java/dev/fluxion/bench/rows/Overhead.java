package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.tensor.Tensor;
import java.util.List;

/**
 * One eager operation, the sum of two vectors of 16: nearly all of its time is what an operation
 * costs before it touches an element.
 */
public final class Overhead implements Workload {
  private final Tensor a = Inputs.tensor(6, 16);
  private final Tensor b = Inputs.tensor(7, 16);

  @Override
  public double check() {
    return Norms.norm(List.of(a.plus(b)));
  }

  @Override
  public Object run() {
    return a.plus(b);
  }
}

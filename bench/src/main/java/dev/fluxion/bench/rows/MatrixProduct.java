package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.tensor.Tensor;

/** The product of two matrices of 1024 by 1024. */
public final class MatrixProduct implements Workload {
  private final Tensor a = Inputs.tensor(40, 1024, 1024);
  private final Tensor b = Inputs.tensor(41, 1024, 1024);

  @Override
  public double check() {
    return Norms.sum(a.matmul(b).toDoubleArray());
  }

  @Override
  public Object run() {
    return a.matmul(b);
  }
}

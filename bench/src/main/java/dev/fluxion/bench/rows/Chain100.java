package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.bench.Norms;
import dev.fluxion.bench.Workload;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.Pair;
import dev.fluxion.tensor.Tensor;
import java.util.List;

/** A hundred steps of {@code x = tanh(x w + b)} on a vector of 16: the gradient in w and b. */
public final class Chain100 implements Workload {
  private final Tensor weights = Inputs.tensor(6, 16);
  private final Tensor bias = Inputs.tensor(7, 16);
  private final Tensor start = Inputs.tensor(8, 16);

  static Tensor end(Tensor start, Tensor w, Tensor b) {
    Tensor x = start;
    for (int i = 0; i < 100; i++) {
      x = x.times(w).plus(b).tanh();
    }
    return x.sum();
  }

  private Pair<Tensor, Tensor> gradient() {
    return Grad.gradient((w, b) -> end(start, w, b), weights, bias);
  }

  @Override
  public double check() {
    Pair<Tensor, Tensor> g = gradient();
    return Norms.norm(List.of(g.first(), g.second()));
  }

  @Override
  public Object run() {
    return gradient();
  }
}

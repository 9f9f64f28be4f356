package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.nn.Adam;
import dev.fluxion.nn.Chain;
import dev.fluxion.nn.Dense;
import dev.fluxion.tensor.Tensor;

/** A training step of a network of 784-256-256-10 on a batch of 64. */
public final class MultilayerPerceptron extends Training<Chain> {
  public MultilayerPerceptron() {
    super(
        Chain.of(
            dense(10, 784, 256),
            Tensor::relu,
            dense(11, 256, 256),
            Tensor::relu,
            dense(12, 256, 10)),
        crossEntropy(Inputs.tensor(42, 64, 784), Inputs.indices(43, 10, 64)),
        new Adam(1e-3),
        5);
  }

  static Dense dense(long seed, int in, int out) {
    return new Dense(Inputs.weight(seed, in, in, out), Tensor.zeros(out));
  }
}

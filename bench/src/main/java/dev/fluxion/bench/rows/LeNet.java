package dev.fluxion.bench.rows;

import static dev.fluxion.bench.rows.MultilayerPerceptron.dense;

import dev.fluxion.bench.Inputs;
import dev.fluxion.nn.Adam;
import dev.fluxion.nn.Chain;
import dev.fluxion.nn.Conv;
import dev.fluxion.nn.MaxPool;
import dev.fluxion.tensor.Tensor;

/** A training step of the network of LeCun et al. (1998), with relu, on a batch of 64. */
public final class LeNet extends Training<Chain> {
  public LeNet() {
    super(
        Chain.of(
            conv(20, 1, 6),
            Tensor::relu,
            new MaxPool(2),
            conv(21, 6, 16),
            Tensor::relu,
            new MaxPool(2),
            Tensor::flatten,
            dense(22, 256, 120),
            Tensor::relu,
            dense(23, 120, 84),
            Tensor::relu,
            dense(24, 84, 10)),
        crossEntropy(Inputs.tensor(44, 64, 1, 28, 28), Inputs.indices(45, 10, 64)),
        new Adam(1e-3),
        5);
  }

  private static Conv conv(long seed, int in, int out) {
    return new Conv(Inputs.weight(seed, in * 25, out, in, 5, 5), Tensor.zeros(out, 1, 1));
  }
}

package dev.fluxion.bench.rows;

import static dev.fluxion.bench.rows.MultilayerPerceptron.dense;

import dev.fluxion.bench.Inputs;
import dev.fluxion.nn.Chain;
import dev.fluxion.nn.Layer;
import dev.fluxion.nn.Momentum;
import dev.fluxion.tensor.Normalization;
import dev.fluxion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A training step of the ResNet-20 of He et al. (2016), §4.2, on a batch of 32. */
public final class ResNet20 extends Training<Chain> {
  /**
   * A convolution without a bias, then normalisation over the batch.
   *
   * @param kernel (out, in, size, size)
   * @param gamma (out, 1, 1)
   * @param beta (out, 1, 1)
   */
  record ConvNorm(Tensor kernel, Tensor gamma, Tensor beta, int stride) implements Layer {
    static ConvNorm of(long seed, int in, int out, int size, int stride) {
      return new ConvNorm(
          Inputs.weight(seed, in * size * size, out, in, size, size),
          Tensor.ones(out, 1, 1),
          Tensor.zeros(out, 1, 1),
          stride);
    }

    @Override
    public Tensor apply(Tensor x) {
      Tensor y = x.conv2d(kernel, stride, kernel.size(2) / 2);
      return Normalization.batch(y, 1e-5).times(gamma).plus(beta);
    }
  }

  /** What is learnt beside what is kept. */
  record Residual(ConvNorm first, ConvNorm second, Layer shortcut) implements Layer {
    @Override
    public Tensor apply(Tensor x) {
      return second.apply(first.apply(x).relu()).plus(shortcut.apply(x)).relu();
    }
  }

  public ResNet20() {
    super(
        model(),
        crossEntropy(Inputs.tensor(46, 32, 3, 32, 32), Inputs.indices(47, 10, 32)),
        new Momentum(0.1),
        3);
  }

  private static Chain model() {
    List<Layer> layers = new ArrayList<>();
    long seed = 101;
    layers.add(ConvNorm.of(seed++, 3, 16, 3, 1));
    layers.add(Tensor::relu);
    int in = 16;
    for (int out : new int[] {16, 32, 64}) {
      for (int i = 0; i < 3; i++) {
        int stride = in == out ? 1 : 2;
        ConvNorm first = ConvNorm.of(seed++, in, out, 3, stride);
        ConvNorm second = ConvNorm.of(seed++, out, out, 3, 1);
        Layer shortcut = in == out ? x -> x : ConvNorm.of(seed++, in, out, 1, stride);
        layers.add(new Residual(first, second, shortcut));
        in = out;
      }
    }
    layers.add(x -> x.mean(new int[] {2, 3}, false));
    layers.add(dense(seed, 64, 10));
    return new Chain(layers.toArray(Layer[]::new));
  }
}

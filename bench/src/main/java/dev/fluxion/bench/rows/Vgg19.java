package dev.fluxion.bench.rows;

import dev.fluxion.bench.Inputs;
import dev.fluxion.nn.Chain;
import dev.fluxion.nn.Dense;
import dev.fluxion.nn.Descent;
import dev.fluxion.nn.Layer;
import dev.fluxion.nn.MaxPool;
import dev.fluxion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A training step of VGG-19 (Simonyan, Zisserman, 2015) on a batch of four images of 64 by 64. */
public final class Vgg19 extends Training<Chain> {
  private static final int[] BLOCKS = {2, 2, 4, 4, 4};

  /**
   * A convolution that keeps the size.
   *
   * @param w (out, in, 3, 3)
   * @param b (out, 1, 1)
   */
  record Conv(Tensor w, Tensor b) implements Layer {
    @Override
    public Tensor apply(Tensor x) {
      return x.conv2d(w, 1, 1).plus(b).relu();
    }
  }

  public Vgg19() {
    super(
        model(),
        crossEntropy(Inputs.tensor(49, 4, 3, 64, 64), Inputs.indices(39, 10, 4)),
        new Descent(0.01),
        2);
  }

  private static Chain model() {
    List<Layer> layers = new ArrayList<>();
    int in = 3;
    int out = 64;
    long seed = 300;
    for (int size : BLOCKS) {
      for (int i = 0; i < size; i++) {
        double scale = Math.sqrt(6.0 / (in * 9));
        layers.add(new Conv(Inputs.scaled(++seed, scale, out, in, 3, 3), Tensor.zeros(out, 1, 1)));
        in = out;
      }
      layers.add(new MaxPool(2));
      out = Math.min(2 * out, 512);
    }
    layers.add(Tensor::flatten);
    layers.add(dense(350, 2048, 512));
    layers.add(Tensor::relu);
    layers.add(dense(351, 512, 512));
    layers.add(Tensor::relu);
    layers.add(dense(352, 512, 10));
    return new Chain(layers.toArray(Layer[]::new));
  }

  private static Dense dense(long seed, int in, int out) {
    return new Dense(Inputs.scaled(seed, Math.sqrt(6.0 / in), in, out), Tensor.zeros(out));
  }
}

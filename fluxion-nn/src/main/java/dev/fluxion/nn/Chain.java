package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Layers one after the other; with {@code import static dev.fluxion.nn.Chain.chain}:
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="layers"}
 *
 * @param layers the layers, the first one first
 */
public record Chain(Layer[] layers) implements Layer {
  /** A chain of layers. */
  public static Chain of(Layer... layers) {
    return new Chain(layers);
  }

  /** A chain of layers, to be imported statically. */
  public static Chain chain(Layer... layers) {
    return new Chain(layers);
  }

  @Override
  public Tensor apply(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.apply(y);
    }
    return y;
  }
}

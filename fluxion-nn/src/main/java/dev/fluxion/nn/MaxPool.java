package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * The greatest element of each window of images, windows side by side.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="layers"}
 *
 * @param window the window's height and width
 */
public record MaxPool(int window) implements Layer {
  @Override
  public Tensor apply(Tensor x) {
    return x.maxPool2d(window);
  }
}

package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * A fully connected layer: {@code x w + b}.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="layers"}
 *
 * @param w the weights, (in, out)
 * @param b the bias, (out)
 */
public record Dense(Tensor w, Tensor b) implements Layer {
  /** A layer with Glorot-uniform weights and a bias of zero. */
  public static Dense of(int in, int out, RandomGenerator random) {
    return new Dense(Initialisers.glorotUniform(random, in, out, in, out), Tensor.zeros(out));
  }

  /** The output, (batch, out), for an input of (batch, in). */
  @Override
  public Tensor apply(Tensor x) {
    return x.matmul(w).plus(b);
  }
}

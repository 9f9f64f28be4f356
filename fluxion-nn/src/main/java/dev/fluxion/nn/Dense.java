package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * A fully connected layer: {@code activation(x w + b)}.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="layers"}
 *
 * @param w the weights, (in, out)
 * @param b the bias, (out)
 * @param activation the activation
 */
public record Dense(Tensor w, Tensor b, Layer activation) implements Layer {
  /** A layer without an activation. */
  public Dense(Tensor w, Tensor b) {
    this(w, b, Activations::identity);
  }

  /** A layer with Glorot-uniform weights, a bias of zero and no activation. */
  public static Dense of(int in, int out, RandomGenerator random) {
    return of(in, out, Activations::identity, random);
  }

  /** A layer with Glorot-uniform weights and a bias of zero. */
  public static Dense of(int in, int out, Layer activation, RandomGenerator random) {
    return new Dense(Initialisers.glorotUniform(random, in, out), Tensor.zeros(out), activation);
  }

  /** The output, (batch, out), for an input of (batch, in). */
  @Override
  public Tensor apply(Tensor x) {
    return activation.apply(x.matmul(w).plus(b));
  }
}

package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Gradient descent: {@code x - rate dx}.
 *
 * @param rate the learning rate
 * @param states none worth the name
 */
public record Descent(double rate, States<Descent.None> states) implements Optimiser<Descent.None> {
  /** What descent remembers. */
  public enum None {
    /** Nothing. */
    NONE
  }

  /** Descent with a learning rate. */
  public Descent(double rate) {
    this(rate, new States<>());
  }

  @Override
  public None init(Tensor x) {
    return None.NONE;
  }

  @Override
  public Step<None> apply(None state, Tensor x, Tensor dx) {
    return new Step<>(dx.times(rate), state);
  }
}

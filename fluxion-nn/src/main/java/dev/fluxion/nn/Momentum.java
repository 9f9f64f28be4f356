package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Gradient descent along a decaying sum of derivatives (Polyak, 1964): {@code v' = decay v + dx},
 * {@code x - rate v'}. Nesterov's form looks one step ahead, {@code x - rate (decay v' + dx)}, as
 * written by Sutskever et al. (2013).
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="descent"}
 *
 * @param rate the learning rate
 * @param decay the share of the velocity that each step keeps
 * @param nesterov whether to look ahead
 * @param states the velocities
 */
public record Momentum(double rate, double decay, boolean nesterov, States<Tensor> states)
    implements Optimiser<Tensor> {
  /** Descent with a learning rate that keeps 0.9 of its velocity. */
  public Momentum(double rate) {
    this(rate, 0.9);
  }

  /** Descent with a learning rate and the share of the velocity that each step keeps. */
  public Momentum(double rate, double decay) {
    this(rate, decay, false, new States<>());
  }

  /** Nesterov's form. */
  public static Momentum nesterov(double rate, double decay) {
    return new Momentum(rate, decay, true, new States<>());
  }

  @Override
  public Tensor init(Tensor x) {
    return x.zero();
  }

  @Override
  public Step<Tensor> apply(Tensor velocity, Tensor x, Tensor dx) {
    velocity.update((v, d) -> decay * v + d, dx);
    Tensor direction = nesterov ? Tensor.map((v, d) -> decay * v + d, velocity, dx) : velocity;
    return new Step<>(direction.times(rate), velocity);
  }
}

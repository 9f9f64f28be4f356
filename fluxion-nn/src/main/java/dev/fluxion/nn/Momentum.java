package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Stochastic gradient descent with momentum (Polyak, 1964): steps along a decaying sum of
 * gradients. With a momentum of 0 it is plain gradient descent.
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="descent"}
 */
public final class Momentum {
  private final double rate;
  private final double momentum;
  private final List<Tensor> velocities = new ArrayList<>();

  /** Plain gradient descent with a learning rate. */
  public Momentum(double rate) {
    this(rate, 0);
  }

  /** Descent with a learning rate and the share of the velocity that each step keeps. */
  public Momentum(double rate, double momentum) {
    this.rate = rate;
    this.momentum = momentum;
  }

  /** Changes the model's tensors by one step against the gradient, a model of the same type. */
  public <M> void update(M model, M gradient) {
    List<Tensor> parameters = Parameters.of(model);
    List<Tensor> gradients = Parameters.of(gradient);
    for (int i = 0; i < parameters.size(); i++) {
      if (velocities.size() <= i) {
        velocities.add(gradients.get(i).zero());
      }
      Tensor velocity = velocities.get(i).times(momentum).plus(gradients.get(i));
      velocities.set(i, velocity);
      parameters.get(i).assign(parameters.get(i).minus(velocity.times(rate)));
    }
  }
}

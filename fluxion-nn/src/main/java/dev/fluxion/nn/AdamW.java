package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Adam with weight decay that does not pass through its running means (Loshchilov and Hutter,
 * 2019): each step also shrinks the parameters by {@code rate decay}.
 *
 * @param adam the rule without decay, whose states are used
 * @param decay the share, for a learning rate of 1, that a step takes from a parameter
 */
public record AdamW(Adam adam, double decay) implements Optimiser<Adam.Moments> {
  /** Adam with a learning rate and a decay. */
  public AdamW(double rate, double decay) {
    this(new Adam(rate), decay);
  }

  @Override
  public Adam.Moments init(Tensor x) {
    return adam.init(x);
  }

  @Override
  public Step<Adam.Moments> apply(Adam.Moments moments, Tensor x, Tensor dx) {
    Step<Adam.Moments> step = adam.apply(moments, x, dx);
    return new Step<>(step.change().plus(x.times(adam.rate() * decay)), step.state());
  }

  @Override
  public States<Adam.Moments> states() {
    return adam.states();
  }
}

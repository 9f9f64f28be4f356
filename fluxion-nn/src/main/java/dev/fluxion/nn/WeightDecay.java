package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Weight decay before another rule: that of the loss plus {@code decay/2} times the sum of the
 * squared parameters. For plain descent the weights shrink by {@code rate decay} each step.
 *
 * @param decay the weight of the penalty
 * @param rule the rule that takes the step, whose states are used
 * @param <S> the type of the rule's state
 */
public record WeightDecay<S>(double decay, Optimiser<S> rule) implements Optimiser<S> {
  @Override
  public S init(Tensor x) {
    return rule.init(x);
  }

  @Override
  public Step<S> apply(S state, Tensor x, Tensor dx) {
    return rule.apply(state, x, dx.plus(x.times(decay)));
  }

  @Override
  public States<S> states() {
    return rule.states();
  }
}

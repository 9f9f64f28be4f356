package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * A rule that turns derivatives into steps. The rule is data; what it remembers of a parameter is a
 * state beside it, which {@link #apply} takes and gives back.
 *
 * <p>A rule of your own is written and used as ours are:
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="optimiser"}
 *
 * <p>The design is that of Optimisers.jl.
 *
 * @param <S> the type of the state
 */
public interface Optimiser<S> {
  /** The state before a parameter's first step. */
  S init(Tensor x);

  /**
   * One step of one parameter. Tensors of the state may be changed by it, and be those of the state
   * that it gives.
   *
   * @param state the state that {@link #init} or the last step gave
   * @param x the parameter
   * @param dx its derivative
   */
  Step<S> apply(S state, Tensor x, Tensor dx);

  /** The states of the parameters met so far; the same object each time. */
  States<S> states();

  /**
   * Changes the tensors of a model by one step.
   *
   * @param gradient a model of the same structure, with derivatives in the place of tensors
   */
  default <M> void update(M model, M gradient) {
    Parameters.forEach(
        model,
        gradient,
        (x, dx) -> {
          Step<S> step = apply(states().of(x, this), x, dx);
          x.update((from, change) -> from - change, step.change());
          states().put(x, step.state());
        });
  }
}

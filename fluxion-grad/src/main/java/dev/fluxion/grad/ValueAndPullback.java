package dev.fluxion.grad;

/**
 * The value of a function and its pullback, which takes cotangents of the value back to gradients
 * in the arguments: what {@link Grad#pullback(Fn1, Object)} gives.
 *
 * <p>It holds what the function's run has left for the reverse sweep until nothing refers to it any
 * more. Threads may share it; their calls wait for one another.
 *
 * @param <R> the value's type
 * @param <G> the gradient's type: the argument's, or a {@link Pair} or {@link Triple} of those
 */
public abstract sealed class ValueAndPullback<R, G> permits TapedPullback, NestedPullback {
  ValueAndPullback() {}

  /** The value of the function. */
  public abstract R value();

  /**
   * The gradient for a cotangent of the value: the product of the cotangent with the Jacobian.
   *
   * @param cotangent of the value's type and shape, for a list or map another one of the same size
   * @return of the argument's type, with derivatives in the place of numbers
   * @throws GradientException if the cotangent has another type or shape than the value
   */
  public abstract G gradient(R cotangent);
}

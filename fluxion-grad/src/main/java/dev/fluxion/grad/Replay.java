package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Tape;
import org.jspecify.annotations.Nullable;

/** How a function runs of which not all is kept: once forward, and again in the reverse sweep. */
interface Replay {
  /**
   * Runs the function.
   *
   * @param shadows those of the active references among the arguments, null for the others
   * @param tape where what is kept is left, and the shadow of the result
   */
  @Nullable Object forward(@Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape)
      throws Throwable;

  /**
   * Runs the function again from the state that it started from, and takes the adjoints of all that
   * there was afterwards back to what there was before.
   *
   * @param cotangent of the result, if that is a number or vector
   * @return the cotangent of the only active number or vector among the arguments
   */
  @Nullable Object reverse(Tape tape, @Nullable Object cotangent) throws Throwable;
}

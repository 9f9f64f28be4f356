package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Gradients;
import dev.fluxion.grad.runtime.Tape;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pullback that differentiated code has taken: plain Java, to be differentiated with it. */
final class NestedPullback<R, G> extends ValueAndPullback<R, G> {
  private final R value;
  private final @Nullable Object cotangents;
  private final Object argument;
  private final Object gradients;
  private final Tape tape;
  private final Object mark;
  private final MethodHandle reverse;

  private NestedPullback(
      R value,
      @Nullable Object cotangents,
      Object argument,
      Object gradients,
      Tape tape,
      MethodHandle reverse) {
    this.value = value;
    this.cotangents = cotangents;
    this.argument = argument;
    this.gradients = gradients;
    this.tape = tape;
    this.mark = tape.mark();
    this.reverse = reverse;
  }

  /**
   * What a function's forward half has left.
   *
   * @param cotangents the shadow of the value
   * @param gradients the shadow of the argument
   */
  static <R, G> ValueAndPullback<R, G> of(
      R value,
      @Nullable Object cotangents,
      Object argument,
      Object gradients,
      Tape tape,
      MethodHandle reverse) {
    return new NestedPullback<>(value, cotangents, argument, gradients, tape, reverse);
  }

  @Override
  public R value() {
    return value;
  }

  @Override
  @SuppressWarnings("unchecked")
  public G gradient(R cotangent) {
    Gradients.seed(requireNonNull(value), cotangents, cotangent);
    try {
      reverse.invokeExact(tape);
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
    Object gradient = Gradients.copy(Gradients.of(argument, gradients));
    tape.rewind(mark, List.of(gradients, requireNonNull(cotangents)));
    return (G) requireNonNull(gradient);
  }
}

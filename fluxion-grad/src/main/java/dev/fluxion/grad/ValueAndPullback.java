package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Tape;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
public final class ValueAndPullback<R, G> {
  private final R value;
  private final Tape tape;
  private final Object mark;
  private final @Nullable Object shadow;
  private final List<Object> leaves;
  private final MethodHandle reverse;
  private final List<Object> arguments;
  private final List<@Nullable Object> shadows;
  private final Function<List<Object>, G> gradient;

  private ValueAndPullback(
      R value,
      Tape tape,
      MethodHandle reverse,
      List<Object> arguments,
      List<@Nullable Object> shadows,
      Function<List<Object>, G> gradient) {
    this.value = value;
    this.tape = tape;
    this.mark = tape.mark();
    this.shadow = tape.shadow;
    this.leaves = Leaves.of(value, shadow, tape);
    this.reverse = reverse;
    this.arguments = arguments;
    this.shadows = shadows;
    this.gradient = gradient;
    for (int i = 0; i < shadows.size(); i++) {
      Leaves.of(arguments.get(i), shadows.get(i), tape);
    }
    tape.seal();
  }

  /** Runs the function; its gradients in the arguments become the gradient of the type wanted. */
  @SuppressWarnings("unchecked")
  static <R, G> ValueAndPullback<R, G> of(
      Serializable f,
      MethodTypeDesc method,
      List<Object> arguments,
      Function<List<Object>, G> gradient) {
    Derived derived = Pushforwards.of(f, method).derived();
    Tape tape = Tape.lasting();
    List<@Nullable Object> shadows = new ArrayList<>();
    List<@Nullable Object> passed = new ArrayList<>();
    passed.add(f);
    for (Object argument : arguments) {
      Object at = Structure.fresh(argument);
      passed.add(at);
      shadows.add(tape.shadowOfArgument(at));
    }
    passed.addAll(shadows);
    passed.add(tape);
    try {
      Object value = Derivations.handle(derived.forward()).invokeWithArguments(passed);
      MethodHandle reverse = Derivations.handle(derived.reverse());
      return new ValueAndPullback<>((R) value, tape, reverse, arguments, shadows, gradient);
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  /** The value of the function. */
  public R value() {
    return value;
  }

  /**
   * The gradient for a cotangent of the value: the product of the cotangent with the Jacobian.
   *
   * @param cotangent of the value's type and shape, for a list or map another one of the same size
   * @return of the argument's type, with derivatives in the place of numbers
   * @throws GradientException if the cotangent has another type or shape than the value
   */
  public synchronized G gradient(R cotangent) {
    try {
      Cotangents.add(value, shadow, cotangent, tape);
      reverse.invokeExact(tape);
      List<Object> parts = new ArrayList<>();
      for (int i = 0; i < arguments.size(); i++) {
        parts.add(Structure.copiedGradient(arguments.get(i), shadows.get(i), tape));
      }
      return gradient.apply(parts);
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    } finally {
      tape.rewind(mark, leaves);
    }
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Tape;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pullback that code which is not differentiated itself has taken. */
final class TapedPullback<R, G> extends ValueAndPullback<R, G> {
  private final R value;
  private final Tape tape;
  private final Object mark;
  private final @Nullable Object shadow;
  private final List<Object> leaves;
  private final MethodHandle reverse;
  private final List<Object> arguments;
  private final List<@Nullable Object> shadows;
  private final Function<List<Object>, G> gradient;

  private TapedPullback(
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
      return new TapedPullback<>((R) value, tape, reverse, arguments, shadows, gradient);
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  @Override
  public R value() {
    return value;
  }

  @Override
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

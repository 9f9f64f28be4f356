package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Leaves.Leaf;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Tape;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs both halves of a derivative, and takes adjoints from one run's shadows to another's. */
final class Sweeps {
  private final Derived derived;
  private final Types types;
  private volatile @Nullable MethodHandle forward;
  private volatile @Nullable MethodHandle reverse;

  Sweeps(Derived derived) {
    this.derived = derived;
    this.types = Types.of(derived.function().host());
  }

  /**
   * Runs the forward half, which leaves the shadow of its result on the tape.
   *
   * @param shadows those of the active references among the arguments, null for the others
   */
  @Nullable Object forward(@Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape)
      throws Throwable {
    MethodHandle handle = forward;
    if (handle == null) {
      handle = spread(Derivations.handle(derived.forward()));
      forward = handle;
    }
    List<@Nullable Object> passed = new ArrayList<>(Arrays.asList(arguments));
    List<ClassDesc> parameters = derived.function().type().parameterList();
    for (int i = 0; i < arguments.length; i++) {
      if (derived.parameters()[i] && types.isShadowed(parameters.get(i))) {
        passed.add(shadows[i]);
      }
    }
    passed.add(tape);
    return (Object) handle.invokeExact(passed.toArray());
  }

  /** Runs the forward half again: it must do what it has done before, and throw nothing. */
  @Nullable Object again(@Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape) {
    try {
      return forward(arguments, shadows, tape);
    } catch (GradientException | VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      throw differs(arguments, e);
    }
  }

  /** Runs the reverse half. */
  @Nullable Object reverse(Tape tape, @Nullable Object cotangent) throws Throwable {
    MethodHandle handle = reverse;
    if (handle == null) {
      handle = spread(Derivations.handle(derived.reverse()));
      reverse = handle;
    }
    boolean takesCotangent = derived.reverse().type().parameterCount() > 1;
    @Nullable Object[] passed =
        takesCotangent ? new @Nullable Object[] {tape, cotangent} : new @Nullable Object[] {tape};
    return (Object) handle.invokeExact(passed);
  }

  private static MethodHandle spread(MethodHandle handle) {
    return handle
        .asType(handle.type().generic())
        .asSpreader(Object[].class, handle.type().parameterCount());
  }

  /** The shadow of the result of the last run, or null when the result has none. */
  @Nullable Object shadow(Tape tape) {
    boolean hasShadow =
        derived.result() && types.isShadowed(derived.function().type().returnType());
    return hasShadow ? tape.shadow : null;
  }

  /**
   * What is wrong when a function does something else in its second run.
   *
   * @param arguments the function with what it got
   */
  static GradientException differs(@Nullable Object[] arguments, @Nullable Throwable cause) {
    Checkpointed function = (Checkpointed) requireNonNull(arguments[0]);
    GradientException exception =
        new GradientException(
            "the checkpointed function "
                + Functional.place(function.f())
                + " does something else when it is run again for its gradient: it uses a static"
                + " field that has changed, or input, a clock or random numbers where that cannot"
                + " be seen; hand such values to it as arguments");
    if (cause != null) {
      exception.initCause(cause);
    }
    return exception;
  }

  /**
   * The shadow of an argument, made for a run.
   *
   * @param isKnown whether it is to be found by the argument's identity, if that is a number or
   *     vector
   */
  static @Nullable Object shadow(@Nullable Object argument, boolean isKnown, Tape tape) {
    if (argument == null) {
      return null;
    }
    return isKnown || !Carriers.isValue(argument.getClass())
        ? tape.shadowOfArgument(argument)
        : argument instanceof VectorSpace<?> ? new Shadow(0, 1) : new Shadow(1, 0);
  }

  /** Says in another run's tape which shadows are found by identity in a part of it. */
  static void define(List<Leaf> leaves, Tape part, Tape tape) {
    for (Leaf leaf : leaves) {
      if (part.known(leaf.primal()) == leaf.shadow()
          && tape.known(leaf.primal()) != leaf.shadow()) {
        tape.define(leaf.primal(), leaf.shadow());
      }
    }
  }

  static Object[] shadows(List<Leaf> leaves) {
    return leaves.stream().map(Leaf::shadow).toArray();
  }

  /** Adds the adjoints in a shadow to those in another, and leaves zero. */
  static void move(Object from, Object to) {
    if (from == to) {
      return;
    }
    switch (from) {
      case double[] numbers -> move(numbers, (double[]) to);
      case float[] numbers -> {
        float[] sums = (float[]) to;
        for (int i = 0; i < numbers.length; i++) {
          sums[i] += numbers[i];
          numbers[i] = 0;
        }
      }
      default -> {
        Shadow object = (Shadow) from;
        Shadow other = (Shadow) to;
        move(object.numbers, other.numbers);
        for (int i = 0; i < object.references.length; i++) {
          if (object.references[i] instanceof VectorSpace<?> vector) {
            other.references[i] = Adjoints.sum(other.references[i], vector);
            object.references[i] = null;
          }
        }
      }
    }
  }

  private static void move(double[] from, double[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] += from[i];
      from[i] = 0;
    }
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.Leaves.Leaf;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Copies;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Tape;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Runs a function forward on a tape that is thrown away, and again in the reverse sweep. */
final class Recomputation {
  private final Derived derived;
  private final Types types;
  private volatile @Nullable MethodHandle forward;
  private volatile @Nullable MethodHandle reverse;

  /**
   * What is kept of a run.
   *
   * @param arguments what the function got
   * @param shadows the shadows of the active references among the arguments; null for the others
   * @param isKnown which of these shadows are found by the identity of their arguments
   * @param snapshot the state of all that the arguments lead to
   * @param before how many shadows there were before the run
   * @param digest of all numbers that there were afterwards
   */
  private record Run(
      @Nullable Object[] arguments,
      @Nullable Object[] shadows,
      boolean[] isKnown,
      Snapshot snapshot,
      Copies copies,
      int before,
      long digest) {}

  Recomputation(Derived derived, Types types) {
    this.derived = derived;
    this.types = types;
  }

  /** A handle of {@link #forward(Object[], Object[], Tape)}. */
  MethodHandle forward() {
    return bound(
        "forward", MethodType.methodType(Object.class, Object[].class, Object[].class, Tape.class));
  }

  /** A handle of {@link #reverse(Tape, Object)}. */
  MethodHandle reverse() {
    return bound("reverse", MethodType.methodType(Object.class, Tape.class, Object.class));
  }

  private MethodHandle bound(String name, MethodType type) {
    try {
      return MethodHandles.lookup().findVirtual(Recomputation.class, name, type).bindTo(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs the function.
   *
   * @param shadows those of the active references among the arguments, null for the others
   */
  @Nullable Object forward(@Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape)
      throws Throwable {
    Copies copies = tape.copies();
    Snapshot snapshot = Snapshot.of(Arrays.asList(arguments), copies);
    boolean[] isKnown = new boolean[shadows.length];
    for (int i = 0; i < shadows.length; i++) {
      Object argument = arguments[i];
      isKnown[i] = argument != null && shadows[i] != null && tape.known(argument) == shadows[i];
    }
    Tape part = tape.part();
    List<Leaf> leaves = new ArrayList<>(leaves(arguments, shadows, part));
    int before = leaves.size();
    Object value = run(arguments, shadows, part);
    leaves.addAll(leavesAfter(arguments, shadows, value, part));
    for (Leaf leaf : leaves) {
      if (part.known(leaf.primal()) == leaf.shadow()
          && tape.known(leaf.primal()) != leaf.shadow()) {
        tape.define(leaf.primal(), leaf.shadow());
      }
    }
    tape.shadow = part.shadow;
    tape.push(
        new Run(arguments, shadows, isKnown, snapshot, copies, before, Digest.of(leaves, value)));
    tape.pushShadow(leaves.stream().map(Leaf::shadow).toArray());
    return value;
  }

  private static List<Leaf> leaves(
      @Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape) {
    return Leaves.of(Arrays.asList(arguments), Arrays.asList(shadows), tape);
  }

  private List<Leaf> leavesAfter(
      @Nullable Object[] arguments, @Nullable Object[] shadows, @Nullable Object value, Tape tape) {
    boolean hasShadow =
        derived.result() && types.isShadowed(derived.function().type().returnType());
    @Nullable Object[] primals = Arrays.copyOf(arguments, arguments.length + 1);
    @Nullable Object[] all = Arrays.copyOf(shadows, arguments.length + 1);
    primals[arguments.length] = value;
    all[arguments.length] = hasShadow ? tape.shadow : null;
    return leaves(primals, all, tape);
  }

  private @Nullable Object run(@Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape)
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

  private static MethodHandle spread(MethodHandle handle) {
    return handle
        .asType(handle.type().generic())
        .asSpreader(Object[].class, handle.type().parameterCount());
  }

  /**
   * Runs the function again from the state that it started from, and takes the adjoints of all that
   * there was afterwards back to what there was before.
   *
   * @param cotangent of the result, if that is a number or vector
   * @return the cotangent of the only active number or vector among the arguments
   */
  @Nullable Object reverse(Tape tape, @Nullable Object cotangent) throws Throwable {
    Run run = (Run) Objects.requireNonNull(tape.popObject());
    Object[] outer = (Object[]) Objects.requireNonNull(tape.popShadow());
    Snapshot now = run.snapshot.now(run.copies);
    Tape own = Tape.fresh();
    run.snapshot.write();
    try {
      @Nullable Object[] shadows = new @Nullable Object[run.shadows.length];
      for (int i = 0; i < shadows.length; i++) {
        shadows[i] = run.shadows[i] == null ? null : shadow(run, i, own);
      }
      List<Leaf> leaves = new ArrayList<>(leaves(run.arguments, shadows, own));
      Object value = again(run, shadows, own);
      leaves.addAll(leavesAfter(run.arguments, shadows, value, own));
      if (leaves.size() != outer.length || Digest.of(leaves, value) != run.digest) {
        throw differs(null);
      }
      for (int i = 0; i < outer.length; i++) {
        move(outer[i], leaves.get(i).shadow());
      }
      Object only = reverseOnly(own, cotangent);
      for (int i = 0; i < run.before; i++) {
        move(leaves.get(i).shadow(), outer[i]);
      }
      System.arraycopy(own.numbers, 0, tape.numbers, 0, run.arguments.length);
      System.arraycopy(own.references, 0, tape.references, 0, run.arguments.length);
      return only;
    } finally {
      now.write();
    }
  }

  /** The shadow of an argument in the second run, known by identity only if it was in the first. */
  private static @Nullable Object shadow(Run run, int index, Tape own) {
    Object argument = Objects.requireNonNull(run.arguments[index]);
    return !Carriers.isValue(argument.getClass()) || run.isKnown[index]
        ? own.shadowOfArgument(argument)
        : argument instanceof VectorSpace<?> ? new Shadow(0, 1) : new Shadow(1, 0);
  }

  private @Nullable Object again(Run run, @Nullable Object[] shadows, Tape own) {
    try {
      return run(run.arguments, shadows, own);
    } catch (GradientException | VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      throw differs(e);
    }
  }

  private GradientException differs(@Nullable Throwable cause) {
    GradientException exception =
        new GradientException(
            "a checkpointed function does something else when it is run again for its gradient: it"
                + " uses random numbers, a clock or static fields that have changed; hand such"
                + " values to it as arguments");
    if (cause != null) {
      exception.initCause(cause);
    }
    return exception;
  }

  private @Nullable Object reverseOnly(Tape own, @Nullable Object cotangent) throws Throwable {
    MethodHandle handle = reverse;
    if (handle == null) {
      handle = spread(Derivations.handle(derived.reverse()));
      reverse = handle;
    }
    boolean takesCotangent = derived.reverse().type().parameterCount() > 1;
    @Nullable Object[] passed =
        takesCotangent ? new @Nullable Object[] {own, cotangent} : new @Nullable Object[] {own};
    return (Object) handle.invokeExact(passed);
  }

  /** Adds the adjoints in a shadow to those in another, and leaves zero. */
  private static void move(Object from, Object to) {
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

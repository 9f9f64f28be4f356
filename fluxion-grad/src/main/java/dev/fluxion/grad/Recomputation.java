package dev.fluxion.grad;

import dev.fluxion.grad.Leaves.Leaf;
import dev.fluxion.grad.runtime.Copies;
import dev.fluxion.grad.runtime.Events;
import dev.fluxion.grad.runtime.Tape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A function of which only the state is kept from which it starts. */
record Recomputation(Sweeps sweeps) implements Replay {
  /**
   * What is kept of a run.
   *
   * @param arguments what the function got
   * @param shadows the shadows of the active references among the arguments; null for the others
   * @param isKnown which of these shadows are found by the identity of their arguments
   * @param snapshot the state of all that the arguments lead to
   * @param before how many shadows there were before the run
   * @param digest of all numbers that there were afterwards
   * @param events what must not happen again
   */
  private record Run(
      @Nullable Object[] arguments,
      @Nullable Object[] shadows,
      boolean[] isKnown,
      Snapshot snapshot,
      Copies copies,
      int before,
      long digest,
      Events events) {}

  @Override
  public @Nullable Object forward(
      @Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape) throws Throwable {
    Copies copies = tape.copies();
    Snapshot snapshot = Snapshot.of(Arrays.asList(arguments), copies);
    boolean[] isKnown = new boolean[shadows.length];
    for (int i = 0; i < shadows.length; i++) {
      Object argument = arguments[i];
      isKnown[i] = argument != null && shadows[i] != null && tape.known(argument) == shadows[i];
    }
    Tape part = tape.part();
    Events events = Events.first(tape.events());
    part.expect(events);
    List<Leaf> leaves = new ArrayList<>(leaves(arguments, shadows, part));
    int before = leaves.size();
    Object value = sweeps.forward(arguments, shadows, part);
    leaves.addAll(leavesAfter(arguments, shadows, value, part));
    Sweeps.define(leaves, part, tape);
    tape.shadow = part.shadow;
    tape.push(
        new Run(
            arguments,
            shadows,
            isKnown,
            snapshot,
            copies,
            before,
            Digest.of(leaves, value),
            events));
    tape.pushShadow(Sweeps.shadows(leaves));
    return value;
  }

  private static List<Leaf> leaves(
      @Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape) {
    return Leaves.of(Arrays.asList(arguments), Arrays.asList(shadows), tape);
  }

  private List<Leaf> leavesAfter(
      @Nullable Object[] arguments, @Nullable Object[] shadows, @Nullable Object value, Tape tape) {
    @Nullable Object[] primals = Arrays.copyOf(arguments, arguments.length + 1);
    @Nullable Object[] all = Arrays.copyOf(shadows, arguments.length + 1);
    primals[arguments.length] = value;
    all[arguments.length] = sweeps.shadow(tape);
    return leaves(primals, all, tape);
  }

  @Override
  public @Nullable Object reverse(Tape tape, @Nullable Object cotangent) throws Throwable {
    Run run = (Run) Objects.requireNonNull(tape.popObject());
    Object[] outer = (Object[]) Objects.requireNonNull(tape.popShadow());
    Snapshot now = run.snapshot.now(run.copies);
    Tape own = Tape.fresh();
    own.expect(run.events.again());
    run.snapshot.write();
    try {
      @Nullable Object[] shadows = new @Nullable Object[run.shadows.length];
      for (int i = 0; i < shadows.length; i++) {
        shadows[i] =
            run.shadows[i] == null ? null : Sweeps.shadow(run.arguments[i], run.isKnown[i], own);
      }
      List<Leaf> leaves = new ArrayList<>(leaves(run.arguments, shadows, own));
      Object value = sweeps.again(run.arguments, shadows, own);
      leaves.addAll(leavesAfter(run.arguments, shadows, value, own));
      if (leaves.size() != outer.length || Digest.of(leaves, value) != run.digest) {
        throw Sweeps.differs(run.arguments, null);
      }
      for (int i = 0; i < outer.length; i++) {
        Sweeps.move(outer[i], leaves.get(i).shadow());
      }
      Object only = sweeps.reverse(own, cotangent);
      for (int i = 0; i < run.before; i++) {
        Sweeps.move(leaves.get(i).shadow(), outer[i]);
      }
      System.arraycopy(own.numbers, 0, tape.numbers, 0, run.arguments.length);
      System.arraycopy(own.references, 0, tape.references, 0, run.arguments.length);
      return only;
    } finally {
      now.write();
    }
  }
}

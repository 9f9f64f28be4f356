package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Leaves.Leaf;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Copies;
import dev.fluxion.grad.runtime.Events;
import dev.fluxion.grad.runtime.Tape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Steps from state to state, which are run again from a few states kept on the way. The last step
 * is recorded when it runs first.
 *
 * @param sweeps those of a step, which takes what the loop takes, with a state in the place of the
 *     first one
 */
record Stepping(Sweeps sweeps) implements Replay {
  /** Which argument is the state. */
  static final int STATE = 1;

  private static final int THROWN = 2;

  /**
   * What a loop starts from.
   *
   * @param arguments its arguments: the loop, the state, perhaps an array for an exception
   * @param isShadowed which of them have shadows
   * @param isKnown which of these are found by their identity
   * @param objects all that the arguments lead to and has a shadow: code outside may know it, be it
   *     out of the steps' reach later
   */
  private record Start(
      @Nullable Object[] arguments,
      boolean[] isShadowed,
      boolean[] isKnown,
      List<Object> objects) {}

  /** A state, what it was and all that it led to. */
  private record Kept(int step, @Nullable Object state, Snapshot contents) {}

  /**
   * What is kept of a loop.
   *
   * @param schedule at the end of the steps that are run again
   * @param end the state that the loop has led to
   * @param digests of all numbers that there were after each step that is run again
   * @param events what must not happen again in these steps, in those where something did
   */
  private record Run(
      Start start,
      Revolve<Kept> schedule,
      boolean isLastRecorded,
      @Nullable Object end,
      long[] digests,
      Map<Integer, Events> events,
      Copies copies) {}

  @Override
  public @Nullable Object forward(
      @Nullable Object[] arguments, @Nullable Object[] shadows, Tape tape) throws Throwable {
    Iteration<?> loop = (Iteration<?>) requireNonNull(arguments[0]);
    boolean[] isShadowed = new boolean[arguments.length];
    boolean[] isKnown = new boolean[arguments.length];
    for (int i = 0; i < shadows.length; i++) {
      Object argument = arguments[i];
      isShadowed[i] = i == STATE || shadows[i] != null;
      isKnown[i] = argument != null && shadows[i] != null && tape.known(argument) == shadows[i];
    }
    @Nullable Object[] known = shadows.clone();
    if (known[STATE] == null) { // a constant, but not the states after it
      known[STATE] = Sweeps.shadow(arguments[STATE], false, tape);
    }
    Start start = new Start(arguments, isShadowed, isKnown, new ArrayList<>());
    long[] digests = new long[loop.steps() + 1];
    Walk walk = new Walk(start, tape, digests, new HashMap<>(), tape.copies());
    walk.start(known);
    if (loop.steps() == 0) {
      tape.push((Object) null);
      tape.shadow = walk.shadow;
      return walk.state;
    }
    Object[] first = Sweeps.shadows(walk.leaves(tape));
    Revolve<Kept> schedule = new Revolve<>(loop.steps(), loop.snapshots(), walk.keep());
    schedule.advance(walk);
    boolean isLastRecorded = !walk.hasThrown();
    Object[] last = Sweeps.shadows(walk.leaves(walk.part));
    schedule.end(walk.step);
    walk.carry(tape);
    if (isLastRecorded) {
      walk.run(tape);
    }
    tape.push(
        new Run(start, schedule, isLastRecorded, walk.state, digests, walk.events, tape.copies()));
    tape.pushShadow(first);
    tape.pushShadow(last);
    tape.shadow = walk.shadow;
    return walk.state;
  }

  @Override
  public @Nullable Object reverse(Tape tape, @Nullable Object cotangent) throws Throwable {
    Run run = (Run) tape.popObject();
    if (run == null) {
      return null;
    }
    Object[] adjoints = (Object[]) requireNonNull(tape.popShadow());
    Object[] first = (Object[]) requireNonNull(tape.popShadow());
    if (run.isLastRecorded) {
      sweeps.reverse(tape, null);
    }
    Revolve<Kept> schedule = run.schedule.copy();
    List<@Nullable Object> present = new ArrayList<>(run.start.objects);
    present.addAll(Arrays.asList(run.start.arguments));
    present.add(run.end);
    Snapshot now = Snapshot.of(present, run.copies);
    try {
      while (schedule.end() > 0) {
        Walk walk = new Walk(run.start, Tape.fresh(), null, run.events, run.copies);
        schedule.restore(walk);
        schedule.advance(walk);
        adjoints = reverse(walk, run, adjoints);
        schedule.end(walk.step);
      }
      for (int i = 0; i < first.length; i++) {
        Sweeps.move(adjoints[i], first[i]);
      }
      return null;
    } finally {
      now.write();
    }
  }

  /** Takes the adjoints of all that there was after a step back to before it. */
  private Object[] reverse(Walk before, Run run, Object[] adjoints) throws Throwable {
    Walk walk = new Walk(run.start, Tape.fresh(), null, run.events, run.copies);
    walk.state = before.state;
    walk.step = before.step;
    walk.enter();
    Object[] result = Sweeps.shadows(walk.leaves(walk.tape));
    walk.tape.expect(walk.before());
    walk.run(walk.tape);
    List<Leaf> leaves = walk.leaves(walk.tape);
    if (leaves.size() != adjoints.length
        || Digest.of(leaves, null) != run.digests[before.step + 1]) {
      throw Sweeps.differs(run.start.arguments, null);
    }
    for (int i = 0; i < adjoints.length; i++) {
      Sweeps.move(adjoints[i], leaves.get(i).shadow());
    }
    sweeps.reverse(walk.tape, null);
    return result;
  }

  /** A walk from state to state, of which only the shadows of the last one are known. */
  private final class Walk implements Revolve.Actions<Kept> {
    private final Start start;
    private final Tape tape;
    private final long @Nullable [] digests;
    private final Map<Integer, Events> events;
    private final Copies copies;
    private @Nullable Object @Nullable [] shadows;
    private final List<@Nullable Object> objectShadows = new ArrayList<>();
    private Tape part;
    private List<Leaf> leaves = List.of();
    private int step;
    private @Nullable Object state;
    private @Nullable Object shadow;

    /**
     * A walk that has not started.
     *
     * @param digests filled by the first walk, null for others
     * @param events likewise, and repeated by others
     */
    Walk(
        Start start,
        Tape tape,
        long @Nullable [] digests,
        Map<Integer, Events> events,
        Copies copies) {
      this.start = start;
      this.tape = tape;
      this.part = tape;
      this.digests = digests;
      this.events = events;
      this.copies = copies;
    }

    /** Starts where the loop does, with shadows that are known. */
    void start(@Nullable Object[] known) {
      shadows = known;
      state = start.arguments[STATE];
      shadow = known[STATE];
      for (Leaf leaf : leaves(tape)) {
        if (!Carriers.isValue(leaf.primal().getClass())) {
          start.objects.add(leaf.primal());
          objectShadows.add(leaf.shadow());
        }
      }
    }

    /** Makes shadows, once there is a state. */
    void enter() {
      @Nullable Object[] made = new @Nullable Object[start.arguments.length];
      for (int i = 0; i < made.length; i++) {
        if (start.isShadowed[i]) {
          made[i] = Sweeps.shadow(start.arguments[i], start.isKnown[i], tape);
        }
      }
      start.objects.forEach(object -> objectShadows.add(tape.shadowOf(object)));
      shadows = made;
      shadow = step == 0 ? made[STATE] : Sweeps.shadow(state, false, tape);
    }

    private List<@Nullable Object> all(
        List<? extends @Nullable Object> objects,
        @Nullable Object[] arguments,
        @Nullable Object last) {
      List<@Nullable Object> all = new ArrayList<>(objects);
      all.addAll(Arrays.asList(arguments));
      all.add(last);
      return all;
    }

    private List<@Nullable Object> primals() {
      return all(start.objects, start.arguments, state);
    }

    /** All that has adjoints now. */
    List<Leaf> leaves(Tape known) {
      return Leaves.of(primals(), all(objectShadows, requireNonNull(shadows), shadow), known);
    }

    @Override
    public Kept keep() {
      return new Kept(step, state, Snapshot.of(primals(), copies));
    }

    @Override
    public void restore(Kept kept) {
      kept.contents.write();
      state = kept.state;
      step = kept.step;
    }

    @Override
    public void advance(int at) throws Throwable {
      if (hasThrown()) {
        return;
      }
      if (shadows == null) {
        enter();
      }
      Tape next = tape.part();
      Events now = digests == null ? before() : Events.first(tape.events());
      next.expect(now);
      carry(next);
      run(next);
      if (digests != null && !now.isEmpty()) {
        events.put(step - 1, now);
      }
      part = next;
      leaves = leaves(part);
      if (digests != null) {
        digests[step] = Digest.of(leaves, null);
      }
    }

    /** What has happened in the next step when it ran first. */
    Events before() {
      return events.getOrDefault(step, Events.first(null)).again();
    }

    /** Says on another tape which shadows are found by their identity. */
    void carry(Tape next) {
      Sweeps.define(leaves, part, next);
    }

    /** Runs a step. */
    void run(Tape onto) throws Throwable {
      @Nullable Object[] passed = start.arguments.clone();
      @Nullable Object[] passedShadows = requireNonNull(shadows).clone();
      passed[STATE] = state;
      passedShadows[STATE] = shadow;
      state =
          digests == null
              ? sweeps.again(passed, passedShadows, onto)
              : sweeps.forward(passed, passedShadows, onto);
      shadow = sweeps.shadow(onto);
      step++;
    }

    boolean hasThrown() {
      return start.arguments.length > THROWN
          && ((Object[]) requireNonNull(start.arguments[THROWN]))[0] != null;
    }
  }
}

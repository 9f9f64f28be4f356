package dev.fluxion.grad;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which states of a loop to keep, so that the loop can be reversed step by step from a few kept
 * states with the fewest steps run again: Griewank and Walther, "Algorithm 799: Revolve", ACM
 * Transactions on Mathematical Software 26 (2000).
 *
 * <p>With c states kept at a time, the first one among them, and no step run more than r times
 * again, a loop of at most β(c, r) = (c + r)! / (c! r!) steps can be reversed. A loop of l steps, r
 * being the least for which that is enough, takes r l − β(c + 1, r − 1) steps besides those that
 * are reversed.
 *
 * @param <K> a state that is kept
 */
final class Revolve<K> {
  /** What is done with states. There is one present state. */
  interface Actions<K> {
    /** The present state, kept. */
    K keep();

    /** Makes a state that was kept the present one. */
    void restore(K kept);

    /** Runs a step. */
    void advance(int step) throws Throwable;
  }

  /**
   * A state that is kept.
   *
   * @param step the step that it comes before
   */
  private record Kept<K>(int step, K state) {}

  private final int snapshots;
  private final Deque<Kept<K>> kept;
  private int end;

  /**
   * A loop of which no step has run.
   *
   * @param steps how many steps it has
   * @param snapshots how many states are kept at a time, at least one
   * @param start the first state, kept
   */
  Revolve(int steps, int snapshots, K start) {
    this.snapshots = snapshots;
    this.kept = new ArrayDeque<>();
    this.end = steps;
    kept.push(new Kept<>(0, start));
  }

  private Revolve(Revolve<K> other) {
    this.snapshots = other.snapshots;
    this.kept = new ArrayDeque<>(other.kept);
    this.end = other.end;
  }

  /** The same, to go on from here more than once. */
  Revolve<K> copy() {
    return new Revolve<>(this);
  }

  /** How many steps are left to reverse. */
  int end() {
    return end;
  }

  /** How many states are kept now. */
  int kept() {
    return kept.size();
  }

  /** Says how many steps are left to reverse, of those that have run. */
  void end(int steps) {
    end = steps;
  }

  /** Restores the state kept last before the end. */
  void restore(Actions<K> actions) {
    while (kept.element().step >= end) {
      kept.pop();
    }
    actions.restore(kept.element().state);
  }

  /** Leads from the state kept last to that before the last step, and keeps states on the way. */
  void advance(Actions<K> actions) throws Throwable {
    int at = kept.element().step;
    for (int free = snapshots - kept.size(); end - at > 1; free--) {
      int next = at + split(end - at, free + 1);
      while (at < next) {
        actions.advance(at++);
      }
      if (end - at > 1) {
        kept.push(new Kept<>(at, actions.keep()));
      }
    }
  }

  /** After how many of several steps the next state is kept; all but one when none may be. */
  static int split(int steps, int snapshots) {
    int r = repetitions(steps, snapshots);
    return (int) Math.min(beta(snapshots, r - 1), steps - beta(snapshots - 1, r - 1));
  }

  /** How often a step is run again at most. */
  static int repetitions(int steps, int snapshots) {
    int r = 0;
    while (beta(snapshots, r) < steps) {
      r++;
    }
    return r;
  }

  /** How many steps are run besides those that are reversed, which is the least possible. */
  static long advances(int steps, int snapshots) {
    int r = repetitions(steps, snapshots);
    return r == 0 ? 0 : (long) r * steps - beta(snapshots + 1, r - 1);
  }

  /** The fewest snapshots with which no step is run more than a number of times again. */
  static int snapshots(int steps, int repetitions) {
    int snapshots = 1;
    while (beta(snapshots, repetitions) < steps) {
      snapshots++;
    }
    return snapshots;
  }

  /** The binomial coefficient of c + r over c, or a number larger than any number of steps. */
  static long beta(int c, int r) {
    long beta = 1;
    for (int i = 1; i <= r && beta <= Integer.MAX_VALUE; i++) {
      beta = beta * (c + i) / i;
    }
    return beta;
  }
}

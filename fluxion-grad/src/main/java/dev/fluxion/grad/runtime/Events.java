package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens once in a function that is run again, such as input and the drawing of random
 * numbers: the results that it had in the first run, which it has in the second one too.
 */
public final class Events {
  private final @Nullable Events outer;
  private final List<@Nullable Object> results;
  private final boolean isOver;
  private int next;

  private Events(@Nullable Events outer, List<@Nullable Object> results, boolean isOver) {
    this.outer = outer;
    this.results = results;
    this.isOver = isOver;
  }

  /**
   * The events of a first run.
   *
   * @param outer those of a run that this is a part of
   */
  public static Events first(@Nullable Events outer) {
    return new Events(outer, new ArrayList<>(), false);
  }

  /** The same events for a run that repeats them. */
  public Events again() {
    return new Events(null, results, true);
  }

  /** Whether nothing has happened. */
  public boolean isEmpty() {
    return results.isEmpty();
  }

  /** Whether all this has happened before. */
  boolean areOver() {
    return isOver || (outer != null && outer.areOver());
  }

  /** The result of the next event, of those that are over. */
  @Nullable Object next() {
    if (!isOver) {
      Object result = outer == null ? null : outer.next();
      results.add(result);
      return result;
    }
    if (next == results.size()) {
      throw new GradientException(
          "a checkpointed function does more when it is run again for its gradient: it draws more"
              + " random numbers, say, than it did before");
    }
    return results.get(next++);
  }

  /** Says what an event has led to. */
  void add(@Nullable Object result) {
    results.add(result);
    if (outer != null) {
      outer.add(result);
    }
  }
}

package dev.fluxion.grad;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a function's activity is when some of its parameters are active, callees included. */
final class Summaries {
  /**
   * What is active in the end.
   *
   * @param parameters which parameters are
   * @param result whether the result is
   * @param reaches whether there is something to derive even if no parameter is active, for active
   *     static fields are used
   * @param statics the static fields that are active besides those known
   */
  record Summary(
      boolean[] parameters, boolean result, boolean reaches, Set<Statics.Place> statics) {
    /** Of a function that uses no static fields. */
    Summary(boolean[] parameters, boolean result) {
      this(parameters, result, false, Set.of());
    }

    boolean sameAs(Summary other) {
      return result == other.result
          && reaches == other.reaches
          && Arrays.equals(parameters, other.parameters)
          && statics.equals(other.statics);
    }
  }

  private record Key(Function function, String pattern) {}

  private final Statics statics;
  private final @Nullable Sight sight;
  private final Created created;
  private final Map<Key, Summary> known = new HashMap<>();
  private final Map<Key, GradientException> failed = new HashMap<>();
  private final Set<Key> settled = new HashSet<>();
  private final Set<Key> visited = new HashSet<>();
  private final Set<Key> running = new HashSet<>();
  private final Set<Key> assumed = new HashSet<>(); // asked for by what they call themselves
  private boolean changed;
  private int depth;

  private Summaries(Statics statics, @Nullable Sight sight, Created created) {
    this.statics = statics;
    this.sight = sight;
    this.created = created;
  }

  /** When these static fields are active, and no others. */
  static Summaries of(Statics statics) {
    return new Summaries(statics, null, new Created());
  }

  /** When these static fields are active, and perhaps others, which are to be found. */
  static Summaries searching(Statics statics, Sight sight, Created created) {
    return new Summaries(statics, sight, created);
  }

  Statics statics() {
    return statics;
  }

  /** What code may be called besides, or null when no other static field may be active. */
  @Nullable Sight sight() {
    return sight;
  }

  /** The classes of the objects that analysed code makes. */
  Created created() {
    return created;
  }

  /** The summary; a function that calls itself is analysed until nothing changes. */
  Summary of(Function function, boolean[] pattern) {
    Handwritten handwritten = Handwritten.of(function);
    if (handwritten != null) {
      return handwritten.summary(pattern, statics);
    }
    Key key = new Key(function, Arrays.toString(pattern));
    GradientException problem = failed.get(key);
    if (problem != null) {
      throw problem;
    }
    Summary before = known.computeIfAbsent(key, _ -> new Summary(pattern.clone(), false));
    if (settled.contains(key) || !visited.add(key)) {
      if (running.contains(key)) {
        assumed.add(key);
      }
      return before;
    }
    analyse(key, pattern);
    if (depth == 0) {
      while (changed) {
        changed = false;
        visited.clear();
        visited.add(key);
        analyse(key, pattern);
      }
      settled.addAll(visited);
      visited.clear();
    }
    return known.get(key);
  }

  private void analyse(Key key, boolean[] pattern) {
    depth++;
    running.add(key);
    boolean isDone = false;
    try {
      Body body = Preparation.prepared(key.function);
      Activity activity = Activity.of(body, pattern, Types.of(key.function.host()), this);
      Summary now = activity.summary();
      if (!now.sameAs(known.put(key, now)) && assumed.contains(key)) {
        changed = true;
      }
      isDone = true;
    } catch (GradientException e) { // with more that is active it would fail, too
      failed.put(key, e);
      throw e;
    } finally {
      depth--;
      running.remove(key);
      if (!isDone) { // it cannot be differentiated; should it be asked for again, it says so again
        visited.remove(key);
      }
      if (!isDone && depth == 0) {
        visited.clear();
        changed = false;
      }
    }
  }
}

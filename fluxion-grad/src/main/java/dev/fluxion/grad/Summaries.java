package dev.fluxion.grad;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a function's activity is when some of its parameters are active, callees included. */
final class Summaries {
  /** Which parameters are active in the end, and whether the result is. */
  record Summary(boolean[] parameters, boolean result) {
    boolean sameAs(Summary other) {
      return result == other.result && Arrays.equals(parameters, other.parameters);
    }
  }

  private record Key(Function function, String pattern) {}

  private final Map<Key, Summary> known = new HashMap<>();
  private final Set<Key> settled = new HashSet<>();
  private final Set<Key> visited = new HashSet<>();
  private boolean changed;
  private int depth;

  /** The summary; a function that calls itself is analysed until nothing changes. */
  Summary of(Function function, boolean[] pattern) {
    Handwritten handwritten = Handwritten.of(function);
    if (handwritten != null) {
      return handwritten.summary(pattern);
    }
    Key key = new Key(function, Arrays.toString(pattern));
    Summary before = known.computeIfAbsent(key, _ -> new Summary(pattern.clone(), false));
    if (settled.contains(key) || !visited.add(key)) {
      return before;
    }
    depth++;
    analyse(key, pattern);
    depth--;
    if (depth == 0) {
      while (changed) {
        changed = false;
        visited.clear();
        visited.add(key);
        depth++;
        analyse(key, pattern);
        depth--;
      }
      settled.addAll(visited);
      visited.clear();
    }
    return known.get(key);
  }

  private void analyse(Key key, boolean[] pattern) {
    Body body = Preparation.prepared(key.function);
    Activity activity = Activity.of(body, pattern, Types.of(key.function.host()), this);
    Summary now = new Summary(activity.activeParameters(), activity.isResultActive());
    if (!now.sameAs(known.put(key, now))) {
      changed = true;
    }
  }
}

package dev.fluxion.ir;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Block parameters that can only hold one other value, also where several parameters hand it round
 * in a circle, as those of nested loops do for what changes in neither.
 *
 * <p>After Braun, Buchwald, Hack, Leißa, Mallon and Zwinkau, "Simple and Efficient Construction of
 * Static Single Assignment Form" (CC 2013), algorithm 5: a strongly connected set of parameters
 * that one value enters is that value.
 */
public final class RedundantParameters {
  private final Map<Value, ? extends Collection<Value>> incoming;
  private final Map<Value, Value> replacements = new HashMap<>();

  private RedundantParameters(Map<Value, ? extends Collection<Value>> incoming) {
    this.incoming = incoming;
  }

  /**
   * For each parameter that can be spared the value to use instead, which is none of those that can
   * be spared.
   *
   * @param incoming for each parameter that may be replaced what all edges pass for it
   */
  public static Map<Value, Value> of(Map<Value, ? extends Collection<Value>> incoming) {
    RedundantParameters pass = new RedundantParameters(incoming);
    pass.reduce(pass.candidates());
    pass.replacements.replaceAll((_, value) -> pass.resolve(value));
    return pass.replacements;
  }

  /**
   * The parameters without those that two values enter from outside, of which most are soon seen.
   */
  private Set<Value> candidates() {
    Set<Value> candidates = new LinkedHashSet<>(incoming.keySet());
    while (candidates.removeIf(parameter -> isMet(parameter, candidates))) {
      // who gets its value from one that has gone gets it from outside
    }
    return candidates;
  }

  private boolean isMet(Value parameter, Set<Value> candidates) {
    Value outer = null;
    for (Value value : incoming.get(parameter)) {
      if (value != outer && !candidates.contains(value)) {
        if (outer != null) {
          return true;
        }
        outer = value;
      }
    }
    return false;
  }

  private Value resolve(Value value) {
    Value at = value;
    for (Value next = replacements.get(at); next != null; next = replacements.get(at)) {
      at = next;
    }
    return at;
  }

  private void reduce(Set<Value> parameters) {
    for (Set<Value> component : Components.of(parameters, this::entering)) { // what enters first
      Set<Value> entering = new HashSet<>();
      Set<Value> inner = new LinkedHashSet<>();
      for (Value parameter : component) {
        boolean isInner = true;
        for (Value value : incoming.get(parameter)) {
          Value resolved = resolve(value);
          if (!component.contains(resolved)) {
            entering.add(resolved);
            isInner = false;
          }
        }
        if (isInner) {
          inner.add(parameter);
        }
      }
      if (entering.size() == 1) {
        Value only = entering.iterator().next();
        component.forEach(parameter -> replacements.put(parameter, only));
      } else if (entering.size() > 1 && !inner.isEmpty()) {
        reduce(inner);
      }
    }
  }

  private List<Value> entering(Value parameter) {
    List<Value> entering = new ArrayList<>();
    for (Value value : incoming.get(parameter)) {
      entering.add(resolve(value));
    }
    return entering;
  }
}

package dev.fluxion.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
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
    pass.reduce(incoming.keySet());
    pass.replacements.replaceAll((_, value) -> pass.resolve(value));
    return pass.replacements;
  }

  private Value resolve(Value value) {
    Value at = value;
    for (Value next = replacements.get(at); next != null; next = replacements.get(at)) {
      at = next;
    }
    return at;
  }

  private void reduce(Set<Value> parameters) {
    for (List<Value> component : new Components(parameters).found) {
      Set<Value> members = new HashSet<>(component);
      Set<Value> entering = new HashSet<>();
      Set<Value> inner = new LinkedHashSet<>();
      for (Value parameter : component) {
        boolean isInner = true;
        for (Value value : incoming.get(parameter)) {
          Value resolved = resolve(value);
          if (!members.contains(resolved)) {
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

  /** The strongly connected components, what enters one before it; after Tarjan (1972). */
  private final class Components {
    final List<List<Value>> found = new ArrayList<>();
    private final Set<Value> members;
    private final Map<Value, Integer> numbers = new HashMap<>();
    private final Map<Value, Integer> lowest = new HashMap<>();
    private final Set<Value> onStack = new HashSet<>();
    private final Deque<Value> stack = new ArrayDeque<>();
    private final Deque<Value> path = new ArrayDeque<>();
    private final Deque<Iterator<Value>> pending = new ArrayDeque<>();

    Components(Set<Value> members) {
      this.members = members;
      for (Value member : members) {
        if (!numbers.containsKey(member)) {
          visit(member);
        }
      }
    }

    private void enter(Value value) {
      numbers.put(value, numbers.size());
      lowest.put(value, numbers.get(value));
      stack.push(value);
      onStack.add(value);
      path.push(value);
      pending.push(new ArrayList<>(incoming.get(value)).iterator());
    }

    private void visit(Value root) {
      enter(root);
      while (!path.isEmpty()) {
        Value at = path.element();
        if (pending.element().hasNext()) {
          Value next = resolve(pending.element().next());
          if (!members.contains(next)) {
            continue;
          }
          if (!numbers.containsKey(next)) {
            enter(next);
          } else if (onStack.contains(next)) {
            lowest.merge(at, numbers.get(next), Math::min);
          }
        } else {
          path.pop();
          pending.pop();
          if (!path.isEmpty()) {
            lowest.merge(path.element(), lowest.get(at), Math::min);
          }
          if (lowest.get(at).equals(numbers.get(at))) {
            found.add(component(at));
          }
        }
      }
    }

    private List<Value> component(Value root) {
      List<Value> component = new ArrayList<>();
      Value member;
      do {
        member = stack.pop();
        onStack.remove(member);
        component.add(member);
      } while (member != root);
      return component;
    }
  }
}

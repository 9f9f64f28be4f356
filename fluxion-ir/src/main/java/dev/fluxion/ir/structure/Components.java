package dev.fluxion.ir.structure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The strongly connected components of a graph.
 *
 * <p>After Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), without recursion.
 */
final class Components<N> {
  private final Function<N, List<N>> successors;
  private final Set<N> part;
  private final Map<N, Integer> order = new HashMap<>();
  private final Map<N, Integer> lowest = new HashMap<>();
  private final Deque<N> open = new ArrayDeque<>();
  private final Set<N> isOpen = new HashSet<>();
  private final List<Set<N>> cycles = new ArrayList<>();

  private Components(List<N> nodes, Function<N, List<N>> successors) {
    this.successors = successors;
    this.part = new HashSet<>(nodes);
    for (N node : nodes) {
      if (!order.containsKey(node)) {
        visit(node);
      }
    }
  }

  /** The components of a part of a graph that have a cycle. */
  static <N> List<Set<N>> of(List<N> nodes, Function<N, List<N>> successors) {
    return new Components<>(nodes, successors).cycles;
  }

  private void visit(N start) {
    Deque<N> path = new ArrayDeque<>();
    Deque<Iterator<N>> pending = new ArrayDeque<>();
    enter(start, path, pending);
    while (!path.isEmpty()) {
      N node = path.element();
      if (!pending.element().hasNext()) {
        path.pop();
        pending.pop();
        leave(node);
        if (!path.isEmpty()) {
          lowest.merge(path.element(), lowest.get(node), Math::min);
        }
        continue;
      }
      N next = pending.element().next();
      if (!part.contains(next)) {
        continue;
      }
      if (!order.containsKey(next)) {
        enter(next, path, pending);
      } else if (isOpen.contains(next)) {
        lowest.merge(node, order.get(next), Math::min);
      }
    }
  }

  private void enter(N node, Deque<N> path, Deque<Iterator<N>> pending) {
    order.put(node, order.size());
    lowest.put(node, order.get(node));
    open.push(node);
    isOpen.add(node);
    path.push(node);
    pending.push(successors.apply(node).iterator());
  }

  private void leave(N root) {
    if (!lowest.get(root).equals(order.get(root))) {
      return;
    }
    Set<N> component = new LinkedHashSet<>();
    N node;
    do {
      node = open.pop();
      isOpen.remove(node);
      component.add(node);
    } while (node != root);
    if (component.size() > 1 || successors.apply(root).contains(root)) {
      cycles.add(component);
    }
  }
}

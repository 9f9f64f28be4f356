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
import java.util.function.Function;

/**
 * The strongly connected components of a graph.
 *
 * <p>After Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), without recursion.
 */
public final class Components<N> {
  private final Function<N, ? extends Collection<N>> successors;
  private final Set<N> part;
  private final Map<N, Integer> order = new HashMap<>();
  private final Map<N, Integer> lowest = new HashMap<>();
  private final Deque<N> open = new ArrayDeque<>();
  private final Set<N> isOpen = new HashSet<>();
  private final List<Set<N>> components = new ArrayList<>();

  private Components(Collection<N> nodes, Function<N, ? extends Collection<N>> successors) {
    this.successors = successors;
    this.part = new HashSet<>(nodes);
    for (N node : nodes) {
      if (!order.containsKey(node)) {
        visit(node);
      }
    }
  }

  /** The components of a part of a graph, each after those that its edges lead to. */
  public static <N> List<Set<N>> of(
      Collection<N> nodes, Function<N, ? extends Collection<N>> successors) {
    return new Components<>(nodes, successors).components;
  }

  /** The same, without nodes that are on no cycle. */
  public static <N> List<Set<N>> cycles(
      Collection<N> nodes, Function<N, ? extends Collection<N>> successors) {
    List<Set<N>> cycles = of(nodes, successors);
    cycles.removeIf(
        component -> {
          N node = component.iterator().next();
          return component.size() == 1 && !successors.apply(node).contains(node);
        });
    return cycles;
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
    components.add(component);
  }
}

package dev.fluxion.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Orders the nodes of a graph. */
public final class Traversal {
  private Traversal() {}

  /**
   * The nodes reachable from one, itself first, in reverse postorder: but for back edges, a node
   * comes after its predecessors. What the first successor leads to comes first.
   */
  public static <N> List<N> reversePostorder(N start, Function<N, List<N>> successors) {
    List<N> postorder = new ArrayList<>();
    Set<N> seen = new HashSet<>();
    Deque<N> path = new ArrayDeque<>();
    Deque<Iterator<N>> pending = new ArrayDeque<>();
    seen.add(start);
    path.push(start);
    pending.push(successors.apply(start).reversed().iterator());
    while (!path.isEmpty()) {
      if (pending.element().hasNext()) {
        N next = pending.element().next();
        if (seen.add(next)) {
          path.push(next);
          pending.push(successors.apply(next).reversed().iterator());
        }
      } else {
        postorder.add(path.pop());
        pending.pop();
      }
    }
    Collections.reverse(postorder);
    return postorder;
  }
}

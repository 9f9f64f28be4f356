package dev.fluxion.ir;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where different definitions of a variable meet that is read later: there it needs a parameter.
 *
 * <p>After Cytron, Ferrante, Rosen, Wegman and Zadeck, "Efficiently Computing Static Single
 * Assignment Form and the Control Dependence Graph" (TOPLAS 1991): iterated dominance frontiers, of
 * which only those are taken where the variable is live. A block with handlers is two nodes, since
 * its handlers see what variables held when it started: edges to them leave from the first.
 */
final class Joins {
  private final Map<Block, Integer> starts = new HashMap<>();
  private final Map<Integer, Block> blocks = new HashMap<>();
  private final int count;
  private final int[][] predecessors;
  private final int[][] frontiers;
  private final int[] dominators;

  /** The graph of blocks that are in reverse postorder. */
  Joins(List<Block> order) {
    int nodes = 0;
    for (Block block : order) {
      starts.put(block, nodes);
      blocks.put(nodes, block);
      nodes += block.handlers().isEmpty() ? 1 : 2;
    }
    this.count = nodes;
    this.predecessors = new int[nodes][0];
    this.frontiers = new int[nodes][0];
    this.dominators = new int[nodes];
    for (Block block : order) {
      int start = start(block);
      int end = end(block);
      if (start != end) {
        connect(start, end);
      }
      for (Successor successor : block.successors()) {
        connect(end, start(successor.block()));
      }
      for (Block.Handler handler : block.handlers()) {
        connect(start, start(handler.target().block()));
      }
    }
    dominate();
    findFrontiers();
  }

  private void connect(int from, int to) {
    predecessors[to] = with(predecessors[to], from);
  }

  private static int[] with(int[] nodes, int node) {
    for (int known : nodes) {
      if (known == node) {
        return nodes;
      }
    }
    int[] more = Arrays.copyOf(nodes, nodes.length + 1);
    more[nodes.length] = node;
    return more;
  }

  /** How many nodes there are. */
  int count() {
    return count;
  }

  /** The node where a block starts. */
  int start(Block block) {
    return starts.get(block);
  }

  /** The node where a block ends. */
  int end(Block block) {
    return block.handlers().isEmpty() ? start(block) : start(block) + 1;
  }

  /** The node from which an edge leaves. */
  int source(Block from, Block to) {
    for (Block.Handler handler : from.handlers()) {
      if (handler.target().block() == to) {
        return start(from);
      }
    }
    return end(from);
  }

  /** The block that starts at a node. */
  Block block(int node) {
    return blocks.get(node);
  }

  /** Whether a block can be reached. */
  boolean has(Block block) {
    return starts.containsKey(block);
  }

  /** The closest other node through which every path to a node leads. */
  int dominator(int node) {
    return dominators[node];
  }

  private void dominate() { // after Cooper, Harvey and Kennedy (2001)
    Arrays.fill(dominators, -1);
    dominators[0] = 0;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int node = 1; node < count; node++) {
        int common = -1;
        for (int predecessor : predecessors[node]) {
          if (dominators[predecessor] >= 0) {
            common = common < 0 ? predecessor : intersect(predecessor, common);
          }
        }
        changed |= common != dominators[node];
        dominators[node] = common;
      }
    }
  }

  private int intersect(int left, int right) {
    int a = left;
    int b = right;
    while (a != b) {
      if (a > b) {
        a = dominators[a];
      } else {
        b = dominators[b];
      }
    }
    return a;
  }

  private void findFrontiers() {
    for (int node = 0; node < count; node++) {
      if (predecessors[node].length > 1) {
        for (int predecessor : predecessors[node]) {
          for (int at = predecessor; at != dominators[node]; at = dominators[at]) {
            frontiers[at] = with(frontiers[at], node);
          }
        }
      }
    }
  }

  /**
   * The nodes at whose start a variable needs a parameter.
   *
   * @param atStart where it is known at the start, as by a parameter
   * @param assigned where it is assigned
   * @param read where what it holds at the start is read
   * @param passed where what it holds at the end is read
   */
  BitSet of(BitSet atStart, BitSet assigned, BitSet read, BitSet passed) {
    BitSet live = live(atStart, assigned, read, passed);
    BitSet found = new BitSet(count);
    BitSet seen = new BitSet(count);
    seen.or(atStart);
    seen.or(assigned);
    seen.set(0); // where it is zero
    Deque<Integer> work = new ArrayDeque<>();
    for (int node = seen.nextSetBit(0); node >= 0; node = seen.nextSetBit(node + 1)) {
      work.push(node);
    }
    while (!work.isEmpty()) {
      for (int node : frontiers[work.pop()]) {
        if (live.get(node) && !atStart.get(node) && !found.get(node)) {
          found.set(node);
          if (!seen.get(node)) {
            seen.set(node);
            work.push(node);
          }
        }
      }
    }
    return found;
  }

  /** Where it matters what the variable holds at the start of a node. */
  private BitSet live(BitSet atStart, BitSet assigned, BitSet read, BitSet passed) {
    BitSet live = new BitSet(count);
    Deque<Integer> work = new ArrayDeque<>();
    for (int node = read.nextSetBit(0); node >= 0; node = read.nextSetBit(node + 1)) {
      reach(node, atStart, live, work);
    }
    for (int node = passed.nextSetBit(0); node >= 0; node = passed.nextSetBit(node + 1)) {
      if (!assigned.get(node)) {
        reach(node, atStart, live, work);
      }
    }
    while (!work.isEmpty()) {
      for (int node : predecessors[work.pop()]) {
        if (!assigned.get(node)) {
          reach(node, atStart, live, work);
        }
      }
    }
    return live;
  }

  private static void reach(int node, BitSet atStart, BitSet live, Deque<Integer> work) {
    if (!live.get(node) && !atStart.get(node)) {
      live.set(node);
      work.push(node);
    }
  }
}

package dev.fluxion.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predecessors and immediate dominators of a body's blocks.
 *
 * <p>After Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
 */
public final class Dominators {
  private final List<Block> blocks;
  private final Map<Block, Integer> order = new HashMap<>();
  private final Map<Block, List<Block>> predecessors = new HashMap<>();
  private final int[] immediate;

  private Dominators(Body body) {
    this.blocks = body.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      order.put(blocks.get(i), i);
      predecessors.put(blocks.get(i), new ArrayList<>());
    }
    for (Block block : blocks) {
      for (Successor successor : block.successors()) {
        connect(block, successor.block());
      }
      for (Block.Handler handler : block.handlers()) {
        connect(block, handler.target().block());
      }
    }
    this.immediate = new int[blocks.size()];
    solve();
  }

  private void connect(Block from, Block to) {
    List<Block> known = predecessors.get(to);
    if (!known.contains(from)) {
      known.add(from);
    }
  }

  /** The dominators of a body. */
  public static Dominators of(Body body) {
    return new Dominators(body);
  }

  private void solve() {
    java.util.Arrays.fill(immediate, -1);
    immediate[0] = 0;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 1; i < blocks.size(); i++) {
        int common = -1;
        for (Block predecessor : predecessors.get(blocks.get(i))) {
          int p = order.get(predecessor);
          if (immediate[p] >= 0) {
            common = common < 0 ? p : intersect(p, common);
          }
        }
        if (common != immediate[i]) {
          immediate[i] = common;
          changed = true;
        }
      }
    }
  }

  private int intersect(int left, int right) {
    int a = left;
    int b = right;
    while (a != b) {
      while (a > b) {
        a = immediate[a];
      }
      while (b > a) {
        b = immediate[b];
      }
    }
    return a;
  }

  /** The blocks from which an edge leads to a block, each once. */
  public List<Block> predecessors(Block block) {
    return predecessors.get(block);
  }

  /** The position of a block in reverse postorder. */
  public int order(Block block) {
    return order.get(block);
  }

  /** The closest block, other than itself, through which every path to a block leads. */
  public @Nullable Block immediateDominator(Block block) {
    int index = order.get(block);
    return index == 0 ? null : blocks.get(immediate[index]);
  }

  /** Whether every path to the second block leads through the first. */
  public boolean dominates(Block first, Block second) {
    int target = order.get(first);
    int at = order.get(second);
    while (at > target) {
      at = immediate[at];
    }
    return at == target;
  }
}

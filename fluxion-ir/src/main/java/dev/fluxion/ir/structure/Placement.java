package dev.fluxion.ir.structure;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where each block of a reducible body is written: a tree.
 *
 * <p>A block belongs to its immediate dominator, or, where that lies in loops that the block does
 * not lie in, to the header of the outermost of these. It is written inline where a single edge
 * leads to it from there, else behind. What is behind a block stands in reverse postorder, so that
 * edges among those lead forward; what is behind a loop stands behind all that is in it.
 */
final class Placement {
  private final Dominators dominators;
  private final Map<Block, Block> parents = new HashMap<>();
  private final Map<Block, List<@Nullable Block>> levels = new HashMap<>();
  private final Map<Block, List<Block>> inline = new HashMap<>();
  private final Set<Block> isInline = new HashSet<>();
  private final Set<Block> isHandler = new HashSet<>();
  private final Map<Block, Integer> weights = new HashMap<>();
  private final Map<Block, List<@Nullable List<Block.Handler>>> common = new HashMap<>();

  /** The handlers of a block that throws. */
  record Protection(Block block) {
    /** The handler at a depth, the outermost at 1. */
    Block.Handler at(int depth) {
      return block.handlers().get(block.handlers().size() - depth);
    }
  }

  Placement(Body body) {
    this.dominators = Dominators.of(body);
    Loops loops = Loops.withHandlers(body, dominators);
    Map<Block, Loop> headed = new HashMap<>();
    loops.all().forEach(loop -> headed.put(loop.header(), loop));
    Map<Block, Integer> entering = new HashMap<>();
    for (Block block : body.blocks()) {
      for (Successor edge : Set.copyOf(block.successors())) {
        if (!isBackEdge(block, edge.block())) {
          entering.merge(edge.block(), 1, Integer::sum);
        }
      }
      block.handlers().forEach(handler -> isHandler.add(handler.target().block()));
    }
    Map<Block, List<Block>> behind = new HashMap<>();
    Map<Block, List<Block>> behindLoop = new HashMap<>();
    for (Block block : body.blocks()) {
      Block dominator = dominators.immediateDominator(block);
      if (dominator == null) {
        continue;
      }
      Loop left = null;
      for (Loop loop = loops.innermost(dominator);
          loop != null && !loop.blocks().contains(block);
          loop = loop.parent()) {
        left = loop;
      }
      Block parent = left == null ? dominator : left.header();
      parents.put(block, parent);
      if (left != null) {
        behindLoop.computeIfAbsent(parent, _ -> new ArrayList<>()).add(block);
      } else if (isHandler.contains(block) || entering.get(block) != 1) {
        behind.computeIfAbsent(parent, _ -> new ArrayList<>()).add(block);
      } else {
        isInline.add(block);
        inline.computeIfAbsent(parent, _ -> new ArrayList<>()).add(block);
      }
    }
    for (Block block : body.blocks()) {
      List<@Nullable Block> all = new ArrayList<>(behind.getOrDefault(block, List.of()));
      if (headed.containsKey(block)) {
        all.add(null); // the loop
        all.addAll(behindLoop.getOrDefault(block, List.of()));
      }
      levels.put(block, all);
    }
    for (Block block : body.blocks().reversed()) { // in a tree of dominators: children first
      weigh(block);
      share(block);
    }
  }

  private void weigh(Block block) {
    int weight = weights.merge(block, 1, Integer::sum);
    Block parent = parents.get(block);
    if (parent != null) {
      weights.merge(parent, weight, Integer::sum);
    }
  }

  private void share(Block block) {
    List<@Nullable List<Block.Handler>> shared = new ArrayList<>();
    List<Block.Handler> at = isThrowing(block) ? block.handlers() : null;
    for (Block child : inline.getOrDefault(block, List.of())) {
      at = common(at, common.get(child).getLast());
    }
    shared.add(at);
    for (Block follower : levels.get(block)) {
      at = follower == null ? at : common(at, common.get(follower).getLast());
      at = without(follower == null ? block : follower, at); // it is led to from outside a `try`
      shared.add(at);
    }
    common.put(block, shared);
  }

  private static @Nullable List<Block.Handler> common(
      @Nullable List<Block.Handler> left, @Nullable List<Block.Handler> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    int same = 0;
    while (same < Math.min(left.size(), right.size())
        && isSame(left.get(left.size() - 1 - same), right.get(right.size() - 1 - same))) {
      same++;
    }
    return left.subList(left.size() - same, left.size());
  }

  /** The handlers further out than a block, if it is one. */
  private static @Nullable List<Block.Handler> without(
      Block handler, @Nullable List<Block.Handler> handlers) {
    List<Block.Handler> left = handlers;
    for (int i = 0; handlers != null && i < handlers.size(); i++) {
      if (handlers.get(i).target().block() == handler) {
        left = handlers.subList(i + 1, handlers.size());
      }
    }
    return left;
  }

  private static boolean isSame(Block.Handler left, Block.Handler right) {
    return left.target().block() == right.target().block()
        && Objects.equals(left.type(), right.type());
  }

  /** How many levels are written with a block: loops around it and blocks behind it. */
  int levels(Block block) {
    return levels.get(block).size();
  }

  /** The block that a level adds, or null if it adds the loop that the block heads. */
  @Nullable Block follower(Block block, int level) {
    return levels.get(block).get(level - 1);
  }

  /** The handlers that all that throws in a level has as its outermost; null if nothing throws. */
  @Nullable List<Block.Handler> commonHandlers(Block block, int level) {
    return common.get(block).get(level);
  }

  /** The handlers of all blocks of a level that throw. */
  List<Protection> protections(Block block, int level) {
    List<Protection> found = new ArrayList<>();
    List<Block> work = new ArrayList<>();
    collect(block, level, found, work);
    while (!work.isEmpty()) {
      Block next = work.removeLast();
      collect(next, levels(next), found, work);
    }
    return found;
  }

  private void collect(Block block, int level, List<Protection> found, List<Block> work) {
    if (isThrowing(block)) {
      found.add(new Protection(block));
    }
    work.addAll(inline.getOrDefault(block, List.of()));
    for (Block follower : levels.get(block).subList(0, level)) {
      if (follower != null) {
        work.add(follower);
      }
    }
  }

  /** Whether what throws in a level does so in the level below. */
  boolean isThrownInside(Block block, int level) {
    Block follower = level == 0 ? null : follower(block, level);
    return follower != null && common.get(follower).getLast() == null;
  }

  /** Whether an exception may leave a block. */
  static boolean isThrowing(Block block) {
    return block.terminator() instanceof Terminator.Throw
        || !block.ops().stream().allMatch(Op::isPure);
  }

  boolean isHandler(Block block) {
    return isHandler.contains(block);
  }

  /** Whether an edge leads back to the header of a loop. */
  boolean isBackEdge(Block from, Block to) {
    return dominators.dominates(to, from);
  }

  /** Whether a block is written in place of the only edge that leads to it, which is this one. */
  boolean isInline(Block from, Block to) {
    return isInline.contains(to) && parents.get(to) == from;
  }

  /** How many blocks are written with a block. */
  int weight(Block block) {
    return weights.get(block);
  }
}

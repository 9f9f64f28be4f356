package dev.fluxion.ir.pass;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks of a body go into which piece.
 *
 * <p>A piece is what a block dominates, without what smaller pieces in it have taken: it is entered
 * at that block only, its head. The tree of dominators is cut from its leaves, where what is left
 * below a block grows too large, at the place that is executed seldom and takes much away. A block
 * that leaves a monitor stays with the block that has entered it.
 */
final class Partition {
  /** What the call of a piece takes, and what follows it, in bytes. */
  private static final int CALL = 40;

  private static final int MAX_DEPTH = 16;

  /** A piece of the body; the first has no caller and the body's entry as its head. */
  static final class Piece {
    final Block head;
    @Nullable Piece caller;
    final List<Block> blocks = new ArrayList<>();

    /** Where control goes when it leaves: blocks of callers, or null for the method's end. */
    final Set<@Nullable Block> exits = new LinkedHashSet<>();

    Piece(Block head) {
      this.head = head;
    }

    int depth() {
      int depth = 0;
      for (Piece at = caller; at != null; at = at.caller) {
        depth++;
      }
      return depth;
    }

    boolean isCalledBy(Piece other) {
      Piece at = caller;
      while (at != null && at != other) {
        at = at.caller;
      }
      return at == other;
    }
  }

  final Body body;
  final Dominators dominators;
  final List<Piece> pieces = new ArrayList<>();
  final Map<Block, Piece> pieceOf = new HashMap<>();
  final Map<Block, Piece> byHead = new HashMap<>();
  private final Loops loops;
  private final ToIntFunction<Op> size;
  private final int limit;
  private final Map<Block, Block> parents = new HashMap<>();
  private final Map<Block, List<Block>> children = new HashMap<>();
  private final Map<Block, Integer> own = new HashMap<>();
  private final Map<Block, Integer> weights = new HashMap<>();
  private final Set<Block> heads = new LinkedHashSet<>();
  private final Set<Block> handlers = new HashSet<>();

  private Partition(Body body, ToIntFunction<Op> size, int limit) {
    this.body = body;
    this.size = size;
    this.limit = limit;
    this.dominators = Dominators.of(body);
    this.loops = Loops.of(body, dominators);
  }

  /** The pieces of a body, callers first, or null when it cannot be cut. */
  static @Nullable Partition of(Body body, ToIntFunction<Op> size, int limit) {
    Partition partition = new Partition(body, size, limit);
    return partition.findParents() && partition.cut() && partition.assign() ? partition : null;
  }

  /** Whether a piece has a block itself, or calls the piece that starts there. */
  boolean has(Piece piece, Block target) {
    return pieceOf.get(target) == piece || calls(piece, target);
  }

  /** Whether a piece calls the one that starts at a block. */
  boolean calls(Piece piece, Block target) {
    Piece callee = byHead.get(target);
    return callee != null && callee.caller == piece;
  }

  /** The dominator of each block, but for leaving a monitor the block that has entered it. */
  private boolean findParents() {
    Map<Block, List<Block>> entered = new HashMap<>();
    entered.put(body.entry(), List.of());
    for (Block block : body.blocks()) {
      List<Block> locks = entered.get(block);
      if (locks == null) {
        return false;
      }
      Block parent = dominators.immediateDominator(block);
      List<Block> after = locks;
      for (Op op : block.ops()) {
        if (op instanceof Op.Monitor monitor) {
          if (monitor.enter()) {
            after = new ArrayList<>(locks);
            after.add(block);
          } else if (locks.isEmpty() || !dominators.dominates(locks.getLast(), block)) {
            return false;
          } else {
            parent = locks.getLast();
            after = locks.subList(0, locks.size() - 1);
          }
        }
      }
      if (parent != null) {
        parents.put(block, parent);
        children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(block);
      }
      for (Successor successor : block.successors()) {
        entered.putIfAbsent(successor.block(), after);
      }
      for (Block.Handler handler : block.handlers()) {
        entered.putIfAbsent(handler.target().block(), locks);
        handlers.add(handler.target().block());
      }
    }
    return true;
  }

  private int ownSize(Block block) {
    int bytes = 4;
    for (Op op : block.ops()) {
      bytes += size.applyAsInt(op);
    }
    Terminator end = block.terminator();
    for (Successor successor : end.successors()) {
      bytes += 3 + 4 * successor.arguments().size();
    }
    for (Block.Handler handler : block.handlers()) {
      bytes += 4 * handler.target().arguments().size();
    }
    return bytes;
  }

  private List<Block> children(Block block) {
    return children.getOrDefault(block, List.of());
  }

  private boolean cut() {
    List<Block> below = new ArrayList<>();
    Deque<Block> work = new ArrayDeque<>(List.of(body.entry()));
    while (!work.isEmpty()) {
      Block block = work.pop();
      below.add(block);
      own.put(block, ownSize(block));
      children(block).forEach(work::push);
    }
    if (below.size() != body.blocks().size()) {
      return false;
    }
    for (Block block : below.reversed()) { // parents after all that is below them
      weigh(block);
      while (weights.get(block) > limit) {
        Block chosen = choose(block);
        if (chosen == null) {
          break;
        }
        heads.add(chosen);
        int gone = weights.get(chosen) - CALL;
        for (Block at = parents.get(chosen); at != null; at = parents.get(at)) {
          weights.merge(at, -gone, Integer::sum);
          if (at == block) {
            break;
          }
        }
      }
    }
    return !heads.isEmpty();
  }

  private void weigh(Block block) {
    int weight = own.get(block);
    for (Block child : children(block)) {
      weight += heads.contains(child) ? CALL : weights.get(child);
    }
    weights.put(block, weight);
  }

  /** The block below another where to cut: a call there should be rare and worth it. */
  private @Nullable Block choose(Block root) {
    Block best = null;
    double bestScore = 0;
    Deque<Block> work = new ArrayDeque<>(children(root));
    while (!work.isEmpty()) {
      Block block = work.pop();
      if (heads.contains(block)) {
        continue;
      }
      int weight = weights.get(block);
      double score = (weight - 2 * CALL) / Math.pow(8, frequency(block));
      if (score > bestScore && !handlers.contains(block) && !isUnlocking(block)) {
        best = block;
        bestScore = score;
      }
      if (weight > 2 * CALL) {
        children(block).forEach(work::push);
      }
    }
    return best;
  }

  private boolean isUnlocking(Block block) {
    return block.ops().stream().anyMatch(op -> op instanceof Op.Monitor m && !m.enter());
  }

  /** In how many loops a block is entered from outside of what it dominates. */
  private int frequency(Block block) {
    Loop loop = loops.innermost(block);
    if (loop != null && loop.header() == block) {
      loop = loop.parent();
    }
    int depth = 0;
    for (Loop at = loop; at != null; at = at.parent()) {
      depth++;
    }
    return depth;
  }

  private boolean assign() {
    for (Block block : body.blocks()) {
      if (block == body.entry() || heads.contains(block)) {
        byHead.put(block, new Piece(block));
      }
    }
    Deque<Block> work = new ArrayDeque<>(List.of(body.entry()));
    while (!work.isEmpty()) {
      Block block = work.pop();
      Piece piece = byHead.get(block);
      Block parent = parents.get(block);
      if (piece == null) {
        piece = pieceOf.get(parent);
      } else {
        piece.caller = parent == null ? null : pieceOf.get(parent);
        pieces.add(piece);
      }
      pieceOf.put(block, piece);
      children(block).forEach(work::push);
    }
    for (Block block : body.blocks()) {
      pieceOf.get(block).blocks.add(block);
    }
    if (!findExits()) {
      return false;
    }
    for (Piece piece : pieces) {
      flatten(piece);
    }
    pieces.forEach(piece -> piece.exits.clear());
    return findExits();
  }

  /** A chain of pieces that each call the next becomes shorter: an outer one calls on. */
  private void flatten(Piece piece) {
    if (piece.depth() <= MAX_DEPTH) {
      return;
    }
    Piece caller = piece.caller;
    while (caller != null && caller.caller != null && canBeLeftBefore(caller, piece)) {
      caller = caller.caller;
      piece.caller = caller;
    }
  }

  private boolean canBeLeftBefore(Piece caller, Piece piece) {
    for (Block exit : piece.exits) {
      if (exit != null && has(caller, exit)) {
        return false;
      }
    }
    return true;
  }

  private boolean findExits() {
    for (Block block : body.blocks()) {
      Piece piece = pieceOf.get(block);
      if (block.terminator() instanceof Terminator.Return) {
        for (Piece at = piece; at != null; at = at.caller) {
          at.exits.add(null);
        }
      }
      for (Successor successor : block.successors()) {
        if (!leave(piece, successor.block())) {
          return false;
        }
      }
      for (Block.Handler handler : block.handlers()) {
        if (!leave(piece, handler.target().block())) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean leave(Piece from, Block target) {
    Piece at = from;
    while (at != null && !has(at, target)) {
      at.exits.add(target);
      at = at.caller;
    }
    return at != null;
  }
}

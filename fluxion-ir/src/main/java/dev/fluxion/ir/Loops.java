package dev.fluxion.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The natural loops of a body and how they nest. */
public final class Loops {
  private final List<Loop> all = new ArrayList<>();
  private final Map<Block, Loop> innermost = new HashMap<>();
  private boolean reducible = true;

  /** A loop: a header that dominates it, and the blocks from which an edge leads back. */
  public static final class Loop {
    private final Block header;
    private final Set<Block> blocks = new LinkedHashSet<>();
    private final List<Block> latches = new ArrayList<>();
    private @Nullable Loop parent;

    private Loop(Block header) {
      this.header = header;
      blocks.add(header);
    }

    /** The block where the loop is entered. */
    public Block header() {
      return header;
    }

    /** All blocks, those of inner loops included. */
    public Set<Block> blocks() {
      return blocks;
    }

    /** The blocks with an edge to the header from inside. */
    public List<Block> latches() {
      return latches;
    }

    /** The loop around this one. */
    public @Nullable Loop parent() {
      return parent;
    }

    /** Whether this loop is another one or lies in it. */
    public boolean isWithin(@Nullable Loop other) {
      Loop at = this;
      while (at != null && at != other) {
        at = at.parent;
      }
      return at == other;
    }
  }

  private Loops(Body body, Dominators dominators, Function<Block, List<Block>> following) {
    Map<Block, Loop> byHeader = new HashMap<>();
    for (Block block : body.blocks()) {
      for (Block target : following.apply(block)) {
        if (dominators.order(target) > dominators.order(block)) {
          continue;
        }
        if (!dominators.dominates(target, block)) {
          reducible = false;
          continue;
        }
        Loop loop = byHeader.computeIfAbsent(target, Loop::new);
        if (!loop.latches.contains(block)) {
          loop.latches.add(block);
        }
        collect(loop, block, dominators);
      }
    }
    for (Block block : body.blocks()) { // headers in reverse postorder: outer loops first
      Loop loop = byHeader.get(block);
      if (loop != null) {
        loop.parent = innermost.get(block);
        all.add(loop);
        for (Block member : loop.blocks) {
          innermost.put(member, loop);
        }
      }
    }
  }

  private static void collect(Loop loop, Block latch, Dominators dominators) {
    Deque<Block> work = new ArrayDeque<>();
    work.push(latch);
    while (!work.isEmpty()) {
      Block block = work.pop();
      if (loop.blocks.add(block)) {
        for (Block predecessor : dominators.predecessors(block)) {
          work.push(predecessor);
        }
      }
    }
  }

  /** The loops of a body, without those that only an exception starts again. */
  public static Loops of(Body body, Dominators dominators) {
    return new Loops(body, dominators, Block::next);
  }

  /** The loops of a body, where exceptions, too, may start one again. */
  public static Loops withHandlers(Body body, Dominators dominators) {
    return new Loops(body, dominators, Body::following);
  }

  /** All loops, an outer one before those in it. */
  public List<Loop> all() {
    return all;
  }

  /** The innermost loop around a block, or null. */
  public @Nullable Loop innermost(Block block) {
    return innermost.get(block);
  }

  /** Whether every cycle is a loop with one entry. */
  public boolean isReducible() {
    return reducible;
  }
}

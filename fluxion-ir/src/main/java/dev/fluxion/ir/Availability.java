package dev.fluxion.ir;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which values are defined on every path to a block: those whose definition dominates it.
 *
 * <p>Dominance of blocks is not enough, for a block may be left by an exception before its last
 * operation: its handlers see its parameters and what was there when it started, no more. So this
 * is a problem of data flow: what is available at a block is what all edges to it bring, where an
 * edge to a handler brings what is available at the start of the handled block.
 */
public final class Availability {
  private final Map<Value, Integer> numbers = new HashMap<>();
  private final Map<Block, BitSet> atStart = new HashMap<>();

  private Availability(Body body) {
    for (Block block : body.blocks()) {
      block.parameters().forEach(this::number);
      for (Op op : block.ops()) {
        if (op.result() != null) {
          number(op.result());
        }
      }
    }
    atStart.put(body.entry(), with(new BitSet(), body.entry().parameters()));
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Block block : body.blocks()) {
        BitSet start = atStart.get(block);
        if (start == null) {
          continue; // not reached yet
        }
        for (Block.Handler handler : block.handlers()) {
          changed |= meet(handler.target().block(), start);
        }
        BitSet end = (BitSet) start.clone();
        for (Op op : block.ops()) {
          if (op.result() != null) {
            end.set(numbers.get(op.result()));
          }
        }
        for (Successor successor : block.successors()) {
          changed |= meet(successor.block(), end);
        }
      }
    }
  }

  /** What is available in a body. */
  public static Availability of(Body body) {
    return new Availability(body);
  }

  private void number(Value value) {
    numbers.putIfAbsent(value, numbers.size());
  }

  private BitSet with(BitSet set, List<Value> values) {
    for (Value value : values) {
      set.set(numbers.get(value));
    }
    return set;
  }

  private boolean meet(Block target, BitSet incoming) {
    BitSet known = atStart.get(target);
    if (known == null) {
      atStart.put(target, with((BitSet) incoming.clone(), target.parameters()));
      return true;
    }
    int before = known.cardinality();
    BitSet met = with((BitSet) incoming.clone(), target.parameters());
    known.and(met);
    return known.cardinality() != before;
  }

  /** Whether a value is defined wherever a block starts, its own parameters included. */
  public boolean isAvailable(Value value, Block block) {
    Integer number = numbers.get(value);
    BitSet start = atStart.get(block);
    return number != null && start != null && start.get(number);
  }
}

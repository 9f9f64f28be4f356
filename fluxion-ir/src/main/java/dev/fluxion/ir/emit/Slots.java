package dev.fluxion.ir.emit;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a body live: on the operand stack, when a value is used once, soon and
 * without an effect in between, or in a local variable slot that it shares with values that live at
 * other times.
 */
final class Slots {
  /** How deep expressions may nest on the operand stack. */
  private static final int MAX_DEPTH = 24;

  private final Body body;
  private final Map<Value, Op> definitions = new HashMap<>();
  private final Map<Value, Integer> uses = new HashMap<>();
  private final Set<Value> onStack = new HashSet<>();
  private final Map<Value, Integer> depths = new HashMap<>();
  private final Map<Block, Set<Value>> liveIn = new HashMap<>();
  private final Map<Value, Integer> slots = new HashMap<>();
  private int count;

  Slots(Body body) {
    this.body = body;
    countUses();
    for (Block block : body.blocks()) {
      chooseStack(block);
    }
    findLiveness();
    allocate();
  }

  /** The operation to emit where the value is used, or null when the value has a slot. */
  @Nullable Op inline(Value value) {
    Op definition = definitions.get(value);
    return definition instanceof Op.Constant || onStack.contains(value) ? definition : null;
  }

  /** Whether nobody reads the value. */
  boolean isUnused(Value value) {
    return !uses.containsKey(value);
  }

  int slot(Value value) {
    return slots.get(value);
  }

  /** Whether the value has a slot; parameters that nobody reads have none. */
  boolean hasSlot(Value value) {
    return slots.containsKey(value);
  }

  /** The values in slots that are live where a block starts, its parameters not among them. */
  Set<Value> liveIn(Block block) {
    return liveIn.get(block);
  }

  int count() {
    return count;
  }

  private void countUses() {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op.result() != null) {
          definitions.put(op.result(), op);
        }
        count(op.operands());
      }
      count(block.terminator().operands());
      for (Successor successor : block.successors()) {
        count(successor.arguments());
      }
      for (Block.Handler handler : block.handlers()) {
        count(handler.target().arguments());
        count(handler.target().arguments()); // a handler needs its arguments in slots
      }
    }
  }

  private void count(List<Value> values) {
    for (Value value : values) {
      uses.merge(value, 1, Integer::sum);
    }
  }

  /** Pure operations with one use in their own block wait until that use. */
  private void chooseStack(Block block) {
    Set<Value> defined = new HashSet<>();
    for (Op op : block.ops()) {
      settle(op.operands(), defined, op);
      Value result = op.result();
      if (result != null && op.isPure() && uses.getOrDefault(result, 0) == 1) {
        defined.add(result);
      }
    }
    settle(block.terminator().operands(), defined, null);
    for (Successor successor : block.successors()) {
      settle(successor.arguments(), defined, null);
    }
  }

  private void settle(List<Value> operands, Set<Value> defined, @Nullable Op user) {
    int depth = 0;
    for (Value operand : operands) {
      if (defined.contains(operand) && depths.getOrDefault(operand, 0) < MAX_DEPTH) {
        onStack.add(operand);
        depth = Math.max(depth, depths.getOrDefault(operand, 0) + 1);
      }
    }
    if (user != null && user.result() != null) {
      depths.put(user.result(), depth);
    }
  }

  /** The values in slots that emitting a value reads. */
  void leaves(Value value, List<Value> into) {
    Op op = inline(value);
    if (op == null) {
      into.add(value);
    } else {
      for (Value operand : op.operands()) {
        leaves(operand, into);
      }
    }
  }

  private List<Value> leaves(List<Value> values) {
    List<Value> result = new ArrayList<>();
    for (Value value : values) {
      leaves(value, result);
    }
    return result;
  }

  private void findLiveness() {
    for (Block block : body.blocks()) {
      liveIn.put(block, new HashSet<>());
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int b = body.blocks().size() - 1; b >= 0; b--) {
        Block block = body.blocks().get(b);
        Set<Value> live = liveOut(block);
        List<Op> ops = block.ops();
        for (int i = ops.size() - 1; i >= 0; i--) {
          Op op = ops.get(i);
          if (op.result() != null) {
            if (inline(op.result()) != null) {
              continue;
            }
            live.remove(op.result());
          }
          live.addAll(leaves(op.operands()));
        }
        for (Block.Handler handler : block.handlers()) {
          live.addAll(leaves(handler.target().arguments()));
          live.addAll(liveIn.get(handler.target().block()));
        }
        live.removeAll(block.parameters());
        if (live.size() != liveIn.get(block).size()) {
          liveIn.put(block, live);
          changed = true;
        }
      }
    }
  }

  private Set<Value> liveOut(Block block) {
    Set<Value> live = new HashSet<>();
    for (Successor successor : block.successors()) {
      live.addAll(liveIn.get(successor.block()));
      live.addAll(leaves(successor.arguments()));
    }
    live.addAll(leaves(block.terminator().operands()));
    return live;
  }

  private static final class Interval {
    final Value value;
    final boolean isParameter;
    int start;
    int end;

    Interval(Value value, boolean isParameter, int start) {
      this.value = value;
      this.isParameter = isParameter;
      this.start = start;
      this.end = start;
    }

    /** Whether it has ended: an operation reads its operands before it writes its result. */
    boolean endsBefore(Interval next) {
      return end < next.start || (end == next.start && start < next.start && !next.isParameter);
    }
  }

  /** Linear scan over the blocks in order. */
  private void allocate() {
    Map<Value, Interval> intervals = new HashMap<>();
    List<Interval> order = new ArrayList<>();
    int position = 0;
    for (Block block : body.blocks()) {
      position++;
      for (Value value : liveIn.get(block)) {
        touch(value, position, intervals, order);
      }
      for (Value parameter : block.parameters()) {
        if (!isUnused(parameter) || block == body.entry()) {
          touch(parameter, position, intervals, order);
        }
      }
      for (Op op : block.ops()) {
        position++;
        if (op.result() != null && inline(op.result()) != null) {
          continue;
        }
        for (Value value : leaves(op.operands())) {
          touch(value, position, intervals, order);
        }
        if (op.result() != null && !isUnused(op.result())) {
          touch(op.result(), position, intervals, order);
        }
      }
      position++;
      for (Value value : liveOut(block)) {
        touch(value, position, intervals, order);
      }
      for (Block.Handler handler : block.handlers()) { // live in all of the block
        for (Value value : liveIn.get(handler.target().block())) {
          touch(value, position, intervals, order);
        }
        for (Value value : leaves(handler.target().arguments())) {
          touch(value, position, intervals, order);
        }
      }
    }
    order.sort(Comparator.comparingInt(interval -> interval.start));
    assign(order);
  }

  private void touch(
      Value value, int position, Map<Value, Interval> intervals, List<Interval> order) {
    Interval interval = intervals.get(value);
    if (interval == null) {
      interval = new Interval(value, !definitions.containsKey(value), position);
      intervals.put(value, interval);
      order.add(interval);
    }
    interval.start = Math.min(interval.start, position);
    interval.end = Math.max(interval.end, position);
  }

  private void assign(List<Interval> order) {
    for (Value parameter : body.parameters()) { // the JVM says where these are
      slots.put(parameter, count);
      count += parameter.kind().slots();
    }
    Map<Value, List<Value>> partners = partners();
    PriorityQueue<Interval> active =
        new PriorityQueue<>(Comparator.comparingInt((Interval interval) -> interval.end));
    BitSet singles = new BitSet();
    BitSet pairs = new BitSet();
    for (Interval interval : order) {
      while (!active.isEmpty() && active.element().endsBefore(interval)) {
        Value done = active.remove().value;
        (done.kind().slots() == 2 ? pairs : singles).set(slots.get(done));
      }
      if (!slots.containsKey(interval.value)) {
        BitSet free = interval.value.kind().slots() == 2 ? pairs : singles;
        int slot = preferred(partners.getOrDefault(interval.value, List.of()), free);
        if (slot < 0) {
          slot = free.nextSetBit(0);
        }
        if (slot < 0) {
          slot = count;
          count += interval.value.kind().slots();
        }
        free.clear(slot);
        slots.put(interval.value, slot);
      }
      active.add(interval);
    }
  }

  /** A free slot in which an edge finds the value where it must be, or -1. */
  private int preferred(List<Value> partners, BitSet free) {
    for (Value partner : partners) {
      Integer slot = slots.get(partner);
      if (slot != null && free.get(slot)) {
        return slot;
      }
    }
    return -1;
  }

  /** For each parameter of a block the arguments that edges pass for it, and the reverse. */
  private Map<Value, List<Value>> partners() {
    Map<Value, List<Value>> partners = new HashMap<>();
    for (Block block : body.blocks()) {
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          Value argument = successor.arguments().get(i);
          Value parameter = successor.block().parameters().get(i);
          if (argument != parameter && inline(argument) == null) {
            partners.computeIfAbsent(parameter, _ -> new ArrayList<>()).add(argument);
            partners.computeIfAbsent(argument, _ -> new ArrayList<>()).add(parameter);
          }
        }
      }
    }
    return partners;
  }
}

package dev.fluxion.ir.emit;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a body live that are not nested in an expression: in local variable slots
 * that values share which live at different times.
 */
final class Slots {
  private final Body body;
  private final Nesting nesting;
  private final Set<Value> pinned;
  private final boolean hasFrames;
  private final Map<Value, Integer> indices = new HashMap<>();
  private final List<Value> values = new ArrayList<>();
  private final Map<Block, BitSet> liveIn = new HashMap<>();
  private final List<@Nullable Interval> intervals = new ArrayList<>(); // by index
  private final List<Interval> order = new ArrayList<>();
  private final Map<Value, Integer> slots = new HashMap<>();
  private int count;

  /**
   * Slots for a body.
   *
   * @param pinned parameters whose slots no other value may take
   * @param hasFrames whether frames tell what slots hold; without them the verifier joins what
   *     slots hold where paths meet, be it read later or not, and loads the classes to do so, one
   *     of which may be missing; then only objects of the same class share a slot
   */
  Slots(Body body, Nesting nesting, Set<Value> pinned, boolean hasFrames) {
    this.body = body;
    this.nesting = nesting;
    this.pinned = pinned;
    this.hasFrames = hasFrames;
    findLiveness();
    allocate();
  }

  int slot(Value value) {
    return slots.get(value);
  }

  /** Whether the value has a slot; parameters that nobody reads have none. */
  boolean hasSlot(Value value) {
    return slots.containsKey(value);
  }

  /** The values in slots that are live where a block starts, its parameters not among them. */
  List<Value> liveIn(Block block) {
    List<Value> live = new ArrayList<>();
    BitSet indices = liveIn.get(block);
    for (int i = indices.nextSetBit(0); i >= 0; i = indices.nextSetBit(i + 1)) {
      live.add(values.get(i));
    }
    return live;
  }

  int count() {
    return count;
  }

  /** The values in slots that emitting a value reads. */
  void leaves(Value value, List<Value> into) {
    Op op = nesting.inline(value);
    if (op == null) {
      into.add(value);
    } else {
      for (Value operand : nesting.operands(op)) {
        leaves(operand, into);
      }
    }
  }

  private int index(Value value) {
    Integer known = indices.putIfAbsent(value, values.size());
    if (known != null) {
      return known;
    }
    values.add(value);
    return values.size() - 1;
  }

  private void findLiveness() {
    Map<Block, BitSet> read = new HashMap<>();
    Map<Block, BitSet> written = new HashMap<>();
    for (Block block : body.blocks()) {
      liveIn.put(block, new BitSet());
      BitSet reads = new BitSet();
      BitSet writes = new BitSet();
      for (Op op : block.ops()) {
        if (!nesting.isWrittenElsewhere(op)) {
          mark(nesting.operands(op), writes, reads);
          Value result = nesting.definedBy(op);
          if (result != null) {
            writes.set(index(result));
          }
        }
      }
      mark(block.terminator().operands(), writes, reads);
      for (Successor successor : block.successors()) {
        mark(successor.arguments(), writes, reads);
      }
      for (Block.Handler handler : block.handlers()) {
        mark(handler.target().arguments(), new BitSet(), reads);
      }
      for (Value parameter : block.parameters()) {
        writes.set(index(parameter));
      }
      reads.andNot(parameters(block));
      read.put(block, reads);
      written.put(block, writes);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Block block : body.blocks().reversed()) {
        BitSet live = new BitSet();
        for (Successor successor : block.successors()) {
          live.or(liveIn.get(successor.block()));
        }
        live.andNot(written.get(block));
        for (Block.Handler handler : block.handlers()) { // live in all of the block
          live.or(liveIn.get(handler.target().block()));
        }
        live.andNot(parameters(block));
        live.or(read.get(block));
        if (!live.equals(liveIn.put(block, live))) {
          changed = true;
        }
      }
    }
  }

  private BitSet parameters(Block block) {
    BitSet result = new BitSet();
    for (Value parameter : block.parameters()) {
      result.set(index(parameter));
    }
    return result;
  }

  private void mark(List<Value> operands, BitSet written, BitSet read) {
    for (Value value : operands) {
      Op op = nesting.inline(value);
      if (op != null) {
        mark(nesting.operands(op), written, read);
      } else {
        int index = index(value);
        if (!written.get(index)) {
          read.set(index);
        }
      }
    }
  }

  private static final class Interval {
    final Value value;
    final boolean isParameter;
    final int start;
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
    int position = 0;
    for (Block block : body.blocks()) {
      position++;
      touch(liveIn.get(block), position);
      for (Value parameter : block.parameters()) {
        if (!nesting.isUnused(parameter) || block == body.entry()) {
          touch(index(parameter), position);
        }
      }
      for (Op op : block.ops()) {
        position++;
        if (nesting.isWrittenElsewhere(op)) {
          continue;
        }
        touch(nesting.operands(op), position);
        Value result = nesting.definedBy(op);
        if (result != null && !nesting.isUnused(result)) {
          touch(index(result), position);
        }
      }
      position++;
      touch(block.terminator().operands(), position);
      for (Successor successor : block.successors()) {
        touch(liveIn.get(successor.block()), position);
        touch(successor.arguments(), position);
      }
      for (Block.Handler handler : block.handlers()) { // live in all of the block
        touch(liveIn.get(handler.target().block()), position);
        touch(handler.target().arguments(), position);
      }
    }
    for (Value parameter : pinned) {
      touch(index(parameter), position);
    }
    order.sort(Comparator.comparingInt(interval -> interval.start));
    assign();
  }

  private void touch(BitSet live, int position) {
    for (int i = live.nextSetBit(0); i >= 0; i = live.nextSetBit(i + 1)) {
      touch(i, position);
    }
  }

  private void touch(List<Value> operands, int position) {
    for (Value value : operands) {
      Op op = nesting.inline(value);
      if (op == null) {
        touch(index(value), position);
      } else {
        touch(nesting.operands(op), position);
      }
    }
  }

  private void touch(int index, int position) {
    while (intervals.size() <= index) {
      intervals.add(null);
    }
    Interval interval = intervals.get(index);
    if (interval == null) {
      Value value = values.get(index);
      interval = new Interval(value, !nesting.isDefinedByOperation(value), position);
      intervals.set(index, interval);
      order.add(interval);
    }
    interval.end = position; // positions only grow
  }

  private void assign() {
    for (Value parameter : body.parameters()) { // the JVM says where these are
      slots.put(parameter, count);
      count += parameter.kind().slots();
    }
    Map<Value, List<Value>> partners = partners();
    PriorityQueue<Interval> active =
        new PriorityQueue<>(Comparator.comparingInt((Interval interval) -> interval.end));
    Map<ClassDesc, BitSet> freeSlots = new HashMap<>();
    for (Interval interval : order) {
      while (!active.isEmpty() && active.element().endsBefore(interval)) {
        Value done = active.remove().value;
        freeSlots.computeIfAbsent(sharing(done), _ -> new BitSet()).set(slots.get(done));
      }
      if (!slots.containsKey(interval.value)) {
        BitSet free = freeSlots.computeIfAbsent(sharing(interval.value), _ -> new BitSet());
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

  /** A type that stands for all whose values may share slots with a value. */
  private ClassDesc sharing(Value value) {
    if (value.kind().slots() == 2) {
      return ConstantDescs.CD_long;
    }
    return hasFrames || value.kind() != Kind.REFERENCE ? ConstantDescs.CD_int : value.type();
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
        join(successor.block().parameters(), successor.arguments(), partners);
      }
      for (Block.Handler handler : block.handlers()) {
        List<Value> parameters = handler.target().block().parameters();
        join(parameters.subList(1, parameters.size()), handler.target().arguments(), partners);
      }
    }
    return partners;
  }

  private void join(
      List<Value> parameters, List<Value> arguments, Map<Value, List<Value>> partners) {
    for (int i = 0; i < arguments.size(); i++) {
      Value argument = arguments.get(i);
      Value parameter = parameters.get(i);
      if (argument != parameter && nesting.inline(argument) == null) {
        partners.computeIfAbsent(parameter, _ -> new ArrayList<>()).add(argument);
        partners.computeIfAbsent(argument, _ -> new ArrayList<>()).add(parameter);
      }
    }
  }
}

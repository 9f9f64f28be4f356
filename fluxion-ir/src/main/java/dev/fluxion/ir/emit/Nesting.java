package dev.fluxion.ir.emit;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which operations are written where their result is used, as part of one expression on the operand
 * stack, and which leave their result in a local variable.
 *
 * <p>An operation without an effect may wait until its only use. One with an effect waits in line:
 * it may become an operand only if all that happens since is an operand of the same expression,
 * later in it. So the effects keep their order.
 */
final class Nesting {
  /** How deep expressions may nest; fluent calls make deep ones. */
  private static final int MAX_DEPTH = 100;

  private final Map<Value, Op> definitions = new HashMap<>();
  private final Map<Value, Uses> uses = new HashMap<>();
  private final Set<Value> nested = new HashSet<>();
  private final Map<Value, Integer> depths = new HashMap<>();

  /** Constructor calls that are written together with the allocation of their object. */
  private final Map<Op, Op.New> constructions = new IdentityHashMap<>();

  /** Operations without effect that have not been used yet. */
  private final Set<Value> floating = new HashSet<>();

  /** Expressions with an effect that have not been used yet, in their order. */
  private final List<Value> pending = new ArrayList<>();

  private final boolean isExact;

  private static final class Uses {
    int count;
    int asOperand;
    @Nullable Block block;
    boolean isInOneBlock = true;

    void add(Block user, boolean isOperand) {
      isInOneBlock &= block == null || block == user;
      block = user;
      count++;
      asOperand += isOperand ? 1 : 0;
    }
  }

  /**
   * The nesting of a body's operations.
   *
   * @param isExact whether even constants that must be linked stay in their place; passes take all
   *     constants to be defined everywhere
   */
  Nesting(Body body, boolean isExact) {
    this.isExact = isExact;
    for (Block block : body.blocks()) {
      count(block);
    }
    for (Block block : body.blocks()) {
      nest(block);
    }
  }

  /** The operation to write where the value is used, or null when the value has a slot. */
  @Nullable Op inline(Value value) {
    Op definition = definitions.get(value);
    return nested.contains(value) || isFree(definition) ? definition : null;
  }

  /** What is written in the place of an operation defines this value; null if none. */
  @Nullable Value definedBy(Op op) {
    Op.New allocation = constructions.get(op);
    return allocation == null ? op.result() : allocation.result();
  }

  /** The allocation that a constructor call starts with, or null. */
  Op.@Nullable New allocation(Op op) {
    return constructions.get(op);
  }

  /** Whether nothing is written in the operation's place, for it is part of another. */
  boolean isWrittenElsewhere(Op op) {
    Value result = definedBy(op);
    return result != null && (inline(result) != null || definitions.get(result) != op);
  }

  /** What is pushed before an operation is executed. */
  List<Value> operands(Op op) {
    List<Value> operands = op.operands();
    return constructions.containsKey(op) ? operands.subList(1, operands.size()) : operands;
  }

  /** Whether nobody reads the value. */
  boolean isUnused(Value value) {
    return uses(value) == 0;
  }

  /** Whether an operation defines the value, and not a block. */
  boolean isDefinedByOperation(Value value) {
    return definitions.containsKey(value);
  }

  private int uses(Value value) {
    Uses known = uses.get(value);
    return known == null ? 0 : known.count;
  }

  /** Whether a value may be pushed anywhere and any number of times. */
  private boolean isFree(@Nullable Op op) {
    return op instanceof Op.Constant constant && !(isExact && isLinked(constant.value()));
  }

  /** Whether a constant is found by linking, which may load classes, fail and run code. */
  private static boolean isLinked(@Nullable Object constant) {
    boolean isPlain =
        constant instanceof String
            || constant instanceof Integer
            || constant instanceof Long
            || constant instanceof Float
            || constant instanceof Double;
    return !isPlain && constant instanceof ConstantDesc;
  }

  /** Whether an operation may wait although others have effects: it cannot even fail to link. */
  private static boolean isMovable(Op op) {
    return op.isPure() && !(op instanceof Op.InstanceOf) && !(op instanceof Op.Constant);
  }

  private void count(Block block) {
    for (Op op : block.ops()) {
      if (op.result() != null) {
        definitions.put(op.result(), op);
      }
      count(op.operands(), block, true);
    }
    count(block.terminator().operands(), block, true);
    for (Successor successor : block.successors()) {
      count(successor.arguments(), block, false);
    }
    for (Block.Handler handler : block.handlers()) {
      count(handler.target().arguments(), block, false);
      count(handler.target().arguments(), block, false); // they must be in slots
    }
  }

  private void count(List<Value> values, Block block, boolean isOperand) {
    for (Value value : values) {
      uses.computeIfAbsent(value, _ -> new Uses()).add(block, isOperand);
    }
  }

  private void nest(Block block) {
    floating.clear();
    pending.clear();
    for (Op op : block.ops()) {
      nest(op, block);
    }
    Terminator end = block.terminator();
    if (!block.handlers().isEmpty() && !(end instanceof Terminator.Throw)) {
      release(); // what follows the block is out of its handlers' reach
    }
    take(end.operands());
    release();
    for (Successor successor : block.successors()) {
      for (Value argument : successor.arguments()) {
        if (floating.remove(argument)) {
          nested.add(argument);
        }
      }
    }
  }

  private void nest(Op op, Block block) {
    if (isFree(op)) {
      return;
    }
    int before = pending.size();
    int depth = take(op.operands());
    Value result = op.result();
    if (op instanceof Op.New created && created.constructor().isAllocation()) {
      pending.add(created.result());
      return;
    }
    Op.New allocation = allocationIn(op);
    if (allocation != null) {
      result = allocation.result();
      constructions.put(op, allocation);
      definitions.put(result, op);
      nested.remove(result);
      Uses others = uses.get(result);
      others.count--;
      others.asOperand--;
    }
    if (result == null) {
      release();
      return;
    }
    depths.put(result, depth);
    boolean canWait =
        uses(result) == 1 && uses.get(result).isInOneBlock && uses.get(result).block == block;
    boolean isMovable = isMovable(op);
    boolean hasEffects = !isMovable || pending.size() < before;
    boolean isShallow = depth < MAX_DEPTH || op instanceof Op.Compare;
    if (canWait && isShallow && !hasEffects) {
      floating.add(result);
    } else if (canWait && isShallow && (isMovable || uses.get(result).asOperand == 1)) {
      pending.add(result);
    } else if (hasEffects) {
      release();
    }
  }

  /** The allocation that stands right before the arguments of its constructor, or null. */
  private Op.@Nullable New allocationIn(Op op) {
    boolean isConstructor =
        op instanceof Op.Call call
            && call.method().dispatch() == MethodRef.Dispatch.SPECIAL
            && call.method().name().equals(ConstantDescs.INIT_NAME);
    if (!isConstructor) {
      return null;
    }
    Value object = op.operands().get(0);
    boolean isInPlace =
        nested.contains(object)
            && definitions.get(object) instanceof Op.New created
            && created.constructor().isAllocation();
    return isInPlace ? (Op.New) definitions.get(object) : null;
  }

  /** Nests the operands that may be; gives the depth of the deepest. */
  private int take(List<Value> operands) {
    int depth = 0;
    boolean inOrder = true;
    for (int i = operands.size() - 1; i >= 0; i--) {
      Value operand = operands.get(i);
      if (floating.remove(operand)) {
        nested.add(operand);
        depth = Math.max(depth, depths.getOrDefault(operand, 0) + 1);
      } else if (inOrder && !pending.isEmpty() && pending.getLast() == operand) {
        pending.removeLast();
        nested.add(operand);
        depth = Math.max(depth, depths.getOrDefault(operand, 0) + 1);
      } else if (pending.contains(operand)) {
        inOrder = false;
        release();
        if (floating.remove(operand)) { // its operands have slots now
          nested.add(operand);
        }
      }
    }
    return depth;
  }

  /** Whatever is pending is written in its place. */
  private void release() {
    for (Value value : pending) {
      release(value);
    }
    pending.clear();
  }

  /** An operation without effect may still wait if what it waits for has a slot. */
  private void release(Value value) {
    Op op = definitions.get(value);
    if (isMovable(op)) {
      withhold(op);
      floating.add(value);
    }
  }

  private void withhold(Op op) {
    for (Value operand : op.operands()) {
      if (nested.contains(operand)) {
        Op inner = definitions.get(operand);
        if (isMovable(inner)) {
          withhold(inner);
        } else if (!isFree(inner)) {
          nested.remove(operand);
        }
      }
    }
  }
}

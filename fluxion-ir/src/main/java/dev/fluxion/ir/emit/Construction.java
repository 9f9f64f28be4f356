package dev.fluxion.ir.emit;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ConstantDescs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which objects have been allocated, or, in a constructor, received, whose constructor has not run:
 * the verifier has a type of its own for each.
 */
final class Construction {
  private final @Nullable Value receiver;
  private final Nesting nesting;
  private final Map<Block, Set<Value>> atStart = new HashMap<>();
  private final Set<Block> unsteady = new HashSet<>();

  private Construction(Body body, Nesting nesting, @Nullable Value receiver) {
    this.nesting = nesting;
    this.receiver = receiver;
    atStart.put(body.entry(), receiver == null ? Set.of() : Set.of(receiver));
    for (Block block : body.blocks()) { // in reverse postorder one predecessor comes before
      Set<Value> unready = atStart.getOrDefault(block, Set.of());
      for (Block.Handler handler : block.handlers()) {
        atStart.putIfAbsent(handler.target().block(), unready);
      }
      Set<Value> after = unready;
      for (Op op : block.ops()) {
        after = after(op, after);
      }
      if (receiver != null && unready.contains(receiver) != after.contains(receiver)) {
        unsteady.add(block);
      }
      for (Successor successor : block.successors()) {
        atStart.putIfAbsent(successor.block(), after);
      }
    }
  }

  /** The construction of objects in a body, or null when there is nothing to track. */
  static @Nullable Construction of(Body body, Nesting nesting, @Nullable Value receiver) {
    if (receiver != null) {
      return new Construction(body, nesting, receiver);
    }
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (isAllocation(op) && !nesting.isWrittenElsewhere(op)) {
          return new Construction(body, nesting, null);
        }
      }
    }
    return null;
  }

  /** The constructor's receiver, or null in other methods. */
  @Nullable Value receiver() {
    return receiver;
  }

  /** The objects whose constructor has not run where a block starts. */
  Set<Value> unreadyAt(Block block) {
    return atStart.getOrDefault(block, Set.of());
  }

  /** Whether the receiver is ready, or not, all through a block. */
  boolean isSteady(Block block) {
    return !unsteady.contains(block);
  }

  private Set<Value> after(Op op, Set<Value> unready) {
    if (isAllocation(op) && !nesting.isWrittenElsewhere(op)) {
      return with(unready, ((Op.New) op).result());
    }
    return isConstructor(op) ? without(unready, op.operands().get(0)) : unready;
  }

  private static boolean isAllocation(Op op) {
    return op instanceof Op.New created && created.constructor().isAllocation();
  }

  private static boolean isConstructor(Op op) {
    return op instanceof Op.Call call
        && call.method().dispatch() == MethodRef.Dispatch.SPECIAL
        && call.method().name().equals(ConstantDescs.INIT_NAME);
  }

  /** The objects with one more. */
  static Set<Value> with(Set<Value> objects, Value object) {
    Set<Value> result = new HashSet<>(objects);
    result.add(object);
    return result;
  }

  /** The objects with one less. */
  static Set<Value> without(Set<Value> objects, Value object) {
    if (!objects.contains(object)) {
      return objects;
    }
    Set<Value> result = new HashSet<>(objects);
    result.removeAll(List.of(object));
    return result;
  }
}

package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arrays of numbers that a body makes and hands to nobody: nothing else writes to them. */
final class OwnArrays {
  private final Body body;

  /** From which allocation an array surely is; null where it may be another array. */
  private final Map<Value, Op.@Nullable NewArray> origins = new HashMap<>();

  private final Set<Op> handedOver = Collections.newSetFromMap(new IdentityHashMap<>());

  private OwnArrays(Body body) {
    this.body = body;
  }

  static OwnArrays of(Body body) {
    OwnArrays arrays = new OwnArrays(body);
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.NewArray made && isOfNumbers(made)) {
          arrays.origins.put(made.result(), made);
        }
      }
    }
    if (!arrays.origins.isEmpty()) {
      arrays.follow();
      arrays.findHandedOver();
    }
    return arrays;
  }

  private static boolean isOfNumbers(Op.NewArray made) {
    return made.lengths().size() == 1 && made.result().type().componentType().isPrimitive();
  }

  /** The allocation of which an array is the result, if that is an array of the body's own. */
  Op.@Nullable NewArray origin(Value array) {
    Op.NewArray origin = origins.get(array);
    return origin == null || handedOver.contains(origin) ? null : origin;
  }

  /** Finds which parameters of blocks always are the same array. */
  private void follow() {
    Set<Value> unknown = new HashSet<>(body.parameters());
    for (Block block : body.blocks()) {
      for (Block.Handler handler : block.handlers()) {
        unknown.addAll(handler.target().block().parameters());
      }
    }
    Set<Value> parameters = new HashSet<>();
    body.blocks().forEach(block -> parameters.addAll(block.parameters()));
    boolean changed;
    do {
      changed = false;
      for (Block block : body.blocks()) {
        for (Successor successor : block.successors()) {
          for (int i = 0; i < successor.arguments().size(); i++) {
            Value to = successor.block().parameters().get(i);
            Value from = successor.arguments().get(i);
            boolean isUndecided = parameters.contains(from) && !origins.containsKey(from);
            if (unknown.contains(to) || (isUndecided && !unknown.contains(from))) {
              continue;
            }
            Op.NewArray origin = origins.get(from);
            if (!origins.containsKey(to)) {
              origins.put(to, origin);
              changed = true;
            } else if (origins.get(to) != null && origins.get(to) != origin) {
              origins.put(to, null);
              changed = true;
            }
          }
        }
      }
    } while (changed);
  }

  private void findHandedOver() {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        switch (op) {
          case Op.LoadElement _, Op.ArrayLength _, Op.Compare _ -> {}
          case Op.StoreElement store -> handOver(List.of(store.value()));
          default -> handOver(op.operands());
        }
      }
      handOver(block.terminator().operands());
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          Value from = successor.arguments().get(i);
          if (origins.get(from) != origins.get(successor.block().parameters().get(i))) {
            handOver(List.of(from));
          }
        }
      }
      block.handlers().forEach(handler -> handOver(handler.target().arguments()));
    }
  }

  private void handOver(List<Value> values) {
    for (Value value : values) {
      Op.NewArray origin = origins.get(value);
      if (origin != null) {
        handedOver.add(origin);
      }
    }
  }
}

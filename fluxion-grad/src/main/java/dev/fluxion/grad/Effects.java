package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.util.HashSet;
import java.util.Set;

/** Whether a call may change numbers that live on when it throws an exception half-way. */
final class Effects {
  private final Set<Function> visited = new HashSet<>();

  private Effects() {}

  static boolean mayChange(Target target, Types types) {
    return new Effects().changes(target, types);
  }

  private boolean changes(Target target, Types types) {
    return switch (target) {
      case Target.Direct direct -> changes(direct.function());
      case Target.Dispatched dispatched -> {
        Class<?> owner = types.resolve(dispatched.method().owner(), Location.NONE);
        yield !Foreign.isTransparent(owner) || Callback.of(owner) != null;
      }
      case Target.Ruled _, Target.Boxing _, Target.Opaque _ -> false;
    };
  }

  private boolean changes(Function function) {
    if (!visited.add(function)) {
      return false;
    }
    Foreign foreign = Foreign.of(function);
    if (foreign != null) {
      return foreign.callsBack();
    }
    if (Handwritten.of(function) != null) {
      return false;
    }
    Types types = Types.of(function.host());
    Body body = Preparation.prepared(function);
    Set<Value> fresh = new HashSet<>();
    if (Constructors.isConstructor(function)) {
      fresh.add(body.parameters().get(0));
    }
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.New || op instanceof Op.NewArray) {
          fresh.add(op.result());
        }
        if (changes(op, fresh, types)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean changes(Op op, Set<Value> fresh, Types types) {
    return switch (op) {
      case Op.StoreElement store ->
          types.mayCarry(store.value().type()) && !fresh.contains(store.array());
      case Op.StoreField store ->
          store.receiver() != null
              && types.mayCarry(store.value().type())
              && !fresh.contains(store.receiver());
      case Op.Call _, Op.Apply _ -> {
        Target target = Calls.target(op, types);
        yield target != null
            && op.operands().stream().anyMatch(value -> types.isShadowed(value.type()))
            && changes(target, types);
      }
      default -> false;
    };
  }
}

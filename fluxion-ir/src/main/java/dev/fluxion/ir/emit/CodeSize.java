package dev.fluxion.ir.emit;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** About how many bytes the code of a body's operations takes. */
final class CodeSize implements ToIntFunction<Op> {
  private static final int LOAD = 3; // two with a low slot, four with a high one
  private static final int UNKNOWN = 8;

  private final Nesting nesting;
  private final Map<Op, Integer> sizes = new IdentityHashMap<>();
  private int total;

  CodeSize(Body body, Nesting nesting) {
    this.nesting = nesting;
    Location line = Location.NONE;
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        int bytes = of(op);
        if (op.location().line() > 0 && !op.location().equals(line) && !op.isPure()) {
          line = op.location();
          bytes += Traces.BYTES;
        }
        sizes.put(op, bytes);
        total += bytes;
      }
      total += 4;
      for (Successor successor : block.successors()) {
        total += 3 + LOAD * successor.arguments().size();
      }
      for (Block.Handler handler : block.handlers()) {
        total += LOAD * handler.target().arguments().size();
      }
    }
  }

  /** The size of all. */
  int total() {
    return total;
  }

  @Override
  public int applyAsInt(Op op) {
    return sizes.getOrDefault(op, UNKNOWN);
  }

  private int of(Op op) {
    if (op instanceof Op.Constant) {
      return 0; // written where it is used
    }
    int bytes = instruction(op);
    for (Value operand : op.operands()) {
      Op nested = nesting.inline(operand);
      bytes += nested == null || nested instanceof Op.Constant ? LOAD : 0;
    }
    Value result = op.result();
    return result == null || nesting.inline(result) != null ? bytes : bytes + LOAD;
  }

  private static int instruction(Op op) {
    return switch (op) {
      case Op.Constant _ -> 0;
      case Op.Negate _, Op.Binary _, Op.ThreeWay _, Op.ArrayLength _, Op.Monitor _ -> 1;
      case Op.LoadElement _, Op.StoreElement _ -> 1;
      case Op.Convert _ -> 2;
      case Op.Compare _, Op.Cast _, Op.InstanceOf _, Op.NewArray _ -> 3;
      case Op.LoadField _, Op.StoreField _ -> 3;
      case Op.Call call ->
          call.method().dispatch() == MethodRef.Dispatch.STATIC
                  || call.method().dispatch() == MethodRef.Dispatch.VIRTUAL
              ? 3
              : 5;
      case Op.Lambda _, Op.InvokeDynamic _, Op.Apply _ -> 5;
      case Op.New _ -> 7;
    };
  }
}

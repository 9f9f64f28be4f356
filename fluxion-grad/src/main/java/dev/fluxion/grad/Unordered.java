package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;

/** Loops whose iterations may be reversed in any order. */
final class Unordered {
  private Unordered() {}

  /**
   * Whether a loop is one: it counts, keeps nothing and overwrites nothing, and what its iterations
   * hand on are sums.
   */
  static boolean is(Loop loop, Plan plan) {
    if (plan.counted(loop) == null
        || plan.kept().stream().anyMatch(value -> plan.home(value) == loop)
        || plan.keptShadows().stream().anyMatch(value -> plan.home(value) == loop)) {
      return false;
    }
    for (Value parameter : loop.header().parameters()) {
      if (plan.isActiveValue(parameter)
          && Accumulators.of(parameter, loop, plan.uses(), plan) == null) {
        return false;
      }
    }
    for (Block block : loop.blocks()) {
      boolean isBranching = block != loop.header() && plan.reverseSuccessors(block).size() > 1;
      if (isBranching || plan.loops.innermost(block) != loop) {
        return false;
      }
      for (Op op : block.ops()) {
        if (plan.isActive(op) && !onlyAdds(op, plan)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether the adjoint of an operation only adds to those of its operands. */
  private static boolean onlyAdds(Op op, Plan plan) {
    Value result = op.result();
    return switch (op) {
      case Op.Negate _, Op.Convert _, Op.Binary _, Op.LoadElement _, Op.LoadField _ ->
          result != null && !plan.hasCell(result);
      case Op.Call _ ->
          plan.activity.target(op) instanceof Target.Ruled
              && result != null
              && result.type().isPrimitive();
      default -> false;
    };
  }
}

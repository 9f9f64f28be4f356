package dev.fluxion.grad;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values that a sum takes in a loop: something is added to it or subtracted from it, and
 * nothing else that is active is done with it, so that all have the same cotangent.
 *
 * @param values those within the loop
 * @param left the parameter that takes the sum where the loop is left
 */
record Accumulators(Set<Value> values, Value left) {
  /**
   * The values of a sum, or null where the parameter of the header is none.
   *
   * @param loop in {@link Canonical} form, left from its header only
   */
  static @Nullable Accumulators of(Value parameter, Loop loop, Uses uses, Plan plan) {
    Set<Value> values = new HashSet<>(Set.of(parameter));
    Deque<Value> work = new ArrayDeque<>(values);
    Value left = null;
    while (!work.isEmpty()) {
      Value value = work.pop();
      for (Uses.Use use : uses.active(value)) {
        Value next =
            switch (use) {
              case Uses.Use.By by -> sum(by.op(), value);
              case Uses.Use.Passed passed -> passed.parameter();
              case Uses.Use.Returned _ -> null;
            };
        if (next == null) {
          return null;
        }
        if (!loop.blocks().contains(plan.block(next))) {
          if (left != null) {
            return null;
          }
          left = next;
        } else if (values.add(next)) {
          work.push(next);
        }
      }
    }
    return left != null && areClosed(values, loop) ? new Accumulators(values, left) : null;
  }

  private static @Nullable Value sum(Op op, Value value) {
    boolean isSum =
        op instanceof Op.Binary binary
            && (binary.operator() == Arithmetic.ADD
                || (binary.operator() == Arithmetic.SUB && binary.left() == value));
    return isSum ? op.result() : null;
  }

  /** Whether nothing else comes where the sum is expected, and it is added to nothing of itself. */
  private static boolean areClosed(Set<Value> values, Loop loop) {
    for (Block block : loop.blocks()) {
      for (Op op : block.ops()) {
        if (op.result() != null
            && values.contains(op.result())
            && op.operands().stream().allMatch(values::contains)) {
          return false;
        }
      }
      for (Successor successor : block.successors()) {
        for (int i = 0; i < successor.arguments().size(); i++) {
          boolean isExpected = values.contains(successor.block().parameters().get(i));
          if (isExpected && !values.contains(successor.arguments().get(i))) {
            return false;
          }
        }
      }
    }
    return true;
  }
}

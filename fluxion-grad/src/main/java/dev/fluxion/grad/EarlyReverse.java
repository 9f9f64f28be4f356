package dev.fluxion.grad;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Value;
import java.util.Map;

/**
 * Where the adjoint of an iteration of an independent loop goes in the forward half.
 *
 * @param loop the loop
 * @param begin the block to which the iteration leads
 * @param end the block that leads to the next iteration
 * @param cotangents those of the loop's sums
 */
record EarlyReverse(
    IndependentLoop loop, BlockBuilder begin, BlockBuilder end, Map<Value, Value> cotangents) {
  /** Before the loop: computes the cotangents of its sums. */
  void enter(BlockBuilder before, Adjoint adjoint) {
    loop.sums()
        .forEach(
            (sum, cotangent) ->
                cotangents.put(
                    sum,
                    cotangent.emit(
                        before,
                        Types.adjoint(adjoint.function.type().returnType()),
                        adjoint.plan)));
  }
}

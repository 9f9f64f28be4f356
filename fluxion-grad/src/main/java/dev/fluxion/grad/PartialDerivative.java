package dev.fluxion.grad;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.List;

/**
 * The partial derivative of a function of numbers as a function of the same numbers: its dual, with
 * the tangent 1 of one argument written in, and the tangent of the result returned.
 */
final class PartialDerivative {
  private PartialDerivative() {}

  /**
   * The partial derivative.
   *
   * @param function a function without calls, as {@link Flattening} gives it
   * @param parameter the parameter's index
   */
  static Body of(Function function, int parameter) {
    boolean[] active = new boolean[function.type().parameterCount()];
    active[parameter] = true;
    Types types = Types.of(function.host());
    return Nesting.derive(
        function.name(),
        () ->
            withoutCarrier(
                new Dual(function, active, true, 1, Statics.NONE, types).build(), function));
  }

  /** f(x, dx, carrier) that leaves dy in the carrier → f'(x) that returns dy for dx = 1. */
  private static Body withoutCarrier(Body dual, Function function) {
    Rewriter rewriter = new Rewriter(dual);
    List<Value> parameters = rewriter.parameters(rewriter.entry());
    Value carrier = parameters.removeLast();
    Value seed = parameters.removeLast();
    for (Block block : rewriter.blocks()) {
      if (block.terminator() instanceof Terminator.Return end) {
        List<Op> ops = rewriter.ops(block);
        Op.StoreField left = (Op.StoreField) ops.removeLast();
        rewriter.end(block, new Terminator.Return(left.value(), end.location()));
      }
    }
    rewriter.ops(rewriter.entry()).addFirst(new Op.Constant(seed, 1.0, Location.NONE));
    Body body = rewriter.build(function.type());
    if (body.used().contains(carrier)) {
      throw new GradientException(
          "cannot differentiate " + function.name() + " in a loop over tensors");
    }
    return body;
  }
}

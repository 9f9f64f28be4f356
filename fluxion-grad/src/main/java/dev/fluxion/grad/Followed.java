package dev.fluxion.grad;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;

/** Tells whether what it is asked for is being differentiated: true in derivatives only. */
final class Followed implements Handwritten {
  private final Function function;
  private final Types types;

  Followed(Function function) {
    this.function = function;
    this.types = Types.of(function.host());
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    return new Summaries.Summary(active.clone(), false);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, types));
    answer(forward.entry());
    return Adjoint.Bodies.withoutReverse(forward.build(), function, active, result, types);
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    Body.Builder builder =
        new Body.Builder(function.name(), Duals.type(function.type(), active, directions, types));
    answer(builder.entry());
    return builder.build();
  }

  private static void answer(BlockBuilder block) {
    block.returns(block.constant(1));
  }
}

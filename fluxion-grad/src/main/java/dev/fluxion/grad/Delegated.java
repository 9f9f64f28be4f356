package dev.fluxion.grad;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.Supplier;

/** The derivative of a function that is that of another one of the same type. */
record Delegated(Supplier<Function> other) implements Handwritten {
  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    return Summaries.searching(statics, Sight.NONE, new Created()).of(other.get(), active);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Derived derived = Derivations.of(other.get(), active, result, statics);
    return new Adjoint.Bodies(call(derived.forward()), call(derived.reverse()));
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    return call(Duals.of(other.get(), active, result, directions, statics));
  }

  /** A body that only calls a function. */
  static Body call(Function function) {
    MethodTypeDesc type = function.type();
    Body.Builder builder = new Body.Builder(function.name(), type);
    BlockBuilder block = builder.entry();
    block.returns(block.apply(function, List.copyOf(block.block().parameters())));
    return builder.build();
  }
}

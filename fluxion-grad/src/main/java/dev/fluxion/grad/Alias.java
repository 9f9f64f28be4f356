package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** A function whose result stands for its argument: both have the same shadow. */
final class Alias implements Handwritten {
  private static final Types TYPES = Types.of(Alias.class);
  private final Function function;

  private Alias(Function function) {
    this.function = function;
  }

  /** The function that a handle from object to object runs. */
  static Function of(String name, ClassDesc from, ClassDesc to, MethodHandle handle) {
    MethodTypeDesc type = MethodTypeDesc.of(to, from);
    Function function =
        new Function(
            name,
            type,
            Alias.class,
            () -> {
              Body.Builder builder = new Body.Builder(name, type);
              BlockBuilder block = builder.entry();
              Value argument = CalledForm.cast(block, block.block().parameters().get(0), CD_Object);
              Value result = CalledForm.invoke(block, handle, List.of(argument));
              block.returns(CalledForm.cast(block, result, to));
              return builder.build();
            });
    Handwritten.give(function, new Alias(function));
    return function;
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    return new Summaries.Summary(active.clone(), active[0]);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, TYPES));
    BlockBuilder block = forward.entry();
    List<Value> parameters = block.block().parameters();
    Value value = requireNonNull(block.apply(function, List.of(parameters.get(0))));
    if (result) {
      Value shadow = active[0] ? parameters.get(1) : block.nullConstant(CD_Object);
      block.storeField(ForwardSweep.TAPE_SHADOW, parameters.getLast(), shadow);
    }
    block.returns(value);
    return Adjoint.Bodies.withoutReverse(forward.build(), function, active, result, TYPES);
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    Body.Builder builder =
        new Body.Builder(function.name(), Duals.type(function.type(), active, directions, TYPES));
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    Value value = requireNonNull(block.apply(function, List.of(parameters.get(0))));
    TangentCode code = new TangentCode(TYPES, parameters.getLast());
    code.at(block);
    for (int k = 0; result && k < directions; k++) {
      code.returns(active[0] ? parameters.get(1 + k) : block.nullConstant(CD_Object), k);
    }
    block.returns(value);
    return builder.build();
  }
}

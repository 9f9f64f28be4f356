package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * What a field holds when the constructor that made it has been run again for the shadow's sake:
 * the object keeps what was made first. The containers of the platform in it have no shadows, but
 * what is in them has, by its identity: so that is told of the one what is known of the other.
 */
final class Rebuilt implements Handwritten {
  private final Function function;
  private final Types types;

  private Rebuilt(Function function, Types types) {
    this.function = function;
    this.types = types;
  }

  /** A function of what the field holds and of what was made for it again. */
  static Function function(FieldRef field, Types types) {
    String name = field.owner().displayName() + "." + field.name();
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, CD_Object, CD_Object);
    Function function =
        new Function(
            name,
            type,
            types.host(),
            () -> {
              Body.Builder builder = new Body.Builder(name, type);
              builder.entry().returns(null);
              return builder.build();
            });
    Handwritten.give(function, new Rebuilt(function, types));
    return function;
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    boolean any = active[0] || active[1];
    return new Summaries.Summary(new boolean[] {any, any}, false);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, types));
    BlockBuilder block = forward.entry();
    List<Value> parameters = block.block().parameters();
    tell(block, parameters.getLast(), parameters);
    block.returns(null);
    return Adjoint.Bodies.withoutReverse(forward.build(), function, active, result, types);
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    Body.Builder builder =
        new Body.Builder(function.name(), Duals.type(function.type(), active, directions, types));
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    TangentCode code = new TangentCode(types, parameters.getLast());
    code.at(block);
    for (int k = 0; k < directions; k++) {
      tell(block, code.direction(k), parameters);
    }
    block.returns(null);
    return builder.build();
  }

  private void tell(BlockBuilder block, Value carrier, List<Value> parameters) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, CD_Object, CD_Object, CD_String);
    block.run(
        MethodRef.ofVirtual(carrier.type(), "rebuilt", type),
        carrier,
        parameters.get(0),
        parameters.get(1),
        block.constant(function.name()));
  }
}

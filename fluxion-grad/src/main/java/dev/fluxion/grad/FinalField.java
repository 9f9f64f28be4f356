package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sets a final field of an object under construction: no code but that of the constructor may do
 * so, except by a handle.
 */
final class FinalField implements Handwritten {
  private final Function function;
  private final int slot;
  private final Types types;

  private FinalField(Function function, int slot, Types types) {
    this.function = function;
    this.slot = slot;
    this.types = types;
  }

  /** A function of an object and a value that sets the field. */
  static Function function(Class<?> owner, DeclaredField field, FieldRef reference) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, reference.owner(), reference.type());
    MethodHandle setter = setter(owner, field);
    Function function =
        new Function(
            owner.getSimpleName() + "." + field.name(),
            type,
            owner,
            () -> {
              Body.Builder builder = new Body.Builder(field.name(), type);
              BlockBuilder block = builder.entry();
              set(block, setter, block.block().parameters());
              block.returns(null);
              return builder.build();
            });
    int slot = Layout.of(owner).index(field.name());
    Handwritten.give(function, new FinalField(function, slot, Types.of(owner)));
    return function;
  }

  private static MethodHandle setter(Class<?> owner, DeclaredField field) {
    if (field.reflected() == null) {
      throw new GradientException(
          "cannot differentiate the constructors of "
              + owner.getName()
              + ": its final field "
              + field.name()
              + " can be set by reflection only, which fails since the class of another field is"
              + " not on the class path; put it there, or give the method around it a rule with"
              + " Grad.rule");
    }
    try {
      field.open();
      return field
          .setter(Types.privateLookup(owner))
          .asType(MethodType.methodType(void.class, owner, field.type()));
    } catch (IllegalAccessException | RuntimeException e) {
      throw new GradientException(
          "cannot differentiate the constructors of "
              + owner.getName()
              + ": its final field "
              + field.name()
              + " is out of reach; open its package to dev.fluxion.grad",
          e);
    }
  }

  private static void set(BlockBuilder block, MethodHandle setter, List<Value> parameters) {
    block.run(
        MethodRef.ofVirtual(
            CD_MethodHandle, "invokeExact", setter.type().describeConstable().orElseThrow()),
        block.constant(CD_MethodHandle, setter),
        parameters.get(0),
        parameters.get(1));
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    boolean[] result = active.clone();
    result[0] |= active[1] && slot >= 0;
    result[1] |= active[0] && slot >= 0 && types.isShadowed(valueType());
    return new Summaries.Summary(result, false);
  }

  private ClassDesc valueType() {
    return function.type().parameterType(1);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    MethodTypeDesc type = Derivations.forwardType(function.type(), active, types);
    Body.Builder forward = new Body.Builder(function.name(), type);
    BlockBuilder block = forward.entry();
    List<Value> parameters = block.block().parameters();
    block.apply(function, parameters.subList(0, 2));
    boolean isNumber = types.isValue(valueType());
    @Nullable Value shadow = active[0] && slot >= 0 ? parameters.get(2) : null;
    if (shadow != null && isNumber && active[1]) {
      Kept.pushShadow(block, parameters.getLast(), shadow);
    } else if (shadow != null && !isNumber) {
      block.storeElement(
          block.loadField(ForwardSweep.REFERENCES, shadow),
          block.constant(slot),
          active[1] ? parameters.get(3) : block.nullConstant(Types.SHADOW));
    }
    block.returns(null);

    Body.Builder reverse =
        new Body.Builder(
            function.name() + "'", Derivations.reverseType(function.type(), active, result, types));
    block = reverse.entry();
    if (active[1] && isNumber) {
      ClassDesc adjoint = Types.adjoint(valueType());
      if (shadow == null) {
        block.returns(block.constant(adjoint, SsaBuilder.zero(adjoint)));
      } else {
        Value popped = Kept.popShadow(block, block.block().parameters().get(0), Types.SHADOW);
        block.returns(ReverseSweep.takeSlot(block, popped, slot, valueType(), true));
      }
    } else {
      block.returns(null);
    }
    return new Adjoint.Bodies(forward.build(), reverse.build());
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    MethodTypeDesc type = Duals.type(function.type(), active, directions, types);
    Body.Builder builder = new Body.Builder(function.name(), type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    block.apply(function, parameters.subList(0, 2));
    TangentCode code = new TangentCode(types, parameters.getLast());
    code.at(block);
    ClassDesc tangent = Duals.tangent(valueType(), types);
    for (int k = 0; active[0] && slot >= 0 && k < directions; k++) {
      Value stored =
          active[1]
              ? parameters.get(2 + directions + k)
              : block.constant(tangent, SsaBuilder.zero(tangent));
      code.storeSlot(parameters.get(2 + k), slot, stored);
    }
    block.returns(null);
    return builder.build();
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients in records as functions, to be differentiated with the code around them: a record of
 * the same class is made of what the shadow holds.
 */
final class RecordGradients {
  private static final FieldRef NUMBERS =
      new FieldRef(Types.SHADOW, "numbers", CD_double.arrayType(), false);

  private static final ClassValue<Function> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Function computeValue(Class<?> type) {
          return make(type);
        }
      };

  private RecordGradients() {}

  /** A function of a record, its shadow and the tape that gives the gradient. */
  static Function of(Class<?> type) {
    return FUNCTIONS.get(type);
  }

  private static Function make(Class<?> type) {
    ClassDesc name = type.describeConstable().orElseThrow();
    return new Function(
        type.getSimpleName() + ".gradient",
        MethodTypeDesc.of(name, name, Types.SHADOW, Derivations.TAPE),
        type,
        () -> body(type, name));
  }

  private static Body body(Class<?> type, ClassDesc name) {
    Body.Builder builder = new Body.Builder(type.getSimpleName() + ".gradient", of(type).type());
    BlockBuilder entry = builder.entry();
    List<Value> parameters = entry.block().parameters();
    Value primal = parameters.get(0);
    BlockBuilder none = builder.block();
    none.returns(none.nullConstant(name));
    BlockBuilder block = builder.block();
    entry.branch(
        entry.compare(Comparison.EQ, primal, entry.nullConstant(name)),
        Successor.to(none.block()),
        Successor.to(block.block()));
    List<Value> parts = new ArrayList<>();
    List<ClassDesc> types = new ArrayList<>();
    for (RecordComponent component : RecordParts.components(type)) {
      ClassDesc part = component.getType().describeConstable().orElseThrow();
      Value value =
          block.call(
              MethodRef.ofVirtual(name, component.getName(), MethodTypeDesc.of(part)), primal);
      int slot = Layout.of(type).index(component.getName());
      parts.add(slot < 0 ? value : component(block, value, slot, parameters, Types.of(type)));
      types.add(part);
    }
    block.returns(
        block.construct(MethodRef.ofConstructor(name, types.toArray(new ClassDesc[0])), parts));
    return builder.build();
  }

  private static Value component(
      BlockBuilder block, Value value, int slot, List<Value> parameters, Types types) {
    Value shadow = parameters.get(1);
    Value tape = parameters.get(2);
    ClassDesc type = value.type();
    Value index = block.constant(slot);
    if (types.isValue(type) && Types.adjoint(type).isPrimitive()) {
      Value number = block.loadElement(block.loadField(NUMBERS, shadow), index);
      Value narrow = Conversions.convert(block, number, Types.adjoint(type));
      return Conversions.convert(block, narrow, type);
    }
    Value part =
        types.isValue(type)
            ? block.loadElement(block.loadField(ForwardSweep.REFERENCES, shadow), index)
            : block.call(
                MethodRef.ofVirtual(
                    Derivations.TAPE,
                    "shadowAt",
                    MethodTypeDesc.of(CD_Object, Types.SHADOW, CD_int, CD_Object)),
                tape,
                shadow,
                index,
                value);
    return Conversions.convert(block, gradient(block, value, part, tape, types), type);
  }

  /** The gradient in a value that is not a bare number, from its shadow or a vector's adjoint. */
  static Value gradient(BlockBuilder block, Value point, Value shadow, Value tape, Types types) {
    Class<?> type = types.resolve(point.type(), block.location());
    if (type.isRecord()) {
      Value cast = Conversions.convert(block, shadow, Types.SHADOW);
      return requireNonNull(block.apply(of(type), List.of(point, cast, tape)));
    }
    return block.call(
        MethodRef.ofStatic(
            Nesting.GRADIENTS, "of", MethodTypeDesc.of(CD_Object, CD_Object, CD_Object)),
        point,
        shadow);
  }
}

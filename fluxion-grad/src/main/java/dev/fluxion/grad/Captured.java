package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a value that a lambda has captured: a field of a class that no code can name, with a place
 * in the lambda's shadow like that of a field.
 */
final class Captured implements Handwritten {
  private final Function function;
  private final int slot;
  private final Types types;

  private Captured(Function function, int slot, Types types) {
    this.function = function;
    this.slot = slot;
    this.types = types;
  }

  /** For each handle, which takes the lambda as an Object, a function that reads what it reads. */
  static List<Function> functions(Class<?> host, List<MethodHandle> getters) {
    List<ClassDesc> captured = new ArrayList<>();
    for (MethodHandle getter : getters) {
      captured.add(getter.type().returnType().describeConstable().orElseThrow());
    }
    Types types = Types.of(host);
    int[] slots = slots(captured, types);
    List<Function> functions = new ArrayList<>();
    for (int i = 0; i < slots.length; i++) {
      MethodHandle getter = getters.get(i);
      MethodTypeDesc type = getter.type().describeConstable().orElseThrow();
      Function function =
          new Function(
              "captured",
              type,
              host,
              () -> {
                Body.Builder builder = new Body.Builder("captured", type);
                BlockBuilder block = builder.entry();
                block.returns(read(block, getter, type));
                return builder.build();
              });
      Handwritten.give(function, new Captured(function, slots[i], types));
      functions.add(function);
    }
    return functions;
  }

  /** Where captured values are in a lambda's shadow; -1 where they carry no derivatives. */
  static int[] slots(List<ClassDesc> captured, Types types) {
    int[] slots = new int[captured.size()];
    int numbers = 0;
    int references = 0;
    for (int i = 0; i < slots.length; i++) {
      ClassDesc type = captured.get(i);
      slots[i] = !types.mayCarry(type) ? -1 : isNumber(type, types) ? numbers++ : references++;
    }
    return slots;
  }

  /** Whether a captured value is among the numbers of the lambda's shadow. */
  static boolean isNumber(ClassDesc type, Types types) {
    return types.isValue(type) && Kind.of(Types.adjoint(type)) != Kind.REFERENCE;
  }

  private static Value read(BlockBuilder block, MethodHandle getter, MethodTypeDesc type) {
    return block.call(
        MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", type),
        block.constant(CD_MethodHandle, getter),
        block.block().parameters().get(0));
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    return new Summaries.Summary(active.clone(), active[0] && slot >= 0);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    ClassDesc type = function.type().returnType();
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, types));
    BlockBuilder block = forward.entry();
    Value value = requireNonNull(block.apply(function, List.of(block.block().parameters().get(0))));
    if (result) {
      Value shadow = block.cast(block.block().parameters().get(1), Types.SHADOW);
      Value tape = block.block().parameters().get(2);
      if (types.isValue(type)) {
        Kept.pushShadow(block, tape, shadow);
      } else {
        Value found =
            block.call(
                MethodRef.ofVirtual(
                    Derivations.TAPE,
                    "shadowAt",
                    MethodTypeDesc.of(CD_Object, Types.SHADOW, CD_int, CD_Object)),
                tape,
                shadow,
                block.constant(slot),
                value);
        block.storeField(ForwardSweep.TAPE_SHADOW, tape, found);
      }
    }
    block.returns(value);

    Body.Builder reverse =
        new Body.Builder(
            function.name() + "'", Derivations.reverseType(function.type(), active, result, types));
    block = reverse.entry();
    if (result && types.isValue(type)) {
      List<Value> parameters = block.block().parameters();
      Value shadow = Kept.popShadow(block, parameters.get(0), Types.SHADOW);
      ReverseSweep.addToSlot(block, shadow, slot, parameters.get(1));
    }
    block.returns(null);
    return new Adjoint.Bodies(forward.build(), reverse.build());
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    MethodTypeDesc type = Duals.type(function.type(), active, directions, types);
    Body.Builder builder = new Body.Builder(function.name(), type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    Value value = requireNonNull(block.apply(function, List.of(parameters.get(0))));
    TangentCode code = new TangentCode(types, parameters.getLast());
    code.at(block);
    for (int k = 0; result && k < directions; k++) {
      Value shadow = block.cast(parameters.get(1 + k), Types.SHADOW);
      Value found =
          types.isValue(value.type())
              ? code.vectorOrNumber(code.loadSlot(shadow, slot, value.type()), value)
              : code.shadowAt(shadow, block.constant(slot), value, k);
      code.returns(found, k);
    }
    block.returns(value);
    return builder.build();
  }
}

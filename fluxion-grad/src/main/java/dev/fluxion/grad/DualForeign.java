package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dual of a call of the platform's containers: as in reverse mode, tangents are found by the
 * identity of what goes in.
 */
final class DualForeign {
  private DualForeign() {}

  static Body body(
      Foreign foreign, boolean[] active, boolean result, int directions, Statics statics) {
    Function function = foreign.function();
    Types types = foreign.types();
    Body.Builder builder =
        new Body.Builder(function.name(), Duals.type(function.type(), active, directions, types));
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    TangentCode code = new TangentCode(types, parameters.getLast());
    code.at(block);
    List<Value> arguments = new ArrayList<>();
    List<Runnable> afterwards = new ArrayList<>();
    int next = active.length;
    for (int i = 0; i < active.length; i++) {
      Value argument = parameters.get(i);
      int first = next;
      next += active[i] ? directions : 0;
      arguments.add(argument);
      if (!foreign.carries(i)) {
        continue;
      }
      List<Value> tangents = new ArrayList<>();
      for (int k = 0; k < directions; k++) {
        tangents.add(active[i] ? parameters.get(first + k) : block.nullConstant(CD_Object));
      }
      Callback callback = callback(argument, block);
      if (callback != null) {
        Function wrapper = callback.with(statics).dual(directions).wrapper();
        arguments.set(i, wrapped(block, argument, active[i] ? tangents : null, wrapper, code));
        continue;
      }
      for (int k = 0; k < directions; k++) {
        Value direction = code.direction(k);
        Value tangent = tangents.get(k);
        block.run(method("announce", CD_void, CD_Object, CD_Object), direction, argument, tangent);
        if (active[i] && argument.type().isArray()) {
          afterwards.add(
              () ->
                  block.run(
                      method("refresh", CD_void, CD_Object, CD_Object),
                      direction,
                      argument,
                      tangent));
        }
      }
    }
    foreign.checkChanged(block, arguments);
    Value value = foreign.run(block, arguments);
    block.run(
        MethodRef.ofVirtual(Duals.TANGENTS, "leave", MethodTypeDesc.of(CD_void)), code.carrier());
    afterwards.forEach(Runnable::run);
    for (int k = 0; value != null && result && k < directions; k++) {
      if (foreign.isOfThread()) {
        Value kept = Foreign.kept(block, arguments.get(0), value);
        block.call(method("shadowOf", CD_Object, CD_Object), code.direction(k), kept);
      }
      code.returns(
          block.call(
              method("found", CD_Object, CD_Object, CD_String),
              code.direction(k),
              value,
              block.constant(function.name())),
          k);
    }
    block.returns(value);
    return builder.build();
  }

  private static @Nullable Callback callback(Value function, BlockBuilder block) {
    Types types = Types.of(DualForeign.class);
    return Callback.of(types.resolve(function.type(), block.location()));
  }

  private static Value wrapped(
      BlockBuilder block,
      Value function,
      @Nullable List<Value> tangents,
      Function wrapper,
      TangentCode code) {
    Value shadows = block.nullConstant(Types.OBJECTS);
    if (tangents != null) {
      shadows = block.newArray(Types.OBJECTS, block.constant(tangents.size()));
      for (int k = 0; k < tangents.size(); k++) {
        block.storeElement(shadows, block.constant(k), tangents.get(k));
      }
    }
    Value wrapped =
        requireNonNull(
            block.apply(
                wrapper,
                List.of(
                    block.cast(function, CD_Object),
                    block.cast(shadows, CD_Object),
                    block.cast(code.carrier(), CD_Object))));
    return block.cast(wrapped, function.type());
  }

  private static MethodRef method(String name, ClassDesc result, ClassDesc... parameters) {
    return MethodRef.ofVirtual(TangentCode.DIRECTION, name, MethodTypeDesc.of(result, parameters));
  }
}

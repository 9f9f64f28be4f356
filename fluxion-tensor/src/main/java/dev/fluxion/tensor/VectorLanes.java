package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As many elements at once as a vector register has room for. */
final class VectorLanes implements Lanes {
  private final BlockBuilder before;
  private final VectorCode code;

  VectorLanes(DType type, BlockBuilder before, BlockBuilder work) {
    this.before = before;
    this.code = new VectorCode(type == DType.FLOAT32, before, work);
  }

  @Override
  public Value step() {
    return VectorCode.length(before, code.isFloat32());
  }

  @Override
  public Value number(Value number) {
    return code.number(number);
  }

  @Override
  public Value load(Value array, Value index) {
    return code.load(array, index);
  }

  @Override
  public List<Value> results(List<Function> functions, List<Value> arguments) {
    Vectorizing vectorizing = new Vectorizing(code);
    List<Value> results = new ArrayList<>();
    for (Function function : functions) {
      results.add(vectorizing.run(function.body(), arguments));
    }
    return results;
  }

  @Override
  public @Nullable Value isExceptional() {
    Value excluded = code.excluded();
    return excluded == null ? null : code.isAny(excluded);
  }

  @Override
  public void store(BlockBuilder block, Value array, Value index, Value result) {
    ClassDesc type = VectorCode.type(code.isFloat32());
    ClassDesc elements = array.type();
    block.run(
        MethodRef.ofVirtual(type, "intoArray", MethodTypeDesc.of(CD_void, elements, CD_int)),
        result,
        array,
        index);
  }
}

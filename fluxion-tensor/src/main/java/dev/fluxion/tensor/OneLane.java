package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;

/** One element at a time, by the functions as they are: these take and give doubles. */
record OneLane() implements Lanes {
  @Override
  public Value step(BlockBuilder before) {
    return before.constant(CD_int, 1);
  }

  @Override
  public Value start(BlockBuilder work, Value index, Value last) {
    return index;
  }

  @Override
  public Value number(BlockBuilder before, Value number) {
    return converted(before, number, CD_double);
  }

  @Override
  public Value load(BlockBuilder work, Value array, Value index) {
    return converted(work, work.loadElement(array, index), CD_double);
  }

  @Override
  public List<Value> results(
      BlockBuilder before, BlockBuilder work, List<Function> functions, List<Value> arguments) {
    List<Value> results = new ArrayList<>();
    for (Function function : functions) {
      results.add(requireNonNull(work.apply(function, arguments)));
    }
    return results;
  }

  @Override
  public void store(BlockBuilder work, Value array, Value index, Value result) {
    ClassDesc element = requireNonNull(array.type().componentType());
    work.storeElement(array, index, converted(work, result, element));
  }

  private static Value converted(BlockBuilder block, Value number, ClassDesc type) {
    return number.type().equals(type) ? number : block.convert(number, type);
  }
}

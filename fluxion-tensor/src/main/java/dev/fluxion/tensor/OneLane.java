package dev.fluxion.tensor;

import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;

/** One element at a time, computed with as it would be in a vector: in float32 by floats. */
record OneLane(ClassDesc number, BlockBuilder before, BlockBuilder work) implements Lanes {
  @Override
  public Value step() {
    return before.constant(1);
  }

  @Override
  public Value number(Value value) {
    return converted(before, value, number);
  }

  @Override
  public Value load(Value array, Value index) {
    return converted(work, work.loadElement(array, index), number);
  }

  @Override
  public List<Value> results(List<Function> functions, List<Value> arguments) {
    Vectorizing vectorizing = new Vectorizing(new OneLaneCode(number, before, work));
    List<Value> results = new ArrayList<>();
    for (Function function : functions) {
      results.add(vectorizing.run(function.body(), arguments));
    }
    return results;
  }

  @Override
  public void store(BlockBuilder block, Value array, Value index, Value result) {
    ClassDesc element = requireNonNull(array.type().componentType());
    block.storeElement(array, index, converted(block, result, element));
  }

  private static Value converted(BlockBuilder block, Value number, ClassDesc type) {
    return number.type().equals(type) ? number : block.convert(number, type);
  }
}

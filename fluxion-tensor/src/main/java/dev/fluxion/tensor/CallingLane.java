package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** One element at a time, by the functions as they are: these take and give doubles. */
record CallingLane(OneLane elements, BlockBuilder work) implements Lanes {
  CallingLane(BlockBuilder before, BlockBuilder work) {
    this(new OneLane(CD_double, before, work), work);
  }

  @Override
  public Value step() {
    return elements.step();
  }

  @Override
  public Value number(Value number) {
    return elements.number(number);
  }

  @Override
  public Value load(Value array, Value index) {
    return elements.load(array, index);
  }

  @Override
  public List<Value> results(List<Function> functions, List<Value> arguments) {
    List<Value> results = new ArrayList<>();
    for (Function function : functions) {
      results.add(requireNonNull(work.apply(function, arguments)));
    }
    return results;
  }

  @Override
  public void store(BlockBuilder block, Value array, Value index, Value result) {
    elements.store(block, array, index, result);
  }
}

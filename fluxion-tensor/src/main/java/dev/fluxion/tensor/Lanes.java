package dev.fluxion.tensor;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Value;
import java.util.List;

/** How many elements a step of an {@link ElementLoop} takes at once, and how it computes. */
interface Lanes {
  /** How many elements a step takes, computed before the loop. */
  Value step(BlockBuilder before);

  /**
   * Where a step starts.
   *
   * @param last where the last step may start at most
   */
  Value start(BlockBuilder work, Value index, Value last);

  /** A number that is the same for all elements, in the form that functions take it. */
  Value number(BlockBuilder before, Value number);

  /** Elements of an array from an index on. */
  Value load(BlockBuilder work, Value array, Value index);

  /** What functions give. */
  List<Value> results(
      BlockBuilder before, BlockBuilder work, List<Function> functions, List<Value> arguments);

  /** Writes elements of an array from an index on. */
  void store(BlockBuilder work, Value array, Value index, Value result);
}

package dev.fluxion.tensor;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many elements a step of an {@link ElementLoop} takes at once, and how it computes. */
interface Lanes {
  /** How many elements a step takes, computed before the loop. */
  Value step();

  /** A number that is the same for all elements, in the form that functions take it. */
  Value number(Value number);

  /** Elements of an array from an index on. */
  Value load(Value array, Value index);

  /** What functions give. */
  List<Value> results(List<Function> functions, List<Value> arguments);

  /** Whether this step's elements are to be computed one by one, or null if that never is so. */
  default @Nullable Value isExceptional() {
    return null;
  }

  /** Writes elements of an array from an index on, in a block behind the work. */
  void store(BlockBuilder block, Value array, Value index, Value result);

  /** Writes into a block before the loop and into the one that is the loop's work. */
  interface Maker {
    Lanes make(BlockBuilder before, BlockBuilder work);
  }
}

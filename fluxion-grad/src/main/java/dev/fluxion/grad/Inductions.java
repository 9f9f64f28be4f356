package dev.fluxion.grad;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Loops;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The variables of loops whose value in an iteration follows from how many came before. */
final class Inductions {
  /**
   * A loop variable that goes up by a constant.
   *
   * @param start its value before the first iteration
   * @param step what each iteration adds
   */
  record Induction(Value start, int step) {}

  /**
   * A loop variable that goes up by another number: by one from outside the loop, as where a row
   * begins, or by a variable of the same loop, as where a row of a triangle begins.
   *
   * @param start its value before the first iteration
   * @param first what the first iteration adds
   * @param growth by how much more each iteration adds than the one before
   */
  record Series(Value start, Value first, int growth) {}

  private final Dominators dominators;
  private final Map<Value, Op> definitions;
  private final Map<Value, Induction> inductions = new HashMap<>();
  private final Map<Value, Series> series = new HashMap<>();

  private Inductions(Dominators dominators, Map<Value, Op> definitions) {
    this.dominators = dominators;
    this.definitions = definitions;
  }

  /**
   * Finds the variables of loops in {@link Canonical} form.
   *
   * @param homes the block in which each value is defined
   */
  static Inductions of(
      Loops loops, Dominators dominators, Map<Value, Op> definitions, Map<Value, Block> homes) {
    Inductions found = new Inductions(dominators, definitions);
    for (Loop loop : loops.all()) {
      found.findInductions(loop);
      found.findSeries(loop, value -> !loop.blocks().contains(homes.get(value)));
    }
    return found;
  }

  /** The variables that go up by constants. */
  Map<Value, Induction> constant() {
    return inductions;
  }

  @Nullable Series series(Value value) {
    return series.get(value);
  }

  private void findInductions(Loop loop) {
    for (Value parameter : loop.header().parameters()) {
      if (sum(loop, parameter) instanceof Op.Binary sum
          && sum.left() == parameter
          && definitions.get(sum.right()) instanceof Op.Constant constant
          && constant.value() instanceof Integer step) {
        inductions.put(parameter, new Induction(start(loop, parameter), step));
      }
    }
  }

  private void findSeries(Loop loop, Predicate<Value> isOutside) {
    for (Value parameter : loop.header().parameters()) {
      if (parameter.kind() != Kind.INT
          || inductions.containsKey(parameter)
          || !(sum(loop, parameter) instanceof Op.Binary sum)) {
        continue;
      }
      Value added = sum.left() == parameter ? sum.right() : sum.left();
      boolean isOfLoop = loop.header().parameters().contains(added);
      Induction growing = isOfLoop ? inductions.get(added) : null;
      if (growing != null) {
        series.put(parameter, new Series(start(loop, parameter), growing.start(), growing.step()));
      } else if (isOutside.test(added)) {
        series.put(parameter, new Series(start(loop, parameter), added, 0));
      }
    }
  }

  /** The sum of a header's parameter and another value that is its next value; null if none is. */
  private Op.@Nullable Binary sum(Loop loop, Value parameter) {
    Block latch = loop.latches().get(0);
    int index = loop.header().parameters().indexOf(parameter);
    Value next = latchArgument(latch, latch.successors().get(0).arguments().get(index));
    return definitions.get(next) instanceof Op.Binary sum
            && sum.operator() == Arithmetic.ADD
            && (sum.left() == parameter || sum.right() == parameter)
        ? sum
        : null;
  }

  private Value start(Loop loop, Value parameter) {
    int index = loop.header().parameters().indexOf(parameter);
    for (Block predecessor : dominators.predecessors(loop.header())) {
      if (!loop.blocks().contains(predecessor)) {
        return predecessor.successors().get(0).arguments().get(index);
      }
    }
    throw new IllegalStateException("a loop that nothing enters");
  }

  /** Looks through the parameter of a latch with one predecessor. */
  private Value latchArgument(Block latch, Value argument) {
    int index = latch.parameters().indexOf(argument);
    if (index < 0 || dominators.predecessors(latch).size() != 1) {
      return argument;
    }
    for (Successor successor : dominators.predecessors(latch).get(0).successors()) {
      if (successor.block() == latch) {
        return successor.arguments().get(index);
      }
    }
    return argument;
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A loop of which is known, when it is entered, how often it runs: a variable goes from a start to
 * a bound in constant steps, and only its header leads out. What it keeps gets room once.
 *
 * @param variable the header's parameter that counts
 * @param bound a value from outside the loop, or a constant
 * @param step what each iteration adds
 * @param isInclusive whether it runs with the bound, too
 */
record CountedLoop(Value variable, Value bound, int step, boolean isInclusive) {
  /** A loop with a greater constant bound is one that something else ends, as an exception does. */
  private static final int GREATEST_BOUND = 1 << 24;

  /**
   * The count of a loop in {@link Canonical} form, or null when it is not known.
   *
   * @param steps what the header's parameters go up by, where that is constant
   * @param isOutside whether a value is from outside the loop
   */
  static @Nullable CountedLoop of(
      Loop loop,
      Map<Value, Op> definitions,
      Map<Value, Inductions.Induction> steps,
      Predicate<Value> isOutside) {
    if (!(loop.header().terminator() instanceof Terminator.ConditionalBranch end)
        || !(definitions.get(end.condition()) instanceof Op.Compare compare)
        || !onlyHeaderLeads(loop)) {
      return null;
    }
    boolean staysIfTrue = loop.blocks().contains(end.ifTrue().block());
    Comparison stays = staysIfTrue ? compare.comparison() : compare.comparison().negated();
    Value variable = compare.left();
    Value bound = compare.right();
    if (!isCounter(variable, loop, steps)) {
      variable = compare.right();
      bound = compare.left();
      stays = mirrored(stays);
    }
    boolean isKnown =
        definitions.get(bound) instanceof Op.Constant constant
            ? constant.value() instanceof Integer number && Math.abs(number) <= GREATEST_BOUND
            : isOutside.test(bound);
    if (!isCounter(variable, loop, steps) || !isKnown) {
      return null;
    }
    int step = steps.get(variable).step();
    return switch (stays) {
      case LT -> step > 0 ? new CountedLoop(variable, bound, step, false) : null;
      case LE -> step > 0 ? new CountedLoop(variable, bound, step, true) : null;
      case GT -> step < 0 ? new CountedLoop(variable, bound, step, false) : null;
      case GE -> step < 0 ? new CountedLoop(variable, bound, step, true) : null;
      case EQ, NE -> null;
    };
  }

  /** Code that tells how often the loop runs. */
  Value trips(BlockBuilder block, Value start, Value bound) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_int, CD_int, CD_int, CD_int, CD_boolean);
    return block.call(
        MethodRef.ofStatic(Kept.ADJOINTS, "trips", type),
        start,
        bound,
        block.constant(step),
        block.constant(CD_boolean, isInclusive ? 1 : 0));
  }

  private static boolean isCounter(Value value, Loop loop, Map<Value, Inductions.Induction> steps) {
    return steps.containsKey(value) && loop.header().parameters().contains(value);
  }

  private static Comparison mirrored(Comparison comparison) {
    return switch (comparison) {
      case LT -> Comparison.GT;
      case LE -> Comparison.GE;
      case GT -> Comparison.LT;
      case GE -> Comparison.LE;
      case EQ, NE -> comparison;
    };
  }

  /** Whether control leaves the loop from its header only, but for exceptions nobody catches. */
  static boolean onlyHeaderLeads(Loop loop) {
    for (Block block : loop.blocks()) {
      if (!block.handlers().isEmpty()) {
        return false;
      }
      for (Successor successor : block.successors()) {
        boolean leaves = !loop.blocks().contains(successor.block());
        if (leaves
            && block != loop.header()
            && !(successor.block().terminator() instanceof Terminator.Throw)) {
          return false;
        }
      }
    }
    return true;
  }
}

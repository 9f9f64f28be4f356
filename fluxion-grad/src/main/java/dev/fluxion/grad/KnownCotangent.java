package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_double;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cotangent of a value that goes into the result by sums and constant factors alone: that of
 * the result is one, as in a gradient, and so this one is known before the rest has been computed.
 *
 * @param steps from the value to the result
 */
record KnownCotangent(List<Step> steps) {
  /** How long the way to the result may be. */
  private static final int MOST_STEPS = 32;

  /** How deep the arithmetic may be that computes a factor. */
  private static final int MOST_OPERATIONS = 3;

  /** What is done to a cotangent on the way back. */
  sealed interface Step {
    /** It changes its sign. */
    record Negated() implements Step {}

    /** It is multiplied with, or divided by, a number that is known in a block. */
    record Scaled(Arithmetic operator, Value by, Block before) implements Step {}

    /** It becomes a number of another type. */
    record Converted(ClassDesc type) implements Step {}
  }

  /** Whether the cotangent is that of the result. */
  boolean isOne() {
    return steps.isEmpty();
  }

  /** Code that computes the cotangent. */
  Value emit(BlockBuilder block, ClassDesc result, Plan plan) {
    Value cotangent = result.equals(CD_double) ? block.constant(1.0) : block.constant(result, 1f);
    for (Step step : steps.reversed()) {
      cotangent =
          switch (step) {
            case Step.Negated _ -> block.negate(cotangent);
            case Step.Scaled(Arithmetic operator, Value by, Block before) ->
                block.arithmetic(operator, cotangent, emit(by, before, block, plan));
            case Step.Converted(ClassDesc type) -> block.convert(cotangent, type);
          };
    }
    return cotangent;
  }

  /**
   * The cotangent of a value, or null when it is not known.
   *
   * @param before where it is needed
   */
  static @Nullable KnownCotangent of(Value value, Block before, Uses uses, Plan plan) {
    List<Step> steps = new ArrayList<>();
    Value at = value;
    for (int i = 0; i < MOST_STEPS; i++) {
      List<Uses.Use> all = uses.active(at);
      if (all.size() != 1 || plan.hasCell(at) || !isAlwaysReached(at, all.get(0).block(), plan)) {
        return null;
      }
      Value next =
          switch (all.get(0)) {
            case Uses.Use.Returned _ -> at;
            case Uses.Use.Passed passed -> passed(passed, uses, plan);
            case Uses.Use.By by -> through(by.op(), at, before, steps, plan);
          };
      if (next == null || next == at) {
        return next == null ? null : new KnownCotangent(List.copyOf(steps));
      }
      at = next;
    }
    return null;
  }

  /** Whether a block runs exactly once after a value has been computed. */
  private static boolean isAlwaysReached(Value value, Block block, Plan plan) {
    return plan.loops.innermost(block) == null
        && (block == plan.block(value) || plan.dominators.dominates(block, plan.exit()));
  }

  private static @Nullable Value passed(Uses.Use.Passed passed, Uses uses, Plan plan) {
    if (!(passed.block().terminator() instanceof Terminator.Branch)) {
      return null;
    }
    Loop loop = plan.loops.innermost(plan.block(passed.parameter()));
    if (loop == null) {
      return passed.parameter();
    }
    boolean isSimple = CountedLoop.onlyHeaderLeads(loop);
    Accumulators sum = isSimple ? Accumulators.of(passed.parameter(), loop, uses, plan) : null;
    return sum == null ? null : sum.left();
  }

  private static @Nullable Value through(
      Op op, Value value, Block before, List<Step> steps, Plan plan) {
    switch (op) {
      case Op.Negate _ -> steps.add(new Step.Negated());
      case Op.Convert _ -> steps.add(new Step.Converted(Types.adjoint(value.type())));
      case Op.Binary binary when binary.left() == binary.right() -> {
        return null;
      }
      case Op.Binary binary -> {
        boolean isLeft = binary.left() == value;
        Value other = isLeft ? binary.right() : binary.left();
        switch (binary.operator()) {
          case ADD -> {}
          case SUB -> {
            if (!isLeft) {
              steps.add(new Step.Negated());
            }
          }
          case MUL, DIV -> {
            boolean isFactor = isLeft || binary.operator() == Arithmetic.MUL;
            if (!isFactor || !isKnown(other, before, 0, plan)) {
              return null;
            }
            steps.add(new Step.Scaled(binary.operator(), other, before));
          }
          default -> {
            return null;
          }
        }
      }
      default -> {
        boolean isBoxing = plan.activity.target(op) instanceof Target.Boxing;
        ClassDesc from = Types.adjoint(value.type());
        if (!isBoxing || op.result() == null || !from.isPrimitive()) {
          return null;
        }
        if (!from.equals(Types.adjoint(op.result().type()))) {
          steps.add(new Step.Converted(from));
        }
      }
    }
    return op.result();
  }

  /** Whether a number is known in a block, or can be computed there of what is. */
  private static boolean isKnown(Value value, Block before, int depth, Plan plan) {
    Op op = plan.definition(value);
    if (op instanceof Op.Constant || plan.dominators.dominates(plan.block(value), before)) {
      return true;
    }
    boolean isArithmetic = op instanceof Op.Convert || op instanceof Op.Negate;
    if (op instanceof Op.Binary binary) {
      isArithmetic = binary.isPure();
    }
    return isArithmetic
        && op != null
        && depth < MOST_OPERATIONS
        && op.operands().stream().allMatch(one -> isKnown(one, before, depth + 1, plan));
  }

  private static Value emit(Value value, Block before, BlockBuilder block, Plan plan) {
    Op op = plan.definition(value);
    if (op == null || plan.dominators.dominates(plan.block(value), before)) {
      return plan.constantOr(value, block);
    }
    List<Value> operands = new ArrayList<>();
    op.operands().forEach(one -> operands.add(emit(one, before, block, plan)));
    Value copy = value.copy();
    block.add(op.with(copy, operands));
    return copy;
  }
}

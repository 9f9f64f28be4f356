package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loops in which a number or two carry derivatives in, and numbers out: their partial derivatives
 * are computed along with them, forwards, so that nothing is kept of an iteration and the reverse
 * sweep has but the partials to multiply with. After Griewank and Walther, "Evaluating Derivatives"
 * (2008), section 10.2, on what they call preaccumulation.
 *
 * <p>Such a loop computes with inputs that are constants to the reverse sweep, and with tangents
 * that to it are numbers like any others. Where the loop is left, each number {@code y} becomes
 * {@link Marks#result the result} of an operation that is {@code y}, and whose derivative in an
 * input {@code x} is the tangent. Both marks go when the sweeps have been built.
 */
final class Preaccumulation {
  private final Body body;
  private final Activity activity;
  private final Body.Builder builder;
  private final TangentCode code;
  private final Map<Block, CarriedLoop> loops = new HashMap<>();
  private final Map<Block, CarriedLoop> left = new HashMap<>();
  private final Map<Block, BlockBuilder> copies = new HashMap<>();
  private final Map<CarriedLoop, Map<Value, Value>> constants = new HashMap<>();
  private final Map<Value, List<Value>> tangents = new HashMap<>();

  private Preaccumulation(Body body, Activity activity, Types types) {
    this.body = body;
    this.activity = activity;
    this.builder = new Body.Builder(body.name(), body.type(), body.parameters());
    this.code = TangentCode.ofNumbers(types);
  }

  /** The body, in {@link Canonical} form, with what its loops allow computed forwards. */
  static Body apply(Body body, Activity activity, Types types) {
    List<CarriedLoop> found = CarriedLoop.find(body, activity);
    if (found.isEmpty()) {
      return body;
    }
    Preaccumulation pass = new Preaccumulation(body, activity, types);
    for (CarriedLoop carried : found) {
      carried.loop().blocks().forEach(block -> pass.loops.put(block, carried));
      carried.exits().forEach(block -> pass.left.put(block, carried));
    }
    return pass.build();
  }

  private Body build() {
    for (Block old : body.blocks()) {
      BlockBuilder copy = old == body.entry() ? builder.entry() : builder.block();
      copies.put(old, copy);
      if (old != body.entry()) {
        parameters(old, copy);
      }
    }
    for (Block old : body.blocks()) {
      BlockBuilder copy = copies.get(old);
      code.at(copy);
      if (left.containsKey(old)) {
        copy.at(old.terminator().location());
        results(old, copy, left.get(old));
      }
      CarriedLoop carried = loops.get(old);
      for (Op op : old.ops()) {
        copy.at(op.location());
        copy.add(carried == null ? op : op.with(op.result(), inside(op.operands(), carried)));
        if (carried != null && op.result() != null && activity.isActive(op.result())) {
          tangents.put(op.result(), tangents(op, carried));
        }
      }
      finish(old, copy);
    }
    return builder.build();
  }

  private void parameters(Block old, BlockBuilder copy) {
    CarriedLoop carried = loops.get(old);
    for (Value parameter : old.parameters()) {
      if (left.containsKey(old) && activity.isActive(parameter)) {
        Value number = parameter.copy();
        copy.adopt(number);
        List<Value> all = twins(parameter, left.get(old), copy);
        all.addFirst(number);
        tangents.put(parameter, all);
        continue;
      }
      copy.adopt(parameter);
      if (carried != null && activity.isActive(parameter)) {
        tangents.put(parameter, twins(parameter, carried, copy));
      }
    }
  }

  private static List<Value> twins(Value value, CarriedLoop carried, BlockBuilder block) {
    List<Value> twins = new ArrayList<>();
    for (Value input : carried.inputs()) {
      Value twin = new Value(value.type());
      if (value.name() != null && input.name() != null) {
        twin.named("d(" + value.name() + ")/d(" + input.name() + ")");
      }
      block.adopt(twin);
      twins.add(twin);
    }
    return twins;
  }

  /** Gives what leaves a loop the loop's partial derivatives for its own. */
  private void results(Block old, BlockBuilder copy, CarriedLoop left) {
    for (Value parameter : old.parameters()) {
      if (!activity.isActive(parameter)) {
        continue;
      }
      List<Value> passed = requireNonNull(tangents.remove(parameter));
      Value number = passed.get(0);
      for (int i = 0; i < left.inputs().size(); i++) {
        boolean isLast = i == left.inputs().size() - 1;
        Value result = isLast ? parameter : new Value(parameter.type());
        Value input = code.number(left.inputs().get(i), parameter.type());
        copy.add(Marks.result(result, number, input, passed.get(i + 1), copy.location()));
        number = result;
      }
    }
  }

  private List<Value> inside(List<Value> values, CarriedLoop carried) {
    List<Value> inside = new ArrayList<>();
    for (Value value : values) {
      inside.add(constants.get(carried).getOrDefault(value, value));
    }
    return inside;
  }

  // ---------------------------------------------------------------- tangents

  private @Nullable Value tangent(Value value, CarriedLoop carried, int direction) {
    List<Value> known = tangents.get(value);
    if (known != null) {
      return known.get(direction);
    }
    Value input = carried.names().get(value);
    return input == carried.inputs().get(direction) ? one(value) : null;
  }

  private Value one(Value value) {
    Object one = value.kind() == Kind.FLOAT ? (Object) 1f : (Object) 1.0;
    return code.block().constant(value.type(), one);
  }

  private List<Value> tangents(Op op, CarriedLoop carried) {
    Value result = requireNonNull(op.result());
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < carried.inputs().size(); i++) {
      int k = i;
      List<@Nullable Value> operands = new ArrayList<>();
      op.operands().forEach(operand -> operands.add(tangent(operand, carried, k)));
      boolean isZero = operands.stream().allMatch(one -> one == null);
      all.add(isZero ? code.zero(result, result.type()) : tangent(op, carried, operands));
    }
    return all;
  }

  private Value tangent(Op op, CarriedLoop carried, List<@Nullable Value> operands) {
    return switch (op) {
      case Op.Negate _ -> code.block().negate(requireNonNull(operands.get(0)));
      case Op.Convert convert ->
          code.number(requireNonNull(operands.get(0)), convert.result().type());
      case Op.Binary binary ->
          code.arithmetic(
              (Op.Binary) binary.with(binary.result(), inside(binary.operands(), carried)),
              operands.get(0),
              operands.get(1),
              activity);
      case Op.Call call -> {
        Rule rule = ((Target.Ruled) requireNonNull(activity.target(call))).rule();
        List<Value> passed = inside(call.arguments(), carried);
        passed.add(requireNonNull(call.result()));
        Value sum = null;
        for (int i = 0; i < operands.size(); i++) {
          Rule.Vjp pullback = rule.pullback(i);
          Value tangent = operands.get(i);
          if (pullback != null && tangent != null) {
            Value term = code.number(code.apply(pullback, passed, tangent), call.result().type());
            sum = sum == null ? term : code.sum(sum, term);
          }
        }
        yield sum == null ? code.zero(call.result(), call.result().type()) : sum;
      }
      default -> throw new IllegalStateException("no tangent is computed for " + op);
    };
  }

  // ---------------------------------------------------------------- edges

  private void finish(Block old, BlockBuilder copy) {
    Terminator end = old.terminator();
    CarriedLoop from = loops.get(old);
    copy.at(end.location());
    List<Successor> successors = new ArrayList<>();
    for (Successor successor : end.successors()) {
      CarriedLoop to = loops.get(successor.block());
      if (from == null && to != null) {
        enter(copy, to);
      }
      CarriedLoop through = from != null ? from : to;
      successors.add(through == null ? copied(successor) : passing(successor, through));
    }
    for (Block.Handler handler : old.handlers()) {
      copy.handler(new Block.Handler(handler.type(), copied(handler.target())));
    }
    copy.end(end.with(from == null ? end.operands() : inside(end.operands(), from), successors));
  }

  /** Before a loop: its inputs, as constants. */
  private void enter(BlockBuilder before, CarriedLoop carried) {
    Map<Value, Value> known = new HashMap<>();
    for (Value input : carried.inputs()) {
      Value constant = input.copy();
      before.add(Marks.constant(constant, input, before.location()));
      carried
          .names()
          .forEach(
              (name, named) -> {
                if (named == input) {
                  known.put(name, constant);
                }
              });
    }
    constants.put(carried, known);
  }

  private Successor copied(Successor successor) {
    return new Successor(copies.get(successor.block()).block(), successor.arguments());
  }

  /** An edge into, in or out of a loop takes the tangents along. */
  private Successor passing(Successor successor, CarriedLoop carried) {
    List<Value> parameters = successor.block().parameters();
    List<Value> arguments = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Value argument = successor.arguments().get(i);
      arguments.add(constants.get(carried).getOrDefault(argument, argument));
      for (int k = 0; activity.isActive(parameters.get(i)) && k < carried.inputs().size(); k++) {
        Value tangent = tangent(argument, carried, k);
        arguments.add(tangent != null ? tangent : code.zero(argument, argument.type()));
      }
    }
    return new Successor(copies.get(successor.block()).block(), arguments);
  }
}

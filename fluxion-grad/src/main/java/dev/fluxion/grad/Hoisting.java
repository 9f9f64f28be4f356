package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parts a function of numbers into what depends on nothing but what a lambda captured, which is
 * computed once, and the rest, which takes the numbers that this gives.
 *
 * <p>So the rest is free of the objects that the numbers were found in, and the derivatives in
 * these go through the first part, which is code like any other. It runs even what the function
 * would run under a condition only: who uses it has to see to exceptions.
 */
final class Hoisting {
  private final Body body;
  private final int captured;
  private final Types types;
  private final Set<Value> known = new HashSet<>();
  private final List<Op> ops = new ArrayList<>();
  private final Set<Value> results = new LinkedHashSet<>();

  /**
   * A function in two parts.
   *
   * @param parameters what was captured
   * @param ops what is computed of it
   * @param results the numbers of it that the rest takes
   * @param rest takes the constants among what was captured, then the numbers, then the arguments
   * @param mayCarry whether the rest still reads what may hold, or lead to, numbers
   */
  record Parts(
      List<Value> parameters, List<Op> ops, List<Value> results, Body rest, boolean mayCarry) {
    /** Whether the numbers are just what was captured. */
    boolean isPlain() {
      return parameters.containsAll(results);
    }

    /** A function that takes what was captured and gives the numbers, to be called by another. */
    void write(BlockBuilder block, List<Value> captured) {
      Map<Value, Value> values = new HashMap<>();
      for (int i = 0; i < captured.size(); i++) {
        values.put(parameters.get(i), captured.get(i));
      }
      for (Op op : ops) {
        List<Value> operands = new ArrayList<>();
        op.operands().forEach(operand -> operands.add(requireNonNull(values.get(operand))));
        Value old = requireNonNull(op.result());
        Value result = old.copy();
        values.put(old, result);
        block.at(op.location()).add(op.with(result, operands));
      }
      Value numbers = block.newArray(CD_double.arrayType(), block.constant(results.size()));
      for (int i = 0; i < results.size(); i++) {
        Value number = requireNonNull(values.get(results.get(i)));
        block.storeElement(
            numbers, block.constant(i), Conversions.convert(block, number, CD_double));
      }
      block.returns(numbers);
    }
  }

  private Hoisting(Function function, Body body, int captured) {
    this.body = body;
    this.captured = captured;
    this.types = Types.of(function.host());
  }

  /**
   * The parts, or null when the rest would call what is not a primitive.
   *
   * @param constants how many of the parameters are constants
   * @param captured how many of the parameters were captured, the constants among them
   */
  static @Nullable Parts of(Function function, Body body, int constants, int captured) {
    return new Hoisting(function, body, captured).parts(constants);
  }

  private @Nullable Parts parts(int constants) {
    known.addAll(body.parameters().subList(0, captured));
    Set<Value> plain = new HashSet<>();
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        boolean isFree = op.result() != null && known.containsAll(op.operands());
        if (isFree && isHoistable(op)) {
          known.add(op.result());
          ops.add(op);
          if (op instanceof Op.Constant) {
            plain.add(op.result());
          }
        }
      }
    }
    Set<Op> hoisted = Collections.newSetFromMap(new IdentityHashMap<>());
    hoisted.addAll(ops);
    for (Block block : body.blocks()) {
      block.ops().stream()
          .filter(op -> !hoisted.contains(op))
          .forEach(op -> results.addAll(op.operands()));
      results.addAll(block.terminator().operands());
      block.successors().forEach(successor -> results.addAll(successor.arguments()));
    }
    results.removeIf(
        value -> !known.contains(value) || plain.contains(value) || !value.kind().isFloating());
    Body rest = rest(constants);
    Boolean mayCarry = mayCarry(rest);
    if (mayCarry == null) {
      return null;
    }
    List<Value> numbers = List.copyOf(results);
    return new Parts(
        body.parameters().subList(0, captured), needed(numbers), numbers, rest, mayCarry);
  }

  private static boolean isHoistable(Op op) {
    return !(op instanceof Op.NewArray) && !(op instanceof Op.StoreElement);
  }

  /** The operations that the numbers are computed by, in order. */
  private List<Op> needed(List<Value> numbers) {
    Set<Value> wanted = new HashSet<>(numbers);
    List<Op> needed = new ArrayList<>();
    for (Op op : ops.reversed()) {
      if (wanted.contains(op.result())) {
        needed.add(op);
        wanted.addAll(op.operands());
      }
    }
    return needed.reversed();
  }

  /** The body that takes numbers in the place of the captured ones. */
  private Body rest(int constants) {
    Rewriter rewriter = new Rewriter(body);
    List<Value> parameters = rewriter.parameters(rewriter.entry());
    List<Value> arguments = List.copyOf(parameters.subList(captured, parameters.size()));
    parameters.subList(constants, parameters.size()).clear();
    List<ClassDesc> given = new ArrayList<>(body.type().parameterList().subList(0, constants));
    Map<Value, Value> replacements = new HashMap<>();
    List<Op> converted = new ArrayList<>();
    for (Value result : results) {
      Value number = new Value(CD_double).named(result.name());
      parameters.add(number);
      given.add(CD_double);
      if (result.kind() == Kind.FLOAT) {
        Value narrow = new Value(result.type());
        converted.add(new Op.Convert(narrow, number, Location.NONE));
        replacements.put(result, narrow);
      } else {
        replacements.put(result, number);
      }
    }
    for (Value argument : arguments) {
      parameters.add(argument);
      given.add(CD_double);
    }
    for (Block block : rewriter.blocks()) {
      rewriter.ops(block).removeIf(op -> results.contains(op.result()));
    }
    rewriter.replace(replacements);
    rewriter.ops(rewriter.entry()).addAll(0, converted);
    for (boolean changed = true; changed; ) { // what only the first part reads
      Set<Value> used = new HashSet<>();
      rewriter.blocks().forEach(block -> used.addAll(block.reads()));
      changed = false;
      for (Block block : rewriter.blocks()) {
        changed |=
            rewriter
                .ops(block)
                .removeIf(op -> known.contains(op.result()) && !used.contains(op.result()));
      }
    }
    return Simplify.simplify(rewriter.build(MethodTypeDesc.of(CD_double, given)));
  }

  /** Whether the rest reads objects that may carry numbers; null when it calls what it may not. */
  private @Nullable Boolean mayCarry(Body rest) {
    Set<Value> own = new HashSet<>();
    boolean mayCarry = false;
    for (Block block : rest.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.NewArray array) {
          own.add(array.result());
        }
        if (op instanceof Op.Call call
            && !(Calls.target(call, types) instanceof Calls.Target.Ruled)) {
          return null;
        }
        boolean readsObject =
            op.operands().stream()
                .anyMatch(value -> value.kind() == Kind.REFERENCE && !own.contains(value));
        mayCarry |= readsObject && op.result() != null && types.mayCarry(op.result().type());
      }
    }
    return mayCarry;
  }

  /** A function of a functional object that gives the numbers of the first part. */
  static Function numbers(Parts parts, Class<?> host, Captures captures) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_double.arrayType(), CD_Object);
    return new Function(
        "captured",
        type,
        host,
        () -> {
          Body.Builder builder = new Body.Builder("captured", type);
          BlockBuilder block = builder.entry();
          parts.write(block, captures.read(block, block.block().parameters().get(0)));
          return builder.build();
        });
  }

  /** Reads what an object has captured, in the order of the parameters. */
  interface Captures {
    List<Value> read(BlockBuilder block, Value object);
  }
}

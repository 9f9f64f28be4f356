package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls in try blocks: the callee returns its exception in an array, and the caller throws it.
 *
 * <p>So a callee always comes to its end, where it leaves what its reverse half needs, and that
 * half runs too when an exception has left the callee.
 */
final class Guarded {
  private static final ClassDesc THROWN = CD_Object.arrayType();

  private static final ClassValue<Map<Function, Function>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<Function, Function> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Guarded() {}

  /** r = f(x) in a try block → r = f'(x, thrown); if (thrown[0] != null) throw thrown[0]. */
  static Body calls(Body body, Types types) {
    if (body.blocks().stream().allMatch(block -> block.handlers().isEmpty())) {
      return body;
    }
    Rewriter rewriter = new Rewriter(body);
    boolean changed = false;
    for (Block block : rewriter.blocks()) {
      Block at = block;
      for (int i = 0; !at.handlers().isEmpty() && i < at.ops().size(); i++) {
        Op op = at.ops().get(i);
        Function callee = callee(op, types);
        if (callee != null) {
          at = split(rewriter, at, i, op, of(callee));
          i = -1;
          changed = true;
        }
      }
    }
    return changed ? rewriter.build() : body;
  }

  private static @Nullable Function callee(Op op, Types types) {
    boolean mayChange =
        (op instanceof Op.Call || op instanceof Op.Apply)
            && op.operands().stream().anyMatch(value -> types.mayCarry(value.type()));
    return mayChange
            && Calls.target(op, types) instanceof Target.Direct direct
            && Handwritten.of(direct.function()) == null
            && !Constructors.isConstructor(direct.function())
        ? direct.function()
        : null;
  }

  /** Puts the guarded call in the place of a call; gives the block with what follows. */
  private static Block split(Rewriter rewriter, Block block, int index, Op call, Function guarded) {
    List<Op> ops = rewriter.ops(block);
    Location at = call.location();
    List<Op> rest = new ArrayList<>(ops.subList(index + 1, ops.size()));
    ops.subList(index, ops.size()).clear();
    Terminator end = block.terminator();
    Value one = constant(ops, CD_int, 1, at);
    Value zero = constant(ops, CD_int, 0, at);
    Value none = constant(ops, CD_Object, null, at);
    Value thrown = new Value(THROWN);
    ops.add(new Op.NewArray(thrown, List.of(one), at));
    List<Value> arguments = new ArrayList<>(call.operands());
    arguments.add(thrown);
    ops.add(new Op.Apply(call.result(), guarded, arguments, at));
    Value exception = new Value(CD_Object);
    ops.add(new Op.LoadElement(exception, thrown, zero, at));
    Value failed = new Value(CD_boolean);
    ops.add(new Op.Compare(failed, Comparison.NE, exception, none, at));
    Block raise = rewriter.newBlock();
    Value typed = new Value(CD_Throwable);
    rewriter.ops(raise).add(new Op.Cast(typed, exception, at));
    rewriter.end(raise, new Terminator.Throw(typed, at));
    Block next = rewriter.newBlock();
    rewriter.ops(next).addAll(rest);
    rewriter.end(next, end);
    rewriter.handlers(raise).addAll(block.handlers());
    rewriter.handlers(next).addAll(block.handlers());
    rewriter.end(
        block,
        new Terminator.ConditionalBranch(
            failed, new Successor(raise, List.of()), new Successor(next, List.of()), at));
    return next;
  }

  private static Value constant(
      List<Op> ops, ClassDesc type, @Nullable Object value, Location location) {
    Value result = new Value(type);
    ops.add(new Op.Constant(result, value, location));
    return result;
  }

  /** The function that takes an array besides, in which it leaves an exception. */
  private static Function of(Function function) {
    return FUNCTIONS
        .get(function.host())
        .computeIfAbsent(
            function,
            _ -> {
              MethodTypeDesc type =
                  function.type().insertParameterTypes(function.type().parameterCount(), THROWN);
              return new Function(
                  function.name(), type, function.host(), () -> body(function, type));
            });
  }

  private static Body body(Function function, MethodTypeDesc type) {
    Value thrown = new Value(THROWN);
    Rewriter rewriter = new Rewriter(function.body());
    rewriter.parameters(rewriter.entry()).add(thrown);
    List<Block> blocks = rewriter.blocks();
    Block handler = rewriter.newBlock();
    Value exception = new Value(CD_Throwable);
    rewriter.parameters(handler).add(exception);
    List<Op> ops = rewriter.ops(handler);
    Location at = blocks.get(0).terminator().location();
    Value zero = constant(ops, CD_int, 0, at);
    ops.add(new Op.StoreElement(thrown, zero, exception, at));
    ClassDesc result = type.returnType();
    Value nothing =
        result.equals(CD_void)
            ? null
            : constant(ops, computational(result), SsaBuilder.zero(result), at);
    rewriter.end(handler, new Terminator.Return(nothing, at));
    for (Block block : blocks) {
      boolean mayThrow =
          block.terminator() instanceof Terminator.Throw
              || block.ops().stream().anyMatch(op -> !op.isPure());
      if (mayThrow) {
        rewriter.handlers(block).add(new Block.Handler(null, new Successor(handler, List.of())));
      }
    }
    return rewriter.build(type);
  }

  private static ClassDesc computational(ClassDesc type) {
    return Kind.of(type) == Kind.INT ? CD_int : type;
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls in try blocks: the callee returns its exception in an array, and the caller throws it.
 *
 * <p>So a callee always comes to its end, where it leaves what its reverse half needs, and that
 * half runs too when an exception has left the callee. A call whose method the receiver's class
 * chooses becomes one of a function that does the same, and is known by it.
 */
final class Guarded {
  static final ClassDesc THROWN = CD_Object.arrayType();

  /** What has been made for the functions and calls of a class's code. */
  private record Made(
      Map<Function, Function> functions,
      Set<Function> guarded,
      Map<MethodRef, Function> calls,
      Map<ClassDesc, Function> clones,
      Map<Function, MethodRef> methods) {}

  private static final ClassValue<Made> OF_HOST =
      new ClassValue<>() {
        @Override
        protected Made computeValue(Class<?> type) {
          return new Made(
              new ConcurrentHashMap<>(),
              ConcurrentHashMap.newKeySet(),
              new ConcurrentHashMap<>(),
              new ConcurrentHashMap<>(),
              new ConcurrentHashMap<>());
        }
      };

  private Guarded() {}

  /** The method that a guarded call chooses by the receiver's class; null of other functions. */
  static @Nullable MethodRef method(Function function) {
    return OF_HOST.get(function.host()).methods.get(function);
  }

  /** Whether a function leaves its exceptions in its last argument. */
  static boolean isGuarded(Function function) {
    return OF_HOST.get(function.host()).guarded.contains(function);
  }

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
        Function guarded = guarded(op, types);
        if (guarded != null) {
          at = split(rewriter, at, i, op, guarded);
          i = -1;
          changed = true;
        }
      }
    }
    return changed ? rewriter.build() : body;
  }

  private static @Nullable Function guarded(Op op, Types types) {
    if (!(op instanceof Op.Call || op instanceof Op.Apply)) {
      return null;
    }
    boolean carries = op.operands().stream().anyMatch(value -> types.mayCarry(value.type()));
    return switch (Calls.target(op, types)) {
      case Target.Direct direct ->
          isSafe(direct.function()) || !(carries || mayUseStatics(direct.function()))
              ? null
              : of(direct.function());
      case Target.Dispatched dispatched ->
          !carries || dispatched.isGuarded() ? null : chosen(op, dispatched.method(), types.host());
      case null, default -> null;
    };
  }

  /** Whether a function, or one that it calls, may use static fields with active values. */
  private static boolean mayUseStatics(Function function) {
    if (Handwritten.of(function) != null) {
      return false;
    }
    Types types = Types.of(function.host());
    Body body;
    try {
      body = function.body();
    } catch (GradientException e) {
      return false; // it cannot be lifted, and so not be differentiated: it is refused if it must
      // be
    }
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        boolean mayUse =
            switch (op) {
              case Op.LoadField load ->
                  load.receiver() == null && types.mayCarry(load.field().type());
              case Op.StoreField store ->
                  store.receiver() == null && types.mayCarry(store.field().type());
              case Op.Call _, Op.Apply _ -> {
                Target target = Calls.target(op, types);
                yield target instanceof Target.Direct || target instanceof Target.Dispatched;
              }
              default -> false;
            };
        if (mayUse) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a function throws nothing but what says that code cannot be differentiated. */
  private static boolean isSafe(Function function) {
    Handwritten handwritten = Handwritten.of(function);
    return isGuarded(function) || (handwritten != null && handwritten.guarded(function) == null);
  }

  /** The guarded call of a method that the receiver's class chooses. */
  private static Function chosen(Op op, MethodRef method, Class<?> host) {
    Made made = OF_HOST.get(host);
    if (method.equals(Clones.CLONE) && op instanceof Op.Call call) {
      return made.clones.computeIfAbsent(
          call.arguments().get(0).type(),
          receiver -> {
            Function guarded = of(Clones.call(call.method(), receiver, host));
            made.methods.put(guarded, method);
            return guarded;
          });
    }
    return made.calls.computeIfAbsent(
        method,
        _ -> {
          String name = method.owner().displayName() + "." + method.name();
          MethodTypeDesc type =
              MethodTypeDesc.of(method.type().returnType(), method.argumentTypes());
          Function call =
              new Function(
                  name,
                  type,
                  host,
                  () -> {
                    Body.Builder builder = new Body.Builder(name, type);
                    BlockBuilder block = builder.entry();
                    block.returns(Foreign.run(block, method, block.block().parameters()));
                    return builder.build();
                  });
          Function guarded = of(call);
          made.methods.put(guarded, method);
          return guarded;
        });
  }

  /**
   * Puts the guarded call in the place of a call; gives the block with what follows. What leaves
   * the call itself now is nobody's to catch, but monitors are left.
   */
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
    Block calling = rewriter.newBlock();
    ops.add(new Op.NewArray(thrown, List.of(one), at));
    rewriter.end(block, new Terminator.Branch(new Successor(calling, List.of()), at));
    ops = rewriter.ops(calling);
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
    for (Block.Handler handler : block.handlers()) {
      if (Plan.onlyUnlocks(handler.target().block())) {
        rewriter.handlers(calling).add(handler);
      }
    }
    rewriter.end(
        calling,
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
  static Function of(Function function) {
    Made made = OF_HOST.get(function.host());
    return made.functions.computeIfAbsent(
        function,
        _ -> {
          MethodTypeDesc type =
              function.type().insertParameterTypes(function.type().parameterCount(), THROWN);
          Function guarded =
              new Function(function.name(), type, function.host(), () -> body(function, type));
          made.guarded.add(guarded);
          Handwritten handwritten = Handwritten.of(function);
          Handwritten own = handwritten == null ? null : handwritten.guarded(guarded);
          if (own != null) {
            Handwritten.give(guarded, own);
          }
          return guarded;
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
            : constant(ops, Kind.computational(result), SsaBuilder.zero(result), at);
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
}

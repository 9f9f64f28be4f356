package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_VarHandle;
import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Replaces the calls that have a form better suited to differentiation. */
final class Rewriting {
  private final Types types;
  private final Set<Value> constructed = new HashSet<>();
  private final Map<Value, Function> functions = new HashMap<>();
  private final Map<Value, Object> handles = new HashMap<>();
  private final Map<Value, Op.Lambda> lambdas = new HashMap<>();
  private final Map<Value, Op.Call> derivatives = new HashMap<>();

  private final KnownReceivers constants;

  Rewriting(Types types) {
    this.types = types;
    this.constants = new KnownReceivers(types);
  }

  Body apply(Body body) {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Apply apply && Constructors.isConstructor(apply.function())) {
          constructed.add(apply.arguments().get(0)); // in an earlier round
        }
      }
    }
    return withoutUnused(body.transform(this::rewrite));
  }

  private void rewrite(Body.Copy copy, Op op) {
    copy.block().at(op.location());
    if ((op instanceof Op.Call call && isReplaced(copy, call))
        || (op instanceof Op.New created && isReplaced(copy, created))) {
      return;
    }
    copy.keep(op);
    constants.see(op, op.result() == null ? null : copy.get(op.result()));
    switch (op) {
      case Op.New created when !constructed.contains(created.result()) ->
          Preparation.initialise(copy, created, types);
      case Op.Lambda lambda -> lambdas.put(copy.get(lambda.result()), lambda);
      case Op.Call call when Nesting.isDerivativeFunction(call) ->
          derivatives.put(copy.get(requireNonNull(call.result())), call);
      case Op.Constant constant when constant.value() instanceof MethodHandle handle -> {
        Function function = Handles.function(handle);
        if (function != null) {
          functions.put(copy.get(constant.result()), function);
        }
      }
      case Op.LoadField load when isHandle(load) -> {
        Object handle = Statics.held(Statics.place(load.field(), types, load.location()));
        if (handle != null) {
          handles.put(copy.get(load.result()), handle);
        }
      }
      default -> {}
    }
  }

  private static boolean isHandle(Op.LoadField load) {
    return load.receiver() == null
        && (load.field().type().equals(CD_VarHandle)
            || load.field().type().equals(CD_MethodHandle));
  }

  /** What a call of a handle in a constant does. */
  private @Nullable Function handled(MethodRef call, @Nullable Object handle) {
    if (handle instanceof VarHandle variable) {
      return VarHandles.function(variable, call, types.host());
    }
    boolean isInvocation = call.name().equals("invokeExact") || call.name().equals("invoke");
    return isInvocation && handle instanceof MethodHandle method
        ? Handles.direct(method, call.type(), types.host())
        : null;
  }

  private boolean isReplaced(Body.Copy copy, Op.New created) {
    if (Preparation.isForeign(created, types)) {
      Function made = Foreign.function(created.constructor());
      copy.map(created.result(), requireNonNull(copy.block().apply(made, created.arguments())));
      return true;
    }
    MethodRef factory = Substitutes.findConstructor(created.constructor());
    if (factory == null) {
      return false;
    }
    Value[] arguments = created.arguments().toArray(Value[]::new);
    copy.map(created.result(), copy.block().call(factory, arguments));
    return true;
  }

  private boolean isReplaced(Body.Copy copy, Op.Call call) {
    MethodRef method = call.method();
    List<Value> arguments = call.arguments();
    if (Preparation.isTraining(method)) {
      copy.map(requireNonNull(call.result()), copy.block().constant(1));
      return true;
    }
    MethodRef substitute = Substitutes.find(call, types);
    if (substitute != null) {
      copy.keep(new Op.Call(call.result(), substitute, arguments, call.location()));
      return true;
    }
    Function composed = Compositions.find(method);
    if (composed != null) {
      copy.map(
          requireNonNull(call.result()), requireNonNull(copy.block().apply(composed, arguments)));
      return true;
    }
    if (Nesting.isWrittenOut(method)) {
      copy.map(
          requireNonNull(call.result()),
          Nesting.expand(copy.block(), method, arguments, lambdas.get(arguments.get(0)), types));
      return true;
    }
    return !arguments.isEmpty() && isReceiverKnown(copy, call, arguments.get(0));
  }

  /** Calls of a handle, a lambda or a derivative that is seen here. */
  private boolean isReceiverKnown(Body.Copy copy, Op.Call call, Value receiver) {
    List<Value> others = call.arguments().subList(1, call.arguments().size());
    Function handled = handled(call.method(), handles.get(receiver));
    Function function = handled == null ? functions.get(receiver) : handled;
    if (function != null) {
      copy.keep(new Op.Apply(call.result(), function, others, call.location()));
      return true;
    }
    Op.Lambda lambda = lambdas.get(receiver);
    if (lambda != null && LambdaCalls.isCalledBy(call, lambda)) {
      Value result =
          LambdaCalls.call(
              copy.block(),
              requireNonNull(LambdaCalls.implementation(lambda)),
              lambda.captured(),
              others,
              call.method().type().returnType());
      if (call.result() != null) {
        copy.map(call.result(), requireNonNull(result));
      }
      return true;
    }
    Op.Call made = derivatives.get(receiver);
    if (made != null && call.method().name().equals("apply")) {
      MethodRef gradient = Nesting.gradient(made);
      Value f = made.arguments().get(0);
      List<Value> arguments = List.of(f, others.get(0));
      copy.map(
          requireNonNull(call.result()),
          Nesting.expand(copy.block(), gradient, arguments, lambdas.get(f), types));
      return true;
    }
    Function known = constants.called(call);
    if (known != null) {
      copy.keep(new Op.Apply(call.result(), known, call.arguments(), call.location()));
      return true;
    }
    return false;
  }

  /** Without lambdas and derivatives that nothing uses any more. */
  private static Body withoutUnused(Body body) {
    return Unused.remove(
        body,
        op ->
            op instanceof Op.Lambda
                || (op instanceof Op.Call call && Nesting.isDerivativeFunction(call)),
        UnaryOperator.identity());
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.runtime.Tape;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls in a {@link Dual}: of other duals, and of what has a rule. */
final class DualCalls {
  private final Dual dual;

  DualCalls(Dual dual) {
    this.dual = dual;
  }

  /** Adds a call and what it does to tangents. */
  void call(Op op) {
    switch (dual.activity.target(op)) {
      case Target.Direct direct -> direct(op, direct);
      case Target.Dispatched dispatched -> dispatched(op, dispatched);
      case Target.Ruled ruled -> {
        dual.block().add(op);
        ruled(op, ruled.rule());
      }
      case Target.Boxing _ -> {
        dual.block().add(op);
        Value result = requireNonNull(op.result());
        dual.define(
            result,
            k ->
                dual.code.number(
                    dual.tangent(op.operands().get(0), k), Types.adjoint(result.type())));
      }
      case null, default -> dual.block().add(op);
    }
  }

  private void direct(Op op, Target.Direct direct) {
    boolean[] pattern = pattern(op);
    Function callee = direct.function();
    addKept(op, callee, pattern);
    boolean result = dual.isActive(op.result());
    Function derived = Duals.of(callee, pattern, result, dual.directions, dual.statics);
    List<Value> arguments = new ArrayList<>(op.operands());
    pass(op, pattern, callee.type().parameterList(), arguments);
    dual.block().add(new Op.Apply(op.result(), derived, arguments, op.location()));
    receive(op, result);
  }

  private void dispatched(Op call, Target.Dispatched dispatched) {
    boolean[] pattern = pattern(call);
    boolean result = dual.isActive(call.result());
    DualDispatch dispatch =
        new DualDispatch(
            dispatched,
            pattern,
            result,
            dual.directions,
            Dispatch.Site.of(dual.activity, call, dual.statics, dual.types));
    List<Value> arguments = new ArrayList<>();
    arguments.add(
        dual.block()
            .call(
                MethodRef.ofVirtual(
                    CD_MethodHandle, "invokeExact", MethodTypeDesc.of(CD_MethodHandle, CD_Object)),
                dual.block().constant(CD_MethodHandle, dispatch.selector()),
                call.operands().get(0)));
    arguments.addAll(call.operands());
    pass(call, pattern, dispatch.parameters(), arguments);
    dual.block()
        .add(
            new Op.Call(
                call.result(),
                MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", dispatch.type()),
                arguments,
                call.location()));
    receive(call, result);
  }

  /**
   * A constant number or vector that a tape keeps has a tangent of its own there: by its identity
   * another's would be found, since the same object may be an argument too.
   */
  private void addKept(Op op, Function callee, boolean[] pattern) {
    for (int i = 0; callee.host() == Tape.class && i < pattern.length; i++) {
      pattern[i] |=
          dual.types.isValue(op.operands().get(i).type())
              && dual.types.isShadowed(callee.type().parameterType(i));
    }
  }

  private boolean[] pattern(Op op) {
    boolean[] pattern = new boolean[op.operands().size()];
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = dual.isActive(op.operands().get(i));
    }
    return pattern;
  }

  private void pass(Op op, boolean[] pattern, List<ClassDesc> parameters, List<Value> arguments) {
    for (int i = 0; i < pattern.length; i++) {
      for (int k = 0; pattern[i] && k < dual.directions; k++) {
        arguments.add(dual.stored(op.operands().get(i), parameters.get(i), k));
      }
    }
    arguments.add(dual.code.carrier());
  }

  private void receive(Op op, boolean isActive) {
    if (isActive) {
      ClassDesc type = Duals.tangent(requireNonNull(op.result()).type(), dual.types);
      dual.define(op.result(), k -> dual.code.returned(type, k));
    }
  }

  private void ruled(Op op, Rule rule) {
    Value result = op.result();
    List<@Nullable Value> sums = new ArrayList<>();
    for (int k = 0; k < dual.directions; k++) {
      sums.add(null);
    }
    for (int i = 0; i < op.operands().size(); i++) {
      if (rule.depends(i) && dual.isActive(op.operands().get(i))) {
        addContribution(op, rule, i, sums);
      }
    }
    if (sums.get(0) != null) {
      dual.define(result, k -> requireNonNull(sums.get(k)));
    }
  }

  private void addContribution(Op op, Rule rule, int index, List<@Nullable Value> sums) {
    Value argument = op.operands().get(index);
    Value result = requireNonNull(op.result());
    ClassDesc type = Types.adjoint(result.type());
    List<Value> passed = new ArrayList<>(op.operands());
    passed.add(result);
    Rule.Vjp given = rule.pushforward(index);
    if (given == null) {
      addInner(op, rule, index, passed, sums);
      return;
    }
    if (given.isBetweenNumbers() && dual.directions > 1) {
      Value partial = dual.code.partial(given, passed);
      for (int k = 0; k < dual.directions; k++) {
        sum(sums, k, dual.code.scaled(partial, tangent(argument, given, index, k), type));
      }
      return;
    }
    for (int k = 0; k < dual.directions; k++) {
      Value contribution = dual.code.apply(given, passed, tangent(argument, given, index, k));
      sum(sums, k, dual.code.owned(contribution, type));
    }
  }

  /** A tangent as a rule takes it: a vector that is known as an interface has it in a shadow. */
  private Value tangent(Value argument, Rule.Vjp rule, int index, int direction) {
    Value tangent = dual.tangent(argument, direction);
    ClassDesc wanted = rule.type().parameterType(index);
    return dual.types.isValue(wanted) && !dual.types.isValue(argument.type())
        ? dual.code.fromCell(
            tangent, Conversions.fitting(dual.block(), argument, wanted, dual.types))
        : tangent;
  }

  /** The tangent of a number by the pullback in an array: there is but one row in the Jacobian. */
  private void addInner(
      Op op, Rule rule, int index, List<Value> passed, List<@Nullable Value> sums) {
    Value argument = op.operands().get(index);
    ClassDesc type = Types.adjoint(requireNonNull(op.result()).type());
    Rule.Vjp pullback = rule.pullback(index);
    if (pullback == null || !type.isPrimitive() || !argument.type().isArray()) {
      throw Rules.missing(op, index, "forward", "@Pushforward", "Grad.gradient");
    }
    Value gradient = dual.code.apply(pullback, passed, dual.block().constant(1.0));
    for (int k = 0; k < dual.directions; k++) {
      sum(sums, k, dual.code.inner(gradient, dual.tangent(argument, k), type));
    }
  }

  private void sum(List<@Nullable Value> sums, int k, Value contribution) {
    Value before = sums.get(k);
    sums.set(k, before == null ? contribution : dual.code.sum(before, contribution));
  }
}

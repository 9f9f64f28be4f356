package dev.fluxion.grad;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.emit.CodeSizeException;
import dev.fluxion.ir.emit.Compiler;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The code of functions that are not differentiated, made again: short methods become part of it,
 * and calls are fused. Methods in which there is nothing to fuse are called as they are.
 */
final class InferenceCode {
  /** What was made of each class's functions; nothing where there is nothing to fuse. */
  private static final ClassValue<Map<Function, Optional<Function>>> OF_HOST =
      new ClassValue<>() {
        @Override
        protected Map<Function, Optional<Function>> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private static final ClassValue<RuleCache<MethodTypeDesc, MethodHandle>> OF_CLASS =
      new ClassValue<>() {
        @Override
        protected RuleCache<MethodTypeDesc, MethodHandle> computeValue(Class<?> type) {
          return new RuleCache<>();
        }
      };

  private InferenceCode() {}

  /**
   * The code of a functional object, which takes the object itself, then the arguments.
   *
   * @param method the erased type of the interface's one method
   */
  static MethodHandle of(Serializable f, MethodTypeDesc method) {
    return OF_CLASS
        .get(f.getClass())
        .get(
            method,
            () -> {
              Function function = Functional.value(f, method);
              return handle(of(function).orElse(function));
            });
  }

  static MethodHandle handle(Function function) {
    try {
      return function.handle(Compiler.INSTANCE);
    } catch (CodeSizeException e) {
      throw Grad.unchecked(e);
    }
  }

  /**
   * What is made of a function. While that is being found out, a function that calls itself is not.
   */
  static Optional<Function> of(Function function) {
    Map<Function, Optional<Function>> known = OF_HOST.get(function.host());
    Optional<Function> found = known.putIfAbsent(function, Optional.empty());
    if (found != null) {
      return found;
    }
    Optional<Function> made = Optional.ofNullable(make(function));
    known.put(function, made);
    return made;
  }

  private static @Nullable Function make(Function function) {
    Types types = Types.of(function.host());
    Body body;
    try {
      body = Preparation.inlined(function);
    } catch (GradientException _) { // there is no code to be made again
      return null;
    }
    boolean[] callsOthers = {false};
    Body made =
        body.transform(
            (copy, op) -> {
              Optional<Function> callee = callee(op, types);
              if (callee.isPresent()) {
                callsOthers[0] = true;
                copy.keep(new Op.Apply(op.result(), callee.get(), op.operands(), op.location()));
              } else if (isDispatched(op, types)) {
                callsOthers[0] = true;
                InferenceDispatch.write(copy, (Op.Call) op, types);
              } else {
                copy.keep(op);
              }
            });
    Body fused = Fusion.apply(made, types);
    return fused == made && !callsOthers[0]
        ? null
        : new Function(function.name(), function.type(), function.host(), () -> fused);
  }

  /** Whether an operation calls a method that a class chooses, of objects whose calls are fused. */
  private static boolean isDispatched(Op op, Types types) {
    return op instanceof Op.Call call
        && Fusion.involves(call.method().type(), types)
        && Calls.target(call, types) instanceof Target.Dispatched dispatched
        && !dispatched.isGuarded();
  }

  /** What is made of the function that an operation calls. */
  private static Optional<Function> callee(Op op, Types types) {
    if (!(op instanceof Op.Call call) || !Preparation.carries(call, types)) {
      return Optional.empty();
    }
    Declared declared = Methods.find(call.method(), types, call.location());
    return declared != null
            && !Carriers.isPlatform(declared.owner())
            && Calls.target(call, types) instanceof Target.Direct direct
            && direct.function() == Methods.function(declared)
        ? of(direct.function())
        : Optional.empty();
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Target;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.emit.Compiler;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;

/** A call whose method the receiver's class chooses: finds the derivative for each class once. */
final class Dispatch {
  private final MethodRef method;
  private final boolean[] active;
  private final boolean result;
  private final Types types;

  @SuppressWarnings(
      "ThreadLocalUsage") // there is one for each place of a call, as many as the code has
  private final ThreadLocal<Object> receiver = new ThreadLocal<>();

  private final ClassValue<Target> targets =
      new ClassValue<>() {
        @Override
        protected Target computeValue(Class<?> type) {
          return find(type);
        }
      };

  Dispatch(MethodRef method, boolean[] active, boolean result, Types types) {
    this.method = method;
    this.active = active;
    this.result = result;
    this.types = types;
  }

  private MethodTypeDesc type() {
    return method.type().insertParameterTypes(0, method.owner());
  }

  MethodTypeDesc forwardType() {
    return Derivations.forwardType(type(), active, types);
  }

  MethodTypeDesc reverseType() {
    return Derivations.reverseType(type(), active, result, types);
  }

  boolean[] active() {
    return active;
  }

  /** The method {@link #select} of this object. */
  MethodHandle selector() {
    try {
      return MethodHandles.lookup()
          .findVirtual(Dispatch.class, "select", MethodType.methodType(Target.class, Object.class))
          .bindTo(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  Target select(Object object) {
    receiver.set(object);
    try {
      return targets.get(object.getClass());
    } finally {
      receiver.remove();
    }
  }

  private Target find(Class<?> type) {
    Derived derived = Derivations.of(function(type), active, result);
    return new Target(
        derived
            .forward()
            .handle(Compiler.INSTANCE)
            .asType(Methods.methodType(forwardType(), types.host())),
        derived
            .reverse()
            .handle(Compiler.INSTANCE)
            .asType(Methods.methodType(reverseType(), types.host())));
  }

  private Function function(Class<?> type) {
    if (Carriers.isPlatform(type) || MethodHandleProxies.isWrapperInstance(receiver.get())) {
      return foreign(type);
    }
    Declared declared = Methods.find(type, method.name(), method.type());
    boolean isOwnCode = declared != null && !Carriers.isPlatform(declared.owner());
    if (!isOwnCode
        && declared != null
        && Foreign.isTransparent(declared.owner())
        && !Methods.has(declared, AccessFlag.ABSTRACT)) {
      return foreign(type);
    }
    if (type.isHidden() && (declared == null || Methods.has(declared, AccessFlag.ABSTRACT))) {
      Function lambda = Functional.method(receiver.get(), type());
      if (lambda != null) {
        return lambda;
      }
      throw new GradientException(
          "the code of the lambda "
              + type.getName()
              + " cannot be found: its interface "
              + method.owner().displayName()
              + " is not Serializable; let the interface extend java.io.Serializable, or use a"
              + " record");
    }
    if (declared == null) {
      throw new GradientException(
          "cannot differentiate "
              + type.getName()
              + "."
              + method.name()
              + ": its class file cannot be read");
    }
    return Rules.find(declared) == null
        ? Methods.function(declared)
        : Functional.wrapped(declared, type());
  }

  private Function foreign(Class<?> type) {
    String obstacle = Foreign.obstacle(method, active, types);
    if (obstacle != null) {
      throw new GradientException(
          "cannot differentiate " + type.getName() + "." + method.name() + ": " + obstacle);
    }
    return Foreign.function(method);
  }
}

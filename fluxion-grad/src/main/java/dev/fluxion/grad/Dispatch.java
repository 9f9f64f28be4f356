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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A call whose method the receiver's class chooses: finds the derivative for each class once. */
final class Dispatch {
  private final MethodRef method;
  private final boolean[] active;
  private final boolean result;
  private final Types types;
  private final Map<MethodHandle, Target> ofHandles = new ConcurrentHashMap<>();

  private final ClassValue<AtomicReference<@Nullable Target>> ofClasses =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable Target> computeValue(Class<?> type) {
          return new AtomicReference<>();
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
    if (object instanceof MethodHandle handle) {
      return ofHandles.computeIfAbsent(handle, this::find);
    }
    AtomicReference<@Nullable Target> known = ofClasses.get(object.getClass());
    Target target = known.get();
    if (target == null) {
      target = find(object);
      known.set(target);
    }
    return target;
  }

  private Target find(Object object) {
    Derived derived = Derivations.of(function(method, object, active, types), active, result);
    return new Target(
        handle(derived.forward(), forwardType(), types),
        handle(derived.reverse(), reverseType(), types));
  }

  static MethodHandle handle(Function function, MethodTypeDesc type, Types types) {
    MethodHandle handle =
        function.handle(Compiler.INSTANCE).asType(Methods.methodType(type, types.host()));
    Handles.register(handle, function);
    return handle;
  }

  /** The function that a call of a method runs when this object is the receiver. */
  static Function function(MethodRef method, Object receiver, boolean[] active, Types types) {
    MethodTypeDesc called = method.type().insertParameterTypes(0, method.owner());
    if (receiver instanceof MethodHandle handle) {
      return Handles.called(handle, called);
    }
    Class<?> type = receiver.getClass();
    if (Carriers.isPlatform(type) || MethodHandleProxies.isWrapperInstance(receiver)) {
      return foreign(method, type, active, types);
    }
    Declared declared = Methods.find(type, method.name(), method.type());
    boolean isOwnCode = declared != null && !Carriers.isPlatform(declared.owner());
    if (!isOwnCode
        && declared != null
        && Foreign.isTransparent(declared.owner())
        && !Methods.has(declared, AccessFlag.ABSTRACT)) {
      return foreign(method, type, active, types);
    }
    if (type.isHidden() && (declared == null || Methods.has(declared, AccessFlag.ABSTRACT))) {
      Function lambda = Functional.method(receiver, called);
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
    return Rules.find(declared) == null && !Carriers.isValue(type)
        ? Methods.function(declared)
        : Functional.wrapped(declared, called);
  }

  private static Function foreign(MethodRef method, Class<?> type, boolean[] active, Types types) {
    String obstacle = Foreign.obstacle(method, active, types);
    if (obstacle != null) {
      throw new GradientException(
          "cannot differentiate " + type.getName() + "." + method.name() + ": " + obstacle);
    }
    return Foreign.function(method);
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Target;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
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
  private final Location location;
  private final Map<MethodHandle, Target> ofHandles = new ConcurrentHashMap<>();

  private final ClassValue<AtomicReference<@Nullable Target>> ofClasses =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable Target> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  Dispatch(MethodRef method, boolean[] active, boolean result, Types types, Location location) {
    this.method = method;
    this.location = location;
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
    Function function = function(method, object, active, types, location);
    Derived derived = Derivations.of(function, active, result);
    return new Target(
        handle(derived.forward(), forwardType(), types),
        handle(derived.reverse(), reverseType(), types));
  }

  static MethodHandle handle(Function function, MethodTypeDesc type, Types types) {
    MethodHandle handle =
        Derivations.handle(function).asType(Methods.methodType(type, types.host()));
    Handles.register(handle, function);
    return handle;
  }

  /** The function that a call of a method runs when this object is the receiver. */
  static Function function(
      MethodRef method, Object receiver, boolean[] active, Types types, Location location) {
    MethodTypeDesc called = method.type().insertParameterTypes(0, method.owner());
    if (receiver instanceof MethodHandle handle) {
      return Handles.called(handle, called);
    }
    Class<?> type = receiver.getClass();
    if (Carriers.isPlatform(type) || MethodHandleProxies.isWrapperInstance(receiver)) {
      return foreign(method, type, active, types, location);
    }
    Declared declared = Methods.find(type, method.name(), method.type());
    boolean isOwnCode = declared != null && !Carriers.isPlatform(declared.owner());
    if (!isOwnCode
        && declared != null
        && Foreign.isTransparent(declared.owner())
        && !Methods.has(declared, AccessFlag.ABSTRACT)) {
      return foreign(method, type, active, types, location);
    }
    if (type.isHidden() && (declared == null || Methods.has(declared, AccessFlag.ABSTRACT))) {
      Function lambda = Functional.method(receiver, called);
      if (lambda != null) {
        return lambda;
      }
      throw new GradientException(
          "cannot differentiate the call of "
              + method.owner().displayName()
              + "."
              + method.name()
              + " at "
              + location
              + ": the code of the lambda "
              + type.getName()
              + " cannot be found, for its interface is not Serializable; use one of Fluxion's,"
              + " such as Scalar1 or Fn1, or one that extends java.io.Serializable, or make the"
              + " lambda in the code that is differentiated");
    }
    if (declared == null || Methods.has(declared, AccessFlag.ABSTRACT)) {
      throw new GradientException(
          "cannot differentiate the call of "
              + type.getName()
              + "."
              + method.name()
              + " at "
              + location
              + ": its class file cannot be read, and it has no rule; call a method that has one"
              + " (Grad.rule), or wrap its argument in Grad.stopGradient if its derivative is"
              + " zero");
    }
    return Rules.find(declared) == null && !Carriers.isValue(type)
        ? Methods.function(declared)
        : Functional.wrapped(declared, called);
  }

  private static Function foreign(
      MethodRef method, Class<?> type, boolean[] active, Types types, Location location) {
    String obstacle = Foreign.obstacle(method, active, types);
    if (obstacle != null) {
      throw new GradientException(
          "cannot differentiate the call of "
              + type.getName()
              + "."
              + method.name()
              + " at "
              + location
              + ": "
              + obstacle);
    }
    return Foreign.function(method);
  }
}

package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function of the user's that the platform's code calls back: the platform gets a proxy, which
 * runs the function's derivative. It is an object like any other, so that this too can be
 * differentiated.
 */
public final class Called implements InvocationHandler {
  /** The function. */
  public final Object function;

  /** Its shadow, or its tangents in an array; null when it carries no derivatives. */
  public final @Nullable Object shadow;

  /** The tape, or the tangents. */
  public final Object carrier;

  /** The derivative of the function's method: the forward half, or the dual. */
  public final MethodHandle code;

  /** Both halves in reverse mode, else null. */
  public final @Nullable Target target;

  private @Nullable Form form;

  /**
   * What is done when functions of an interface are called back.
   *
   * @param type the interface
   * @param handle takes what is called, then the arguments
   * @param spread the same, with the arguments in an array
   */
  public record Form(Class<?> type, MethodHandle handle, MethodHandle spread) {
    /** The form with that code. */
    public static Form of(Class<?> type, MethodHandle handle) {
      int arguments = handle.type().parameterCount() - 1;
      return new Form(
          type,
          handle,
          handle
              .asType(handle.type().generic().changeParameterType(0, Called.class))
              .asSpreader(Object[].class, arguments)
              .asType(MethodType.methodType(Object.class, Called.class, Object[].class)));
    }

    /** What the platform gets. */
    public Object proxy(Object called) {
      ((Called) called).form = this;
      return Proxy.newProxyInstance(
          Called.class.getClassLoader(), new Class<?>[] {type}, (Called) called);
    }
  }

  /** A function with its derivative. */
  public Called(
      Object function,
      @Nullable Object shadow,
      Object carrier,
      MethodHandle code,
      @Nullable Target target) {
    this.function = function;
    this.shadow = shadow;
    this.carrier = carrier;
    this.code = code;
    this.target = target;
  }

  /** What is called when an object is: null when it is not a proxy of this kind. */
  public static @Nullable Called of(@Nullable Object object) {
    return object instanceof Proxy && Proxy.getInvocationHandler(object) instanceof Called called
        ? called
        : null;
  }

  /** What an object's shadow belongs to: for a proxy, what is called when it is. */
  static @Nullable Object behind(@Nullable Object object) {
    Called called = of(object);
    return called == null ? object : called;
  }

  /** Whether calls of an object are followed for a tape, or for tangents, already. */
  public static boolean isFollowed(@Nullable Object object, Object carrier) {
    for (Called at = of(object); at != null; at = of(at.function)) {
      if (at.carrier == carrier) {
        return true;
      }
    }
    return false;
  }

  /** What is done when this is called. */
  public MethodHandle form() {
    return Objects.requireNonNull(form).handle;
  }

  /** Bare numbers have no identity by which their derivatives could be found. */
  public static void refuseNumbers(String type) {
    throw new GradientException(
        "cannot differentiate a "
            + type
            + " that the platform's code calls back with bare numbers, whose derivatives are"
            + " lost on the way; use a loop");
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
      throws Throwable {
    @Nullable Object[] arguments = given == null ? new Object[0] : given;
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "derivative of " + function;
      };
    }
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    try {
      return (Object) Objects.requireNonNull(form).spread.invokeExact(this, arguments);
    } catch (Throwable e) {
      refuse(e);
      throw e;
    }
  }

  /** The platform's code may catch what cannot be differentiated, but must not. */
  private void refuse(Throwable exception) {
    switch (carrier) {
      case Tape tape -> tape.refuse(exception);
      case Tangents tangents -> tangents.refuse(exception);
      default -> {}
    }
  }
}

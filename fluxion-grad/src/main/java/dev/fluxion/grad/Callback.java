package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Tape;
import dev.fluxion.grad.runtime.Target;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A functional interface of the platform whose objects are called back by the platform's code.
 *
 * <p>The wrapper of such an object runs the forward half of its method and leaves the reverse half
 * on the tape. Arguments and results are references, whose shadows are found by identity.
 */
final class Callback {
  /** Where callbacks are called: not in the user's code. */
  static final Location AT = new Location("", "a callback of the platform", 0);

  private static final ClassValue<Optional<Callback>> CALLBACKS =
      new ClassValue<>() {
        @Override
        protected Optional<Callback> computeValue(Class<?> type) {
          return find(type);
        }
      };

  private final Class<?> type;
  private final Method method;
  private final MethodRef reference;
  private final Dispatch active;
  private final Dispatch passive;
  private final boolean[] carries;
  private final boolean returnsNumber;

  private Callback(Class<?> type, Method method, Statics statics) {
    this.type = type;
    this.method = method;
    Class<?>[] parameters = method.getParameterTypes();
    MethodTypeDesc descriptor =
        MethodType.methodType(method.getReturnType(), parameters).describeConstable().orElseThrow();
    ClassDesc owner = type.describeConstable().orElseThrow();
    this.reference =
        new MethodRef(MethodRef.Dispatch.INTERFACE, owner, method.getName(), descriptor, true);
    this.carries = new boolean[parameters.length + 1];
    for (int i = 0; i < parameters.length; i++) {
      carries[i + 1] = Carriers.mayCarry(parameters[i]) && !parameters[i].isPrimitive();
    }
    boolean[] withFunction = carries.clone();
    withFunction[0] = true;
    boolean result = Carriers.mayCarry(method.getReturnType());
    this.returnsNumber = result && method.getReturnType().isPrimitive();
    Types types = Types.of(Callback.class);
    boolean[] withThrown = Arrays.copyOf(withFunction, withFunction.length + 1);
    Calls.Target.Dispatched call = new Calls.Target.Dispatched(reference, true);
    Dispatch.Site site = new Dispatch.Site(statics, new boolean[0], types, AT);
    this.active = new Dispatch(call, withThrown, result, site);
    this.passive =
        new Dispatch(call, Arrays.copyOf(carries, carries.length + 1), result, site);
  }

  /** The callback that objects of a type are, or null when they are not called back. */
  static @Nullable Callback of(Class<?> type) {
    return CALLBACKS.get(type).orElse(null);
  }

  /** The same, when these static fields are active. */
  Callback with(Statics statics) {
    return statics.isEmpty() ? this : new Callback(type, method, statics);
  }

  private static Optional<Callback> find(Class<?> type) {
    boolean isFunction =
        type.isInterface()
            && (type.getName().startsWith("java.util.function.")
                || type == Runnable.class
                || type == Callable.class
                || type == Comparator.class);
    if (!isFunction) {
      return Optional.empty();
    }
    for (Method method : type.getMethods()) {
      if (Modifier.isAbstract(method.getModifiers()) && !method.getName().equals("equals")) {
        return Optional.of(new Callback(type, method, Statics.NONE));
      }
    }
    return Optional.empty();
  }

  Class<?> type() {
    return type;
  }

  Method method() {
    return method;
  }

  MethodRef reference() {
    return reference;
  }

  /** Which of the function and its arguments are references that may carry derivatives. */
  boolean[] carries() {
    return carries;
  }

  /** Whether a function has code of its own to derive. */
  boolean isWrapped(Object function) {
    return !Carriers.isPlatform(function.getClass())
        && !MethodHandleProxies.isWrapperInstance(function)
        && (type != Comparator.class || Functional.isKnown(function));
  }

  /** Bare numbers have no identity by which their derivatives could be found. */
  void refuseNumbers() {
    for (Class<?> parameter : method.getParameterTypes()) {
      if (parameter == double.class || parameter == float.class) {
        throw new GradientException(
            "cannot differentiate a "
                + type.getSimpleName()
                + " that the platform's code calls back with bare numbers, whose derivatives are"
                + " lost on the way; use a loop");
      }
    }
  }

  /** A handle of {@link #wrap}. */
  MethodHandle wrapper() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              Callback.class,
              "wrap",
              MethodType.methodType(Object.class, Object.class, Object.class, Tape.class))
          .bindTo(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The object that the platform's code gets in place of a function. */
  @Nullable Object wrap(@Nullable Object function, @Nullable Object shadow, Tape tape) {
    if (function == null || !isWrapped(function)) {
      return function;
    }
    Dispatch dispatch = shadow == null ? passive : active;
    Target target = dispatch.select(function);
    MethodHandle call =
        MethodHandles.insertArguments(CALL, 0, this, function, shadow, target, tape)
            .asCollector(Object[].class, carries.length - 1)
            .asType(MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
    return MethodHandleProxies.asInterfaceInstance(type, call);
  }

  private static final MethodHandle CALL;

  static {
    try {
      CALL =
          MethodHandles.lookup()
              .findStatic(
                  Callback.class,
                  "call",
                  MethodType.methodType(
                      Object.class,
                      Callback.class,
                      Object.class,
                      Object.class,
                      Target.class,
                      Tape.class,
                      Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static @Nullable Object call(
      Callback callback,
      Object function,
      @Nullable Object shadow,
      Target target,
      Tape tape,
      @Nullable Object[] arguments)
      throws Throwable {
    try {
      return record(callback, function, shadow, target, tape, arguments);
    } catch (Throwable e) {
      tape.refuse(e);
      throw e;
    }
  }

  private static @Nullable Object record(
      Callback callback,
      Object function,
      @Nullable Object shadow,
      Target target,
      Tape tape,
      @Nullable Object[] arguments)
      throws Throwable {
    tape.checkOwner(callback.type);
    callback.refuseNumbers();
    @Nullable Object[] all = new @Nullable Object[2 * arguments.length + 4];
    @Nullable Object[] thrown = new @Nullable Object[1];
    int count = 0;
    all[count++] = function;
    for (int i = 0; i < arguments.length; i++) {
      all[count++] = arguments[i];
    }
    all[count++] = thrown;
    if (shadow != null) {
      all[count++] = shadow;
    }
    for (int i = 0; i < arguments.length; i++) {
      if (callback.carries[i + 1]) {
        all[count++] = tape.found(arguments[i], callback.type.getSimpleName());
      }
    }
    all[count++] = tape;
    Object result = target.forward(Arrays.copyOf(all, count));
    if (thrown[0] instanceof Throwable exception) {
      tape.called(target, callback.returnsNumber);
      throw exception;
    }
    if (!callback.returnsNumber && result != null && Carriers.mayCarry(result.getClass())) {
      tape.announce(result, tape.shadow);
    }
    tape.called(target, callback.returnsNumber);
    return result;
  }
}

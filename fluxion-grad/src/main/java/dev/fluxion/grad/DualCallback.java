package dev.fluxion.grad;

import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Tangents;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wraps objects that the platform's code calls back: the wrapper runs the dual of their method. Its
 * arguments and result are references, whose tangents are found by identity.
 */
final class DualCallback {
  private static final MethodHandle CALL;

  static {
    try {
      CALL =
          MethodHandles.lookup()
              .findVirtual(
                  DualCallback.class,
                  "call",
                  MethodType.methodType(
                      Object.class,
                      Object.class,
                      Object[].class,
                      MethodHandle.class,
                      Tangents.class,
                      Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Callback callback;
  private final DualDispatch active;
  private final DualDispatch passive;
  private final int directions;

  private DualCallback(Callback callback, int directions, Statics statics) {
    this.callback = callback;
    this.directions = directions;
    boolean[] withFunction = callback.carries().clone();
    withFunction[0] = true;
    this.active = dispatch(withFunction, statics);
    this.passive = dispatch(callback.carries(), statics);
  }

  private DualDispatch dispatch(boolean[] pattern, Statics statics) {
    return new DualDispatch(
        new Calls.Target.Dispatched(callback.reference(), false),
        pattern,
        Carriers.mayCarry(callback.method().getReturnType()),
        directions,
        new Dispatch.Site(statics, new boolean[0], Types.of(DualCallback.class), Callback.AT));
  }

  static DualCallback of(Class<?> type, int directions, Statics statics) {
    return new DualCallback(requireNonNull(Callback.of(type)), directions, statics);
  }

  /** A handle of {@link #wrap}. */
  MethodHandle wrapper() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              DualCallback.class,
              "wrap",
              MethodType.methodType(Object.class, Object.class, Object[].class, Tangents.class))
          .bindTo(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The object that the platform's code gets in place of a function. */
  @Nullable Object wrap(@Nullable Object function, Object @Nullable [] shadows, Tangents tangents) {
    if (function == null || !callback.isWrapped(function)) {
      return function;
    }
    Method method = callback.method();
    MethodHandle dual = (shadows == null ? passive : active).select(function);
    MethodHandle call =
        MethodHandles.insertArguments(CALL, 0, this, function, shadows, dual, tangents)
            .asCollector(Object[].class, method.getParameterCount())
            .asType(MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
    return MethodHandleProxies.asInterfaceInstance(callback.type(), call);
  }

  @Nullable Object call(
      Object function,
      Object @Nullable [] shadows,
      MethodHandle dual,
      Tangents tangents,
      @Nullable Object[] arguments)
      throws Throwable {
    try {
      return record(function, shadows, dual, tangents, arguments);
    } catch (Throwable e) {
      tangents.refuse(e);
      throw e;
    }
  }

  private @Nullable Object record(
      Object function,
      Object @Nullable [] shadows,
      MethodHandle dual,
      Tangents tangents,
      @Nullable Object[] arguments)
      throws Throwable {
    tangents.checkOwner(callback.type());
    callback.refuseNumbers();
    List<@Nullable Object> all = new ArrayList<>();
    all.add(function);
    all.addAll(Arrays.asList(arguments));
    if (shadows != null) {
      all.addAll(Arrays.asList(shadows));
    }
    String name = callback.type().getSimpleName();
    for (int i = 0; i < arguments.length; i++) {
      for (int k = 0; callback.carries()[i + 1] && k < directions; k++) {
        all.add(tangents.direction(k).found(arguments[i], name));
      }
    }
    all.add(tangents);
    Object result = dual.invokeWithArguments(all);
    boolean isReference = !callback.method().getReturnType().isPrimitive();
    for (int k = 0; isReference && result != null && k < directions; k++) {
      if (Carriers.mayCarry(result.getClass())) {
        Object tangent = k == 0 ? tangents.reference : tangents.references[k - 1];
        tangents.direction(k).announce(result, tangent);
      }
    }
    return result;
  }
}

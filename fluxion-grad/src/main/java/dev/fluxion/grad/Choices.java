package dev.fluxion.grad;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a call does with receivers: chosen once for each class, or for each handle that is called.
 * It is kept with the receiver's own code, so that neither holds the other's class loader, and
 * chosen anew when a rule is registered.
 */
final class Choices<T> {
  private record Choice<T>(T chosen, int version) {}

  private final ClassValue<AtomicReference<@Nullable Choice<T>>> ofClasses =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable Choice<T>> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  private final ClassValue<RuleCache<MethodHandle, T>> ofHandles =
      new ClassValue<>() {
        @Override
        protected RuleCache<MethodHandle, T> computeValue(Class<?> host) {
          return new RuleCache<>();
        }
      };

  private final Function<@Nullable Object, T> maker;

  /**
   * No choices yet.
   *
   * @param maker makes the choice for a receiver
   */
  Choices(Function<@Nullable Object, T> maker) {
    this.maker = maker;
  }

  /**
   * The method {@code select} of an object, bound to it, for generated code to call.
   *
   * @param chosen what it returns
   * @param arguments how many objects it takes
   */
  static MethodHandle selector(Object of, Class<?> chosen, int arguments) {
    List<Class<?>> parameters = Collections.nCopies(arguments, Object.class);
    try {
      return MethodHandles.lookup()
          .findVirtual(of.getClass(), "select", MethodType.methodType(chosen, parameters))
          .bindTo(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is chosen for receivers of a class. */
  T ofClass(Class<?> type, @Nullable Object receiver) {
    AtomicReference<@Nullable Choice<T>> reference = ofClasses.get(type);
    Choice<T> known = reference.get();
    int version = Rules.version();
    if (known == null || known.version != version) {
      known = new Choice<>(maker.apply(receiver), version);
      reference.set(known);
    }
    return known.chosen;
  }

  /** What is chosen for a handle. */
  T ofHandle(MethodHandle handle) {
    dev.fluxion.ir.Function function = Handles.function(handle);
    return function == null
        ? maker.apply(handle)
        : ofHandles.get(function.host()).get(handle, () -> maker.apply(handle));
  }
}

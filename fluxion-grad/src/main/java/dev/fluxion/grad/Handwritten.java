package dev.fluxion.grad;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The derivative of a function that is not derived from its body, because the body's code must not
 * or cannot be looked into.
 */
interface Handwritten {
  /** What is active when the parameters and the static fields marked are. */
  Summaries.Summary summary(boolean[] active, Statics statics);

  /** Both halves, with the types that {@link Derivations} gives them. */
  Adjoint.Bodies split(boolean[] active, boolean result, Statics statics);

  /** The dual function's body, with the type that {@link Duals} gives it. */
  Body dual(boolean[] active, boolean result, int directions, Statics statics);

  /**
   * The derivative of the same function that leaves exceptions in its last argument, or null when
   * the function throws none but what says that code cannot be differentiated.
   */
  default @Nullable Handwritten guarded(Function guarded) {
    return null;
  }

  /** Says how both halves are derived themselves, when not from their bodies. */
  default void give(Derived derived) {}

  /** The derivative of a function, or null when it is derived from its body. */
  static @Nullable Handwritten of(Function function) {
    return Registry.OF_HOST.get(function.host()).get(function);
  }

  /** Gives a function its derivative. */
  static void give(Function function, Handwritten derivative) {
    Registry.OF_HOST.get(function.host()).put(function, derivative);
  }

  /** Where they are kept: with the class that hosts the function, and released with it. */
  final class Registry {
    private static final ClassValue<Map<Function, Handwritten>> OF_HOST =
        new ClassValue<>() {
          @Override
          protected Map<Function, Handwritten> computeValue(Class<?> type) {
            if (Checkpointed.class.isAssignableFrom(type) || type == Pointwise.class) {
              initialise(type);
            }
            return new ConcurrentHashMap<>();
          }
        };

    private Registry() {}

    /** Has a class give its functions their derivatives, though its code has not run yet. */
    private static void initialise(Class<?> type) {
      try {
        MethodHandles.lookup().ensureInitialized(type);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}

package dev.fluxion.grad;

import dev.fluxion.ir.Function;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The derivative of a function that is not derived from its body, because the body's code must not
 * or cannot be looked into.
 */
interface Handwritten {
  /** What is active when the parameters marked are. */
  Summaries.Summary summary(boolean[] active);

  /** Both halves, with the types that {@link Derivations} gives them. */
  Adjoint.Bodies split(boolean[] active, boolean result);

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
            return new ConcurrentHashMap<>();
          }
        };

    private Registry() {}
  }
}

package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Tangents;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.emit.Compiler;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** The compiled dual of a functional object's class in all its arguments. */
final class Pushforwards {
  private static final ClassValue<Pushforwards> CACHE =
      new ClassValue<>() {
        @Override
        protected Pushforwards computeValue(Class<?> type) {
          return new Pushforwards();
        }
      };

  private volatile @org.jspecify.annotations.Nullable MethodHandle one;
  private volatile int version;

  private Pushforwards() {}

  /**
   * A handle that takes the object, the arguments, their tangents in one direction, and {@link
   * Tangents}; it returns the value.
   */
  static MethodHandle of(Serializable object, MethodTypeDesc method) {
    Pushforwards known = CACHE.get(object.getClass());
    MethodHandle handle = known.one;
    if (handle == null || known.version != Rules.version()) {
      known.version = Rules.version();
      handle = function(object, method, 1).handle(Compiler.INSTANCE);
      known.one = handle;
    }
    return handle;
  }

  /** The same for several directions, as a function. */
  static Function function(Serializable object, MethodTypeDesc method, int directions) {
    boolean[] active = new boolean[method.parameterCount() + 1];
    Arrays.fill(active, 1, active.length, true);
    return Duals.of(Functional.value(object, method), active, true, directions);
  }
}

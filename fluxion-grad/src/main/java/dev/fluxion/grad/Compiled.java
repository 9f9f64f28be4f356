package dev.fluxion.grad;

import dev.fluxion.ir.Function;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled derivative of a functional object's class in all its arguments, for a cotangent of
 * one.
 *
 * @param forward takes the object, the arguments, their shadows and the tape; returns the value
 * @param reverse takes the tape and one, the cotangent of the value
 * @param captured the classes of what the object has captured
 * @param version the rules that it was made with
 */
record Compiled(MethodHandle forward, MethodHandle reverse, List<Class<?>> captured, int version) {
  private static final ClassValue<Holder> CACHE =
      new ClassValue<>() {
        @Override
        protected Holder computeValue(Class<?> type) {
          return new Holder(Sight.mayDiffer(type));
        }
      };

  private static final class Holder {
    private final boolean mayDiffer;
    private volatile @Nullable Compiled compiled;

    private Holder(boolean mayDiffer) {
      this.mayDiffer = mayDiffer;
    }
  }

  /** The derivative, made when there is none or rules have changed since. */
  static Compiled of(Serializable object, MethodTypeDesc method) {
    Holder holder = CACHE.get(object.getClass());
    Compiled compiled = holder.compiled;
    List<Class<?>> captured = holder.mayDiffer ? Sight.captured(object) : List.of();
    if (compiled == null
        || compiled.version != Rules.version()
        || (holder.mayDiffer && !compiled.captured.equals(captured))) {
      compiled = compile(object, method, captured);
      holder.compiled = compiled;
    }
    return compiled;
  }

  private static Compiled compile(
      Serializable object, MethodTypeDesc method, List<Class<?>> captured) {
    int version = Rules.version();
    Function function = Functional.of(object, method);
    boolean[] active = new boolean[method.parameterCount() + 1];
    Arrays.fill(active, 1, active.length, true);
    Statics statics = Statics.of(function, active, Sight.of(object), Statics.NONE);
    Derived derived = Derivations.of(function, active, true, statics, true, true);
    return new Compiled(
        Derivations.handle(derived.forward()),
        Derivations.handle(derived.reverse()),
        captured,
        version);
  }
}

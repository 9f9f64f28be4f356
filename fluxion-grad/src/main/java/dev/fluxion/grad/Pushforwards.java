package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;

import dev.fluxion.ir.Function;
import java.io.Serializable;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What forward mode makes of a functional object's class, alone and over reverse mode. */
final class Pushforwards {
  static final MethodTypeDesc SCALAR_1 = MethodTypeDesc.of(CD_double, CD_double);
  static final MethodTypeDesc FN_1 = MethodTypeDesc.of(CD_Object, CD_Object);

  private static final ClassValue<AtomicReference<@Nullable Pushforwards>> CACHE =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable Pushforwards> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  /**
   * The gradient with tangents, as handles that take an array of arguments.
   *
   * @param forward the dual of the forward half
   * @param reverse the dual of the reverse half
   */
  record OverReverse(MethodHandle forward, MethodHandle reverse) {}

  private final MethodTypeDesc method;
  private final int version = Rules.version();
  private final List<Class<?>> captured;
  private final Sight sight;
  private final Function value;
  private final Function loss;
  private volatile @Nullable MethodHandle single;
  private final Map<Integer, MethodHandle> duals = new ConcurrentHashMap<>();
  private final Map<Integer, OverReverse> overReverse = new ConcurrentHashMap<>();
  private volatile @Nullable Derived derived;

  private Pushforwards(Serializable object, MethodTypeDesc method) {
    this.method = method;
    this.captured = Sight.captured(object);
    this.sight = Sight.of(object);
    this.value = Functional.value(object, method);
    this.loss = Functional.of(object, method);
  }

  /** What was made of an object's class, made anew when rules have changed since. */
  static Pushforwards of(Serializable object, MethodTypeDesc method) {
    AtomicReference<@Nullable Pushforwards> cache = CACHE.get(object.getClass());
    Pushforwards known = cache.get();
    if (known == null
        || known.version != Rules.version()
        || !known.method.equals(method)
        || !known.captured.equals(Sight.captured(object))) {
      known = new Pushforwards(object, method);
      cache.set(known);
    }
    return known;
  }

  private static boolean[] all(Function function) {
    boolean[] active = new boolean[function.type().parameterCount()];
    Arrays.fill(active, 1, active.length, true);
    return active;
  }

  private Statics statics(Function function) {
    return Statics.of(function, all(function), sight, Statics.NONE);
  }

  /** Takes the object, the arguments, their tangents and {@code Tangents}; returns the value. */
  MethodHandle single() {
    MethodHandle made = single;
    if (made == null) {
      made = Derivations.handle(Duals.of(value, all(value), true, 1, statics(value)));
      single = made;
    }
    return made;
  }

  /** The same in several directions, over an array of arguments. */
  MethodHandle dual(int directions) {
    return duals.computeIfAbsent(
        directions, count -> spread(Duals.of(value, all(value), true, count, statics(value))));
  }

  /** Both halves of reverse mode for a result that has a shadow. */
  Derived derived() {
    Derived made = derived;
    if (made == null) {
      made = Derivations.of(value, all(value), true, statics(value));
      derived = made;
    }
    return made;
  }

  /** Forward over reverse mode, for a function that returns a number. */
  OverReverse overReverse(int directions) {
    return overReverse.computeIfAbsent(
        directions,
        count -> {
          Statics active = statics(loss);
          Derived gradient = Derivations.of(loss, all(loss), true, active, true);
          boolean[] tapeOnly = {true, false};
          Statics statics = Statics.of(gradient.forward(), all(gradient.forward()), sight, active);
          return new OverReverse(
              spread(Duals.of(gradient.forward(), all(gradient.forward()), false, count, statics)),
              spread(Duals.of(gradient.reverse(), tapeOnly, false, count, statics)));
        });
  }

  private static MethodHandle spread(Function function) {
    MethodHandle handle = Derivations.handle(function);
    return handle
        .asType(handle.type().generic())
        .asSpreader(Object[].class, handle.type().parameterCount());
  }
}

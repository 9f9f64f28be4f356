package dev.fluxion.grad;

import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A call whose method the receiver's class chooses: finds the dual for each class once. */
final class DualDispatch {
  private final MethodRef method;
  private final boolean[] active;
  private final boolean result;
  private final int directions;
  private final Types types;
  private final Location location;
  private final Map<MethodHandle, MethodHandle> ofHandles = new ConcurrentHashMap<>();

  private final ClassValue<AtomicReference<@Nullable MethodHandle>> ofClasses =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable MethodHandle> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  DualDispatch(
      MethodRef method,
      boolean[] active,
      boolean result,
      int directions,
      Types types,
      Location location) {
    this.method = method;
    this.location = location;
    this.active = active;
    this.result = result;
    this.directions = directions;
    this.types = types;
  }

  /** The type of the chosen handles. */
  MethodTypeDesc type() {
    MethodTypeDesc called = method.type().insertParameterTypes(0, method.owner());
    return Duals.type(called, active, directions, types);
  }

  /** The method {@link #select} of this object. */
  MethodHandle selector() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              DualDispatch.class, "select", MethodType.methodType(MethodHandle.class, Object.class))
          .bindTo(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  MethodHandle select(Object object) {
    if (object instanceof MethodHandle handle) {
      return ofHandles.computeIfAbsent(handle, this::find);
    }
    AtomicReference<@Nullable MethodHandle> known = ofClasses.get(object.getClass());
    MethodHandle dual = known.get();
    if (dual == null) {
      dual = find(object);
      known.set(dual);
    }
    return dual;
  }

  private MethodHandle find(Object object) {
    Function function = Dispatch.function(method, object, active, types, location);
    return Dispatch.handle(Duals.of(function, active, result, directions), type(), types);
  }
}

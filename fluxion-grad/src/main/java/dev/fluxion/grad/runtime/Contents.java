package dev.fluxion.grad.runtime;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the containers of the platform hold. */
public final class Contents {
  private Contents() {}

  /** The values in a container; the elements of an array of objects; nothing of other objects. */
  public static Collection<? extends @Nullable Object> of(Object container) {
    if (container instanceof Object[] array) {
      return Shadows.isNumeric(array.getClass()) ? List.of() : Arrays.asList(array);
    }
    if (!Carriers.isPlatform(container.getClass())) {
      return List.of();
    }
    return switch (container) {
      case Collection<?> collection -> collection;
      case Map<?, ?> map -> map.values();
      case Map.Entry<?, ?> entry -> Arrays.asList(entry.getKey(), entry.getValue());
      case Optional<?> optional -> optional.stream().toList();
      case AtomicReference<?> reference -> Arrays.asList((Object) reference.get());
      case PhantomReference<?> _ -> List.of(); // a Cleaner's among them, which cannot be asked
      case Reference<?> reference -> Arrays.asList((Object) reference.get());
      case DoubleBuffer buffer when buffer.hasArray() -> List.of(buffer.array());
      case FloatBuffer buffer when buffer.hasArray() -> List.of(buffer.array());
      default -> List.of();
    };
  }

  /**
   * What a thread-local variable has, if nothing but the platform's code and functions that are
   * followed can have put it there; else null.
   */
  public static @Nullable Object kept(Object variable, @Nullable Object value) {
    Class<?> type = variable.getClass();
    return Carriers.isPlatform(type) || Layout.of(type).slots().isEmpty() ? value : null;
  }
}

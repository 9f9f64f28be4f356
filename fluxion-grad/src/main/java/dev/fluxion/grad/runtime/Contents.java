package dev.fluxion.grad.runtime;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      default -> List.of();
    };
  }
}

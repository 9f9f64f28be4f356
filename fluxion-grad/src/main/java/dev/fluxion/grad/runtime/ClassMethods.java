package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Primitive;
import org.jspecify.annotations.Nullable;

/** Methods of {@link Class} that take an object, in plain Java, which is differentiated. */
public final class ClassMethods {
  private ClassMethods() {}

  /** {@code Class.isInstance}. */
  @Primitive(ClassMethods.class)
  public static boolean isInstance(Class<?> type, @Nullable Object object) {
    return type.isInstance(object);
  }

  /** {@code Class.cast}. */
  public static @Nullable Object cast(Class<?> type, @Nullable Object object) {
    if (object != null && !isInstance(type, object)) {
      throw new ClassCastException(
          "Cannot cast " + object.getClass().getName() + " to " + type.getName());
    }
    return object;
  }
}

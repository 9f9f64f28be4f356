package dev.fluxion.grad.runtime;

import dev.fluxion.grad.VectorSpace;

/** Which types may carry derivatives. */
public final class Carriers {
  private Carriers() {}

  /** Whether a value of a type is one number or vector, which has an adjoint of its own. */
  public static boolean isValue(Class<?> type) {
    return type == double.class
        || type == float.class
        || type == Double.class
        || type == Float.class
        || (VectorSpace.class.isAssignableFrom(type) && type != VectorSpace.class);
  }

  /**
   * Whether a value of a static type may hold, or lead to, floating-point numbers: integers,
   * strings, enums and the platform's own classes do not, but for those that can hold anything.
   */
  public static boolean mayCarry(Class<?> type) {
    if (type.isPrimitive()) {
      return type == double.class || type == float.class;
    }
    if (type.isArray()) {
      return mayCarry(type.getComponentType());
    }
    if (isValue(type) || type == Object.class || type == Number.class) {
      return true;
    }
    if (type.isEnum() || Throwable.class.isAssignableFrom(type)) {
      return false;
    }
    String name = type.getName();
    if (name.startsWith("java.util.function.")) {
      return true;
    }
    return !name.startsWith("java.") && !name.startsWith("javax.") && !name.startsWith("jdk.");
  }
}

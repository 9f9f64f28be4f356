package dev.fluxion.grad.runtime;

import dev.fluxion.grad.VectorSpace;
import org.jspecify.annotations.Nullable;

/** Makes shadows that are zero. */
public final class Shadows {
  private Shadows() {}

  /** A zero shadow of an object, or null when the object cannot carry derivatives. */
  static @Nullable Object zero(Object primal, Tape tape) {
    if (primal instanceof double[] array) {
      return new double[array.length];
    }
    if (primal instanceof float[] array) {
      return new float[array.length];
    }
    if (primal instanceof Object[] array) {
      return zero(array, tape);
    }
    if (isValue(primal)) {
      return cell(primal);
    }
    Class<?> type = primal.getClass();
    if (type.isArray() || !Carriers.mayCarry(type)) {
      return null;
    }
    return Carriers.isPlatform(type) ? new Shadow(0, 0) : Layout.of(type).zero();
  }

  private static boolean isValue(Object primal) {
    return Carriers.isValue(primal.getClass());
  }

  private static Shadow cell(Object primal) {
    return primal instanceof VectorSpace<?> ? new Shadow(0, 1) : new Shadow(1, 0);
  }

  /** Rows of numbers get their shadows at once, so that code can read them without a check. */
  private static Object zero(Object[] array, Tape tape) {
    Class<?> type = array.getClass();
    if (!isNumeric(type)) {
      @Nullable Object[] cells = new @Nullable Object[array.length];
      for (int i = 0; i < cells.length; i++) {
        // every place has its own adjoint, though places may share a box
        cells[i] = array[i] != null && isValue(array[i]) ? cell(array[i]) : null;
      }
      return cells;
    }
    @Nullable Object[] shadow =
        (@Nullable Object[])
            java.lang.reflect.Array.newInstance(type.getComponentType(), array.length);
    if (type.getComponentType().isArray()) {
      for (int i = 0; i < array.length; i++) {
        shadow[i] = tape.shadowOf(array[i]);
      }
    }
    return shadow;
  }

  /** Whether an array's shadow has the array's own type: arrays of numbers, and of such arrays. */
  public static boolean isNumeric(Class<?> arrayType) {
    Class<?> element = arrayType;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return element == double.class || element == float.class;
  }
}

package dev.fluxion.grad.runtime;

import dev.fluxion.grad.VectorSpace;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes shadows that are zero. */
public final class Shadows {
  private Shadows() {}

  /**
   * A zero shadow of an object, or null when the object cannot carry derivatives.
   *
   * @param rows gives the shadow of an array's row
   */
  static @Nullable Object zero(Object primal, UnaryOperator<@Nullable Object> rows) {
    if (primal instanceof double[] array) {
      return new double[array.length];
    }
    if (primal instanceof float[] array) {
      return new float[array.length];
    }
    if (primal instanceof Object[] array) {
      return zero(array, rows);
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
  private static Object zero(Object[] array, UnaryOperator<@Nullable Object> rows) {
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
        shadow[i] = rows.apply(array[i]);
      }
    }
    return shadow;
  }

  /**
   * Makes all adjoints in a shadow zero, those in the elements of an array too. What the fields of
   * an object lead to is left, for it has shadows of its own.
   *
   * @param cleared those that are zero already
   */
  static void clear(@Nullable Object shadow, Set<Object> cleared) {
    if (shadow == null || !cleared.add(shadow)) {
      return;
    }
    switch (shadow) {
      case double[] numbers -> Arrays.fill(numbers, 0);
      case float[] numbers -> Arrays.fill(numbers, 0);
      case Shadow object -> {
        Arrays.fill(object.numbers, 0);
        for (int i = 0; i < object.references.length; i++) {
          if (object.references[i] instanceof VectorSpace<?>) {
            object.references[i] = null;
          }
        }
      }
      case Object[] elements -> {
        for (Object element : elements) {
          clear(element, cleared);
        }
      }
      default -> {}
    }
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

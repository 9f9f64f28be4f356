package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.grad.runtime.Shadow;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Turns the shadow of an argument into a gradient of the argument's own type. */
final class Structure {
  private Structure() {}

  /** The gradient: the argument's structure with derivatives for numbers; never null. */
  static Object gradient(Object primal, @Nullable Object shadow) {
    if (primal instanceof Double) {
      return shadow == null ? 0.0 : ((Shadow) shadow).numbers[0];
    }
    if (primal instanceof Float) {
      return shadow == null ? 0f : (float) ((Shadow) shadow).numbers[0];
    }
    if (primal instanceof VectorSpace<?> vector) {
      Object adjoint = shadow == null ? null : ((Shadow) shadow).references[0];
      return adjoint == null ? vector.zero() : adjoint;
    }
    if (primal instanceof Double[] boxes) {
      return ofBoxes(boxes, (double @Nullable []) shadow);
    }
    if (primal instanceof Float[] boxes) {
      return ofBoxes(boxes, (float @Nullable []) shadow);
    }
    if (primal instanceof Object[] array) {
      return ofArray(array, (Object[]) shadow);
    }
    Class<?> type = primal.getClass();
    if (type.isArray()) {
      return Carriers.mayCarry(type) ? zeroIfNull(primal, shadow) : primal;
    }
    if (type.isRecord()) {
      return ofRecord((Record) primal, (Shadow) shadow);
    }
    if (!Carriers.mayCarry(type) || Layout.of(type).slots().isEmpty()) {
      return primal;
    }
    throw new GradientException(
        "a gradient in a "
            + type.getName()
            + " cannot be made: use a record, whose gradient is such a record");
  }

  private static Object zeroIfNull(Object primal, @Nullable Object shadow) {
    return shadow != null
        ? shadow
        : Array.newInstance(primal.getClass().getComponentType(), Array.getLength(primal));
  }

  private static Object ofBoxes(@Nullable Double[] primal, double @Nullable [] shadow) {
    @Nullable Double[] result = new Double[primal.length];
    for (int i = 0; i < primal.length; i++) {
      result[i] = primal[i] == null ? null : shadow == null ? 0.0 : (Double) shadow[i];
    }
    return result;
  }

  private static Object ofBoxes(@Nullable Float[] primal, float @Nullable [] shadow) {
    @Nullable Float[] result = new Float[primal.length];
    for (int i = 0; i < primal.length; i++) {
      result[i] = primal[i] == null ? null : shadow == null ? 0f : (Float) shadow[i];
    }
    return result;
  }

  private static Object ofArray(Object[] primal, Object @Nullable [] shadow) {
    Object[] result =
        (Object[]) Array.newInstance(primal.getClass().getComponentType(), primal.length);
    for (int i = 0; i < primal.length; i++) {
      Object part = shadow == null ? null : shadow[i];
      if (primal[i] instanceof VectorSpace<?> vector && !(part instanceof Shadow)) {
        result[i] = part == null ? vector.zero() : part;
      } else if (primal[i] != null) {
        result[i] = gradient(primal[i], part);
      }
    }
    return result;
  }

  private static Object ofRecord(Record primal, @Nullable Shadow shadow) {
    Class<?> type = primal.getClass();
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new @Nullable Object[components.length];
    Layout layout = Layout.of(type);
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        components[i].getAccessor().setAccessible(true);
        values[i] =
            component(
                types[i],
                components[i].getAccessor().invoke(primal),
                shadow,
                layout.index(components[i].getName()));
      }
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new GradientException(
          "the gradient in a "
              + type.getName()
              + " cannot be made: its constructor refuses derivatives as components",
          e);
    }
  }

  private static @Nullable Object component(
      Class<?> type, @Nullable Object value, @Nullable Shadow shadow, int slot) {
    if (slot < 0 || value == null) {
      return value;
    }
    if (type == double.class || type == Double.class) {
      return shadow == null ? 0.0 : shadow.numbers[slot];
    }
    if (type == float.class || type == Float.class) {
      return shadow == null ? 0f : (float) shadow.numbers[slot];
    }
    Object part = shadow == null ? null : shadow.references[slot];
    if (Carriers.isValue(type) && value instanceof VectorSpace<?> vector) {
      return part == null ? vector.zero() : part;
    }
    return gradient(value, part);
  }
}

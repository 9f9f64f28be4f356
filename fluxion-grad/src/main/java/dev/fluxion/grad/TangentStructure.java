package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Shadows;
import dev.fluxion.grad.runtime.Tangents;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a tangent of an argument's own type into the shadow of the argument. */
final class TangentStructure {
  private final Tangents tangents;
  private final int direction;
  private final Map<Object, Object> done = new IdentityHashMap<>();

  private TangentStructure(Tangents tangents, int direction) {
    this.tangents = tangents;
    this.direction = direction;
  }

  /**
   * The shadow of an argument, with the tangent's numbers.
   *
   * @param tangent of the same class as the argument and of the same shape
   */
  static Object shadow(Object primal, Object tangent, Tangents tangents, int direction) {
    Object shadow = new TangentStructure(tangents, direction).of(primal, tangent);
    if (shadow == null) {
      throw new GradientException(
          "a " + primal.getClass().getName() + " has no floating-point numbers to be varied");
    }
    return shadow;
  }

  private @Nullable Object of(@Nullable Object primal, @Nullable Object tangent) {
    if (primal == null) {
      return null;
    }
    Object known = done.get(primal);
    if (known != null) {
      return known;
    }
    if (tangent == null || tangent.getClass() != primal.getClass()) {
      throw new GradientException(
          "a tangent has the type of what it belongs to: that of a "
              + primal.getClass().getSimpleName()
              + " cannot be "
              + (tangent == null ? "null" : "a " + tangent.getClass().getSimpleName()));
    }
    Object shadow =
        primal.getClass().isArray() ? ofArray(primal, tangent) : ofObject(primal, tangent);
    if (shadow != null) {
      done.put(primal, shadow);
      tangents.define(primal, direction, shadow);
    }
    return shadow;
  }

  private @Nullable Object ofArray(Object primal, Object tangent) {
    if (Array.getLength(primal) != Array.getLength(tangent)) {
      throw new GradientException(
          "the tangent of an array of length "
              + Array.getLength(primal)
              + " has length "
              + Array.getLength(tangent)
              + "; the lengths must be the same");
    }
    return switch (tangent) {
      case double[] numbers -> numbers.clone();
      case float[] numbers -> numbers.clone();
      case Double[] boxes -> {
        double[] numbers = new double[boxes.length];
        for (int i = 0; i < boxes.length; i++) {
          numbers[i] = boxes[i] == null ? 0 : boxes[i];
        }
        yield numbers;
      }
      case Float[] boxes -> {
        float[] numbers = new float[boxes.length];
        for (int i = 0; i < boxes.length; i++) {
          numbers[i] = boxes[i] == null ? 0 : boxes[i];
        }
        yield numbers;
      }
      case Object[] elements -> ofElements((Object[]) primal, elements);
      default -> null;
    };
  }

  private Object ofElements(Object[] primal, Object[] tangent) {
    boolean isNumeric = Shadows.isNumeric(primal.getClass());
    Object[] shadow =
        isNumeric
            ? (Object[])
                Array.newInstance(primal.getClass().getComponentType(), primal.length)
            : new Object[primal.length];
    boolean areVectors = isNumeric && !primal.getClass().getComponentType().isArray();
    for (int i = 0; i < primal.length; i++) {
      shadow[i] = areVectors ? tangent[i] : of(primal[i], tangent[i]);
    }
    return shadow;
  }

  private @Nullable Object ofObject(Object primal, Object tangent) {
    if (tangent instanceof Double || tangent instanceof Float) {
      return Tangents.cell(((Number) tangent).doubleValue());
    }
    if (tangent instanceof VectorSpace<?>) {
      return Tangents.cell(tangent);
    }
    Class<?> type = primal.getClass();
    if (!Carriers.mayCarry(type)) {
      return null;
    }
    Layout layout = Layout.of(type);
    Shadow shadow = layout.zero();
    done.put(primal, shadow); // an object may lead to itself
    for (Layout.Slot slot : layout.slots()) {
      Object part = read(slot.field(), tangent);
      if (slot.isNumber()) {
        shadow.numbers[slot.index()] = part == null ? 0 : ((Number) part).doubleValue();
      } else {
        shadow.references[slot.index()] =
            Carriers.isValue(slot.field().getType())
                ? part
                : of(read(slot.field(), primal), part);
      }
    }
    return shadow;
  }

  private static @Nullable Object read(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (IllegalAccessException | RuntimeException e) {
      throw new GradientException(
          "the field "
              + field.getName()
              + " of "
              + field.getDeclaringClass().getName()
              + " is out of reach: open its package to dev.fluxion.grad",
          e);
    }
  }

  /**
   * The shadow that holds the tangents of another shadow's numbers.
   *
   * @param shadow a shadow in reverse mode
   * @param tangent the shadow of that shadow in forward mode, or null for zero
   */
  static @Nullable Object ofShadow(@Nullable Object shadow, @Nullable Object tangent) {
    if (tangent == null || shadow == null) {
      return null;
    }
    return switch (shadow) {
      case VectorSpace<?> _ -> ((Shadow) tangent).references[0];
      case Shadow object -> {
        @Nullable Object[] parts = ((Shadow) tangent).references; // numbers, then references
        Shadow result = new Shadow(object.numbers.length, object.references.length);
        if (parts[0] instanceof double[] numbers) {
          System.arraycopy(numbers, 0, result.numbers, 0, numbers.length);
        }
        if (parts[1] instanceof Object[] references) {
          for (int i = 0; i < references.length; i++) {
            result.references[i] = ofShadow(object.references[i], references[i]);
          }
        }
        yield result;
      }
      case Object[] rows when !Shadows.isNumeric(rows.getClass()) -> {
        @Nullable Object[] result = new Object[rows.length];
        for (int i = 0; i < rows.length; i++) {
          result[i] = ofShadow(rows[i], ((Object[]) tangent)[i]);
        }
        yield result;
      }
      default -> tangent;
    };
  }
}

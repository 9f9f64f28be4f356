package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Shadowing;
import dev.fluxion.grad.runtime.Shadows;
import dev.fluxion.grad.runtime.Tangents;
import java.lang.reflect.Array;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Turns a tangent of an argument's own type into the shadow of the argument. */
final class TangentStructure {
  private final Shadowing tangents;
  private final Map<Object, Object> done = new IdentityHashMap<>();

  private TangentStructure(Shadowing tangents) {
    this.tangents = tangents;
  }

  /**
   * The shadow of an argument, with the tangent's numbers.
   *
   * @param tangent of the same class as the argument and of the same shape
   */
  static Object shadow(Object primal, Object tangent, Shadowing tangents) {
    Object shadow = new TangentStructure(tangents).of(primal, tangent);
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
      tangents.define(primal, shadow);
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
      case Object[] elements -> ofElements((Object[]) primal, elements);
      default -> null;
    };
  }

  private Object ofElements(Object[] primal, Object[] tangent) {
    boolean isNumeric = Shadows.isNumeric(primal.getClass());
    @Nullable Object[] shadow =
        isNumeric
            ? (@Nullable Object[])
                Array.newInstance(primal.getClass().getComponentType(), primal.length)
            : new @Nullable Object[primal.length];
    for (int i = 0; i < primal.length; i++) {
      boolean isCell = tangent[i] != null && Carriers.isValue(tangent[i].getClass());
      shadow[i] = isCell ? cell(tangent[i]) : of(primal[i], tangent[i]); // places may share a box
    }
    return shadow;
  }

  private static Shadow cell(Object tangent) {
    return switch (tangent) {
      case Number number -> Tangents.cell(number.doubleValue());
      case OptionalDouble number -> Tangents.cell(number.orElse(0));
      default -> Tangents.cell(tangent);
    };
  }

  private @Nullable Object ofObject(Object primal, Object tangent) {
    Class<?> type = primal.getClass();
    if (Carriers.isValue(type)) {
      return cell(tangent);
    }
    if (!Carriers.mayCarry(type)) {
      return null;
    }
    if (Carriers.isPlatform(type)) {
      return ofContainer(primal, tangent);
    }
    Layout layout = Layout.of(type);
    Shadow shadow = layout.zero();
    done.put(primal, shadow); // an object may lead to itself
    for (Layout.Slot slot : layout.slots()) {
      Object part = read(slot.field(), tangent);
      if (slot.isNumber()) {
        shadow.numbers[slot.index()] = part == null ? 0 : cell(part).numbers[0];
      } else {
        shadow.references[slot.index()] =
            Carriers.isValue(slot.field().type()) ? part : of(read(slot.field(), primal), part);
      }
    }
    return shadow;
  }

  /** What a container holds has its tangent by its identity. */
  private Object ofContainer(Object primal, Object tangent) {
    if (primal instanceof Map<?, ?> map && tangent instanceof Map<?, ?> other) {
      map.forEach((key, value) -> of(value, other.get(key)));
    } else if (primal instanceof Collection<?> elements
        && tangent instanceof Collection<?> others
        && elements.size() == others.size()) {
      Iterator<?> each = others.iterator();
      elements.forEach(element -> of(element, each.next()));
    } else if (primal instanceof Optional<?> one && tangent instanceof Optional<?> other) {
      one.ifPresent(value -> of(value, other.orElse(null)));
    } else {
      throw new GradientException(
          "the contents of a "
              + primal.getClass().getName()
              + " cannot be varied: use an array, a record, a list or a map, and a tangent of the"
              + " same size");
    }
    return new Shadow(0, 0);
  }

  static @Nullable Object read(DeclaredField field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException | RuntimeException e) {
      throw new GradientException(
          "the field "
              + field.name()
              + " of "
              + field.owner().getName()
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

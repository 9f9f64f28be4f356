package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.grad.runtime.Loans;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Shadowing;
import java.lang.reflect.Array;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the shadow of an argument into a gradient of the argument's own type. */
final class Structure {
  /**
   * An argument that no constant is identical to: a number in a box gets a box of its own, since
   * the shadow of what passes through containers is found by identity.
   */
  static Object fresh(Object argument) {
    return switch (argument) {
      case Double number -> Double.valueOf(number.doubleValue());
      case Float number -> Float.valueOf(number.floatValue());
      case null, default -> argument;
    };
  }

  private final Shadowing shadows;
  private final boolean copies;
  private final Map<Object, Object> made = new IdentityHashMap<>();

  private Structure(Shadowing shadows, boolean copies) {
    this.shadows = shadows;
    this.copies = copies;
  }

  /** The gradient: the argument's structure with derivatives for numbers; never null. */
  static Object gradient(Object primal, @Nullable Object shadow, Shadowing shadows) {
    return new Structure(shadows, false).gradient(primal, shadow);
  }

  /** The same, in arrays of its own. */
  static Object copiedGradient(Object primal, @Nullable Object shadow, Shadowing shadows) {
    return new Structure(shadows, true).gradient(primal, shadow);
  }

  private Object gradient(Object primal, @Nullable Object shadow) {
    if (primal instanceof Double) {
      return shadow == null ? 0.0 : ((Shadow) shadow).numbers[0];
    }
    if (primal instanceof OptionalDouble optional) {
      return optional.isEmpty()
          ? optional
          : OptionalDouble.of(shadow == null ? 0.0 : ((Shadow) shadow).numbers[0]);
    }
    if (primal instanceof Float) {
      return shadow == null ? 0f : (float) ((Shadow) shadow).numbers[0];
    }
    if (primal instanceof VectorSpace<?> vector) {
      return ofVector(vector, shadow == null ? null : ((Shadow) shadow).references[0]);
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
    if (!Carriers.mayCarry(type)) {
      return primal;
    }
    if (Carriers.isPlatform(type)) {
      return ofContainer(primal);
    }
    return Layout.of(type).slots().isEmpty() ? primal : ofObject(primal, (Shadow) shadow);
  }

  private Object zeroIfNull(Object primal, @Nullable Object shadow) {
    if (shadow != null && !copies) {
      return shadow;
    }
    int length = Array.getLength(shadow == null ? primal : shadow);
    Object numbers = Array.newInstance(primal.getClass().getComponentType(), length);
    if (shadow != null) {
      System.arraycopy(shadow, 0, numbers, 0, length);
    }
    return numbers;
  }

  private Object ofArray(Object[] primal, Object @Nullable [] shadow) {
    Object[] result =
        (Object[]) Array.newInstance(primal.getClass().getComponentType(), primal.length);
    for (int i = 0; i < primal.length; i++) {
      if (primal[i] != null) {
        result[i] = gradient(primal[i], shadow == null ? null : shadow[i]);
      }
    }
    return result;
  }

  /** What a container holds has its shadow by its identity. */
  private @Nullable Object ofElement(@Nullable Object primal) {
    return primal == null ? null : gradient(primal, shadows.shadowOf(primal));
  }

  @SuppressWarnings("JdkObsolete") // the gradient in a linked list is a linked list
  private Object ofContainer(Object primal) {
    return switch (primal) {
      case List<?> list -> {
        List<@Nullable Object> result =
            list instanceof LinkedList<?> ? new LinkedList<>() : new ArrayList<>(list.size());
        list.forEach(element -> result.add(ofElement(element)));
        yield list instanceof ArrayList<?> || list instanceof LinkedList<?>
            ? result
            : Collections.unmodifiableList(result);
      }
      case Deque<?> deque -> {
        Deque<Object> result = new ArrayDeque<>(deque.size());
        deque.forEach(element -> result.addLast(gradient(element, shadows.shadowOf(element))));
        yield result;
      }
      case SortedMap<?, ?> map -> ofMap(map, new TreeMap<>(comparator(map)));
      case LinkedHashMap<?, ?> map -> ofMap(map, new LinkedHashMap<>());
      case HashMap<?, ?> map -> ofMap(map, new HashMap<>());
      case Map<?, ?> map -> Collections.unmodifiableMap(ofMap(map, new LinkedHashMap<>()));
      case AbstractMap.SimpleEntry<?, ?> entry ->
          new AbstractMap.SimpleEntry<>(entry.getKey(), ofElement(entry.getValue()));
      case Map.Entry<?, ?> entry ->
          new AbstractMap.SimpleImmutableEntry<>(entry.getKey(), ofElement(entry.getValue()));
      case Optional<?> optional -> optional.map(one -> gradient(one, shadows.shadowOf(one)));
      default ->
          throw new GradientException(
              "a gradient in a "
                  + primal.getClass().getName()
                  + " cannot be made: use an array, a record, a list or a map");
    };
  }

  @SuppressWarnings("unchecked")
  private static <K> java.util.Comparator<Object> comparator(SortedMap<K, ?> map) {
    return (java.util.Comparator<Object>) map.comparator();
  }

  private Map<Object, @Nullable Object> ofMap(
      Map<?, ?> primal, Map<Object, @Nullable Object> result) {
    primal.forEach((key, value) -> result.put(key, ofElement(value)));
    return result;
  }

  private Object ofRecord(Record primal, @Nullable Shadow shadow) {
    RecordParts parts = RecordParts.of(primal.getClass());
    @Nullable Object[] values = new @Nullable Object[parts.types().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = component(parts.types()[i], parts.get(primal, i), shadow, parts.slots()[i]);
    }
    return parts.make(values);
  }

  /** An object is made without its constructor, as deserialisation does, and its fields are set. */
  private Object ofObject(Object primal, @Nullable Shadow shadow) {
    Object known = made.get(primal);
    if (known != null) {
      return known;
    }
    ObjectParts parts = ObjectParts.of(primal.getClass());
    try {
      Object result = parts.allocate().invoke();
      made.put(primal, result);
      for (ObjectParts.Part part : parts.fields()) {
        Object value = part.getter().invoke(primal);
        part.setter().invoke(result, component(part.type(), value, shadow, part.slot()));
      }
      return result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Object component(
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
    if (value instanceof OptionalDouble optional) {
      return optional.isEmpty()
          ? optional
          : OptionalDouble.of(shadow == null ? 0.0 : shadow.numbers[slot]);
    }
    Object part = shadow == null ? null : shadow.references[slot];
    if (Carriers.isValue(type) && value instanceof VectorSpace<?> vector) {
      return ofVector(vector, part);
    }
    return gradient(value, part);
  }

  private static Object ofVector(VectorSpace<?> primal, @Nullable Object adjoint) {
    Loans.keep(adjoint);
    return adjoint == null ? primal.zero() : adjoint;
  }
}

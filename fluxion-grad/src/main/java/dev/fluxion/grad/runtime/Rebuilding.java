package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Primitive;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of containers that a constructor makes whenever it runs, in the same order. */
final class Rebuilding {
  private Rebuilding() {}

  /** Whether an object is known by what is in it. */
  @Primitive(Rebuilding.class)
  static boolean isContainer(Object object) {
    return object instanceof Object[]
        || (Carriers.isPlatform(object.getClass())
            && Carriers.mayCarry(object.getClass())
            && !Carriers.isValue(object.getClass()));
  }

  /** The parts of a container; keys of a map, too. */
  static List<@Nullable Object> parts(Object container) {
    List<@Nullable Object> parts = new ArrayList<>();
    if (container instanceof Map<?, ?> map) {
      parts.addAll(map.keySet());
    }
    parts.addAll(Contents.of(container));
    return parts;
  }

  /** Refuses containers that do not have their parts in the same order, as far as can be told. */
  @Primitive(Rebuilding.class)
  static void requireSame(Object first, int count, Object again, int others, String where) {
    boolean isSame = first.getClass() == again.getClass() && count == others;
    if (isSame && first instanceof Map<?, ?> map && again instanceof Map<?, ?> other) {
      isSame = isInOrder(map.keySet(), other.keySet());
    } else if (isSame
        && first instanceof Collection<?> all
        && again instanceof Collection<?> other
        && !(all instanceof List || all instanceof Deque || all instanceof Queue)) {
      isSame = isInOrder(all, other);
    }
    if (!isSame) {
      throw refusal(where, "is not the same");
    }
  }

  private static boolean isInOrder(Collection<?> first, Collection<?> again) {
    Iterator<?> others = again.iterator();
    for (Object one : first) {
      if (!Objects.equals(one, others.next())) {
        return false;
      }
    }
    return true;
  }

  /** Refuses an object of the user's in which there are containers: these would not be met. */
  @Primitive(Rebuilding.class)
  static void refuseContainers(Object first, Object again, String where) {
    refuseContainers(first, again, where, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static void refuseContainers(
      @Nullable Object first, @Nullable Object again, String where, Set<Object> visited) {
    if (first == null
        || again == null
        || first == again
        || Carriers.isValue(first.getClass())
        || !visited.add(first)) {
      return;
    }
    if (first instanceof Object[] array && again instanceof Object[] other) {
      for (int i = 0; i < Math.min(array.length, other.length); i++) {
        refuseContainers(array[i], other[i], where, visited);
      }
    } else if (isContainer(first)) {
      if (!isEmpty(first)) {
        throw refusal(where, "has an object with a " + first.getClass().getSimpleName() + " in it");
      }
    } else if (first.getClass().isHidden()) {
      List<@Nullable Object> captured = captured(first, where);
      List<@Nullable Object> others = captured(again, where);
      for (int i = 0; i < Math.min(captured.size(), others.size()); i++) {
        refuseContainers(captured.get(i), others.get(i), where, visited);
      }
    } else if (!first.getClass().isArray() && first.getClass() == again.getClass()) {
      for (Layout.Slot slot : Layout.of(first.getClass()).slots()) {
        if (!slot.isNumber()) {
          Object part = get(slot.field(), first, where);
          refuseContainers(part, get(slot.field(), again, where), where, visited);
        }
      }
    }
  }

  private static boolean isEmpty(Object container) {
    return Contents.of(container).stream()
        .allMatch(part -> part == null || !Carriers.mayCarry(part.getClass()));
  }

  /** What a lambda has captured; another of the same is of another class. */
  private static List<@Nullable Object> captured(Object lambda, String where) {
    List<@Nullable Object> captured = new ArrayList<>();
    for (Field field : lambda.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        try {
          field.setAccessible(true);
          captured.add(field.get(lambda));
        } catch (IllegalAccessException | RuntimeException e) {
          throw refusal(where, "has a lambda that cannot be looked into");
        }
      }
    }
    return captured;
  }

  private static @Nullable Object get(DeclaredField field, Object object, String where) {
    try {
      return field.get(object);
    } catch (IllegalAccessException | RuntimeException e) {
      throw refusal(where, "has an object that cannot be looked into");
    }
  }

  private static GradientException refusal(String where, String what) {
    return new GradientException(
        "cannot differentiate the constructor that sets "
            + where
            + ": it is run again for the derivatives' sake, and what it makes for the field "
            + what
            + "; make that in a method that calls the constructor");
  }
}

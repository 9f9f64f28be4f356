package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Shadowing;
import dev.fluxion.grad.runtime.Shadows;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds a cotangent, which has the type of what it belongs to, to a shadow. What is in two places of
 * an array, a record or a list gets both places' cotangents.
 */
final class Cotangents {
  private final Shadowing shadows;
  private final Map<Object, Set<Object>> done = new IdentityHashMap<>();

  private Cotangents(Shadowing shadows) {
    this.shadows = shadows;
  }

  /**
   * Adds a cotangent.
   *
   * @param primal what it belongs to
   * @param shadow that value's shadow
   */
  static void add(
      @Nullable Object primal,
      @Nullable Object shadow,
      @Nullable Object cotangent,
      Shadowing shadows) {
    new Cotangents(shadows).add(primal, shadow, cotangent);
  }

  private void add(@Nullable Object primal, @Nullable Object shadow, @Nullable Object cotangent) {
    if (primal == null || shadow == null) { // nothing is there, or nothing that has derivatives
      return;
    }
    if (cotangent == null) {
      throw mismatch(primal, "null");
    }
    switch (primal) {
      case double[] array when cotangent instanceof double[] numbers -> {
        checkLength(array.length, numbers.length);
        Adjoints.add((double[]) shadow, numbers);
      }
      case float[] array when cotangent instanceof float[] numbers -> {
        checkLength(array.length, numbers.length);
        Adjoints.add((float[]) shadow, numbers);
      }
      case Object[] array when cotangent instanceof Object[] elements -> {
        checkLength(array.length, elements.length);
        addElements(array, (Object[]) shadow, elements);
      }
      case Double _ when cotangent instanceof Double number -> addNumber(shadow, number);
      case Float _ when cotangent instanceof Float number -> addNumber(shadow, number);
      case OptionalDouble _ when cotangent instanceof OptionalDouble number ->
          addNumber(shadow, number.orElse(0));
      case VectorSpace<?> _ when cotangent.getClass() == primal.getClass() ->
          Adjoints.addToCell(shadow, cotangent);
      default -> {
        if (primal.getClass().isArray() || Carriers.isValue(primal.getClass())) {
          throw mismatch(primal, "a " + cotangent.getClass().getSimpleName());
        }
        addObject(primal, (Shadow) shadow, cotangent);
      }
    }
  }

  private static void addNumber(Object shadow, double number) {
    Adjoints.addToCell(shadow, number);
  }

  private void addElements(Object[] primal, @Nullable Object[] shadow, Object[] cotangent) {
    boolean isNumeric = Shadows.isNumeric(primal.getClass());
    for (int i = 0; i < primal.length; i++) {
      add(primal[i], isNumeric ? shadow[i] : shadows.shadowAt(shadow, i, primal[i]), cotangent[i]);
    }
  }

  private void addObject(Object primal, Shadow shadow, Object cotangent) {
    Class<?> type = primal.getClass();
    if (Carriers.isPlatform(type)) {
      addContents(primal, cotangent);
      return;
    }
    if (cotangent.getClass() != type) {
      throw mismatch(primal, "a " + cotangent.getClass().getSimpleName());
    }
    boolean isNew =
        type.isRecord() // an object may lead to itself
            || done.computeIfAbsent(primal, _ -> Collections.newSetFromMap(new IdentityHashMap<>()))
                .add(cotangent);
    if (isNew) {
      for (Layout.Slot slot : Layout.of(type).slots()) {
        addField(primal, shadow, cotangent, slot);
      }
    }
  }

  private void addField(Object primal, Shadow shadow, Object cotangent, Layout.Slot slot) {
    Object value = TangentStructure.read(slot.field(), primal);
    Object part = TangentStructure.read(slot.field(), cotangent);
    int index = slot.index();
    if (value == null) {
      return;
    }
    if (part == null) {
      throw mismatch(value, "null");
    }
    if (slot.isNumber()) {
      shadow.numbers[index] +=
          part instanceof OptionalDouble one ? one.orElse(0) : ((Number) part).doubleValue();
    } else if (Carriers.isValue(slot.field().type())) {
      shadow.references[index] = Adjoints.sum(shadow.references[index], part);
    } else {
      add(value, shadows.shadowAt(shadow, index, value), part);
    }
  }

  /** What a container holds has its shadow by its identity. */
  private void addContents(Object primal, Object cotangent) {
    switch (primal) {
      case Map<?, ?> map when cotangent instanceof Map<?, ?> other -> {
        checkLength(map.size(), other.size());
        map.forEach((key, value) -> addElement(value, other.get(key)));
      }
      case Collection<?> elements when cotangent instanceof Collection<?> others -> {
        checkLength(elements.size(), others.size());
        Iterator<?> each = others.iterator();
        elements.forEach(element -> addElement(element, each.next()));
      }
      case Optional<?> one when cotangent instanceof Optional<?> other ->
          one.ifPresent(value -> addElement(value, other.orElse(null)));
      default -> throw mismatch(primal, "a " + cotangent.getClass().getSimpleName());
    }
  }

  private void addElement(@Nullable Object element, @Nullable Object cotangent) {
    add(element, shadows.shadowOf(element), cotangent);
  }

  private static void checkLength(int expected, int actual) {
    if (expected != actual) {
      throw new GradientException(
          "the cotangent of an array, list or map with "
              + expected
              + " elements has "
              + actual
              + "; it has as many as the value");
    }
  }

  private static GradientException mismatch(Object primal, String given) {
    return new GradientException(
        "a cotangent has the type of the value that it belongs to: that of a "
            + primal.getClass().getSimpleName()
            + " cannot be "
            + given);
  }
}

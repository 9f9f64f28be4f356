package dev.fluxion.grad.runtime;

import dev.fluxion.grad.VectorSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a class's fields are in its {@link Shadow}: an inherited field has the place that it has in
 * the superclass.
 */
public final class Layout {
  private static final ClassValue<Layout> LAYOUTS =
      new ClassValue<>() {
        @Override
        protected Layout computeValue(Class<?> type) {
          return new Layout(type);
        }
      };

  private final List<Slot> slots = new ArrayList<>();
  private int numbers;
  private int references;

  /**
   * A field's place.
   *
   * @param field the field
   * @param isNumber whether it is a float or double, in a box or not
   * @param index the index among the shadow's numbers or references
   */
  public record Slot(DeclaredField field, boolean isNumber, int index) {}

  private Layout(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    if (parent != null && parent != Object.class && parent != Record.class) {
      Layout inherited = of(parent);
      slots.addAll(inherited.slots);
      numbers = inherited.numbers;
      references = inherited.references;
    }
    for (DeclaredField field : DeclaredField.of(type)) {
      if (!field.isStatic() && Carriers.mayCarry(field.type())) {
        boolean isNumber = isNumber(field.type());
        slots.add(new Slot(field, isNumber, isNumber ? numbers++ : references++));
      }
    }
  }

  private static boolean isNumber(Class<?> type) {
    return Carriers.isValue(type) && !VectorSpace.class.isAssignableFrom(type);
  }

  /** The layout of a class. */
  public static Layout of(Class<?> type) {
    return LAYOUTS.get(type);
  }

  /** The places of all fields that may carry derivatives. */
  public List<Slot> slots() {
    return slots;
  }

  /** The place of a field that the class declares, or -1 when it cannot carry derivatives. */
  public int index(String field) {
    for (int i = slots.size() - 1; i >= 0; i--) {
      if (slots.get(i).field().name().equals(field)) {
        return slots.get(i).index();
      }
    }
    return -1;
  }

  /** A zero shadow. */
  public Shadow zero() {
    return new Shadow(numbers, references);
  }
}

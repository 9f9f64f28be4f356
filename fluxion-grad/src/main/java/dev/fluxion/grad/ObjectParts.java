package dev.fluxion.grad;

import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.grad.runtime.Layout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How an object of a class that is no record is made and its fields are read and set, found once
 * for each class.
 *
 * @param allocate makes an object whose fields are zero
 * @param fields its fields, inherited ones too
 */
record ObjectParts(MethodHandle allocate, List<Part> fields) {
  /**
   * A field.
   *
   * @param type its type
   * @param slot its place in the object's shadow, -1 when it carries no derivatives
   * @param getter reads it
   * @param setter sets it, though it be final
   */
  record Part(Class<?> type, int slot, MethodHandle getter, MethodHandle setter) {}

  private static final ClassValue<ObjectParts> PARTS =
      new ClassValue<>() {
        @Override
        protected ObjectParts computeValue(Class<?> type) {
          return find(type);
        }
      };

  static ObjectParts of(Class<?> type) {
    return PARTS.get(type);
  }

  private static ObjectParts find(Class<?> type) {
    Map<DeclaredField, Integer> slots = new HashMap<>();
    Layout.of(type).slots().forEach(slot -> slots.put(slot.field(), slot.index()));
    List<Part> parts = new ArrayList<>();
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
        for (DeclaredField field : DeclaredField.of(at)) {
          if (!field.isStatic() && !field.isAbsent()) {
            field.open();
            parts.add(
                new Part(
                    field.type(),
                    slots.getOrDefault(field, -1),
                    field.getter(lookup),
                    field.setter(lookup)));
          }
        }
      }
    } catch (IllegalAccessException | RuntimeException e) {
      throw new GradientException(
          "the gradient in a "
              + type.getName()
              + " cannot be made: its fields are out of reach; open its package to"
              + " dev.fluxion.grad, or use a record",
          e);
    }
    return new ObjectParts(Allocation.of(type), List.copyOf(parts));
  }
}

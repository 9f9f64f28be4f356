package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Layout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
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
    Map<Field, Integer> slots = new HashMap<>();
    Layout.of(type).slots().forEach(slot -> slots.put(slot.field(), slot.index()));
    List<Part> parts = new ArrayList<>();
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
        for (Field field : at.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            parts.add(
                new Part(
                    field.getType(),
                    slots.getOrDefault(field, -1),
                    lookup.unreflectGetter(field),
                    lookup.unreflectSetter(field)));
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

package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.DeclaredField;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the fields of a class are read and set, found once for each class: not those that it has from
 * the platform's own classes, and none that are out of reach.
 *
 * @param variables those that are not final
 * @param references reads each of those that are references, final or not
 */
record Fields(List<Variable> variables, List<MethodHandle> references) {
  private static final MethodType READS = MethodType.methodType(Object.class, Object.class);
  private static final MethodType SETS =
      MethodType.methodType(void.class, Object.class, Object.class);

  /** A field that may change. */
  record Variable(MethodHandle getter, MethodHandle setter) {}

  private static final ClassValue<Fields> FIELDS =
      new ClassValue<>() {
        @Override
        protected Fields computeValue(Class<?> type) {
          return find(type);
        }
      };

  static Fields of(Class<?> type) {
    return FIELDS.get(type);
  }

  private static Fields find(Class<?> type) {
    List<Variable> variables = new ArrayList<>();
    List<MethodHandle> references = new ArrayList<>();
    for (Class<?> at = type; at != null && !Carriers.isPlatform(at); at = at.getSuperclass()) {
      try {
        MethodHandles.Lookup lookup = Types.privateLookup(at);
        for (DeclaredField field : DeclaredField.of(at)) {
          if (field.isStatic() || field.isAbsent()) {
            continue;
          }
          MethodHandle getter = field.getter(lookup).asType(READS);
          if (!field.type().isPrimitive()) {
            references.add(getter);
          }
          if (!field.isFinal()) {
            variables.add(new Variable(getter, field.setter(lookup).asType(SETS)));
          }
        }
      } catch (IllegalAccessException | LinkageError e) {
        // of a module that is closed: code that is transformed does not set them either
      }
    }
    return new Fields(List.copyOf(variables), List.copyOf(references));
  }

  static @Nullable Object read(MethodHandle getter, Object object) {
    try {
      return getter.invokeExact(object);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The values of all variables of an object. */
  @Nullable Object[] values(Object object) {
    @Nullable Object[] values = new @Nullable Object[variables.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(variables.get(i).getter, object);
    }
    return values;
  }

  /** Sets all variables of an object. */
  void set(Object object, @Nullable Object[] values) {
    try {
      for (int i = 0; i < values.length; i++) {
        variables.get(i).setter.invokeExact(object, values[i]);
      }
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

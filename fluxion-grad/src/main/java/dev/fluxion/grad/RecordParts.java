package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Layout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * How a record is read and made, found once for each class.
 *
 * @param types the types of its components
 * @param slots their places in the record's shadow, -1 for those that carry no derivatives
 * @param accessors read a component of a record
 * @param constructor makes a record of an array of components
 */
record RecordParts(
    Class<?>[] types, int[] slots, MethodHandle[] accessors, MethodHandle constructor) {
  private static final ClassValue<RecordParts> PARTS =
      new ClassValue<>() {
        @Override
        protected RecordParts computeValue(Class<?> type) {
          return find(type);
        }
      };

  static RecordParts of(Class<?> type) {
    return PARTS.get(type);
  }

  private static RecordParts find(Class<?> type) {
    RecordComponent[] components = components(type);
    Class<?>[] types = new Class<?>[components.length];
    int[] slots = new int[components.length];
    MethodHandle[] accessors = new MethodHandle[components.length];
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        slots[i] = Layout.of(type).index(components[i].getName());
        Method accessor = components[i].getAccessor();
        accessor.setAccessible(true);
        accessors[i] = lookup.unreflect(accessor);
      }
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      MethodHandle make = lookup.unreflectConstructor(constructor);
      return new RecordParts(
          types, slots, accessors, make.asSpreader(Object[].class, components.length));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new GradientException(
          "the gradient in a "
              + type.getName()
              + " cannot be made: its components are out of reach; open its package to"
              + " dev.fluxion.grad",
          e);
    }
  }

  /** The components of a record's class. */
  static RecordComponent[] components(Class<?> type) {
    try {
      return type.getRecordComponents();
    } catch (NoClassDefFoundError e) {
      throw new GradientException(
          "the gradient in a "
              + type.getName()
              + " cannot be made: a component is a "
              + String.valueOf(e.getMessage()).replace('/', '.')
              + ", which is not on the class path; put it there",
          e);
    }
  }

  @Nullable Object get(Record one, int index) {
    try {
      return accessors[index].invoke(one);
    } catch (Throwable e) {
      throw new GradientException("a component of " + one.getClass().getName() + " threw " + e, e);
    }
  }

  Object make(@Nullable Object[] components) {
    try {
      return constructor.invoke(components);
    } catch (Throwable e) {
      throw new GradientException(
          "the gradient in a "
              + constructor.type().returnType().getName()
              + " cannot be made: its constructor refuses derivatives as components",
          e);
    }
  }
}

package dev.fluxion.grad;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/** Makes objects without running their constructors, as deserialisation does. */
final class Allocation {
  private static final MethodHandle ALLOCATE;

  static {
    try { // by name, for javac warns of the class itself, and no annotation can silence that
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field one = unsafe.getDeclaredField("theUnsafe");
      one.setAccessible(true);
      ALLOCATE =
          MethodHandles.publicLookup()
              .findVirtual(
                  unsafe, "allocateInstance", MethodType.methodType(Object.class, Class.class))
              .bindTo(one.get(null));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Allocation() {}

  /** A handle without arguments that gives a new object of a class, its fields zero. */
  static MethodHandle of(Class<?> type) {
    return MethodHandles.insertArguments(ALLOCATE, 0, type);
  }
}

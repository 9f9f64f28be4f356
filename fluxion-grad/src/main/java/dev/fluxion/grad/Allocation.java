package dev.fluxion.grad;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;

/** Makes objects without running their constructors, as deserialisation does. */
final class Allocation {
  private static final MethodHandle CONSTRUCTOR;

  static {
    try { // by name, for javac warns of the class itself, and no annotation can silence that
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Object one =
          lookup
              .findStatic(factory, "getReflectionFactory", MethodType.methodType(factory))
              .invoke();
      CONSTRUCTOR =
          lookup
              .findVirtual(
                  factory,
                  "newConstructorForSerialization",
                  MethodType.methodType(Constructor.class, Class.class, Constructor.class))
              .bindTo(one);
    } catch (Throwable e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Allocation() {}

  /** A new object of a class, its fields zero. */
  static Object of(Class<?> type) throws ReflectiveOperationException {
    try {
      Constructor<?> constructor =
          (Constructor<?>) CONSTRUCTOR.invoke(type, Object.class.getDeclaredConstructor());
      return constructor.newInstance();
    } catch (ReflectiveOperationException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.fluxion.grad.runtime;

import dev.fluxion.grad.VectorSpace;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** Which types may carry derivatives. */
public final class Carriers {
  /** The classes of {@code java.lang} that can hold, or be, anything. */
  private static final Set<String> HOLDERS_IN_LANG =
      Set.of(
          "java.lang.Object",
          "java.lang.Number",
          "java.lang.Record",
          "java.lang.Iterable",
          "java.lang.Comparable",
          "java.lang.Cloneable",
          "java.lang.Runnable",
          "java.lang.AutoCloseable",
          "java.lang.Thread",
          "java.lang.Thread$Builder",
          "java.lang.Thread$Builder$OfPlatform",
          "java.lang.Thread$Builder$OfVirtual",
          "java.lang.Thread$UncaughtExceptionHandler",
          "java.lang.ThreadLocal",
          "java.lang.ThreadLocal$SuppliedThreadLocal",
          "java.lang.InheritableThreadLocal",
          "java.lang.ScopedValue",
          "java.lang.ScopedValue$CallableOp",
          "java.lang.ScopedValue$Carrier");

  private static final List<String> PASSIVE =
      List.of(
          "java.io.Buffered",
          "java.io.ByteArray",
          "java.io.CharArray",
          "java.io.File",
          "java.io.InputStream",
          "java.io.OutputStream",
          "java.io.Print",
          "java.io.Reader",
          "java.io.String",
          "java.io.Writer",
          "java.math.BigInteger",
          "java.math.MathContext",
          "java.nio.charset.",
          "java.nio.file.",
          "java.net.",
          "java.text.",
          "java.time.",
          "java.util.BitSet",
          "java.util.Currency",
          "java.util.Date",
          "java.util.Locale",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.UUID",
          "java.util.concurrent.atomic.AtomicBoolean",
          "java.util.concurrent.atomic.AtomicInteger",
          "java.util.concurrent.atomic.AtomicLong",
          "java.util.logging.",
          "java.util.random.",
          "java.util.regex.");

  private static final ClassValue<Boolean> IS_PLATFORM =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return isPlatform(type.getName()) && !isLibrary(type);
        }
      };

  private Carriers() {}

  /** Whether a value of a type is one number or vector, which has an adjoint of its own. */
  public static boolean isValue(Class<?> type) {
    return type == double.class
        || type == float.class
        || type == Double.class
        || type == Float.class
        || type == OptionalDouble.class
        || (VectorSpace.class.isAssignableFrom(type) && type != VectorSpace.class);
  }

  /**
   * Whether a value of a static type may hold, or lead to, floating-point numbers. Integers, text,
   * times, streams of bytes or characters, files and generators of random numbers do not, nor do
   * enums and exceptions; any other class might, the platform's containers among them.
   */
  public static boolean mayCarry(Class<?> type) {
    if (type.isPrimitive()) {
      return type == double.class || type == float.class;
    }
    if (type.isArray()) {
      return mayCarry(type.getComponentType());
    }
    if (isValue(type)) {
      return true;
    }
    if (Enum.class.isAssignableFrom(type) || isCode(type)) { // those of constants with bodies, too
      return false;
    }
    if (Throwable.class.isAssignableFrom(type)) {
      return hasNumbers(type);
    }
    return !isPlatform(type) || !holdsNoNumbers(type.getName());
  }

  private static boolean isCode(Class<?> type) {
    return type == Target.class
        || type == Called.Form.class
        || MethodHandle.class.isAssignableFrom(type);
  }

  /** Whether an exception has fields of its own that may hold numbers. */
  private static boolean hasNumbers(Class<?> exception) {
    for (Class<?> at = exception; !isPlatform(at); at = at.getSuperclass()) {
      for (DeclaredField field : DeclaredField.of(at)) {
        boolean isException = Throwable.class.isAssignableFrom(field.type());
        if (!field.isStatic() && !isException && mayCarry(field.type())) {
          return true;
        }
      }
    }
    return false;
  }

  private static final ClassValue<Boolean> LEADS_TO_EXCEPTION =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          if (Throwable.class.isAssignableFrom(type)) {
            return true;
          }
          for (Class<?> at = type; at != null && !isPlatform(at); at = at.getSuperclass()) {
            for (DeclaredField field : DeclaredField.of(at)) {
              if (Throwable.class.isAssignableFrom(field.type())) {
                return true;
              }
            }
          }
          return false;
        }
      };

  /**
   * Whether objects of a class are exceptions or have some in a field. These may be of another
   * class than they are known by, and hold numbers.
   */
  public static boolean leadsToException(Class<?> type) {
    return LEADS_TO_EXCEPTION.get(type);
  }

  /** Whether a class belongs to the Java platform; the class of a user's proxy does not. */
  public static boolean isPlatform(Class<?> type) {
    return IS_PLATFORM.get(type);
  }

  private static boolean isPlatform(String name) {
    return name.startsWith("java.")
        || name.startsWith("javax.")
        || (name.startsWith("jdk.") && !name.startsWith("jdk.proxy"));
  }

  /** Whether a class is of a library whose packages are named like the platform's. */
  private static boolean isLibrary(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return type.getName().startsWith("javax.")
        && loader != null
        && loader != ClassLoader.getPlatformClassLoader();
  }

  private static boolean holdsNoNumbers(String name) {
    if (name.startsWith("java.lang.")) {
      return !HOLDERS_IN_LANG.contains(name) && name.indexOf('.', "java.lang.".length()) < 0;
    }
    for (String passive : PASSIVE) {
      if (name.startsWith(passive)) {
        return true;
      }
    }
    return false;
  }
}

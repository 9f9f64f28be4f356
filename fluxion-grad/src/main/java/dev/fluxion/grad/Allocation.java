package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects without running the constructors of their own classes, as deserialisation does.
 *
 * <p>Where a class extends one of the platform, that one's constructor without arguments is run,
 * before anything else.
 */
final class Allocation {
  private static final MethodHandle ALLOCATE;
  private static final MethodHandle CONSTRUCT;
  private static final MethodHandle SERIAL;

  static {
    try { // by name, for javac warns of the classes themselves, and no annotation can silence that
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field one = unsafe.getDeclaredField("theUnsafe");
      one.setAccessible(true);
      ALLOCATE =
          MethodHandles.publicLookup()
              .findVirtual(
                  unsafe, "allocateInstance", MethodType.methodType(Object.class, Class.class))
              .bindTo(one.get(null));
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      Method maker =
          factory.getMethod("newConstructorForSerialization", Class.class, Constructor.class);
      SERIAL =
          MethodHandles.publicLookup()
              .unreflect(maker)
              .bindTo(factory.getMethod("getReflectionFactory").invoke(null));
      CONSTRUCT =
          MethodHandles.lookup()
              .findStatic(
                  Allocation.class,
                  "construct",
                  MethodType.methodType(Object.class, Constructor.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Classes of {@code java.lang} whose constructor calls nothing that a subclass may override. */
  private static final Set<Class<?>> QUIET_IN_LANG = Set.of(Number.class, ThreadLocal.class);

  private static final ClassValue<Boolean> POSSIBLE =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          Class<?> heir = heir(type);
          return heir == null || callsPlain(heir);
        }
      };

  private Allocation() {}

  /**
   * Whether objects of a class can be made so: all constructors of the class that extends one of
   * the platform call that one's without arguments.
   */
  static boolean isPossible(Class<?> type) {
    return POSSIBLE.get(type);
  }

  /** The class that extends one of the platform other than Object, or null. */
  private static @Nullable Class<?> heir(Class<?> type) {
    Class<?> heir = null;
    Class<?> at = type;
    while (at != null && !Carriers.isPlatform(at)) {
      heir = at;
      at = at.getSuperclass();
    }
    return at == Object.class || type.isInterface() ? null : heir;
  }

  private static boolean callsPlain(Class<?> heir) {
    Class<?> parent = heir.getSuperclass();
    boolean isQuiet =
        parent.getPackageName().startsWith("java.util") || QUIET_IN_LANG.contains(parent);
    ClassModel model = ClassFiles.of(heir).orElse(null);
    return isQuiet
        && !Throwable.class.isAssignableFrom(parent)
        && model != null
        && plain(parent) != null
        && model.methods().stream()
            .filter(method -> method.methodName().equalsString(INIT_NAME))
            .allMatch(method -> callsPlain(method, parent.describeConstable().orElseThrow()));
  }

  private static @Nullable Constructor<?> plain(Class<?> parent) {
    try {
      return parent.getDeclaredConstructor();
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static boolean callsPlain(MethodModel constructor, ClassDesc parent) {
    CodeModel code = constructor.code().orElseThrow();
    return code.elementStream()
        .noneMatch(
            element ->
                element instanceof InvokeInstruction call
                    && call.owner().asSymbol().equals(parent)
                    && call.name().equalsString(INIT_NAME)
                    && !call.typeSymbol().equals(MTD_void));
  }

  /** A handle without arguments that gives a new object of a class, its own fields zero. */
  static MethodHandle of(Class<?> type) {
    Class<?> heir = isPossible(type) ? heir(type) : null;
    Constructor<?> plain = heir == null ? null : plain(heir.getSuperclass());
    if (plain == null) {
      return MethodHandles.insertArguments(ALLOCATE, 0, type);
    }
    try {
      return CONSTRUCT.bindTo((Constructor<?>) SERIAL.invoke(type, plain));
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  private static Object construct(Constructor<?> constructor) throws ReflectiveOperationException {
    return constructor.newInstance();
  }
}

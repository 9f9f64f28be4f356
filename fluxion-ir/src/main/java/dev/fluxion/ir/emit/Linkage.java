package dev.fluxion.ir.emit;

import static java.util.Objects.requireNonNull;

import dev.fluxion.ir.Function;
import java.lang.StackWalker.StackFrame;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/** What emitted code calls: bootstrap methods of its calls, and comparisons as numbers. */
public final class Linkage {
  private static final int DEEPEST_TRACE = 1000;

  /** Sees what stack traces show: not hidden frames, but those of reflection. */
  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES);

  private Linkage() {}

  private static final MethodHandle AGAIN;

  static {
    try {
      AGAIN =
          MethodHandles.lookup()
              .findStatic(
                  Linkage.class,
                  "again",
                  MethodType.methodType(MethodHandle.class, Function.class, MethodType.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Links a call of a function that the caller's class data holds, when it is first executed. A
   * function that cannot be compiled is asked for again by each call: the virtual machine would say
   * the reason only once.
   */
  public static CallSite function(
      MethodHandles.Lookup caller, String name, MethodType type, int index)
      throws IllegalAccessException {
    Function function = MethodHandles.classDataAt(caller, "_", Function.class, index);
    try {
      return new ConstantCallSite(handle(function, type));
    } catch (RuntimeException e) {
      MethodHandle again = MethodHandles.insertArguments(AGAIN, 0, function, type);
      return new ConstantCallSite(
          MethodHandles.foldArguments(MethodHandles.exactInvoker(type), again));
    }
  }

  private static MethodHandle handle(Function function, MethodType type) {
    return function.handle(Compiler.INSTANCE).asType(type);
  }

  private static MethodHandle again(Function function, MethodType type) {
    try {
      return handle(function, type);
    } catch (RuntimeException e) { // as the virtual machine throws it
      throw new BootstrapMethodError(e);
    }
  }

  /**
   * Links a call of exactly the method named: a private one, or one of a superclass, from the
   * subclass that overrides it. That need not be the receiver's own class, as when a method that
   * calls {@code super} has been inlined into code that knows the receiver better.
   */
  public static CallSite special(
      MethodHandles.Lookup caller, String name, MethodType type, Class<?> owner, Class<?> receiver)
      throws ReflectiveOperationException {
    Class<?> from = specialCaller(owner, receiver);
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(from, caller);
    MethodHandle handle = lookup.findSpecial(owner, name, type.dropParameterTypes(0, 1), from);
    return new ConstantCallSite(handle.asType(type));
  }

  /** Links a load or a store of a field that an instruction would not reach. */
  public static CallSite field(
      MethodHandles.Lookup caller, String name, MethodType type, Class<?> owner)
      throws ReflectiveOperationException {
    Class<?> declaring = reachable(requireNonNull(Access.declaring(owner, name)), owner);
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(declaring, caller);
    boolean isStore = type.returnType() == void.class;
    boolean isStatic = type.parameterCount() == (isStore ? 1 : 0);
    Class<?> field = isStore ? type.lastParameterType() : type.returnType();
    MethodHandle handle;
    if (isStatic) {
      handle =
          isStore
              ? lookup.findStaticSetter(declaring, name, field)
              : lookup.findStaticGetter(declaring, name, field);
    } else {
      handle =
          isStore
              ? lookup.findSetter(declaring, name, field)
              : lookup.findGetter(declaring, name, field);
    }
    return new ConstantCallSite(handle.asType(type));
  }

  /** Links a call of a method that an instruction would not reach, by the receiver's class. */
  public static CallSite method(
      MethodHandles.Lookup caller, String name, MethodType type, Class<?> owner, int isStatic)
      throws ReflectiveOperationException {
    MethodType own = isStatic == 1 ? type : type.dropParameterTypes(0, 1);
    Class<?> declaring =
        reachable(requireNonNull(Access.declaring(owner, name + own.descriptorString())), owner);
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(declaring, caller);
    MethodHandle handle =
        isStatic == 1
            ? lookup.findStatic(declaring, name, own)
            : lookup.findVirtual(declaring, name, own);
    return new ConstantCallSite(handle.asType(type));
  }

  /** The class to look into: the platform's are closed, but for what their heirs may use. */
  private static Class<?> reachable(Class<?> declaring, Class<?> heir) {
    return declaring.getClassLoader() == null ? heir : declaring;
  }

  private static Class<?> specialCaller(Class<?> owner, Class<?> receiver) {
    for (Class<?> type = receiver; type != null; type = type.getSuperclass()) {
      if (type == owner || type.getSuperclass() == owner) {
        return type;
      }
      for (Class<?> directly : type.getInterfaces()) {
        if (directly == owner) {
          return type;
        }
      }
    }
    return receiver;
  }

  /**
   * Adds a frame of emitted code, which the JVM leaves out, to the stack trace of an exception that
   * leaves it.
   */
  public static Throwable traced(Throwable exception, int line, String method, String file) {
    StackTraceElement[] trace = exception.getStackTrace();
    if (exception instanceof VirtualMachineError
        || trace.length == 0
        || trace.length > DEEPEST_TRACE) {
      return exception;
    }
    List<StackTraceElement> callers =
        CALLERS.walk(frames -> frames.skip(1).map(StackFrame::toStackTraceElement).toList());
    int place = trace.length - callers.size();
    if (place < 0 || (!callers.isEmpty() && !isSameCode(trace[place], callers.getFirst()))) {
      return exception; // it was made elsewhere
    }
    int dot = Math.max(0, method.lastIndexOf('.'));
    StackTraceElement[] longer = new StackTraceElement[trace.length + 1];
    System.arraycopy(trace, 0, longer, 0, place);
    longer[place] =
        new StackTraceElement(
            method.substring(0, dot),
            method.substring(Math.min(method.length(), dot + 1)),
            file,
            line);
    System.arraycopy(trace, place, longer, place + 1, callers.size());
    exception.setStackTrace(longer);
    return exception;
  }

  private static boolean isSameCode(StackTraceElement left, StackTraceElement right) {
    return left.getClassName().equals(right.getClassName())
        && left.getMethodName().equals(right.getMethodName());
  }

  /** {@code left == right}. */
  public static boolean eq(int left, int right) {
    return left == right;
  }

  /** {@code left != right}. */
  public static boolean ne(int left, int right) {
    return left != right;
  }

  /** {@code left < right}. */
  public static boolean lt(int left, int right) {
    return left < right;
  }

  /** {@code left <= right}. */
  public static boolean le(int left, int right) {
    return left <= right;
  }

  /** {@code left > right}. */
  public static boolean gt(int left, int right) {
    return left > right;
  }

  /** {@code left >= right}. */
  public static boolean ge(int left, int right) {
    return left >= right;
  }

  /** {@code left == right}. */
  public static boolean eq(long left, long right) {
    return left == right;
  }

  /** {@code left != right}. */
  public static boolean ne(long left, long right) {
    return left != right;
  }

  /** {@code left < right}. */
  public static boolean lt(long left, long right) {
    return left < right;
  }

  /** {@code left <= right}. */
  public static boolean le(long left, long right) {
    return left <= right;
  }

  /** {@code left > right}. */
  public static boolean gt(long left, long right) {
    return left > right;
  }

  /** {@code left >= right}. */
  public static boolean ge(long left, long right) {
    return left >= right;
  }

  /** {@code left == right}. */
  public static boolean eq(float left, float right) {
    return left == right;
  }

  /** {@code left != right}. */
  public static boolean ne(float left, float right) {
    return left != right;
  }

  /** {@code left < right}. */
  public static boolean lt(float left, float right) {
    return left < right;
  }

  /** {@code left <= right}. */
  public static boolean le(float left, float right) {
    return left <= right;
  }

  /** {@code left > right}. */
  public static boolean gt(float left, float right) {
    return left > right;
  }

  /** {@code left >= right}. */
  public static boolean ge(float left, float right) {
    return left >= right;
  }

  /** {@code left == right}. */
  public static boolean eq(double left, double right) {
    return left == right;
  }

  /** {@code left != right}. */
  public static boolean ne(double left, double right) {
    return left != right;
  }

  /** {@code left < right}. */
  public static boolean lt(double left, double right) {
    return left < right;
  }

  /** {@code left <= right}. */
  public static boolean le(double left, double right) {
    return left <= right;
  }

  /** {@code left > right}. */
  public static boolean gt(double left, double right) {
    return left > right;
  }

  /** {@code left >= right}. */
  public static boolean ge(double left, double right) {
    return left >= right;
  }

  /** {@code left == right}. */
  public static boolean eq(Object left, Object right) {
    return left == right;
  }

  /** {@code left != right}. */
  public static boolean ne(Object left, Object right) {
    return left != right;
  }
}

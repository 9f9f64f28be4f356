package dev.fluxion.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.lift.Lifter;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** A method, its lifted and emitted form, and the simplified form of that do the same. */
@SuppressWarnings({"StatementSwitchToExpressionSwitch", "UnnecessaryStringBuilder"})
class RoundTripTest {
  private static final double[] NUMBERS = {
    0.0, -0.0, 1.0, -1.5, 3.0, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE
  };

  static double power(double x, int n) {
    double r = 1;
    for (int i = 0; i < n; i++) {
      r = r * x;
    }
    return r;
  }

  static int fibonacci(int n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
  }

  static int rotate(int a, int b, int n) {
    int left = n;
    while (left-- > 0) {
      int t = a;
      a = b;
      b = t;
    }
    return a * 10 + b;
  }

  static int choose(int key) {
    switch (key) {
      case 1:
        return 10;
      case 2:
        return 20;
      case 500:
        return 3;
      default:
        return -1;
    }
  }

  static String describe(String s) {
    return switch (s) {
      case "a" -> "x" + s;
      case "b" -> "y";
      default -> s + s.length();
    };
  }

  static int compare(double a, double b) {
    int bits = 0;
    if (a < b) {
      bits |= 1;
    }
    if (a <= b) {
      bits |= 2;
    }
    if (!(a > b)) {
      bits |= 4;
    }
    if (!(a >= b)) {
      bits |= 8;
    }
    boolean equal = a == b;
    return equal ? bits | 16 : bits;
  }

  static long convert(double x) {
    return (long) x + (int) x + (byte) (int) x + (char) (int) x + (short) (long) x;
  }

  static int guarded(int[] array, int index) {
    try {
      return array[index];
    } catch (ArrayIndexOutOfBoundsException e) {
      return -index;
    } finally {
      array[0]++;
    }
  }

  static double captured(double x) {
    DoubleUnaryOperator f = y -> y * x + half(y);
    return f.applyAsDouble(3);
  }

  private static double half(double y) {
    return y / 2;
  }

  static float sum(double[] numbers) {
    float s = 0;
    outer:
    for (double d : numbers) {
      if (d > 3) {
        continue;
      }
      for (int i = 0; i < 3; i++) {
        s += (float) d;
        if (s > 100) {
          break outer;
        }
      }
    }
    return s;
  }

  static int divide(int a, int b) {
    return a / b + a % b;
  }

  static Object build(boolean yes) {
    return new StringBuilder(yes ? "yes" : "no").append(1.5f).toString();
  }

  private static Method method(String name) {
    for (Method method : RoundTripTest.class.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new AssertionError("no method " + name);
  }

  private static void check(String name, Object... arguments) throws Throwable {
    Method method = method(name);
    MethodTypeDesc type =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .describeConstable()
            .orElseThrow();
    Object expected = outcome(() -> invoke(method, copy(arguments)));
    Function lifted =
        new Function(
            name, type, RoundTripTest.class, () -> Lifter.lift(RoundTripTest.class, name, type));
    Function simplified =
        new Function(name, type, RoundTripTest.class, () -> Simplify.simplify(lifted.body()));
    for (Function function : new Function[] {lifted, simplified}) {
      Object actual =
          outcome(() -> function.handle(Compiler.INSTANCE).invokeWithArguments(copy(arguments)));
      assertEquals(expected, actual, name);
    }
  }

  private interface Action {
    Object run() throws Throwable;
  }

  private static Object outcome(Action action) {
    try {
      return action.run();
    } catch (Throwable e) {
      return e.getClass();
    }
  }

  private static Object invoke(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Object[] copy(Object[] arguments) {
    Object[] copy = arguments.clone();
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] instanceof int[] array) {
        copy[i] = array.clone();
      }
    }
    return copy;
  }

  @Test
  void controlFlow() throws Throwable {
    check("power", 1.01, 100);
    check("power", 2.0, 0);
    check("fibonacci", 15);
    check("rotate", 1, 2, 5);
    for (int key : new int[] {1, 2, 3, 500, -1}) {
      check("choose", key);
    }
    for (String s : new String[] {"a", "b", "c", ""}) {
      check("describe", s);
    }
    check("sum", new double[] {1, 2, 5, 3});
  }

  @Test
  void numbersWithNaNAndSignedZero() throws Throwable {
    for (double a : NUMBERS) {
      check("convert", a);
      for (double b : NUMBERS) {
        check("compare", a, b);
      }
    }
  }

  @Test
  void exceptions() throws Throwable {
    check("guarded", new int[3], 7);
    check("guarded", new int[3], 2);
    check("divide", 7, 2);
    check("divide", 7, 0);
  }

  @Test
  void objectsAndLambdas() throws Throwable {
    check("captured", 2.0);
    check("build", true);
    check("build", false);
  }
}

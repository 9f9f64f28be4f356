package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.runtime.Tape;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.interpret.Interpreter;
import dev.fluxion.ir.lift.Lifter;
import dev.fluxion.ir.text.Printer;
import dev.fluxion.ir.verify.Verifier;
import java.io.IOException;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The forward and reverse functions of small methods, as text.
 *
 * <p>A change of the transform changes them; {@code -Dfluxion.golden.update=true} writes them anew,
 * to be looked at before they are committed.
 */
class AdjointTextTest {
  record Point(double x, double y) {}

  static double straight(double x, double y) {
    return x * y + x / y;
  }

  static double branch(double x) {
    double r = x;
    if (x > 1) {
      r = r * x;
    } else {
      r = -r;
    }
    return r * 3;
  }

  static double loop(double x, int n) {
    double r = 1;
    for (int i = 0; i < n; i++) {
      r = r * x;
    }
    return r;
  }

  static double nestedLoop(double x, int n) {
    double r = x;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        r = r * x;
      }
    }
    return r;
  }

  static double array(double[] a) {
    double sum = 0;
    for (double v : a) {
      sum += v * v;
    }
    return sum;
  }

  static double call(double x, int n) {
    return n == 0 ? x : x * call(x, n - 1);
  }

  static double record(Point p) {
    return p.x() * p.y();
  }

  static double rule(double x) {
    return Math.sin(x) * Math.exp(x);
  }

  static void store(double[] a, double x) {
    a[0] = a[0] * x;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "straight",
        "branch",
        "loop",
        "nestedLoop",
        "array",
        "call",
        "record",
        "rule",
        "store"
      })
  void derives(String name) throws IOException {
    Derived derived = derived(name);
    Golden.check(
        name + ".txt",
        "// forward\n"
            + Printer.printWithoutLines(Verifier.verify(derived.forward().body()))
            + "// reverse\n"
            + Printer.printWithoutLines(Verifier.verify(derived.reverse().body())));
  }

  private static Derived derived(String name) {
    Method method =
        Arrays.stream(AdjointTextTest.class.getDeclaredMethods())
            .filter(one -> one.getName().equals(name))
            .findFirst()
            .orElseThrow();
    MethodTypeDesc type =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .describeConstable()
            .orElseThrow();
    boolean[] active = new boolean[type.parameterCount()];
    for (int i = 0; i < active.length; i++) {
      active[i] = method.getParameterTypes()[i] != int.class;
    }
    Function function =
        new Function(
            name,
            type,
            AdjointTextTest.class,
            () -> Lifter.lift(AdjointTextTest.class, name, type));
    return Derivations.of(function, active, method.getReturnType() != void.class);
  }

  /** The two halves, interpreted, give what they give when they are emitted, and what is right. */
  @Test
  void halvesMeanWhatTheyDo() throws Throwable {
    halves("branch", 12, 2.0);
    halves("branch", -3, 0.5);
    halves("loop", 108, 3.0, 4);
    halves("nestedLoop", 32, 2.0, 3);
    halves("call", 12, 2.0, 2);
    halves("rule", Math.cos(0.5) * Math.exp(0.5) + Math.sin(0.5) * Math.exp(0.5), 0.5);
  }

  private static void halves(String name, double expected, Object... arguments) throws Throwable {
    Derived derived = derived(name);
    for (boolean emitted : new boolean[] {true, false}) {
      Tape tape = Tape.acquire();
      Object[] forward = Arrays.copyOf(arguments, arguments.length + 1);
      forward[arguments.length] = tape;
      run(derived.forward(), emitted, forward);
      assertEquals(expected, (double) run(derived.reverse(), emitted, tape, 1.0), 1e-12, name);
      tape.release();
    }
  }

  private static Object run(Function function, boolean emitted, Object... arguments)
      throws Throwable {
    Object result =
        emitted
            ? function.handle(Compiler.INSTANCE).invokeWithArguments(arguments)
            : new Interpreter().call(function, arguments);
    return java.util.Objects.requireNonNull(result);
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an error says, as a whole: the call, the reason, what to write, and the way to the call. */
class DiagnosticsTest {
  private static void assertSays(String expected, Runnable derivative) {
    String message = assertThrows(GradientException.class, derivative::run).getMessage();
    assertEquals(
        expected, message.replaceAll("DiagnosticsTest.java:\\d+", "DiagnosticsTest.java:1"));
  }

  static native double sine(double x);

  static native double ratio(double a, double b);

  static native double[] spectrum(double[] signal);

  static double small(double x) { // is inlined
    return 2 * sine(x);
  }

  static double outer(double x) {
    double sum = 1;
    for (int i = 0; i < 3; i++) {
      sum += x * i;
    }
    return small(x) * sum;
  }

  private static String calledAt(String... methods) {
    StringBuilder steps = new StringBuilder();
    for (String method : methods) {
      steps
          .append("\n  called at DiagnosticsTest.")
          .append(method)
          .append("(DiagnosticsTest.java:1)");
    }
    return steps.toString();
  }

  @Test
  void aNativeMethod() {
    Scalar1 f = x -> outer(x);
    String expected =
        "cannot differentiate the call of DiagnosticsTest.sine at"
            + " DiagnosticsTest.small(DiagnosticsTest.java:1): it is native, and it has no rule;"
            + " give it one with Grad.rule(DiagnosticsTest::sine, x -> …), or wrap its argument in"
            + " Grad.stopGradient if its derivative is zero"
            + calledAt("outer", "aNativeMethod", "aNativeMethod");
    assertSays(expected, () -> Grad.gradient(f, 1));
    assertSays(expected, () -> Grad.derivative(f, 1));
  }

  private static String line(Runnable derivative) {
    String message = assertThrows(GradientException.class, derivative::run).getMessage();
    int begin = message.indexOf("give ");
    return message.substring(begin, message.indexOf(", or wrap", begin));
  }

  @Test
  void theRuleToWrite() {
    assertEquals(
        "give it one with Grad.rule(DiagnosticsTest::ratio, (a, b) -> …, (a, b) -> …)",
        line(() -> Grad.gradient((double x) -> ratio(x, 2), 1)));
    assertEquals(
        "give it one with Grad.rule(DiagnosticsTest::spectrum, (x, y, dy) -> …)",
        line(() -> Grad.gradient(a -> spectrum(a)[0], new double[1])));
  }

  static double square(double x) {
    return x * x;
  }

  static double reflects(double x) {
    try {
      Method method = DiagnosticsTest.class.getDeclaredMethod("square", double.class);
      return (Double) method.invoke(null, x);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static double calls(double x) {
    try {
      MethodHandle square =
          MethodHandles.lookup()
              .findStatic(
                  DiagnosticsTest.class,
                  "square",
                  MethodType.methodType(double.class, double.class));
      return (double) square.invokeExact(x);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aHandle() {
    assertEquals(9, calls(3));
    assertSays(
        "cannot differentiate the call of MethodHandle.invokeExact at"
            + " DiagnosticsTest.calls(DiagnosticsTest.java:1): a handle hides what it calls or sets"
            + " (do that itself, or through an interface), and it has no rule; give the method"
            + " around it one with Grad.rule, or wrap its argument in Grad.stopGradient if its"
            + " derivative is zero"
            + calledAt("aHandle"),
        () -> Grad.gradient((double x) -> calls(x), 1));
  }

  static double looped(double x) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      sum += Math.sin(i * sum) + (x > 0 ? sine(x) : x);
    }
    try {
      return sum;
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  /** Then the way to it is that by which the code came there, as in a stack trace. */
  @Test
  void aBranchThatIsTaken() {
    String expected =
        "cannot differentiate the call of DiagnosticsTest.sine at"
            + " DiagnosticsTest.looped(DiagnosticsTest.java:1): it is native, and it has no rule;"
            + " give it one with Grad.rule(DiagnosticsTest::sine, x -> …), or wrap its argument in"
            + " Grad.stopGradient if its derivative is zero"
            + calledAt("aBranchThatIsTaken");
    assertSays(expected, () -> Grad.gradient((double x) -> looped(x), 1));
    assertSays(expected, () -> Grad.derivative((double x) -> looped(x), 1));
  }

  static double sometimes(double x) { // is inlined
    return x > 0 ? sine(x) : x;
  }

  static double twice(double x) { // is inlined, too
    return sometimes(2 * x) + x;
  }

  static double around(double x) {
    return x * twice(x);
  }

  /** Methods that became part of others are shown, as in the program's own stack traces. */
  @Test
  void aBranchInAShortMethod() {
    String expected =
        "cannot differentiate the call of DiagnosticsTest.sine at"
            + " DiagnosticsTest.sometimes(DiagnosticsTest.java:1): it is native, and it has no"
            + " rule; give it one with Grad.rule(DiagnosticsTest::sine, x -> …), or wrap its"
            + " argument in Grad.stopGradient if its derivative is zero"
            + calledAt("twice", "around", "aBranchInAShortMethod");
    assertSays(expected, () -> Grad.gradient((double x) -> around(x), 1));
    assertSays(expected, () -> Grad.derivative((double x) -> around(x), 1));
  }

  static double failing(double x) { // is inlined
    if (x > 0) {
      throw new IllegalStateException();
    }
    return x;
  }

  static double fails(double x) {
    return 2 * failing(x);
  }

  @Test
  void theStackOfWhatTheProgramThrows() {
    for (Runnable derivative :
        List.<Runnable>of(
            () -> Grad.gradient((double x) -> fails(x), 1),
            () -> Grad.derivative((double x) -> fails(x), 1))) {
      StackTraceElement[] trace =
          assertThrows(IllegalStateException.class, derivative::run).getStackTrace();
      assertEquals("failing", trace[0].getMethodName());
      assertEquals("fails", trace[1].getMethodName());
    }
  }

  @Test
  void reflection() {
    assertEquals(9, reflects(3));
    assertSays(
        "cannot differentiate the call of Method.invoke at"
            + " DiagnosticsTest.reflects(DiagnosticsTest.java:1): reflection hides what it calls"
            + " (call that itself, or through an interface), and it has no rule; give the method"
            + " around it one with Grad.rule, or wrap its argument in Grad.stopGradient if its"
            + " derivative is zero"
            + calledAt("reflection"),
        () -> Grad.gradient((double x) -> reflects(x), 1));
  }
}

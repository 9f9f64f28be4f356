package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** What cannot be differentiated is said once, with the user's file and line and what to do. */
class ErrorsTest {
  interface Curve {
    double at(double x);
  }

  static native double nativeSine(double x);

  private static void assertSays(String expected, Scalar1 f) {
    GradientException e = assertThrows(GradientException.class, () -> Grad.gradient(f, 2.0));
    assertTrue(e.getMessage().contains(expected), e.getMessage());
    assertTrue(e.getMessage().contains("(ErrorsTest.java:"), e.getMessage());
  }

  static double callsNative(double x) {
    return x * nativeSine(x);
  }

  @Test
  void aNativeMethodWithoutARule() {
    assertSays("it is native, and it has no rule; give it one with Grad.rule", x -> callsNative(x));
  }

  /** A class that is made at run time has no class file to be read. */
  private static Curve withoutClassFile() {
    return (Curve)
        Proxy.newProxyInstance(
            Curve.class.getClassLoader(), new Class<?>[] {Curve.class}, (_, _, a) -> a[0]);
  }

  @Test
  void aMethodWithoutReadableBytecodeAndWithoutARule() {
    Curve curve = withoutClassFile();
    assertEquals(2, curve.at(2));
    assertSays("its class file cannot be read, and it has no rule", x -> curve.at(x) * x);
  }

  private static double last;

  /**
   * Made where nothing is differentiated; which of the two a lambda is cannot be told, since it is
   * not to be tried.
   */
  @SuppressWarnings("UnusedVariable") // it is only written
  private static DoubleUnaryOperator power(boolean isCube) {
    return isCube ? x -> last = x * x * x : x -> last = x * x;
  }

  @Test
  void aLambdaWhoseInterfaceIsNotOurs() {
    DoubleUnaryOperator square = power(false);
    assertSays("its interface is not Serializable; use one of Fluxion's", square::applyAsDouble);
    assertSays(
        "its interface is not Serializable; use one of Fluxion's", x -> square.applyAsDouble(x));
  }

  static double prints(double x) {
    return new java.math.BigDecimal(x).doubleValue() * x;
  }

  @Test
  void whatThePlatformHides() {
    assertSays("BigDecimal", x -> prints(x));
  }

  // ---------------------------------------------------------------- only where the code comes to
  // it

  static double rarely(double x, boolean isRare) {
    return isRare ? prints(x) : x * x;
  }

  static double inALoop(double x, int n) {
    double y = x;
    for (int i = 0; i < n; i++) {
      y += prints(y);
    }
    return x * y;
  }

  static double caught(double x, boolean isRare) {
    double y = x * x;
    try {
      if (isRare) {
        y *= inALoop(x, 1);
      }
      return y * x;
    } catch (RuntimeException e) {
      return 0;
    }
  }

  static double deeper(double x, boolean isRare) {
    return caught(x, isRare) + (x > 100 ? callsNative(x) : 0);
  }

  @Test
  void aBranchThatIsNotTakenRefusesNothing() {
    assertEquals(4, Grad.gradient(x -> rarely(x, false), 2), 0);
    assertEquals(4, Grad.gradient(x -> inALoop(x, 0), 2), 0);
    assertEquals(12, Grad.gradient(x -> caught(x, false), 2), 1e-12);
    assertEquals(12, Grad.derivative(x -> deeper(x, false), 2), 1e-12);
    assertEquals(12, Grad.hessian((Fn1<double[], Double>) x -> deeper(x[0], false), POINT)[0][0]);
    assertSays("BigDecimal", x -> rarely(x, true));
    assertSays("BigDecimal", x -> inALoop(x, 1));
    assertSays("BigDecimal", x -> caught(x, true)); // which the handler does not get
    assertSays("BigDecimal", x -> deeper(x, true));
    assertSays("it is native", x -> deeper(x + 100, false));
  }

  record Printed(double value) {
    Printed {
      value = value > 1 ? prints(value) : value;
    }
  }

  @Test
  void theReasonIsToldEachTime() {
    Scalar1 f = x -> List.of(new Printed(x)).get(0).value() * 2;
    for (int i = 0; i < 3; i++) {
      GradientException e = assertThrows(GradientException.class, () -> Grad.gradient(f, 2));
      assertTrue(e.getMessage().contains("Printed"), e.getMessage());
    }
  }

  private static final double[] POINT = {2};

  record Applied(Scalar1 f, double x) {}

  @Test
  void aStaticFieldKnownTooLate() {
    GradientException e =
        assertThrows(
            GradientException.class,
            () ->
                Grad.gradient(
                    one -> one.f().apply(one.x()),
                    new Applied(StaticStateTest::writtenAndRead, 2)));
    assertTrue(
        e.getMessage()
            .contains(
                "it keeps a value that depends on the arguments in the static field"
                    + " StaticStateTest.total, and that this code runs became known only when it"
                    + " was called"),
        e.getMessage());
  }

  @Test
  void aCheckpointedFunctionWithStaticState() {
    Scalar1 f = Fluxion.checkpointed((Scalar1) StaticStateTest::writtenAndRead);
    GradientException e = assertThrows(GradientException.class, () -> Grad.gradient(f, 2.0));
    assertTrue(e.getMessage().contains("static field"), e.getMessage());
  }

  @SuppressWarnings("NonFinalStaticField") // else its class was known
  private static Scalar1 keeper = new StaticStateTest.Keeper();

  static double putsAway(double x) {
    return keeper.apply(x) + keeper.apply(2);
  }

  @Test
  void anObjectOfAStaticFieldThatKeepsAnActiveValue() {
    assertSays("into an object that a static field leads to", x -> putsAway(x));
  }

  static double outOfBounds(double[] a, int i) {
    return a[i] * a[0];
  }

  static double deeper(double[] a) {
    double s = 0;
    for (int i = 0; i < 4; i++) {
      s += outOfBounds(a, i); // the fourth does not exist
    }
    return s;
  }

  static double recursive(double[] a, int n) {
    return n == 0 ? deeper(a) : recursive(a, n - 1) * a[0];
  }

  @Test
  void stackTracesShowTheUsersLines() {
    ArrayIndexOutOfBoundsException e =
        assertThrows(
            ArrayIndexOutOfBoundsException.class,
            () -> Grad.gradient(a -> recursive(a, 2), new double[] {1, 2, 3}));
    StackTraceElement[] trace = e.getStackTrace();
    assertEquals("outOfBounds", trace[0].getMethodName());
    assertEquals("ErrorsTest.java", trace[0].getFileName());
    assertEquals("deeper", trace[1].getMethodName()); // which is inlined
    assertEquals("recursive", trace[2].getMethodName());
    assertEquals("recursive", trace[3].getMethodName());
    assertEquals(trace[2].getLineNumber(), trace[3].getLineNumber());
    assertTrue(trace[0].getLineNumber() < trace[1].getLineNumber());
    assertTrue(trace[1].getLineNumber() < trace[2].getLineNumber());
  }

  @Test
  void aResultThatIsNoLoss() {
    GradientException e =
        assertThrows(
            GradientException.class, () -> Grad.gradient(x -> new double[] {x[0]}, new double[1]));
    assertTrue(e.getMessage().contains("a loss returns a double"), e.getMessage());
  }

  static double locked(double x) {
    Object lock = new Object();
    synchronized (lock) {
      return prints(x);
    }
  }

  /** The monitor is left before the refusal leaves the method. */
  @Test
  void aRefusalInASynchronizedStatement() {
    assertSays("BigDecimal", x -> locked(x));
  }
}

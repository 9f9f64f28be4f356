package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Rules that the user writes, as annotated methods or in one line. */
class RulesTest {
  private static final double[] POINT = {2, 3};
  private static final double[] DIRECTION = {1, 10};

  private static double tangent(Fn1<double[], Double> f) {
    return Grad.jvp(f, POINT, DIRECTION).tangent();
  }

  private static void assertSays(String expected, Runnable derivative) {
    String message = assertThrows(GradientException.class, derivative::run).getMessage();
    assertTrue(message.contains(expected), message);
  }

  // ---------------------------------------------------------------- annotations

  @Primitive(Given.class)
  static double[] swapped(double[] a) {
    return new double[] {a[1], a[0]};
  }

  @Primitive(Given.class)
  static double scaled(double x, double by) {
    return x * by;
  }

  @Primitive(Given.class)
  static double[] turned(double[] a, double[] b) {
    return new double[] {a[1] + b[0], a[0] + b[1]};
  }

  @Primitive(Given.class)
  static double norm(double[] a) {
    return a[0] * a[0] + a[1] * a[1];
  }

  @Primitive(Given.class)
  static double[] copied(double[] a) {
    return a.clone();
  }

  static final class Given {
    private Given() {}

    @Pushforward(of = "swapped")
    static double[] swapped(double[] a, double[] y, double[] da) {
      return new double[] {da[1], da[0]};
    }

    @Pullback(of = "scaled")
    static double scaled(double x, double by, double y, double dy) {
      return dy * by;
    }

    @Pushforward(of = "scaled", argument = 1)
    static double scaledBy(double x, double by, double y, double dBy) {
      return x * dBy;
    }

    @Pullback(of = "turned")
    static double[] turned(double[] a, double[] b, double[] y, double[] dy) {
      return new double[] {dy[1], dy[0]};
    }

    @Pullback(of = "turned", argument = 1)
    static double[] turnedSecond(double[] a, double[] b, double[] y, double[] dy) {
      return dy;
    }

    @Pushforward(of = "turned", argument = 1)
    static double[] turnedForward(double[] a, double[] b, double[] y, double[] db) {
      return db;
    }

    @Pullback(of = "norm")
    static double[] norm(double[] a, double y, double dy) {
      return new double[] {2 * a[0] * dy, 2 * a[1] * dy};
    }

    @Pullback(of = "copied")
    @Pushforward(of = "copied")
    static double[] copied(double[] a, double[] y, double[] d) {
      return d;
    }
  }

  @Test
  void aPushforwardAloneIsNotDropped() {
    assertEquals(5 * 10 + 7 * 1, tangent(a -> 5 * swapped(a)[0] + 7 * swapped(a)[1]));
    assertSays(
        "in reverse mode: the rule of RulesTest.swapped has no pullback for its argument 0;"
            + " add a @Pullback to a @Primitive's rules, or one to Grad.rule, or use Grad.jvp or"
            + " Grad.derivative alone",
        () -> Grad.gradient(a -> swapped(a)[0], POINT));
  }

  @Test
  void betweenNumbersOneKindIsBoth() {
    Fn1<double[], Double> f = a -> scaled(a[0], a[1]);
    assertArrayEquals(new double[] {3, 2}, Grad.gradient(f, POINT));
    assertEquals(3 + 2 * 10, tangent(f));
    assertArrayEquals(new double[] {0, 1}, Grad.hessian(f, POINT)[0]);
    assertArrayEquals(new double[] {1, 0}, Grad.hessian(f, POINT)[1]);
    assertEquals(new Pair<>(3.0, 2.0), Grad.gradient((x, by) -> scaled(x, by), 2.0, 3.0));
  }

  @Test
  void onlyTheArgumentThatLacksAPushforwardIsRefused() {
    double[] b = {5, 6};
    assertEquals(1 - 10, tangent(a -> turned(b, a)[0] - turned(b, a)[1]));
    assertSays(
        "in forward mode: the rule of RulesTest.turned has no pushforward for its argument 0",
        () -> tangent(a -> turned(a, b)[0]));
  }

  @Test
  void theTangentOfANumberFollowsFromItsGradientInAnArray() {
    assertEquals(4 * 1 + 6 * 10, tangent(a -> norm(a)));
    double[][] jacobian = Grad.jacobian(a -> new double[] {norm(a), a[0] * norm(a)}, POINT);
    assertArrayEquals(new double[] {4, 6}, jacobian[0]);
    assertArrayEquals(new double[] {13 + 8, 12}, jacobian[1]);
    double[][] hessian = Grad.hessian(a -> norm(a) * a[0], POINT);
    assertArrayEquals(new double[] {12, 6}, hessian[0]);
    assertArrayEquals(new double[] {6, 4}, hessian[1]);
  }

  static double overwrites(double[] a) {
    double[] copy = copied(a);
    copy[0] = 1; // must not touch the tangent of a
    return copy[0] * copy[1] + a[0];
  }

  static double addsUp(double[] a) {
    double[] both = turned(new double[] {0, 0}, a);
    return both[0] + a[0] + a[1];
  }

  @Test
  void aRuleMayReturnTheTangentItself() {
    assertEquals(10 + 1, tangent(a -> overwrites(a)));
    assertArrayEquals(new double[] {1, 1}, Grad.gradient(a -> overwrites(a), POINT));
    assertEquals(1 + 1 + 10, tangent(a -> addsUp(a)));
  }

  @Primitive(Slips.class)
  static double forgotten(double x) {
    return x * x;
  }

  @Primitive(Slips.class)
  static double another(double x) {
    return x * x;
  }

  static final class Slips {
    private Slips() {}

    @Pullback(of = "forgotten")
    static double forgotten(double x, double dy) {
      return dy * 2 * x;
    }

    @Pullback(of = "another", argument = 1)
    static double another(double x, double y, double dy) {
      return dy * 2 * x;
    }
  }

  @Test
  void aRuleThatFitsNoMethodIsNoDerivativeOfZero() {
    assertSays(
        "the rule dev.fluxion.grad.RulesTest$Slips.forgotten(double,double)double fits no argument"
            + " of dev.fluxion.grad.RulesTest.forgotten(double)double: for argument 0 it must be"
            + " (double,double,double)double, the arguments, the result and the result's cotangent",
        () -> Grad.gradient(x -> forgotten(x), 2.0));
    assertSays(
        "fits no argument of dev.fluxion.grad.RulesTest.another(double)double, which has 1",
        () -> Grad.gradient(x -> another(x), 2.0));
  }

  // ---------------------------------------------------------------- inheritance

  static class Square {
    @Primitive(SquareRules.class)
    double at(double x) {
      return x * x;
    }
  }

  static final class Cube extends Square {
    @Override
    double at(double x) {
      return x * x * x;
    }
  }

  static final class Same extends Square {}

  static final class SquareRules {
    private SquareRules() {}

    @Pullback(of = "at", argument = 1)
    static double at(Square square, double x, double y, double dy) {
      return 100 * x * dy;
    }
  }

  static double at(Square square, double x) {
    return square.at(x);
  }

  static double tried(Square square, double x) {
    try {
      return square.at(x);
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  @Test
  void aMethodThatOverridesHasItsOwnDerivative() {
    for (Square square : new Square[] {new Square(), new Same()}) {
      Scalar1 f = x -> at(square, x);
      Scalar1 inTry = x -> tried(square, x);
      assertEquals(300, Grad.gradient(f, 3));
      assertEquals(300, Grad.derivative(f, 3));
      assertEquals(300, Grad.gradient(inTry, 3));
      assertEquals(100, Grad.derivative(x -> Grad.derivative(f, x), 3));
      assertEquals(100, Grad.hessian(a -> at(square, a[0]), new double[] {3})[0][0]);
    }
    Square cube = new Cube();
    Scalar1 f = x -> at(cube, x);
    assertEquals(27, Grad.gradient(f, 3));
    assertEquals(27, Grad.derivative(f, 3));
    assertEquals(27, Grad.gradient(x -> tried(cube, x), 3));
    assertEquals(18, Grad.hessian(a -> at(cube, a[0]), new double[] {3})[0][0]);
  }

  // ---------------------------------------------------------------- one line

  static double[] rolled(double[] a) {
    return new double[] {a[1], a[0]};
  }

  static double[] stretched(double[] a, double by) {
    return new double[] {a[0] * by, a[1] * by};
  }

  static double volume(double a, double b, double c) {
    return a * b * c;
  }

  static float half(double x) {
    return (float) x / 2;
  }

  static final class Meter {
    final int scale = 2;

    double read(Double x) {
      return scale * x;
    }
  }

  @Test
  void aRuleInOneLineGivesBothModes() {
    Grad.rule(
        RulesTest::rolled,
        (a, y, dy) -> new double[] {3 * dy[1], 3 * dy[0]},
        (a, y, da) -> new double[] {3 * da[1], 3 * da[0]});
    Fn1<double[], Double> f = a -> rolled(a)[0] * a[0];
    assertArrayEquals(new double[] {3, 6}, Grad.gradient(f, POINT));
    assertEquals(3 * 10 * 2 + 3, tangent(f));
    double[][] hessian = Grad.hessian(f, POINT);
    assertArrayEquals(new double[] {0, 3}, hessian[0]);
    assertArrayEquals(new double[] {3, 0}, hessian[1]);
  }

  @Test
  void aRuleOfTwoArgumentsGivesBothModes() {
    Grad.rule(
        RulesTest::stretched,
        (a, by, y, dy) -> new double[] {by * dy[0], by * dy[1]},
        (a, by, y, dy) -> 5 * (a[0] * dy[0] + a[1] * dy[1]),
        (a, by, y, da) -> new double[] {by * da[0], by * da[1]},
        (a, by, y, dBy) -> new double[] {5 * a[0] * dBy, 5 * a[1] * dBy});
    Fn1<double[], Double> f = a -> stretched(a, a[0])[1];
    assertArrayEquals(new double[] {15, 2}, Grad.gradient(f, POINT));
    assertEquals(15 + 2 * 10, tangent(f));
  }

  @Test
  void aRuleOfThreeNumbers() {
    Grad.rule(RulesTest::volume, (a, b, c) -> 7 * b * c, (a, b, c) -> a * c, (a, b, c) -> a * b);
    assertEquals(
        new Triple<>(42.0, 3.0, 2.0), Grad.gradient((a, b, c) -> volume(a, b, c), 1.0, 2.0, 3.0));
    assertEquals(70, tangent(a -> volume(0, a[1], 1) + volume(a[1] * 0 + 1, a[1], 7)));
  }

  @Test
  void aRuleOfAMethodThatReturnsAFloat() {
    Grad.rule(RulesTest::half, x -> 10);
    assertEquals(10, Grad.gradient((double x) -> half(x), 3));
    assertEquals(10, Grad.derivative(x -> half(x), 3));
  }

  @Test
  void aRuleOfAnObjectsMethod() {
    Grad.rule(Meter::read, null, (meter, x, y, dy) -> 10 * dy * meter.scale);
    Meter meter = new Meter();
    assertEquals(20, Grad.gradient((double x) -> meter.read(x), 3));
    assertEquals(20, Grad.derivative(x -> meter.read(x), 3));
  }

  @Test
  void whatIsNoMethodIsRefused() {
    assertSays("a rule needs a reference to a method", () -> Grad.rule(x -> x, x -> 1));
  }
}

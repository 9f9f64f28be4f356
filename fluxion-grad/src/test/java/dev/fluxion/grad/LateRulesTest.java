package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A rule that is registered after its method was differentiated holds from then on, whichever way
 * the method is called. Each way has a method of its own, which squares its argument; the rule says
 * that its derivative is ten times the argument.
 */
class LateRulesTest {
  interface Curve {
    double at(double x);
  }

  private static Arguments way(String name, Runnable register, Scalar1 f) {
    return Arguments.of(name, register, f, true);
  }

  /** The platform's containers have no second derivatives. */
  private static Arguments wayThroughContainers(String name, Runnable register, Scalar1 f) {
    return Arguments.of(name, register, f, false);
  }

  static Stream<Arguments> ways() {
    Curve virtual = new Parabola();
    Scalar1 reference = LateRulesTest::ofReference;
    return Stream.of(
        way("direct", () -> Grad.rule(LateRulesTest::direct, x -> 10 * x), x -> direct(x)),
        way("reference", () -> Grad.rule(LateRulesTest::ofReference, x -> 10 * x), reference),
        way("inlined", () -> Grad.rule(LateRulesTest::inlined, x -> 10 * x), x -> outer(x)),
        way(
            "recursive",
            () -> Grad.rule(LateRulesTest::atTheBottom, x -> 10 * x),
            x -> recursive(x, 5)),
        way("in a loop", () -> Grad.rule(LateRulesTest::inALoop, x -> 10 * x), x -> loop(x)),
        way("in a try block", () -> Grad.rule(LateRulesTest::tried, x -> 10 * x), x -> tries(x)),
        way(
            "virtual",
            () -> Grad.rule(LateRulesTest::ofCurve, x -> 10 * x),
            x -> virtually(virtual, x)),
        way(
            "lambda",
            () -> Grad.rule(LateRulesTest::inALambda, x -> 10 * x),
            x -> applied(y -> inALambda(y), x)),
        way("nested", () -> Grad.rule(LateRulesTest::nested, x -> 10 * x), x -> differentiates(x)),
        way(
            "constructor",
            () -> Grad.rule(LateRulesTest::inits, x -> 10 * x),
            x -> new Holder(x).v),
        way("record", () -> Grad.rule(LateRulesTest::ofRecord, x -> 10 * x), x -> new Pack(x).v()),
        wayThroughContainers(
            "callback", () -> Grad.rule(LateRulesTest::calledBack, x -> 10 * x), x -> replaced(x)),
        wayThroughContainers(
            "callback of a stream",
            () -> Grad.rule(LateRulesTest::streamed, x -> 10 * x),
            x -> streams(x)));
  }

  static double direct(double x) {
    return x * x;
  }

  static double ofReference(double x) {
    return x * x;
  }

  static double inlined(double x) {
    return x * x;
  }

  static double middle(double x) {
    return inlined(x);
  }

  static double outer(double x) {
    return middle(x) + 0;
  }

  static double atTheBottom(double x) {
    return x * x;
  }

  static double recursive(double x, int n) {
    return n == 0 ? atTheBottom(x) : recursive(x, n - 1);
  }

  static double inALoop(double x) {
    return x * x;
  }

  static double loop(double x) {
    double last = 0;
    for (int i = 0; i < 3; i++) {
      last = inALoop(x);
    }
    return last;
  }

  static double tried(double x) {
    return x * x;
  }

  static double tries(double x) {
    try {
      return tried(x);
    } catch (IllegalStateException e) {
      return 0;
    }
  }

  static double ofCurve(double x) {
    return x * x;
  }

  static final class Parabola implements Curve {
    @Override
    public double at(double x) {
      return ofCurve(x);
    }
  }

  static double virtually(Curve curve, double x) {
    return curve.at(x);
  }

  static double inALambda(double x) {
    return x * x;
  }

  static double applied(DoubleUnaryOperator f, double x) {
    return f.applyAsDouble(x);
  }

  static double nested(double x) {
    return x * x;
  }

  static double differentiates(double x) {
    return Grad.derivative(y -> y * nested(x), 0.5);
  }

  static double inits(double x) {
    return x * x;
  }

  static final class Holder {
    final double v;

    Holder(double x) {
      v = inits(x);
    }
  }

  static double ofRecord(double x) {
    return x * x;
  }

  record Pack(double v) {
    Pack {
      v = ofRecord(v);
    }
  }

  static double calledBack(double x) {
    return x * x;
  }

  static double replaced(double x) {
    List<Double> list = new ArrayList<>(List.of(x));
    UnaryOperator<Double> square = y -> calledBack(y);
    list.replaceAll(square);
    return list.get(0);
  }

  static double streamed(double x) {
    return x * x;
  }

  static double streams(double x) {
    return Stream.of(x).map(y -> streamed(y)).toList().get(0);
  }

  private static void check(Scalar1 f, double slope, double second, boolean twice) {
    assertEquals(slope, Grad.gradient(f, 3), "reverse");
    assertEquals(slope, Grad.derivative(f, 3), "forward");
    Fn1<double[], Double> ofArray = a -> f.apply(a[0]);
    assertEquals(slope, Grad.gradient(ofArray, new double[] {3})[0], "reverse, of an array");
    assertEquals(
        slope, Grad.jvp(ofArray, new double[] {3}, new double[] {1}).tangent(), "forward, array");
    double[][] jacobian = Grad.jacobian(a -> new double[] {f.apply(a[1])}, new double[] {0, 3});
    assertEquals(slope, jacobian[0][1], "two directions");
    if (twice) {
      assertEquals(second, Grad.hessian(ofArray, new double[] {3})[0][0], "hessian");
      assertEquals(second, Grad.gradient(x -> Grad.gradient(f, x), 3.0), "forward over forward");
      assertEquals(
          second,
          Grad.gradient(a -> Grad.gradient(ofArray, a)[0], new double[] {3})[0],
          "reverse over reverse");
      assertEquals(second, Grad.derivative(x -> Grad.derivative(f, x), 3.0), "forward, twice");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void aRuleHoldsFromThenOn(String name, Runnable register, Scalar1 f, boolean twice) {
    check(f, 6, 2, twice);
    register.run();
    check(f, 30, 10, twice);
  }
}

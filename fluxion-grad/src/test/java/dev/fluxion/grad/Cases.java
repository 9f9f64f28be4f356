package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/**
 * A table of functions and the derivatives that they are known to have, each taken in reverse and
 * in forward mode.
 *
 * <p>A known gap is a line like the others, after the reason: it fails once the gap is closed.
 */
final class Cases {
  private static final double TOLERANCE = 1e-11;

  private final List<DynamicTest> tests = new ArrayList<>();
  private @Nullable String gap;

  Stream<DynamicTest> tests() {
    return tests.stream();
  }

  /** Says that the next line is refused as yet, and why. */
  Cases gap(String reason) {
    gap = reason;
    return this;
  }

  private Cases add(String name, Executable test) {
    String reason = gap;
    gap = null;
    tests.add(
        reason == null
            ? DynamicTest.dynamicTest(name, test)
            : DynamicTest.dynamicTest(
                name + " (gap: " + reason + ")",
                () -> assertThrows(GradientException.class, test, "not a gap any more")));
    return this;
  }

  /** Any check, as a line. */
  Cases check(String name, Executable test) {
    return add(name, test);
  }

  static void assertClose(double expected, double actual, String what) {
    assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), what);
  }

  static void assertClose(double[] expected, double[] actual, String what) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertClose(expected[i], actual[i], what + ", element " + i);
    }
  }

  static void assertClose(double[][] expected, double[][] actual, String what) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertClose(expected[i], actual[i], what + ", row " + i);
    }
  }

  Cases number(String name, double x, double expected, Scalar1 f) {
    return add(
        name,
        () -> {
          assertClose(expected, Grad.gradient(f, x), "reverse");
          assertClose(expected, Grad.derivative(f, x), "forward");
        });
  }

  Cases numbers(String name, double x, double y, double dx, double dy, Scalar2 f) {
    return add(
        name,
        () -> {
          var gradient = Grad.gradient(f, x, y);
          assertClose(dx, gradient.first(), "reverse, first");
          assertClose(dy, gradient.second(), "reverse, second");
          assertClose(dx, Grad.derivative(a -> f.apply(a, y), x), "forward, first");
          assertClose(dy, Grad.derivative(b -> f.apply(x, b), y), "forward, second");
        });
  }

  Cases array(String name, double[] x, double[] expected, Fn1<double[], Double> f) {
    return add(
        name,
        () -> {
          assertClose(expected, Grad.gradient(f, x.clone()), "reverse");
          double[] tangents = new double[x.length];
          for (int i = 0; i < x.length; i++) {
            double[] direction = new double[x.length];
            direction[i] = 1;
            tangents[i] = Grad.jvp(f, x.clone(), direction).tangent();
          }
          assertClose(expected, tangents, "forward");
        });
  }

  /** The gradient of a number in an object, list or map is read off its own kind of object. */
  <T> Cases object(
      String name, T x, Function<T, double[]> parts, double[] expected, Fn1<T, Double> f) {
    return add(name, () -> assertClose(expected, parts.apply(Grad.gradient(f, x)), "reverse"));
  }

  Cases hessian(String name, double[] x, double[][] expected, Fn1<double[], Double> f) {
    return add(name, () -> assertClose(expected, Grad.hessian(f, x), "hessian"));
  }

  Cases jacobian(String name, double[] x, double[][] expected, Fn1<double[], double[]> f) {
    return add(name, () -> assertClose(expected, Grad.jacobian(f, x), "jacobian"));
  }

  static double[] of(double... values) {
    return values;
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The examples of the documentation, compiled and run. */
class SnippetsTest {
  static double energy(double[] x) {
    double sum = 0;
    for (double coordinate : x) {
      sum += coordinate * coordinate / 2;
    }
    return sum;
  }

  @Test
  void gradient() {
    // @start region="gradient"
    double slope = Grad.gradient(x -> x * Math.sin(x), 2.0);
    double[] force = Grad.gradient(SnippetsTest::energy, new double[] {1, 2, 3});
    // @end
    assertEquals(Math.sin(2) + 2 * Math.cos(2), slope, 1e-12);
    assertArrayEquals(new double[] {1, 2, 3}, force, 1e-12);
  }

  @Test
  void explain() {
    // @start region="explain"
    Explanation explanation = Fluxion.explain(SnippetsTest::energy, new double[] {1, 2, 3});
    IO.println(explanation); // a report of all that is said above
    boolean keepsNoCoordinates = // they are loaded from x again
        explanation.methods().getFirst().kept().stream()
            .noneMatch(kept -> kept.name().equals("coordinate"));
    // @end
    assertTrue(keepsNoCoordinates);
  }

  static double[] simulate(double[] state, int steps) {
    double[] next = state.clone();
    for (int i = 0; i < steps; i++) {
      next[0] += 1e-3 * next[1];
      next[1] -= 1e-3 * Math.sin(next[0]);
    }
    return next;
  }

  @Test
  void checkpointed() {
    // @start region="checkpointed"
    Fn1<double[], double[]> second =
        Fluxion.checkpointed((double[] state) -> simulate(state, 1000));
    double[] slope = // of the energy after two seconds; what one of them needs is kept at a time
        Grad.gradient(
            (double[] state) -> energy(second.apply(second.apply(state))), new double[] {1, 0});
    // @end
    assertArrayEquals(
        Grad.gradient((double[] state) -> energy(simulate(state, 2000)), new double[] {1, 0}),
        slope);
  }

  @Test
  void iterate() {
    // @start region="iterate"
    double[] start = {1, 0};
    double[] end = Fluxion.iterate(100_000, start, state -> simulate(state, 1));
    double[] slope = // of the energy in the end; 83 states are kept at a time
        Grad.gradient(
            (double[] at) -> energy(Fluxion.iterate(100_000, at, state -> simulate(state, 1))),
            start);
    // @end
    assertArrayEquals(simulate(start, 100_000), end);
    double[] expected = Grad.gradient((double[] at) -> energy(simulate(at, 100_000)), start);
    assertArrayEquals(expected, slope, 1e-9);
  }

  // @start region="primitive"
  @Primitive(Cubic.class)
  static double cube(double x) {
    return x * x * x;
  }

  static final class Cubic {
    private Cubic() {}

    @Pullback(of = "cube", argument = 0)
    static double cube(double x, double y, double dy) {
      return dy * 3 * x * x;
    }
  }

  // @end

  @Test
  void primitive() {
    assertEquals(12, Grad.gradient(x -> cube(x), 2.0), 1e-12);
  }

  @Test
  void pullback() {
    // @start region="pullback"
    var back = Grad.pullback((double[] a) -> new double[] {a[0] * a[1], a[1]}, new double[] {2, 3});
    double[] value = back.value(); // {6, 3}
    double[] first = back.gradient(new double[] {1, 0}); // {3, 2}, a row of the Jacobian
    double[] both = back.gradient(new double[] {1, 10}); // {3, 12}
    // @end
    assertArrayEquals(new double[] {6, 3}, value);
    assertArrayEquals(new double[] {3, 2}, first);
    assertArrayEquals(new double[] {3, 12}, both);
  }

  static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void rule() {
    // @start region="rule"
    Grad.rule(SnippetsTest::logistic, x -> logistic(x) * (1 - logistic(x)));
    double slope = Grad.gradient(x -> logistic(x), 0.0);
    // @end
    assertEquals(0.25, slope, 1e-12);
  }

  static double[] reversed(double[] a) {
    return new double[] {a[1], a[0]};
  }

  @Test
  void ruleOfBothModes() {
    // @start region="rule-both"
    Grad.rule(
        SnippetsTest::reversed,
        (a, y, dy) -> new double[] {dy[1], dy[0]}, // reverse mode
        (a, y, da) -> new double[] {da[1], da[0]}); // forward mode
    double[][] j = Grad.jacobian(SnippetsTest::reversed, new double[] {1, 2});
    // {{0, 1}, {1, 0}}
    // @end
    assertArrayEquals(new double[][] {{0, 1}, {1, 0}}, j);
  }

  @Test
  void grad() {
    // @start region="grad"
    Scalar1 slope = Grad.grad((double x) -> x * x * x);
    Fn1<double[], double[]> force = Grad.grad((double[] x) -> energy(x));
    // @end
    assertEquals(12, slope.apply(2), 1e-12);
    assertArrayEquals(new double[] {1, 2}, force.apply(new double[] {1, 2}), 1e-12);
  }

  @Test
  void forwardMode() {
    // @start region="derivative"
    double slope = Grad.derivative(x -> x * Math.sin(x), 2.0);
    // @end
    assertEquals(Math.sin(2) + 2 * Math.cos(2), slope, 1e-12);

    // @start region="jvp"
    ValueAndTangent<Double> p =
        Grad.jvp(a -> a[0] * a[1], new double[] {2, 3}, new double[] {1, 0});
    // the value is 6, the tangent 3
    // @end
    assertEquals(6, p.value());
    assertEquals(3, p.tangent());

    // @start region="jacobian"
    double[][] j = Grad.jacobian(a -> new double[] {a[0] * a[1], a[1]}, new double[] {2, 3});
    // {{3, 2}, {0, 1}}
    // @end
    assertArrayEquals(new double[][] {{3, 2}, {0, 1}}, j);

    // @start region="hessian"
    double[][] h = Grad.hessian(a -> a[0] * a[0] * a[1], new double[] {2, 3});
    // {{6, 4}, {4, 0}}
    // @end
    assertArrayEquals(new double[][] {{6, 4}, {4, 0}}, h);
  }

  // @start region="pushforward"
  @Primitive(Doubling.class)
  static double[] doubled(double[] a) {
    return new double[] {2 * a[0], 2 * a[1]};
  }

  static final class Doubling {
    private Doubling() {}

    @Pullback(of = "doubled", argument = 0)
    static double[] back(double[] a, double[] y, double[] dy) {
      return new double[] {2 * dy[0], 2 * dy[1]};
    }

    @Pushforward(of = "doubled", argument = 0)
    static double[] forward(double[] a, double[] y, double[] da) {
      return new double[] {2 * da[0], 2 * da[1]};
    }
  }

  // @end

  @Test
  void pushforward() {
    ValueAndTangent<double[]> p =
        Grad.jvp(SnippetsTest::doubled, new double[] {1, 2}, new double[] {3, 4});
    assertArrayEquals(new double[] {6, 8}, p.tangent());
    assertArrayEquals(new double[] {2, 0}, Grad.gradient(a -> doubled(a)[0], new double[] {1, 2}));
  }
}

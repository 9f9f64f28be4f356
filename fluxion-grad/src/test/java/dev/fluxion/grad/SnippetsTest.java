package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
}

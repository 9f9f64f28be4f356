package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Derivatives of derivatives, in all combinations of the modes, without perturbation confusion. */
class NestedDerivativesTest {
  static double slopeAt(Scalar1 f, double x) {
    return Grad.gradient(f, x);
  }

  static double twice(Scalar1 f, double x) {
    return Grad.derivative(y -> Grad.derivative(f, y), x);
  }

  @Test
  void theClassicalConfusion() {
    assertEquals(1, Grad.derivative(x -> x * Grad.derivative(y -> x + y, 1.0), 1.0));
    assertEquals(1, Grad.gradient(x -> x * Grad.gradient(y -> x + y, 1.0), 1.0));
    assertEquals(1, Grad.gradient(x -> x * slopeAt(y -> x + y, 1.0), 1.0));
  }

  @Test
  void innerDependsOnOuter() {
    // d/dx (x d/dy (x y²)|y=x) = d/dx 2 x³
    assertEquals(24, Grad.derivative(x -> x * Grad.derivative(y -> x * y * y, x), 2.0));
    assertEquals(24, Grad.gradient(x -> x * Grad.gradient(y -> x * y * y, x), 2.0));
  }

  @Test
  void higherDerivativesOfNumbers() {
    for (double x : new double[] {0.3, 1.7}) {
      Scalar1 sin = Math::sin;
      Scalar1 exp = y -> Math.exp(2 * y);
      Scalar1 pow = y -> Math.pow(y, 5.5);
      Scalar1 sin4 = Grad.grad(Grad.grad(Grad.grad(Grad.grad(sin))));
      Scalar1 exp4 = Grad.grad(Grad.grad(Grad.grad(Grad.grad(exp))));
      Scalar1 pow4 = Grad.grad(Grad.grad(Grad.grad(Grad.grad(pow))));
      assertEquals(Math.sin(x), sin4.apply(x), 1e-12);
      assertEquals(16 * Math.exp(2 * x), exp4.apply(x), 1e-10);
      assertEquals(5.5 * 4.5 * 3.5 * 2.5 * Math.pow(x, 1.5), pow4.apply(x), 1e-10);
      assertEquals(-Math.sin(x), twice(sin, x), 1e-14);
    }
  }

  @Test
  void hyperGradient() {
    double[] x = {1, 2};
    // gradient of |∇ (a b²)|² = b⁴ + 4 a² b²
    double[] g =
        Grad.gradient(
            p -> {
              double[] inner = Grad.gradient(q -> q[0] * q[1] * q[1], p);
              return inner[0] * inner[0] + inner[1] * inner[1];
            },
            x);
    assertArrayEquals(new double[] {8 * 1 * 4, 4 * 8 + 8 * 1 * 2}, g, 1e-12);
    ValueAndTangent<Double> t =
        Grad.jvp(
            p -> {
              double[] inner = Grad.gradient(q -> q[0] * q[1] * q[1], p);
              return inner[0] * inner[0] + inner[1] * inner[1];
            },
            x,
            new double[] {1, 0});
    assertEquals(32, t.tangent(), 1e-12);
  }
}

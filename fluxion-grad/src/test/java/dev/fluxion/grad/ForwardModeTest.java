package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ForwardModeTest {
  @Test
  void scalar() {
    assertEquals(Math.cos(2) * 2 + Math.sin(2), Grad.derivative(x -> x * Math.sin(x), 2.0), 1e-14);
    assertEquals(80, Grad.derivative(x -> { double r = 1; for (int i = 0; i < 5; i++) { r *= x; } return r; }, 2.0));
    ValueAndTangent<Double> p = Grad.jvp(a -> a[0] * a[1], new double[] {2, 3}, new double[] {1, 0});
    assertEquals(6, p.value());
    assertEquals(3, p.tangent());
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Hessians and their products agree with closed forms and with each other. */
class SecondDerivativesTest {
  static double rosenbrock(double[] x) {
    double sum = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      double a = x[i + 1] - x[i] * x[i];
      double b = 1 - x[i];
      sum += 100 * a * a + b * b;
    }
    return sum;
  }

  static double[][] rosenbrockHessian(double[] x) {
    int n = x.length;
    double[][] h = new double[n][n];
    for (int i = 0; i + 1 < n; i++) {
      h[i][i] += 1200 * x[i] * x[i] - 400 * x[i + 1] + 2;
      h[i][i + 1] -= 400 * x[i];
      h[i + 1][i] -= 400 * x[i];
      h[i + 1][i + 1] += 200;
    }
    return h;
  }

  @Test
  void small() {
    double[][] h = Grad.hessian(a -> a[0] * a[0] * a[1], new double[] {2, 3});
    assertArrayEquals(new double[] {6, 4}, h[0]);
    assertArrayEquals(new double[] {4, 0}, h[1]);
  }

  @Test
  void rosenbrockInAHundredDimensions() {
    double[] x = new double[100];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.sin(i) * 1.5;
    }
    double[][] expected = rosenbrockHessian(x);
    double[][] actual = Grad.hessian(SecondDerivativesTest::rosenbrock, x);
    for (int i = 0; i < x.length; i++) {
      assertArrayEquals(expected[i], actual[i], 1e-9);
    }
  }
}

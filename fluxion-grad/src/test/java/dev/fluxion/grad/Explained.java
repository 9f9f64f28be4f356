package dev.fluxion.grad;

/**
 * Functions whose explanations {@link ExplainTest} compares, with lines that stay where they are.
 */
final class Explained {
  private Explained() {}

  static double straight(double x, double y) {
    double product = x * y;
    double exponential = Math.exp(y);
    if (exponential < 0) {
      throw new IllegalArgumentException("never");
    }
    return Math.sin(product) + product / y;
  }

  static double branch(double x) {
    double y = x;
    if (x > 1) {
      y = x * x;
    }
    return y * 3;
  }

  static double loop(double x) {
    double r = 1;
    for (int i = 0; i < 5; i++) {
      r *= x + i;
    }
    return r;
  }

  static double call(double x) {
    return x * recursive(x, 3);
  }

  private static double recursive(double x, int n) {
    return n == 0 ? 1 : x * recursive(x, n - 1);
  }

  static double mutate(double[] a) {
    for (int i = 1; i < a.length; i++) {
      a[i] = a[i] * a[i - 1];
    }
    return a[a.length - 1];
  }
}

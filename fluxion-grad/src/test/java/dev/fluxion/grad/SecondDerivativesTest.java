package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Hessians and their products agree with closed forms, with differences and with each other. */
class SecondDerivativesTest {
  private final List<DynamicTest> tests = new ArrayList<>();

  record Point(double x, double y) {}

  record Model(double[] weights, Point centre, float scale, Double bias) {}

  interface Shape {
    double area();
  }

  record Square(double side) implements Shape {
    @Override
    public double area() {
      return side * side * side;
    }
  }

  record Disc(double radius) implements Shape {
    @Override
    public double area() {
      return Math.PI * radius * radius * radius;
    }
  }

  private static final class Counter {
    private double total;
    private final double[] log = new double[8];
    private int count;

    private Counter(double start) {
      total = start;
    }

    private void add(double x) {
      total += x * total;
      log[count++] = total * x;
    }
  }

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

  private static final double[][] INPUTS = {{0.5, -0.2, 0.8}, {-1.1, 0.3, 0.4}, {0.1, 0.9, -0.7}};
  private static final double[] TARGETS = {0.3, -0.6, 0.8};

  /** A network with three inputs, two hidden units and one output. */
  static double network(double[] p) {
    double loss = 0;
    for (int k = 0; k < INPUTS.length; k++) {
      double out = p[10];
      for (int j = 0; j < 2; j++) {
        double sum = p[8 + j];
        for (int i = 0; i < 3; i++) {
          sum += p[3 * j + i] * INPUTS[k][i];
        }
        out += p[6 + j] * Math.tanh(sum);
      }
      double error = out - TARGETS[k];
      loss += error * error;
    }
    return loss / INPUTS.length;
  }

  static double branches(double[] x) {
    double s = 1;
    for (int i = 0; i < x.length; i++) {
      if (x[i] > 1) {
        s *= x[i] * x[i];
      } else if (x[i] > 0.6) {
        continue;
      } else {
        s += Math.sin(s * x[i]);
      }
      switch (i) {
        case 1 -> s = s * s;
        case 2 -> s -= x[0] * x[1] * x[2];
        default -> s += x[i] / (1 + x[0] * x[0]);
      }
      if (s > 100) {
        return s * x[0];
      }
    }
    return s;
  }

  static double inPlace(double[] x) {
    double[] a = x.clone();
    double[] b = a;
    for (int k = 0; k < 3; k++) {
      for (int i = 1; i < a.length; i++) {
        a[i] = a[i] * b[i - 1] + x[i];
      }
    }
    double[][] m = {a, b, {x[0]}};
    m[2][0] *= m[1][1];
    return a[a.length - 1] * m[2][0];
  }

  static double recursive(double[] x, int from) {
    return from == x.length ? 1 : Math.exp(x[from] * 0.3) * recursive(x, from + 1) + x[from];
  }

  static double objects(double[] x) {
    Counter counter = new Counter(x[0]);
    for (double v : x) {
      counter.add(v);
    }
    double s = counter.total;
    for (double v : counter.log) {
      s += v * v;
    }
    return s;
  }

  static double shapes(double[] x) {
    Shape[] shapes = {new Square(x[0]), new Disc(x[1] * x[2]), new Square(2)};
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      sum += shapes[i % 3].area() * x[i % x.length];
    }
    return sum;
  }

  static double lambdas(double[] x) {
    Scalar1 f = t -> t * t * x[0] + Math.cos(t * x[1]);
    double s = 0;
    for (int i = 0; i < 5; i++) {
      s += f.apply(x[2] * i + s * 0.1);
    }
    return s;
  }

  static double passedOn(double[] x) {
    double factor = x[0] * x[1];
    return applyTwice(t -> t * factor + x[2] * t * t, x[1]);
  }

  static double applyTwice(Scalar1 f, double x) {
    double first = f.apply(x);
    for (int i = 0; i < 2; i++) {
      first = f.apply(first) + i;
    }
    return first;
  }

  static double mathematics(double[] x) {
    double a = Math.abs(x[0]) + 0.5;
    return Math.pow(a, x[1]) * Math.atan2(x[1], x[2])
        + Math.sqrt(a) * Math.log(a) * Math.hypot(x[0], x[2])
        + Math.max(x[0], x[1]) * Math.min(x[1] * x[2], 3)
        + Math.asin(x[2] / 4) * Math.cbrt(a) * Math.tan(x[1] / 3)
        + Math.fma(x[0], x[1], x[2]) * Math.sinh(x[0]) / Math.cosh(x[1])
        + (x[0] * 7.1) % 2 * x[1];
  }

  static double floats(double[] x) {
    float a = (float) x[0];
    float[] b = {a * 2, (float) x[1]};
    return b[0] * b[1] * a * x[2];
  }

  private void check(String name, Fn1<double[], Double> f, double... x) {
    tests.add(
        DynamicTest.dynamicTest(
            name,
            () -> {
              int n = x.length;
              double[][] hessian = Grad.hessian(f, x);
              double h = 1e-5;
              for (int j = 0; j < n; j++) {
                double[] up = x.clone();
                double[] down = x.clone();
                up[j] += h;
                down[j] -= h;
                double[] high = Grad.gradient(f, up);
                double[] low = Grad.gradient(f, down);
                for (int i = 0; i < n; i++) {
                  double expected = (high[i] - low[i]) / (2 * h);
                  double tolerance = 1e-6 * Math.max(1, Math.abs(expected));
                  if (!name.equals("floats")) {
                    assertEquals(expected, hessian[j][i], tolerance);
                  }
                  assertEquals(hessian[i][j], hessian[j][i], tolerance);
                }
              }
              double[] v = new double[n];
              for (int i = 0; i < n; i++) {
                v[i] = Math.cos(i);
              }
              double[] product = Grad.hessianVectorProduct(f, x, v);
              for (int i = 0; i < n; i++) {
                double expected = 0;
                for (int j = 0; j < n; j++) {
                  expected += hessian[i][j] * v[j];
                }
                double rounding = name.equals("floats") ? 1e-6 : 1e-9;
                assertEquals(expected, product[i], rounding * Math.max(1, Math.abs(expected)));
              }
            }));
  }

  @TestFactory
  List<DynamicTest> agreesWithDifferencesOfGradients() {
    check("one dimension", a -> a[0] * a[0] * a[0], 2);
    check("constant", a -> 3.0, 1, 2);
    check("linear", a -> a[0] - 2 * a[1], 1, 2);
    check("rosenbrock", SecondDerivativesTest::rosenbrock, 0.3, -0.4, 1.2, 0.9, -1.1);
    check("branches", SecondDerivativesTest::branches, 1.4, 0.3, 0.5, 0.7, 2.2);
    check("in place", SecondDerivativesTest::inPlace, 0.4, 0.9, -0.6, 1.3);
    check("recursive", a -> recursive(a, 0), 0.4, 0.9, -0.6, 1.3);
    check("objects", SecondDerivativesTest::objects, 0.4, 0.9, -0.6, 1.3);
    check("shapes", SecondDerivativesTest::shapes, 0.4, 0.9, -0.6, 1.3);
    check("lambdas", SecondDerivativesTest::lambdas, 0.4, 0.9, -0.6);
    check("passed on", SecondDerivativesTest::passedOn, 0.4, 0.9, -0.6);
    check("mathematics", SecondDerivativesTest::mathematics, 0.4, 0.9, 1.6);
    check("floats", SecondDerivativesTest::floats, 0.5, 1.5, 2);
    double[] p = new double[11];
    Random random = new Random(1);
    for (int i = 0; i < p.length; i++) {
      p[i] = random.nextGaussian();
    }
    check("network", SecondDerivativesTest::network, p);
    return tests;
  }

  @Test
  void rosenbrockInAHundredDimensionsHasItsClosedForm() {
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

  static double distance(Model m) {
    double s = m.bias() * m.bias() * m.centre().x();
    for (double w : m.weights()) {
      s += w * w * m.centre().y() * m.scale();
    }
    return s * m.centre().x();
  }

  private static double latest;

  /** Overwrites its argument, and what it leaves in a static field a later pass must not meet. */
  static double chained(double[] x) {
    List<Double> all = new ArrayList<>();
    Counter counter = new Counter(1 + x[0]);
    for (int i = 1; i < x.length; i++) {
      x[i] *= x[i - 1];
      latest = i == 1 ? x[i] : latest * Math.sin(x[i]) + x[i];
      all.add(latest);
      if (i < 6) {
        counter.add(x[i]);
      }
    }
    double sum = counter.total;
    for (double one : all) {
      sum += one * one;
    }
    return sum;
  }

  @Test
  void passesOverManyDirectionsLeaveNothingToEachOther() {
    double[] x = new Random(5).doubles(20, 0.5, 1.5).toArray();
    double[][] hessian = Grad.hessian(SecondDerivativesTest::chained, x);
    for (int j = 0; j < x.length; j++) {
      double[] unit = new double[x.length];
      unit[j] = 1;
      double[] alone = Grad.hessianVectorProduct(SecondDerivativesTest::chained, x.clone(), unit);
      double[] up = x.clone();
      double[] down = x.clone();
      up[j] += 1e-5;
      down[j] -= 1e-5;
      double[] above = Grad.gradient(SecondDerivativesTest::chained, up);
      double[] below = Grad.gradient(SecondDerivativesTest::chained, down);
      for (int i = 0; i < x.length; i++) {
        assertEquals(alone[i], hessian[j][i], 1e-12 * (1 + Math.abs(alone[i])));
        double difference = (above[i] - below[i]) / 2e-5;
        assertEquals(difference, hessian[j][i], 1e-6 * (1 + Math.abs(difference)));
      }
    }
  }

  @Test
  void productsHaveTheTypeOfTheArgument() {
    Model at = new Model(new double[] {1, 2}, new Point(3, 4), 5, 6.0);
    Model v = new Model(new double[] {1, 0}, new Point(0, 1), 0, 1.0);
    Model product = Grad.hessianVectorProduct(SecondDerivativesTest::distance, at, v);
    // s = b² x² + x y c (w1² + w2²), differentiated in (w1, y, b), which v sums
    assertArrayEquals(new double[] {2 * 3 * 4 * 5 + 2 * 3 * 5, 2 * 2 * 3 * 5}, product.weights());
    assertEquals(4 * 6 * 3 + 2 * 4 * 5 + 5 * 5, product.centre().x());
    assertEquals(2 * 3 * 5, product.centre().y());
    assertEquals(2 * 3 * 4 + 3 * 5, product.scale());
    assertEquals(2 * 9, product.bias());
    assertEquals(12.0, Grad.hessianVectorProduct(x -> x * x * x, 2.0, 1.0));
    // the Hessian of x² y at (1, 2) is ((4, 2), (2, 0))
    assertEquals(
        new Point(10, 2),
        Grad.hessianVectorProduct(q -> q.x() * q.y() * q.x(), new Point(1, 2), new Point(1, 3)));
  }

  @Test
  void rulesOfTheUserAreDifferentiatedAgain() {
    Grad.rule(SecondDerivativesTest::cube, x -> 3 * x * x);
    assertEquals(12, Grad.hessian(a -> cube(a[0]), new double[] {2})[0][0]);
  }

  static double cube(double x) {
    return Double.parseDouble(Double.toString(x * x * x));
  }
}

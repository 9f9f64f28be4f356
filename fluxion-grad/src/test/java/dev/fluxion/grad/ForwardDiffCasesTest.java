package dev.fluxion.grad;

import static dev.fluxion.grad.Cases.assertClose;
import static dev.fluxion.grad.Cases.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The cases of the test suite of ForwardDiff (ConfusionTest, DerivativeTest, GradientTest,
 * HessianTest, JacobianTest, MiscTest) and of the functions of DiffTests that it runs on, with
 * their literal values or the closed forms of their derivatives.
 */
class ForwardDiffCasesTest {
  static double sum(double... xs) {
    double s = 0;
    for (double x : xs) {
      s += x;
    }
    return s;
  }

  static double dot(double[] a, double[] b) {
    double s = 0;
    for (int i = 0; i < a.length; i++) {
      s += a[i] * b[i];
    }
    return s;
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  static double rosenbrock(double[] x) {
    double result = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      result += (1 - x[i]) * (1 - x[i]) + 100 * Math.pow(x[i + 1] - x[i] * x[i], 2);
    }
    return result;
  }

  private static double[] inner(double[][] a, double[] x, double[] y) {
    return Grad.gradient(
        t -> {
          double s = 0;
          for (int i = 0; i < a.length; i++) {
            s += t[i] * dot(a[i], x);
          }
          return s;
        },
        y);
  }

  @TestFactory
  Stream<DynamicTest> confusion() {
    double[][] a = {{1, 2, 3}, {4, 5, 6}};
    return new Cases()
        .number("x d(x + y)", 1, 1, x -> x * Grad.derivative(y -> x + y, 1.0))
        .array(
            "sum times the derivative of a norm's multiple",
            of(1),
            of(2),
            v -> sum(v) * Grad.derivative(y -> y * norm(v), 1.0))
        .jacobian("a gradient's Jacobian is the matrix", of(1, 1, 1), a, x -> inner(a, x, of(1, 1)))
        .number(
            "an inner derivative of what does not depend on its variable",
            1,
            0,
            x -> Grad.derivative(y -> x, x))
        .jacobian(
            "a Lagrangian's mixed derivatives",
            of(1, 2),
            new double[][] {{0, 0}, {0, 0}},
            q -> Grad.gradient(v -> 0.5 * dot(v, v) - 9.8 * q[1], of(3, 4)))
        .array(
            "a Hamiltonian by Legendre's transformation",
            of(1, 2),
            of(0, 9.8),
            q -> hamiltonian(q, of(5, 6)))
        .hessian(
            "a captured structure that is not used",
            of(1),
            new double[][] {{0}},
            x -> captured(new Object[] {1, new double[] {3, 4}}, x))
        .tests();
  }

  /** With the identity for the mass: p v - L(q, v) where v is p less the gradient at rest. */
  static double hamiltonian(double[] q, double[] p) {
    double[] b = Grad.gradient(v -> 0.5 * dot(v, v) - 9.8 * q[1], new double[2]);
    double[] v = {p[0] - b[0], p[1] - b[1]};
    return dot(p, v) - (0.5 * dot(v, v) - 9.8 * q[1]);
  }

  static double captured(Object[] z, double[] x) {
    return z.length > 0 ? x[0] : 0;
  }

  static double powers(double x) {
    return 2 * x + Math.sqrt(x * x * x);
  }

  @TestFactory
  Stream<DynamicTest> numberToNumber() {
    return new Cases()
        .number(
            "tan²",
            1,
            2 * Math.tan(1) / Math.pow(Math.cos(1), 2),
            x -> Math.pow(Math.sin(x), 2) / Math.pow(Math.cos(x), 2))
        .number("a root of a cube", 1, 3.5, x -> powers(x))
        .number(
            "an exponential of another base",
            1,
            2 * Math.log(10.31) * 10.31 * 10.31 - 1,
            x -> Math.pow(10.31, x + x) - x)
        .number("a literal", 1, 0, x -> 1.0)
        .number(
            "a logistic function",
            1,
            1 / Math.pow(2 * Math.cosh(0.5), 2),
            x -> 1 / (1 + Math.exp(-x)))
        .number("x² by a power of 2.0", 2, 4, x -> Math.pow(x, 2.0))
        .number(
            "a sum over a range",
            1,
            5.5,
            x -> {
              double s = 0;
              for (int i = 0; i <= 10; i++) {
                s += 1 + x * (0.1 * i);
              }
              return s;
            })
        .number("a remainder of 2π", 1.3, 1, x -> x % (2 * Math.PI))
        .number("the inverse of a rotation's hypotenuse", 3, 0.6, x -> Math.hypot(x, 4))
        .number("Math.cos by parts", 0.3, -Math.sin(0.3), Math::cos)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> powersOfZero() {
    return new Cases()
        .number("0 to a positive power, in the exponent", 0.5, 0, y -> Math.pow(0, y))
        .number("0 to another positive power, in the exponent", 1.5, 0, y -> Math.pow(0, y))
        .check(
            "a power of NaN",
            () -> {
              assertTrue(Double.isNaN(Grad.derivative(x -> Math.pow(Double.NaN, x), 1.0)));
              assertTrue(Double.isNaN(Grad.derivative(x -> Math.pow(x, Double.NaN), 2.0)));
              assertTrue(Double.isNaN(Grad.derivative(x -> Math.pow(x, 0.5), -1.0)));
            })
        .number("a power of 1, in the exponent", 1, 0, x -> Math.pow(1, x))
        .array("0 to the power 1.5", of(0, 1.5), of(0, 0), t -> Math.pow(t[0], t[1]))
        .array("1 to the power 1", of(1, 1), of(1, 0), x -> Math.pow(x[0], x[1]))
        .number("a negative base", -2, -4, x -> Math.pow(x, 2))
        .number("abs at 0: the middle of the slopes beside it", 0, 0, Math::abs)
        .hessian(
            "abs squared", of(-0.1), new double[][] {{2}}, t -> Math.abs(t[0]) * Math.abs(t[0]))
        .number("log of a zero that does not depend", 1, 0, x -> Math.log(x - x + 1))
        .check(
            "log of 0 through a zero factor",
            () -> {
              Fn1<double[], Double> f = x -> Math.log(0 * x[0] + x[1]);
              assertEquals(Double.POSITIVE_INFINITY, Grad.gradient(f, of(1, 0))[1]);
            })
        .tests();
  }

  static double ackley(double[] x) {
    double squares = 0;
    double cosines = 0;
    for (double e : x) {
      cosines += Math.cos(2 * Math.PI * e);
      squares += e * e;
    }
    double n = x.length;
    return -20 * Math.exp(-0.2 * Math.sqrt(squares / n)) - Math.exp(cosines / n) + 20 + Math.E;
  }

  @TestFactory
  Stream<DynamicTest> gradients() {
    double[] a = {1, 0, 0, 0, 2, 0, 0, Math.PI, 3};
    double[][] h = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    return new Cases()
        .array("Rosenbrock", of(0.1, 0.2, 0.3), of(-9.4, 15.6, 52), x -> rosenbrock(x))
        .array(
            "Rosenbrock by a stream",
            of(0.1, 0.2, 0.3),
            of(-9.4, 15.6, 52),
            x ->
                java.util.stream.IntStream.range(0, 2)
                    .mapToDouble(
                        i -> Math.pow(1 - x[i], 2) + 100 * Math.pow(x[i + 1] - x[i] * x[i], 2))
                    .sum())
        .array(
            "an exponential, a logarithm, a quotient",
            of(0, 1, 1, 2, 2),
            of(0.5, 0, 1, 0, -0.25),
            x -> (Math.exp(x[0]) + Math.log(x[2]) * x[3]) / x[4])
        .array("x y + sin x", of(0, 3), of(4, 0), x -> x[0] * x[1] + Math.sin(x[0]))
        .array(
            "a norm of a matrix of products",
            of(3, 4),
            of(6, 8),
            x -> {
              double s = 0;
              for (double p : x) {
                for (double q : x) {
                  s += p * q * p * q;
                }
              }
              return Math.sqrt(s);
            })
        .array(
            "a literal after other work",
            of(1, 2),
            of(0, 0),
            x -> {
              double unused = sum(x) + x[0] * x[1];
              return unused > 100 ? 1.0 : 1;
            })
        .array(
            "cubes of negatives",
            of(1, 2),
            of(-3, -12),
            x -> DoubleStream.of(x).map(t -> Math.pow(-t, 3)).sum())
        .array(
            "positive ones (upstream issue 708)",
            of(1, -2, 3),
            of(1, 0, 1),
            x -> DoubleStream.of(x).map(t -> t > 0 ? t : 0).sum())
        .array(
            "a map with a captured element",
            of(1, 2, 3),
            of(7, 1, 1),
            x -> DoubleStream.of(x).map(t -> x[0] * t).sum())
        .array("Ackley", of(0.5, 0.5), of(2 * Math.exp(-0.1), 2 * Math.exp(-0.1)), x -> ackley(x))
        .array("Ackley at 0", of(0, 0), of(0, 0), x -> ackley(x))
        .array(
            "a logit weighted by itself",
            of(0.5, -1),
            logit(0.5, -1),
            x -> 1 / (1 + Math.exp(-dot(x, x))))
        .array("the first", of(1, 2, 3), of(1, 0, 0), x -> x[0])
        .array("a constant (issue 399)", of(1), of(0), x -> 1.0)
        .array(
            "a range whose step is the variable (issue 548)",
            of(0.3, 25),
            of(3486, 0),
            p -> {
              double s = 0;
              for (int i = 0; i * p[0] <= p[1]; i++) {
                s += i * p[0];
              }
              return s;
            })
        .array(
            "a determinant (issue 197)",
            a,
            of(6, 0, 0, 0, 3, -Math.PI, 0, 0, 2),
            m -> determinant(m, 3))
        .array(
            "a logarithm of a determinant of a triangle",
            of(1, 0, 0.8, 0.6),
            of(1, -4.0 / 3, 0, 5.0 / 3),
            l -> Math.log(determinant(l, 2)))
        .hessian(
            "a quadratic form at 0 (issue 551)",
            of(0, 0, 0),
            new double[][] {{2, 6, 10}, {6, 10, 14}, {10, 14, 18}},
            x -> quadratic(h, x))
        .hessian(
            "a quadratic form",
            of(1e-5, 1e-5, 1e-5),
            new double[][] {{2, 6, 10}, {6, 10, 14}, {10, 14, 18}},
            x -> quadratic(h, x))
        .hessian(
            "Rosenbrock's Hessian",
            of(0.1, 0.2, 0.3),
            new double[][] {{-66, -40, 0}, {-40, 130, -80}, {0, -80, 200}},
            x -> rosenbrock(x))
        .hessian(
            "a sum of hypotenuses",
            of(3, 4),
            new double[][] {{16.0 / 125, 0}, {0, 9.0 / 125}},
            y -> Math.hypot(4, y[0]) + Math.hypot(3, y[1]))
        .tests();
  }

  private static double[] logit(double x, double y) {
    double s = 1 / (1 + Math.exp(-(x * x + y * y)));
    return of(2 * x * s * (1 - s), 2 * y * s * (1 - s));
  }

  static double quadratic(double[][] h, double[] x) {
    double s = 0;
    for (int i = 0; i < x.length; i++) {
      s += x[i] * dot(h[i], x);
    }
    return s;
  }

  /** By elimination with pivots, rows in turn in the array. */
  static double determinant(double[] matrix, int n) {
    double[][] m = new double[n][];
    for (int i = 0; i < n; i++) {
      m[i] = Arrays.copyOfRange(matrix, i * n, (i + 1) * n);
    }
    double d = 1;
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        if (Math.abs(m[i][k]) > Math.abs(m[pivot][k])) {
          pivot = i;
        }
      }
      if (pivot != k) {
        double[] row = m[k];
        m[k] = m[pivot];
        m[pivot] = row;
        d = -d;
      }
      d *= m[k][k];
      for (int i = k + 1; i < n; i++) {
        double factor = m[i][k] / m[k][k];
        for (int j = k; j < n; j++) {
          m[i][j] -= factor * m[k][j];
        }
      }
    }
    return d;
  }

  static double[] inPlace(double[] x) {
    double[] y = new double[4];
    y[0] = x[0] * x[1];
    y[0] *= Math.sin(x[2] * x[2]);
    y[1] = y[0] + x[2];
    y[2] = y[0] / y[1];
    y[3] = x[2];
    return y;
  }

  static double[] chebyquad(double[] x) {
    double[] y = new double[x.length];
    for (double e : x) {
      double first = 1;
      double second = 2 * e - 1;
      double twice = 2 * second;
      for (int i = 0; i < y.length; i++) {
        y[i] += second;
        double next = twice * second - first;
        first = second;
        second = next;
      }
    }
    double sign = -1;
    for (int k = 0; k < y.length; k++) {
      y[k] /= x.length;
      if (sign > 0) {
        y[k] += 1.0 / ((k + 1) * (k + 1) - 1);
      }
      sign = -sign;
    }
    return y;
  }

  static double[] almostLinear(double[] x) {
    double[] y = new double[x.length];
    double c = sum(x) - (x.length + 1);
    for (int i = 0; i + 1 < x.length; i++) {
      for (int j = 0; j + 1 < y.length; j++) {
        y[j] += x[i] + c;
      }
    }
    double product = 1;
    for (double e : x) {
      product *= e;
    }
    y[y.length - 1] = product - 1;
    return y;
  }

  @TestFactory
  Stream<DynamicTest> jacobians() {
    return new Cases()
        .jacobian(
            "in place",
            of(1, 2, 3),
            new double[][] {
              {0.8242369704835132, 0.4121184852417566, -10.933563142616123},
              {0.8242369704835132, 0.4121184852417566, -9.933563142616123},
              {0.169076696546684, 0.084538348273342, -2.299173530851733},
              {0, 0, 1}
            },
            x -> inPlace(x))
        .jacobian(
            "a shifted polynomial sequence",
            of(0.25, 0.5),
            new double[][] {{1, 1}, {-2, 0}},
            x -> chebyquad(x))
        .jacobian(
            "an almost linear system",
            of(2, 3, 4),
            new double[][] {{3, 3, 2}, {3, 3, 2}, {12, 8, 6}},
            x -> almostLinear(x))
        .jacobian(
            "a mutation",
            of(2, 3, 5),
            new double[][] {{3, 2, 0}, {0, 0, 0}, {3, 2, 0}},
            x -> {
              double[] y = new double[3];
              y[0] = x[0];
              y[0] = y[0] * x[1];
              y[1] = y[1] * x[2];
              y[2] = sum(y);
              return y;
            })
        .jacobian(
            "another mutation",
            of(2, 3),
            new double[][] {{3, 2}, {3, 2}},
            x -> {
              double[] y = {1, 1};
              y[0] *= x[0];
              y[1] *= x[0];
              y[0] *= x[1];
              y[1] *= x[1];
              return y;
            })
        .jacobian(
            "an array made of a number",
            of(0.5),
            new double[][] {{Math.cos(0.5)}, {2 * Math.sin(0.5) * Math.cos(0.5)}, {1}},
            x -> new double[] {Math.sin(x[0]), Math.pow(Math.sin(x[0]), 2), x[0]})
        .jacobian("zeros", of(1, 2), new double[2][2], x -> new double[x.length])
        .jacobian("literals (issue 71)", of(0.3), new double[][] {{0}}, x -> new double[] {1})
        .jacobian(
            "arithmetic of every element with constants",
            of(1, 1),
            new double[][] {{1, 0}, {1, 0}, {0, 1}, {0, 1}},
            x -> new double[] {x[0] - 1, x[0] * 1, x[1] / 1, x[1] + 1})
        .jacobian(
            "eigenvalues of a symmetric matrix",
            of(1, 2),
            new double[][] {
              {(1 - 3 / Math.sqrt(5)) / 2, (1 - 1 / Math.sqrt(5)) / 2},
              {(1 + 3 / Math.sqrt(5)) / 2, (1 + 1 / Math.sqrt(5)) / 2}
            },
            x -> eigenvalues(x[0], x[0], x[1]))
        .check(
            "an element out of range",
            () ->
                assertThrows(
                    ArrayIndexOutOfBoundsException.class,
                    () -> Grad.jacobian(x -> new double[] {x[7]}, of(1, 2))))
        .tests();
  }

  /** Of a matrix of a and c on the diagonal and b beside it. */
  static double[] eigenvalues(double a, double b, double c) {
    double mean = (a + c) / 2;
    double root = Math.sqrt(Math.pow((a - c) / 2, 2) + b * b);
    return of(mean - root, mean + root);
  }

  @TestFactory
  Stream<DynamicTest> nested() {
    double[] third = {240, -400, 0, -400, 0, 0, 0, 0, 0};
    return new Cases()
        .check(
            "a tensor of third derivatives",
            () -> {
              // the first column: second derivatives of df/dx0
              double[][] h =
                  Grad.hessian(x -> Grad.gradient(y -> rosenbrock(y), x)[0], of(0.1, 0.2, 0.3));
              for (int i = 0; i < 3; i++) {
                assertClose(Arrays.copyOfRange(third, 3 * i, 3 * i + 3), h[i], "row " + i);
              }
            })
        .jacobian(
            "the Jacobian of a gradient",
            of(1, 2, 3),
            new double[][] {{-Math.sin(1), 0, 0}, {0, -Math.sin(2), 0}, {0, 0, -Math.sin(3)}},
            x -> Grad.gradient(y -> sum(Math.sin(y[0]), Math.sin(y[1]), Math.sin(y[2])), x))
        .array(
            "a derivative times a value (issue 59)",
            of(0.3, 0.7),
            of(-4 * Math.sin(0.6) / 12 * wave(0.7), slope(0.3) * slope(0.7)),
            x -> Grad.derivative(t -> wave(t), x[0]) * wave(x[1]))
        .tests();
  }

  static double wave(double x) {
    return Math.sin(x) / 3 * Math.cos(x) / 2;
  }

  static double slope(double x) {
    return (Math.pow(Math.cos(x), 2) / 3 - Math.pow(Math.sin(x), 2) / 3) / 2;
  }
}

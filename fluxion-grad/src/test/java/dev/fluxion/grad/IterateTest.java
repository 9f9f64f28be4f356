package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Loops from state to state, reversed from a few states: the gradients of the loops written out.
 */
class IterateTest {
  record Planet(double[] position, double speed, int step) {}

  static final class Counted {
    private static int runs;

    private Counted() {}

    @Primitive(Counted.class)
    static double run(double x) {
      runs++;
      return x;
    }

    @Pullback(of = "run")
    static double run(double x, double y, double dy) {
      return dy;
    }
  }

  static double[] next(double[] u, double[] k) {
    double[] v = new double[u.length];
    for (int i = 0; i < u.length; i++) {
      v[i] = u[i] + k[i] * Math.sin(u[(i + 1) % u.length]);
    }
    return v;
  }

  static double[] plain(int steps, double[] u, double[] k) {
    double[] v = u;
    for (int i = 0; i < steps; i++) {
      v = next(v, k);
    }
    return v;
  }

  static double energy(double[] u) {
    double sum = 0;
    for (double one : u) {
      sum += one * one;
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "2, 1", "2, 2", "7, 1", "7, 3", "30, 4", "30, 100"})
  void gradientsAreThoseOfTheLoop(int steps, int snapshots) {
    double[] u = {0.3, 0.7, -0.2};
    double[] k = {0.1, -0.3, 0.2};
    Pair<double[], double[]> expected =
        Grad.gradient((double[] a, double[] b) -> energy(plain(steps, a, b)), u, k);
    Pair<double[], double[]> actual =
        Grad.gradient(
            (double[] a, double[] b) ->
                energy(Fluxion.iterate(steps, a, v -> next(v, b), snapshots)),
            u,
            k);
    assertArrayEquals(expected.first(), actual.first(), 1e-14);
    assertArrayEquals(expected.second(), actual.second(), 1e-13);
    assertArrayEquals(plain(steps, u, k), Fluxion.iterate(steps, u, v -> next(v, k), snapshots));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "10, 1", "10, 3", "20, 3", "56, 5", "57, 5", "100, 1000"})
  void stepsRunNoMoreOftenThanTheyMust(int steps, int snapshots) {
    Counted.runs = 0;
    double slope =
        Grad.gradient(
            (Double x) -> Fluxion.iterate(steps, x, y -> Counted.run(y) * 1.01, snapshots), 2.0);
    assertEquals(Math.pow(1.01, steps), slope, 1e-12);
    assertEquals(steps + Revolve.advances(steps, snapshots), Counted.runs);
  }

  @Test
  void aStepIsRunNoMoreThanThriceAgainUnlessAsked() {
    Counted.runs = 0;
    double _ =
        Grad.gradient((Double x) -> Fluxion.iterate(1000, x, y -> Counted.run(y) * 1.001), 2.0);
    assertEquals(1000 + Revolve.advances(1000, 17), Counted.runs);
    assertTrue(Counted.runs <= 4 * 1000);
  }

  @Test
  void statesChangedInPlace() {
    double[] k = {0.1, -0.3, 0.2};
    Fn1<double[], double[]> step =
        v -> {
          for (int i = 0; i < v.length; i++) {
            v[i] = v[i] + k[i] * v[(i + 1) % v.length] * v[i];
          }
          return v;
        };
    double[] x = {0.3, 0.7, -0.2};
    double[] expected =
        Grad.gradient(
            (double[] a) -> {
              for (int i = 0; i < 20; i++) {
                double[] _ = step.apply(a);
              }
              return energy(a);
            },
            x.clone());
    double[] at = x.clone();
    double[] actual =
        Grad.gradient(
            (double[] a) -> {
              double[] _ = Fluxion.iterate(20, a, step, 3);
              return energy(a);
            },
            at);
    assertArrayEquals(expected, actual, 1e-14);
    for (int i = 0; i < 20; i++) {
      double[] _ = step.apply(x);
    }
    assertArrayEquals(x, at);
  }

  static Planet moved(Planet p) {
    double[] q = p.position().clone();
    q[0] += 0.1 * p.speed();
    q[1] -= 0.1 * q[0];
    return new Planet(q, p.speed() * 0.9 - 0.05 * q[1] + 0.01 * p.step(), p.step() + 1);
  }

  @Test
  void records() {
    Planet x = new Planet(new double[] {1, 2}, 3, 0);
    Planet expected =
        Grad.gradient(
            (Planet p) -> {
              Planet q = p;
              for (int i = 0; i < 15; i++) {
                q = moved(q);
              }
              return q.position()[1] * q.speed();
            },
            x);
    Planet actual =
        Grad.gradient(
            (Planet p) -> {
              Planet q = Fluxion.iterate(15, p, o -> moved(o), 3);
              return q.position()[1] * q.speed();
            },
            x);
    assertArrayEquals(expected.position(), actual.position(), 1e-13);
    assertEquals(expected.speed(), actual.speed(), 1e-13);
  }

  @Test
  void whatIsCapturedAndChangedIsThereInTheEnd() {
    double[] x = {0.4, 1.1};
    Fn1<double[], Double> expected =
        a -> {
          double[] sum = new double[1];
          double y = a[0];
          for (int i = 0; i < 12; i++) {
            sum[0] += y * a[1];
            y = Math.sin(y) * a[1] + sum[0] * 0.1;
          }
          return y * sum[0];
        };
    Fn1<double[], Double> actual =
        a -> {
          double[] sum = new double[1];
          double y =
              Fluxion.iterate(
                  12,
                  a[0],
                  z -> {
                    sum[0] += z * a[1];
                    return Math.sin(z) * a[1] + sum[0] * 0.1;
                  },
                  3);
          return y * sum[0];
        };
    assertEquals(expected.apply(x), actual.apply(x));
    assertArrayEquals(Grad.gradient(expected, x), Grad.gradient(actual, x), 1e-13);
  }

  @Test
  void lists() {
    double[] x = {0.4, 1.1};
    Fn1<List<Double>, List<Double>> step =
        list -> {
          list.add(list.get(list.size() - 1) * Math.cos(list.get(0)));
          return list;
        };
    Fn1<double[], Double> expected =
        a -> {
          List<Double> list = new ArrayList<>(List.of(a[0], a[1]));
          for (int i = 0; i < 9; i++) {
            list = step.apply(list);
          }
          return list.get(10) + list.get(5) * list.get(3);
        };
    Fn1<double[], Double> actual =
        a -> {
          List<Double> start = new ArrayList<>(List.of(a[0], a[1]));
          List<Double> list = Fluxion.iterate(9, start, step, 3);
          return list.get(10) + start.get(5) * list.get(3);
        };
    assertArrayEquals(Grad.gradient(expected, x), Grad.gradient(actual, x), 1e-14);
  }

  @Test
  void loopsWithinLoops() {
    double[] x = {0.4, 1.1};
    Scalar1 inner = Fluxion.checkpointed((double y) -> Math.sin(y) + 0.1 * y * y);
    Fn1<double[], Double> expected =
        a -> {
          double y = a[0];
          for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
              y = (Math.sin(y) + 0.1 * y * y) * a[1];
            }
          }
          return y;
        };
    Fn1<double[], Double> actual =
        a -> Fluxion.iterate(5, a[0], y -> Fluxion.iterate(4, y, z -> inner.apply(z) * a[1], 2), 2);
    assertArrayEquals(Grad.gradient(expected, x), Grad.gradient(actual, x), 1e-14);
  }

  @Test
  void otherDerivatives() {
    double[] u = {0.3, 0.7, -0.2};
    double[] k = {0.1, -0.3, 0.2};
    Fn1<double[], double[]> expected = a -> plain(10, a, k);
    Fn1<double[], double[]> actual = a -> Fluxion.iterate(10, a, v -> next(v, k), 3);
    assertArrayEquals(Grad.jvp(expected, u, k).tangent(), Grad.jvp(actual, u, k).tangent(), 1e-15);
    double[][] rows = Grad.hessian((double[] a) -> energy(expected.apply(a)), u);
    double[][] ours = Grad.hessian((double[] a) -> energy(actual.apply(a)), u);
    for (int i = 0; i < u.length; i++) {
      assertArrayEquals(rows[i], ours[i], 1e-13);
    }
    var first = Grad.pullback(expected, u);
    var second = Grad.pullback(actual, u);
    for (int i = 0; i < 3; i++) {
      double[] unit = new double[3];
      unit[i] = 1;
      assertArrayEquals(first.gradient(unit), second.gradient(unit), 1e-15);
    }
    assertArrayEquals(first.gradient(u), second.gradient(u), 1e-14);
  }

  @Test
  void exceptionsThatAreCaught() {
    Fn1<Double, Double> step =
        y -> {
          if (y > 30) {
            throw new ArithmeticException("too large");
          }
          return y * y;
        };
    double[] at = {0};
    Fn1<double[], Double> expected =
        a -> {
          double[] last = {a[0]};
          try {
            for (int i = 0; i < 10; i++) {
              last[0] = step.apply(last[0]);
            }
          } catch (ArithmeticException e) {
            at[0]++;
          }
          return last[0] * a[1];
        };
    Fn1<double[], Double> actual =
        a -> {
          double[] last = {a[0]};
          try {
            double _ =
                Fluxion.iterate(
                    10,
                    a[0],
                    y -> {
                      last[0] = step.apply(y);
                      return last[0];
                    },
                    2);
          } catch (ArithmeticException e) {
            at[0]++;
          }
          return last[0] * a[1];
        };
    double[] x = {1.5, 3};
    assertArrayEquals(Grad.gradient(expected, x), Grad.gradient(actual, x), 1e-12);
    assertEquals(2, at[0]);
    assertThrows(
        ArithmeticException.class,
        () -> Grad.gradient((Double y) -> Fluxion.iterate(10, y, step, 2), 2.0));
  }

  @Test
  void badArguments() {
    assertThrows(IllegalArgumentException.class, () -> Fluxion.iterate(-1, 1.0, y -> y));
    assertThrows(IllegalArgumentException.class, () -> Fluxion.iterate(3, 1.0, y -> y, 0));
  }

  /** How many bytes a pullback of a loop holds on to. */
  private static long kept(int steps, int size) {
    return HeldMemory.by(() -> used(steps, size));
  }

  private static ValueAndPullback<double[], double[]> used(int steps, int size) {
    double[] k = new double[size];
    var back =
        Grad.pullback(
            (double[] a) -> Fluxion.iterate(steps, a, v -> next(v, k), 5), new double[size]);
    assertEquals(size, back.gradient(new double[size]).length);
    return back;
  }

  @Test
  void memoryDoesNotGrowWithTheSteps() {
    int size = 20_000;
    long few = kept(40, size);
    long many = kept(320, size);
    assertTrue(few > 8L * 5 * size, "five states at least: " + few);
    assertTrue(many < 1.2 * few + 100_000, "40 steps keep " + few + ", 320 keep " + many);
  }
}

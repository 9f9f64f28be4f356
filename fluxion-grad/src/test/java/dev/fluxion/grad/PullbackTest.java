package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Pullbacks: one run of the function, and a reverse sweep for each cotangent. */
class PullbackTest {
  record Vector(double x, double y) {}

  record Body(Vector position, double[] moments, String name) {}

  static final class Node {
    double value;
    Node next;

    Node(double value) {
      this.value = value;
      this.next = this;
    }
  }

  static double[] polar(double[] p) {
    double[] result = new double[3];
    for (int i = 0; i < 3; i++) {
      result[i] = p[0] * Math.sin(p[1] * (i + 1));
    }
    return result;
  }

  @Test
  void everyCotangentGivesItsOwnGradient() {
    double[] x = {2, 0.3};
    var back = Grad.pullback(PullbackTest::polar, x);
    assertArrayEquals(polar(x), back.value());
    double[][] jacobian = Grad.jacobian(PullbackTest::polar, x);
    for (int repeat = 0; repeat < 2; repeat++) {
      for (int i = 0; i < 3; i++) {
        double[] unit = new double[3];
        unit[i] = 1;
        assertArrayEquals(jacobian[i], back.gradient(unit), 1e-15);
      }
    }
    double[] seed = {1, -2, 3};
    double[] sum = back.gradient(seed);
    for (int j = 0; j < 2; j++) {
      assertEquals(jacobian[0][j] - 2 * jacobian[1][j] + 3 * jacobian[2][j], sum[j], 1e-14);
    }
    assertArrayEquals(new double[] {1, -2, 3}, seed);
  }

  @Test
  void jacobiansAndPullbacksShareTheirCode() {
    Fn1<double[], double[]> f = a -> new double[] {a[0] * a[1]};
    Pushforwards known = Pushforwards.of(f, Pushforwards.FN_1);
    assertArrayEquals(
        new double[] {0, 2, 0, 0, 0}, Grad.jacobian(f, new double[] {2, 0, 0, 0, 0})[0]);
    assertSame(known, Pushforwards.of(f, Pushforwards.FN_1));
  }

  @Test
  void gradientsShareNoMemory() {
    var back = Grad.pullback((double[] a) -> a, new double[] {1, 2});
    double[] first = back.gradient(new double[] {3, 4});
    first[0] = 100;
    assertArrayEquals(new double[] {3, 4}, back.gradient(new double[] {3, 4}));
  }

  @Test
  void numbersGiveNumbers() {
    ValueAndPullback<Double, Double> back = Grad.pullback((Double x) -> x * x, 3.0);
    assertEquals(9, back.value());
    assertEquals(6, back.gradient(1.0));
    assertEquals(-12, back.gradient(-2.0));
    ValueAndPullback<Float, Float> single = Grad.pullback((Float x) -> x * x, 3f);
    assertEquals(12f, single.gradient(2f));
  }

  @Test
  void severalArguments() {
    var two =
        Grad.pullback(
            (double[] a, Double s) -> new double[] {a[0] * s, a[1]}, new double[] {2, 3}, 5.0);
    for (int i = 1; i < 3; i++) {
      Pair<double[], Double> g = two.gradient(new double[] {i, 10});
      assertArrayEquals(new double[] {5 * i, 10}, g.first());
      assertEquals(2 * i, g.second());
    }
    var three =
        Grad.pullback((Double a, Double b, Double c) -> new Vector(a * b, b * c), 2.0, 3.0, 5.0);
    Triple<Double, Double, Double> g = three.gradient(new Vector(1, 10));
    assertEquals(new Triple<>(3.0, 52.0, 30.0), g);
  }

  @Test
  void oneObjectAsTwoArguments() {
    Double x = 3.0;
    var back = Grad.pullback((Double a, Double b) -> a * a * b, x, x);
    assertEquals(new Pair<>(18.0, 9.0), back.gradient(1.0));
    assertEquals(new Pair<>(18.0, 9.0), Grad.gradient((Double a, Double b) -> a * a * b, x, x));
    Triple<Double, Double, Double> three =
        Grad.gradient((Double a, Double b, Double c) -> a * a * b * c, x, x, x);
    assertEquals(new Triple<>(54.0, 27.0, 27.0), three);
  }

  @Test
  void recordsAndNestedArrays() {
    Body x = new Body(new Vector(1, 2), new double[] {3, 4}, "moon");
    var back =
        Grad.pullback(
            (Body b) ->
                new Body[] {
                  new Body(
                      new Vector(b.position.x * b.position.y, b.moments[0]),
                      new double[] {b.moments[1] * b.position.x},
                      "result"),
                  b
                },
            x);
    Body zero = new Body(new Vector(0, 0), new double[] {0, 0}, "");
    Body seed = new Body(new Vector(1, 10), new double[] {100}, "");
    for (int i = 0; i < 2; i++) {
      Body g = back.gradient(new Body[] {seed, zero});
      assertEquals(new Vector(2 + 400, 1), g.position);
      assertArrayEquals(new double[] {10, 100}, g.moments);
      Body own =
          back.gradient(
              new Body[] {
                new Body(new Vector(0, 0), new double[1], ""),
                new Body(new Vector(5, 6), new double[] {7, 8}, "")
              });
      assertEquals(new Vector(5, 6), own.position);
      assertArrayEquals(new double[] {7, 8}, own.moments);
    }
    var rows =
        Grad.pullback(
            (double[] a) -> new double[][] {{a[0], a[1] * a[1]}, {a[0] * a[1]}},
            new double[] {2, 3});
    assertArrayEquals(
        new double[] {1 + 3 * 100, 60 + 200}, rows.gradient(new double[][] {{1, 10}, {100}}));
  }

  @Test
  void whatIsInTwoPlacesGetsBothCotangents() {
    var rows =
        Grad.pullback(
            (double[] a) -> {
              double[] row = {a[0] * a[0]};
              return new double[][] {row, row};
            },
            new double[] {3});
    assertArrayEquals(new double[] {6 * 11}, rows.gradient(new double[][] {{1}, {10}}));
    var list =
        Grad.pullback(
            (Double a) -> {
              Double twice = 2 * a;
              return List.of(twice, twice);
            },
            3.0);
    assertEquals(22.0, list.gradient(List.of(1.0, 10.0)));
  }

  @Test
  void listsMapsAndOptionals() {
    var back =
        Grad.pullback(
            (List<Double> a) -> {
              List<Double> b = new ArrayList<>();
              for (Double one : a) {
                b.add(one * one);
              }
              b.add(a.get(0) * a.get(1));
              return b;
            },
            List.of(2.0, 3.0));
    assertEquals(List.of(4.0, 9.0, 6.0), back.value());
    for (int i = 0; i < 2; i++) {
      assertEquals(List.of(4.0 + 300, 60.0 + 200), back.gradient(List.of(1.0, 10.0, 100.0)));
    }
    var map =
        Grad.pullback(
            (double[] a) -> {
              Map<String, Double> result = new HashMap<>();
              result.put("square", a[0] * a[0]);
              result.put("cube", a[0] * a[0] * a[0]);
              return result;
            },
            new double[] {2});
    assertArrayEquals(new double[] {4 + 120}, map.gradient(Map.of("square", 1.0, "cube", 10.0)));
    var optional = Grad.pullback((Double a) -> Optional.of(a * a), 2.0);
    assertEquals(12, optional.gradient(Optional.of(3.0)));
  }

  @Test
  void changedArraysAreChangedOnce() {
    double[] x = {2, 3};
    var back =
        Grad.pullback(
            (double[] a) -> {
              a[0] *= a[1];
              a[1] *= a[0];
              return a;
            },
            x);
    assertSame(x, back.value());
    assertArrayEquals(new double[] {6, 18}, x);
    for (int i = 0; i < 2; i++) { // (a b, a b²)
      assertArrayEquals(new double[] {3 + 90, 2 + 120}, back.gradient(new double[] {1, 10}));
      assertArrayEquals(new double[] {6, 18}, x);
    }
    x[0] = 1000;
    assertArrayEquals(new double[] {3, 2}, back.gradient(new double[] {1, 0}));
  }

  @Test
  void objectsThatChangeAndLeadToThemselves() {
    Node x = new Node(3);
    var back =
        Grad.pullback(
            (Node n) -> {
              Node result = new Node(n.value * n.value);
              result.next = new Node(n.value);
              result.next.next = result;
              return result;
            },
            x);
    Node seed = new Node(1);
    seed.next = new Node(10);
    seed.next.next = seed;
    for (int i = 0; i < 2; i++) {
      assertEquals(16, back.gradient(seed).value);
    }
  }

  static double[] withLoops(double[] a) {
    double[] state = a.clone();
    double[][] history = new double[20][];
    for (int i = 0; i < 20; i++) {
      history[i] = state;
      double[] next = new double[2];
      for (int j = 0; j < 2; j++) {
        next[j] = Math.sin(state[j]) * state[1 - j] + a[j] * history[i / 2][0];
      }
      if (next[0] > 0.5) {
        next[0] *= next[1];
      }
      state = next;
    }
    return state;
  }

  @Test
  void loopsAndRecursionKeepTheirValues() {
    double[] x = {0.7, 0.4};
    var back = Grad.pullback(PullbackTest::withLoops, x);
    double[] first = back.gradient(new double[] {1, 2});
    double h = 1e-6;
    for (int j = 0; j < 2; j++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[j] += h;
      down[j] -= h;
      double[] above = withLoops(up);
      double[] below = withLoops(down);
      double slope = (above[0] - below[0] + 2 * (above[1] - below[1])) / (2 * h);
      assertEquals(slope, first[j], 1e-7);
    }
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(first, back.gradient(new double[] {1, 2}));
    }
    Fn1<double[], Double> recursive = a -> GradientTest.recursive(a[0], 5);
    var power = Grad.pullback(recursive, new double[] {2});
    assertArrayEquals(power.gradient(1.0), power.gradient(1.0));
  }

  interface Shape {
    double[] scaled(double by);
  }

  record Square(double side) implements Shape {
    @Override
    public double[] scaled(double by) {
      return new double[] {side * by, side * side * by * by};
    }
  }

  @Test
  void virtualCallsAndLambdas() {
    var back =
        Grad.pullback(
            (Square s) -> {
              Shape shape = s;
              Scalar1 twice = y -> 2 * y * s.side;
              double[] scaled = shape.scaled(3);
              return new double[] {twice.apply(scaled[0]), scaled[1]};
            },
            new Square(2)); // (6 s², 9 s²)
    for (int i = 0; i < 2; i++) {
      assertEquals(24.0 + 360, back.gradient(new double[] {1, 10}).side);
    }
  }

  @Test
  void theFunctionRunsOnce() {
    int[] runs = {0};
    var back =
        Grad.pullback(
            (Double x) -> {
              runs[0]++;
              return x * runs[0];
            },
            3.0);
    back.gradient(1.0);
    assertEquals(1, back.gradient(1.0));
    assertEquals(1, runs[0]);
  }

  @Test
  void cotangentsOfAnotherShapeAreRefused() {
    var back = Grad.pullback(PullbackTest::polar, new double[] {2, 3});
    refused("has 2", () -> back.gradient(new double[2]));
    Body point = new Body(new Vector(1, 2), new double[3], "");
    var body = Grad.pullback((Body b) -> b, point);
    refused("has 2", () -> body.gradient(new Body(point.position, new double[2], "")));
    ValueAndPullback<Object, Double> object = Grad.pullback((Double a) -> (Object) a, 1.0);
    refused("a Double cannot be a String", () -> object.gradient("1"));
    var list = Grad.pullback((Double x) -> List.of(x, x), 1.0);
    refused("has 1", () -> list.gradient(List.of(1.0)));
    assertEquals(7.0, list.gradient(List.of(3.0, 4.0)));
  }

  @Test
  void listsThatChangeMeanwhileAreRefused() {
    List<Double> x = new ArrayList<>(List.of(1.5, 2.5));
    var back = Grad.pullback((List<Double> a) -> a.get(0) * a.get(1), x);
    assertEquals(List.of(2.5, 1.5), back.gradient(1.0));
    x.set(0, 7.25);
    refused("after the pullback was made", () -> back.gradient(1.0));
  }

  private static void refused(String text, Callable<Object> call) {
    GradientException e = assertThrows(GradientException.class, call::call);
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  @Test
  void isNotDifferentiatedOnceItIsTaken() {
    var back = Grad.pullback((Double x) -> x * x, 3.0);
    refused("ValueAndPullback.gradient", () -> Grad.gradient(y -> back.gradient(y), 2.0));
  }

  @Test
  void threadsMayShareOne() throws Exception {
    var back = Grad.pullback(PullbackTest::withLoops, new double[] {0.7, 0.4});
    double[] expected = back.gradient(new double[] {1, 2});
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<double[]>> results = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        results.add(threads.submit(() -> back.gradient(new double[] {1, 2})));
      }
      for (Future<double[]> result : results) {
        assertArrayEquals(expected, result.get());
      }
    }
  }

  @Test
  void memoryIsReleasedWithThePullback() throws InterruptedException {
    WeakReference<double[]> kept = keptByAPullback();
    for (int i = 0; i < 50 && kept.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(kept.get());
  }

  private static WeakReference<double[]> keptByAPullback() {
    double[] x = {0.7, 0.4};
    var back = Grad.pullback(PullbackTest::withLoops, x);
    back.gradient(new double[] {1, 2});
    return new WeakReference<>(x);
  }
}

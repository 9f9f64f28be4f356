package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Functions that are run again in the reverse sweep: the same gradients, without their memory. */
class CheckpointedTest {
  record Body(double[] position, double mass, String name) {}

  static final class Cell {
    double value;
    @Nullable Cell next;

    Cell(double value) {
      this.value = value;
    }
  }

  static double wave(double x) {
    double y = x;
    for (int i = 0; i < 5; i++) {
      y = Math.sin(y) + 0.3 * y * y;
    }
    return y;
  }

  @Test
  void ofANumber() {
    Scalar1 f = Fluxion.checkpointed((double x) -> wave(x));
    assertEquals(wave(0.7), f.apply(0.7));
    double expected = Grad.gradient((double x) -> wave(x), 0.7);
    assertEquals(expected, Grad.gradient(f, 0.7));
    assertEquals(expected, Grad.gradient((double x) -> f.apply(x), 0.7));
    assertEquals(expected, Grad.derivative(f, 0.7), 1e-14);
  }

  @Test
  void ofSeveralNumbers() {
    Scalar2 two = Fluxion.checkpointed((double x, double y) -> Math.sin(x * y) + x);
    Pair<Double, Double> pair = Grad.gradient(two, 0.4, 2.0);
    assertEquals(2 * Math.cos(0.8) + 1, pair.first(), 1e-14);
    assertEquals(0.4 * Math.cos(0.8), pair.second(), 1e-14);
    Scalar3 three = Fluxion.checkpointed((double x, double y, double z) -> x * y * z * z);
    var triple = Grad.gradient(three, 2.0, 3.0, 5.0);
    assertEquals(75, triple.first(), 1e-12);
    assertEquals(50, triple.second(), 1e-12);
    assertEquals(60, triple.third(), 1e-12);
  }

  static double[] squares(double[] a) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = a[i] * a[i] + Math.sin(a[(i + 1) % a.length]);
    }
    return result;
  }

  static double total(double[] a) {
    double sum = 0;
    for (double one : a) {
      sum += Math.cos(one);
    }
    return sum;
  }

  @Test
  void chainOfArrays() {
    Fn1<double[], double[]> f = Fluxion.checkpointed((double[] a) -> squares(a));
    double[] x = {0.3, -0.2, 0.8};
    double[] expected = Grad.gradient((double[] a) -> total(squares(squares(squares(a)))), x);
    double[] actual = Grad.gradient((double[] a) -> total(f.apply(f.apply(f.apply(a)))), x);
    assertArrayEquals(expected, actual);
  }

  @Test
  void whatIsCapturedHasItsGradient() {
    double[] x = {0.3, -0.2};
    double[] expected = {2 * 0.3 * -0.2 + Math.cos(0.3), 0.09};
    double[] actual =
        Grad.gradient(
            (double[] a) -> {
              double scale = a[1];
              Scalar1 f = Fluxion.checkpointed((double y) -> y * y * scale + Math.sin(a[0]));
              return f.apply(a[0]);
            },
            x);
    assertArrayEquals(expected, actual, 1e-15);
  }

  static void relax(double[] a) {
    for (int i = 1; i < a.length; i++) {
      a[i] = a[i] * a[i - 1] + 0.5;
    }
  }

  @Test
  void argumentsChangedInPlace() {
    double[] x = {0.9, 0.7, -0.4};
    double[] expected =
        Grad.gradient(
            (double[] a) -> {
              relax(a);
              a[0] = a[0] * a[2];
              relax(a);
              return total(a);
            },
            x.clone());
    Fn1<double[], double[]> f =
        Fluxion.checkpointed(
            (double[] a) -> {
              relax(a);
              return a;
            });
    double[] at = x.clone();
    double[] actual =
        Grad.gradient(
            (double[] a) -> {
              f.apply(a);
              a[0] = a[0] * a[2];
              f.apply(a);
              return total(a);
            },
            at);
    assertArrayEquals(expected, actual);
    double[] after = x.clone();
    relax(after);
    after[0] = after[0] * after[2];
    relax(after);
    assertArrayEquals(after, at, "the argument is left as the function has left it");
  }

  @Test
  void records() {
    Fn1<Body, Body> f =
        Fluxion.checkpointed(
            (Body b) -> new Body(squares(b.position()), b.mass() * b.mass(), b.name()));
    Body x = new Body(new double[] {0.1, 0.5}, 3, "moon");
    Body expected =
        Grad.gradient((Body b) -> total(squares(squares(b.position()))) * Math.pow(b.mass(), 4), x);
    Body actual =
        Grad.gradient(
            (Body b) -> {
              Body c = f.apply(f.apply(b));
              return total(c.position()) * c.mass();
            },
            x);
    assertArrayEquals(expected.position(), actual.position(), 1e-12);
    assertEquals(expected.mass(), actual.mass(), 1e-9);
    assertEquals("moon", actual.name());
  }

  /** Doubles each value, and puts the last cell first. */
  static Cell rotate(Cell first) {
    Cell before = first;
    Cell at = first;
    for (Cell next = at.next; next != null; next = at.next) {
      at.value = at.value * at.value + next.value;
      before = at;
      at = next;
    }
    before.next = null;
    at.next = first;
    return at;
  }

  static Cell list(double[] a) {
    Cell first = new Cell(a[a.length - 1]);
    for (int i = a.length - 2; i >= 0; i--) {
      Cell cell = new Cell(a[i]);
      cell.next = first;
      first = cell;
    }
    return first;
  }

  static double weighted(Cell first) {
    double sum = 0;
    int weight = 1;
    for (@Nullable Cell at = first; at != null; at = at.next) {
      sum += weight++ * at.value;
    }
    return sum;
  }

  @Test
  void objectsRelinked() {
    double[] x = {0.3, 0.5, -0.7, 1.1};
    double[] expected = Grad.gradient((double[] a) -> weighted(rotate(rotate(rotate(list(a))))), x);
    Fn1<Cell, Cell> f = Fluxion.checkpointed((Cell c) -> rotate(c));
    double[] actual =
        Grad.gradient((double[] a) -> weighted(f.apply(f.apply(f.apply(list(a))))), x);
    assertArrayEquals(expected, actual);
  }

  static void grow(List<Double> list) {
    double last = list.get(list.size() - 1);
    list.set(0, last * list.get(0));
    list.add(Math.sin(last) * list.get(0));
  }

  static double sum(List<Double> list) {
    double sum = 0;
    for (double one : list) {
      sum = sum * 0.5 + one;
    }
    return sum;
  }

  @Test
  void lists() {
    double[] x = {0.8, 1.7};
    Fn1<List<Double>, List<Double>> f =
        Fluxion.checkpointed(
            (List<Double> list) -> {
              grow(list);
              return list;
            });
    double[] expected =
        Grad.gradient(
            (double[] a) -> {
              List<Double> list = new ArrayList<>(List.of(a[0], a[1]));
              grow(list);
              grow(list);
              return sum(list);
            },
            x);
    double[] actual =
        Grad.gradient(
            (double[] a) -> {
              List<Double> list = new ArrayList<>(List.of(a[0], a[1]));
              return sum(f.apply(f.apply(list)));
            },
            x);
    assertArrayEquals(expected, actual);
  }

  @Test
  void maps() {
    Fn2<Map<String, double[]>, Double, Double> f =
        Fluxion.checkpointed(
            (Map<String, double[]> map, Double y) -> {
              map.put("b", new double[] {map.get("a")[0] * y});
              return map.get("b")[0] * map.get("a")[1];
            });
    double[] actual =
        Grad.gradient(
            (double[] a) -> {
              Map<String, double[]> map = new HashMap<>();
              map.put("a", a);
              double product = f.apply(map, a[1]);
              return product + map.get("b")[0];
            },
            new double[] {3, 5});
    assertArrayEquals(new double[] {25 + 5, 2 * 3 * 5 + 3}, actual, 1e-12);
  }

  @Test
  void severalArguments() {
    Fn3<double[], Double, Double, Double> three =
        Fluxion.checkpointed((double[] a, Double y, Double z) -> a[0] * y + a[1] * z * z);
    var triple = Grad.gradient(three, new double[] {2, 3}, 5.0, 7.0);
    assertArrayEquals(new double[] {5, 49}, triple.first(), 1e-12);
    assertEquals(2, triple.second(), 1e-12);
    assertEquals(42, triple.third(), 1e-12);
    Fn4<Double, Double, Double, Double, Double> four =
        Fluxion.checkpointed((Double p, Double q, Double r, Double s) -> p * q + r * s * s);
    double[] actual =
        Grad.gradient(
            (double[] a) -> four.apply(a[0], a[1], a[2], a[3]), new double[] {1, 2, 3, 4});
    assertArrayEquals(new double[] {2, 1, 16, 24}, actual, 1e-12);
  }

  @Test
  void oneWithinAnother() {
    Scalar1 inner = Fluxion.checkpointed((double x) -> Math.sin(x) * x);
    Scalar1 outer = Fluxion.checkpointed((double x) -> inner.apply(inner.apply(x)) + x);
    Scalar1 plain = x -> Math.sin(Math.sin(x) * x) * (Math.sin(x) * x) + x;
    assertEquals(Grad.gradient(plain, 1.3), Grad.gradient(outer, 1.3), 1e-14);
  }

  static double power(double x, int n) {
    if (n == 0) {
      return 1;
    }
    Scalar1 rest = Fluxion.checkpointed((double y) -> y * power(y, n - 1));
    return rest.apply(x);
  }

  @Test
  void recursion() {
    assertEquals(6 * Math.pow(1.1, 5), Grad.gradient((double x) -> power(x, 6), 1.1), 1e-12);
  }

  @Test
  void secondDerivatives() {
    Fn1<double[], double[]> f = Fluxion.checkpointed((double[] a) -> squares(a));
    double[] x = {0.3, -0.2, 0.8};
    double[][] expected = Grad.hessian((double[] a) -> total(squares(squares(a))), x);
    double[][] actual = Grad.hessian((double[] a) -> total(f.apply(f.apply(a))), x);
    for (int i = 0; i < x.length; i++) {
      assertArrayEquals(expected[i], actual[i], 1e-13);
    }
    Scalar1 g = Fluxion.checkpointed((double y) -> y * y * y * y);
    assertEquals(12 * 1.5 * 1.5, Grad.gradient((double y) -> Grad.gradient(g, y), 1.5), 1e-12);
    assertEquals(
        24 * 1.5,
        Grad.derivative((double z) -> Grad.gradient((double y) -> Grad.gradient(g, y), z), 1.5),
        1e-12);
  }

  /** It is the difference that is to be said, and not that the code of a proxy is not found. */
  @Test
  void whatDiffersIsSaidWhereverTheCodeIs() throws Exception {
    MethodHandle sine =
        MethodHandles.lookup()
            .findStatic(Math.class, "sin", MethodType.methodType(double.class, double.class));
    Scalar1 proxy = MethodHandleProxies.asInterfaceInstance(Scalar1.class, sine);
    String said =
        Sweeps.differs(new Object[] {new Checkpointed.OfNumber(proxy)}, null).getMessage();
    assertTrue(said.contains("does something else when it is run again"), said);
  }

  @Test
  void forwardMode() {
    Fn1<double[], double[]> f = Fluxion.checkpointed((double[] a) -> squares(a));
    double[] x = {0.3, -0.2, 0.8};
    double[] direction = {1, 2, -1};
    assertArrayEquals(
        Grad.jvp((double[] a) -> squares(a), x, direction).tangent(),
        Grad.jvp(f, x, direction).tangent());
  }

  @Test
  void pullbackTwice() {
    Fn1<double[], double[]> f = Fluxion.checkpointed((double[] a) -> squares(a));
    double[] x = {0.3, -0.2, 0.8};
    var expected = Grad.pullback((double[] a) -> squares(squares(a)), x);
    var actual = Grad.pullback((double[] a) -> f.apply(f.apply(a)), x);
    assertArrayEquals(expected.value(), actual.value());
    for (double[] cotangent : new double[][] {{1, 0, 0}, {0, 2, 1}, {1, 0, 0}}) {
      assertArrayEquals(expected.gradient(cotangent), actual.gradient(cotangent));
    }
  }

  static double risky(double[] a, double limit) {
    a[0] = a[0] * a[1];
    if (a[0] > limit) {
      throw new IllegalStateException("too large");
    }
    a[1] = a[1] * a[1];
    return a[0] + a[1];
  }

  @Test
  void exceptionsThatAreCaught() {
    Fn1<double[], Double> f = Fluxion.checkpointed((double[] a) -> risky(a, 10));
    for (double[] x : new double[][] {{2, 3}, {4, 3}}) {
      double[] expected =
          Grad.gradient(
              (double[] a) -> {
                double[] b = {a[0], a[1]};
                double y;
                try {
                  y = risky(b, 10);
                } catch (IllegalStateException e) {
                  y = b[0] * 7;
                }
                return y * b[1];
              },
              x);
      double[] actual =
          Grad.gradient(
              (double[] a) -> {
                double[] b = {a[0], a[1]};
                double y;
                try {
                  y = f.apply(b);
                } catch (IllegalStateException e) {
                  y = b[0] * 7;
                }
                return y * b[1];
              },
              x);
      assertArrayEquals(expected, actual, 1e-12);
    }
    var thrown =
        assertThrows(IllegalStateException.class, () -> Grad.gradient(f, new double[] {4, 3}));
    assertEquals("too large", thrown.getMessage());
  }

  @Test
  void countersCountOnce() {
    int[] calls = new int[1];
    Scalar1 f =
        Fluxion.checkpointed(
            (double x) -> {
              calls[0]++;
              return x * calls[0];
            });
    assertEquals(3.0, Grad.gradient((double x) -> f.apply(x) + f.apply(x), 5.0));
    assertEquals(2, calls[0]);
  }

  static double noise(Random random) {
    return random.nextGaussian();
  }

  @Test
  void randomNumbersAreDrawnOnce() {
    Random random = new Random(1);
    Scalar1 inner = Fluxion.checkpointed((double x) -> x * random.nextDouble());
    Scalar1 f = Fluxion.checkpointed((double x) -> inner.apply(inner.apply(x)) * noise(random));
    double slope = Grad.gradient((double x) -> f.apply(x) + f.apply(x), 2.0);
    Random same = new Random(1);
    double first = same.nextDouble() * same.nextDouble() * same.nextGaussian();
    double second = same.nextDouble() * same.nextDouble() * same.nextGaussian();
    assertEquals(first + second, slope, 1e-15);
    assertEquals(same.nextDouble(), random.nextDouble());
  }

  @Test
  void randomNumbersInSteps() {
    Random random = new Random(1);
    double slope =
        Grad.gradient((Double x) -> Fluxion.iterate(10, x, y -> y * (1 + noise(random)), 2), 2.0);
    Random same = new Random(1);
    double product = 1;
    for (int i = 0; i < 10; i++) {
      product *= 1 + same.nextGaussian();
    }
    assertEquals(product, slope, 1e-12);
    assertEquals(same.nextDouble(), random.nextDouble());
  }

  static void log(String text) {
    System.out.println(text);
  }

  @Test
  void outputIsWrittenOnce() {
    Scalar1 f =
        Fluxion.checkpointed(
            (double x) -> {
              System.out.println("in f");
              for (int i = 0; i < 2; i++) {
                log("step " + i);
              }
              return x * x;
            });
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertEquals(6, Grad.gradient((double x) -> f.apply(x), 3.0));
    } finally {
      System.setOut(before);
    }
    assertEquals(
        List.of("in f", "step 0", "step 1"), out.toString(StandardCharsets.UTF_8).lines().toList());
  }

  private static int count;
  private static double gain = 1;

  static void counted() {
    count++;
  }

  @Test
  void staticFieldsAreSetOnce() {
    Scalar1 f =
        Fluxion.checkpointed(
            (double x) -> {
              counted();
              count += 10;
              return x * x;
            });
    count = 0;
    assertEquals(4, Grad.gradient(f, 2.0));
    assertEquals(11, count);
  }

  @Test
  void whatDependsOnAChangedStaticFieldIsRefused() {
    Scalar1 f = Fluxion.checkpointed((double x) -> x * x * gain);
    gain = 3;
    assertEquals(12, Grad.gradient(f, 2.0));
    var refusal =
        assertThrows(
            GradientException.class,
            () ->
                Grad.gradient(
                    (double x) -> {
                      double y = f.apply(x);
                      gain = 5;
                      return y;
                    },
                    2.0));
    assertTrue(refusal.getMessage().contains("something else"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("(CheckpointedTest.java:"), refusal.getMessage());
  }

  /** How many bytes are held on to by what a pullback needs. */
  private static long kept(Fn1<double[], double[]> f, int size) {
    return HeldMemory.by(() -> Grad.pullback(f, new double[size]));
  }

  static double[] manySteps(double[] a) {
    double[] u = a.clone();
    for (int step = 0; step < 200; step++) {
      for (int i = 0; i < u.length; i++) {
        u[i] = Math.sin(u[i]) * 1.01 + 0.1;
      }
    }
    return u;
  }

  @Test
  void memory() {
    int size = 4096;
    Fn1<double[], double[]> f = Fluxion.checkpointed((double[] a) -> manySteps(a));
    long plain = kept((double[] a) -> manySteps(manySteps(a)), size);
    long checkpointed = kept((double[] a) -> f.apply(f.apply(a)), size);
    long state = 8L * size;
    assertTrue(plain > 400 * state, "all that is kept: " + plain);
    assertTrue(checkpointed < 20 * state, "with checkpoints: " + checkpointed);
  }
}

package dev.fluxion.grad;

import static dev.fluxion.grad.Cases.assertClose;
import static dev.fluxion.grad.Cases.of;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.hipparchus.complex.Complex;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What users of such systems complain of most, a test for each complaint that it is not so here.
 */
@SuppressWarnings({
  "AvoidCommonTypeNames",
  "BadImport",
  "NarrowCalculation",
  "ReturnValueIgnored"
}) // as users write it
class ComplaintsTest {
  /** Lorenz's equations. */
  static void slope(double[] x, double[] dx) {
    dx[0] = 10 * (x[1] - x[0]);
    dx[1] = x[0] * (28 - x[2]) - x[1];
    dx[2] = x[0] * x[1] - 8.0 / 3 * x[2];
  }

  /** A step of Runge and Kutta's method that overwrites the state and reuses its arrays. */
  static double inPlace(double[] start) {
    double[] x = start.clone();
    double[][] k = new double[4][3];
    double[] at = new double[3];
    double[] share = {0.5, 0.5, 1};
    for (int step = 0; step < 20; step++) {
      System.arraycopy(x, 0, at, 0, 3);
      for (int stage = 0; stage < 4; stage++) {
        slope(at, k[stage]);
        for (int i = 0; stage < 3 && i < 3; i++) {
          at[i] = x[i] + 0.01 * share[stage] * k[stage][i];
        }
      }
      for (int i = 0; i < 3; i++) {
        x[i] += 0.01 / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
      }
    }
    return x[0] + 2 * x[1] - x[2];
  }

  record State(double x, double y, double z) {
    State slope() {
      return new State(10 * (y - x), x * (28 - z) - y, x * y - 8.0 / 3 * z);
    }

    State plus(double h, State d) {
      return new State(x + h * d.x, y + h * d.y, z + h * d.z);
    }
  }

  static double pure(double[] start) {
    State s = new State(start[0], start[1], start[2]);
    for (int step = 0; step < 20; step++) {
      State a = s.slope();
      State b = s.plus(0.005, a).slope();
      State c = s.plus(0.005, b).slope();
      State d = s.plus(0.01, c).slope();
      s = s.plus(0.01 / 6, a).plus(0.01 / 3, b).plus(0.01 / 3, c).plus(0.01 / 6, d);
    }
    return s.x + 2 * s.y - s.z;
  }

  /** The logarithm of the determinant by Cholesky's decomposition, over the matrix itself. */
  static double logDeterminant(double[][] a) {
    double s = 0;
    for (int j = 0; j < a.length; j++) {
      for (int k = 0; k < j; k++) {
        for (int i = j; i < a.length; i++) {
          a[i][j] -= a[i][k] * a[j][k];
        }
      }
      double root = Math.sqrt(a[j][j]);
      for (int i = j; i < a.length; i++) {
        a[i][j] /= root;
      }
      s += 2 * Math.log(a[j][j]);
    }
    return s;
  }

  @Test
  @DisplayName("1: mutation is not supported")
  void mutation() {
    double[] start = of(1, 2, 3);
    double[] expected = Grad.gradient(x -> pure(x), start);
    assertArrayEquals(expected, Grad.gradient(x -> inPlace(x), start), 1e-10);
    // of a symmetric matrix of which the lower half is read, twice the inverse beside the diagonal
    double[][] gradient = Grad.gradient(a -> logDeterminant(a), new double[][] {{4, 0}, {1, 3}});
    assertClose(new double[][] {{3.0 / 11, 0}, {-2.0 / 11, 4.0 / 11}}, gradient, "Cholesky");
    List<Double> list = new ArrayList<>(List.of(2.0, 3.0));
    assertEquals(
        List.of(36.0, 12.0),
        Grad.gradient(
            l -> {
              List<Double> own = new ArrayList<>(l);
              own.set(0, own.get(0) * own.get(0));
              own.add(own.get(0) * own.get(1));
              Map<String, Double> map = new HashMap<>();
              map.put("last", own.removeLast());
              map.merge("last", 3.0, (a, b) -> a * b);
              return map.get("last");
            },
            list));
  }

  @Test
  @DisplayName("2: gradients are silently wrong")
  void silence() {
    assertClose(
        of(0, 24, 37.5),
        Grad.gradient(
            x -> {
              double s = 0;
              int count = 0;
              for (double e : x) {
                s += e > 3 ? e * e * e : 0;
                count += e > 3 ? 1 : 0;
              }
              return s / count;
            },
            of(1, 4, 5)),
        "a sum over a count");
    assertEquals(
        6,
        Grad.gradient(
            x -> {
              double[] boxed = {x};
              DoubleUnaryOperator twice = t -> boxed[0] = boxed[0] * t;
              twice.applyAsDouble(2);
              twice.applyAsDouble(3);
              return boxed[0];
            },
            1.5));
    // what cannot be followed is refused, not taken for a constant
    assertThrows(
        GradientException.class,
        () -> Grad.gradient(x -> BigDecimal.valueOf(x).multiply(BigDecimal.TEN).doubleValue(), 2));
    assertThrows(
        GradientException.class,
        () -> Grad.gradient(x -> Double.longBitsToDouble(Double.doubleToLongBits(x) + 1), 2));
  }

  @SuppressWarnings("fallthrough") // on purpose
  static double turning(double x, int mode) {
    double a = x;
    double b = 2 * x;
    double c = 3;
    search:
    for (int i = 0; ; i++) {
      for (int j = 0; j < 3; j++) {
        double t = a;
        a = b;
        b = c;
        c = t;
        if (i * j > mode) {
          break search;
        }
        if (c > 100) {
          continue search;
        }
      }
      if (i > 7) {
        return a;
      }
    }
    try {
      switch (mode) {
        case 0:
          a *= x;
        case 1:
          a += b * c;
          break;
        case 2:
          throw new IllegalStateException();
        default:
          return b * b;
      }
    } catch (IllegalStateException e) {
      a = Math.sin(a * c);
    } finally {
      a *= 2;
    }
    return a;
  }

  @Test
  @DisplayName("3: adjoints of control flow are wrong")
  void controlFlow() {
    for (int m = 0; m < 4; m++) {
      int mode = m;
      double difference = (turning(1.3 + 1e-6, mode) - turning(1.3 - 1e-6, mode)) / 2e-6;
      assertEquals(difference, Grad.gradient(x -> turning(x, mode), 1.3), 1e-7, "mode " + mode);
    }
  }

  @Test
  @DisplayName("4: the first gradient takes long")
  void latency() {
    // seconds for a machine with much else to do; the benchmarks measure it
    assertTrue(
        org.junit.jupiter.api.Assertions.assertTimeout(
            Duration.ofSeconds(5),
            () ->
                Double.isFinite(
                    Grad.gradient(x -> turning(turning(x, 1), 2) * pure(of(x, 1, 1)), 1.3))));
  }

  @Test
  @DisplayName("5: higher derivatives fail")
  void higherDerivatives() {
    Scalar1 third =
        t -> Grad.gradient(u -> Grad.derivative(v -> Grad.gradient(w -> Math.sin(w), v), u), t);
    assertEquals(Math.sin(0.7), Grad.derivative(third, 0.7), 1e-12);
    // through indexing and mutation, against differences of the gradient
    double[] x = of(0.3, -0.2, 0.5);
    double[][] hessian = Grad.hessian(a -> inPlace(a), x);
    for (int j = 0; j < 3; j++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[j] += 1e-5;
      down[j] -= 1e-5;
      double[] above = Grad.gradient(a -> inPlace(a), up);
      double[] below = Grad.gradient(a -> inPlace(a), down);
      for (int i = 0; i < 3; i++) {
        assertEquals((above[i] - below[i]) / 2e-5, hessian[i][j], 1e-6);
      }
    }
  }

  @Test
  @DisplayName("6: indexing one by one is slow or forbidden")
  void indexing() {
    int[] rows = {2, 0, 2, 1, 2};
    assertClose(
        of(2, 4, 6 + 6 + 6),
        Grad.gradient(
            table -> {
              double s = 0;
              for (int row : rows) {
                s += table[row] * table[row];
              }
              return s;
            },
            of(1, 2, 3)),
        "a gather with an index that comes again");
  }

  record Model(double[] weights, int size, String name, double[] unused, List<Double> biases) {}

  @Test
  @DisplayName("7: gradients are nothing")
  void zeros() {
    Model model = new Model(of(2, 3), 7, "model", of(1, 1), List.of(0.5));
    Model gradient = Grad.gradient(m -> m.weights[0] * m.size, model);
    assertClose(of(7, 0), gradient.weights, "weights");
    assertClose(of(0, 0), gradient.unused, "unused");
    assertEquals(List.of(0.0), gradient.biases);
    assertEquals(7, gradient.size);
    assertEquals("model", gradient.name);
    assertEquals(0, Grad.gradient(x -> (int) x, 3.7));
    assertClose(of(0, 0), Grad.gradient(x -> 4.0, of(1, 2)), "a constant");
  }

  static double logSumExp(double[] x) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double e : x) {
      largest = Math.max(largest, e);
    }
    double s = 0;
    for (double e : x) {
      s += Math.exp(e - largest);
    }
    return largest + Math.log(s);
  }

  static double xLogY(double x, double y) {
    return x == 0 ? 0 : x * Math.log(y);
  }

  static double deviation(double[] x) {
    double mean = DoubleStream.of(x).sum() / x.length;
    double s = 0;
    for (double e : x) {
      double d = e - mean;
      s += d * d;
    }
    return Math.sqrt(s / x.length);
  }

  @Test
  @DisplayName("8: NaN comes of zero times infinity")
  void notANumber() {
    assertEquals(0, Grad.gradient(x -> Math.sqrt(x * x), 0));
    assertEquals(0, Grad.derivative(x -> Math.sqrt(x * x), 0));
    assertEquals(0, Grad.gradient(x -> Math.abs(x), 0));
    assertEquals(0, Grad.gradient(x -> Math.pow(x, 2), 0));
    assertClose(
        of(0, 0), Grad.gradient(v -> Math.sqrt(v[0] * v[0] + v[1] * v[1]), of(0, 0)), "norm");
    assertClose(of(0, 0), Grad.gradient(v -> Math.hypot(v[0], v[1]), of(0, 0)), "hypot");
    assertClose(of(0, 0, 0), Grad.gradient(x -> deviation(x), of(2, 2, 2)), "deviation");
    assertClose(of(0.5, 0.5), Grad.gradient(x -> logSumExp(x), of(1e4, 1e4)), "logsumexp");
    assertEquals(new Pair<>(0.0, 0.0), Grad.gradient((x, y) -> xLogY(x, y), 0, 0));
    assertEquals(1, Grad.gradient(x -> x > 0 ? Math.sqrt(x) : x, 0));
  }

  @Test
  @DisplayName("9: what is differentiated is implicit")
  void explicitness() {
    double[] captured = of(3);
    double[] weights = of(2);
    assertClose(of(3), Grad.gradient(w -> w[0] * captured[0], weights), "the argument's alone");
    assertClose(of(2), weights, "which is as it was");
    assertClose(of(3), captured, "and so is what was captured");
  }

  static double opaque(double x) {
    return BigDecimal.valueOf(x).doubleValue();
  }

  @Test
  @DisplayName("10: error messages say nothing")
  void messages() {
    GradientException refusal =
        assertThrows(GradientException.class, () -> Grad.gradient(x -> opaque(x) + 1, 2));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("BigDecimal.valueOf"), message);
    assertTrue(
        message.matches("(?s).*ComplaintsTest\\.opaque.*ComplaintsTest\\.java:\\d+.*"), message);
    assertTrue(message.contains("Grad.rule"), message);
  }

  static double late(double x) {
    return x;
  }

  @Test
  @DisplayName("11: a rule that is defined after use is ignored")
  void lateRules() {
    Scalar1 f = x -> 2 * late(x);
    assertEquals(2, Grad.gradient(f, 3));
    Grad.rule(ComplaintsTest::late, x -> 5.0);
    assertEquals(10, Grad.gradient(f, 3));
    assertEquals(10, Grad.derivative(f, 3));
  }

  static double chained(double[] x) {
    double s = 0;
    for (int i = 0; i < x.length; i++) {
      s = 0.5 * s + x[i] * x[i];
    }
    return s;
  }

  @Test
  @DisplayName("12: a loop over elements takes time that is quadratic")
  void linearTime() {
    double[] large = new double[1_000_000];
    Arrays.fill(large, 0.5);
    double[] gradient =
        org.junit.jupiter.api.Assertions.assertTimeout(
            Duration.ofSeconds(20), () -> Grad.gradient(x -> chained(x), large));
    assertEquals(1, gradient[large.length - 1]);
    assertEquals(0.25, gradient[large.length - 3]);
  }

  @Test
  @DisplayName("21: threads break it")
  void threads() throws Exception {
    double expected = Grad.gradient(x -> turning(x, 0), 1.3);
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      Callable<Double> task = () -> Grad.gradient(x -> turning(x, 0), 1.3);
      for (Future<Double> future : pool.invokeAll(Collections.nCopies(200, task))) {
        assertEquals(expected, future.get());
      }
    }
  }

  @Test
  @DisplayName("22: which convention holds for complex numbers is not clear")
  void complexNumbers() {
    // a complex number is its two parts, and the gradient has the derivatives in both
    assertClose(of(6, 8), Grad.gradient(z -> modulus(z), of(3, 4)), "|z|²");
    assertClose(of(6, 8), Grad.gradient(z -> ofConjugate(z), of(3, 4)), "of a library's");
    assertClose(of(6, -8), Grad.gradient(z -> realSquare(z), of(3, 4)), "the real part of z²");
  }

  record Number(double re, double im) {
    Number times(Number z) {
      return new Number(re * z.re - im * z.im, re * z.im + im * z.re);
    }
  }

  static double modulus(double[] parts) {
    return new Number(parts[0], parts[1]).times(new Number(parts[0], -parts[1])).re;
  }

  static double realSquare(double[] parts) {
    Number z = new Number(parts[0], parts[1]);
    return z.times(z).re;
  }

  static double ofConjugate(double[] parts) {
    Complex z = new Complex(parts[0], parts[1]);
    return z.multiply(z.conjugate()).getReal();
  }

  @Test
  @DisplayName("23: what a closure captures gets no gradient")
  void closures() {
    assertClose(
        of(3, 8),
        Grad.gradient(
            x -> {
              double scale = x[1];
              return DoubleStream.of(1, 2).map(t -> t * x[0] + scale * scale).sum();
            },
            of(5, 2)),
        "captured by a map");
  }

  @Test
  @DisplayName("24: iterators are not followed")
  void iterators() {
    double[] x = of(0.4, 0.9, -0.3);
    double[] byIndex =
        Grad.gradient(
            a -> {
              double s = 0;
              for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a.length; j++) {
                  s += i * Math.sin(a[i] * a[j]);
                }
              }
              return s;
            },
            x);
    assertClose(
        byIndex,
        Grad.gradient(
            a -> {
              List<Double> list = Arrays.stream(a).boxed().toList();
              double s = 0;
              int i = 0;
              for (double p : list) {
                for (double q : list) {
                  s += i * Math.sin(p * q);
                }
                i++;
              }
              return s;
            },
            x),
        "for each of for each");
    assertClose(
        byIndex,
        Grad.gradient(
            a ->
                IntStream.range(0, 9).mapToDouble(k -> k / 3 * Math.sin(a[k / 3] * a[k % 3])).sum(),
            x),
        "a stream");
  }

  @Test
  @DisplayName("25: there is no gradient for each sample")
  void perSample() {
    Fn1<double[], double[]> gradient = Grad.grad((double[] w) -> Math.pow(w[0] * w[1] - 1, 2));
    List<double[]> samples = List.of(of(1, 2), of(2, 3), of(0, 1));
    List<double[]> each = samples.stream().map(gradient::apply).toList();
    assertClose(of(4, 2), each.get(0), "first");
    assertClose(of(30, 20), each.get(1), "second");
    assertClose(of(-2, 0), each.get(2), "third");
  }

  private static final List<String> PRINTED = new ArrayList<>();

  static void print(String line) {
    PRINTED.add(line);
  }

  static double withEffects(double x, SplittableRandom random) {
    print("start");
    long begun = System.nanoTime();
    double noise = random.nextDouble();
    double s = 0;
    for (int i = 0; i < 3; i++) {
      s += x * x * noise;
      print("step " + i + (s > 0 ? " up" : " down"));
    }
    print(System.nanoTime() >= begun ? "end" : "before the start");
    return s;
  }

  @Test
  @DisplayName("26: what logs, takes times or draws numbers is differentiated or run again")
  void passiveCode() {
    PRINTED.clear();
    SplittableRandom random = new SplittableRandom(7);
    double slope = Grad.gradient(x -> withEffects(x, random), 1.5);
    assertEquals(List.of("start", "step 0 up", "step 1 up", "step 2 up", "end"), PRINTED);
    double first = new SplittableRandom(7).nextDouble();
    assertEquals(3 * 2 * 1.5 * first, slope, 1e-12);
    SplittableRandom once = new SplittableRandom(7);
    once.nextDouble();
    assertEquals(once.nextDouble(), random.nextDouble(), "one number was drawn");
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.fluxion.grad.runtime.Adjoints;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops of all shapes that keep values: what they count, and what they allocate. */
class LoopsTest {
  private static final Map<String, Fn1<double[], Double>> SHAPES =
      Map.ofEntries(
          Map.entry(
              "up",
              a -> {
                double r = 1;
                for (int i = 0; i < a.length; i++) {
                  r = r * a[i] + a[0];
                }
                return r;
              }),
          Map.entry(
              "down",
              a -> {
                double r = 1;
                for (int i = a.length - 1; i >= 0; i--) {
                  r = r * a[i] + a[0];
                }
                return r;
              }),
          Map.entry(
              "downByTwoToOne",
              a -> {
                double r = 1;
                for (int i = a.length; i > 1; i -= 2) {
                  r = r * a[i - 1] + a[i - 2];
                }
                return r;
              }),
          Map.entry(
              "byThreeInclusive",
              a -> {
                double r = 1;
                for (int i = 1; i <= a.length; i += 3) {
                  r = r * a[i - 1] * i;
                }
                return r;
              }),
          Map.entry(
              "mirrored",
              a -> {
                double r = 1;
                for (int i = 0; a.length > i; i++) {
                  r = r * a[i] + i;
                }
                return r;
              }),
          Map.entry(
              "unequal",
              a -> {
                double r = 1;
                for (int i = 0; i != a.length; i++) {
                  r = r * a[i] + i;
                }
                return r;
              }),
          Map.entry(
              "never",
              a -> {
                double r = a[0];
                for (int i = 3; i < 3; i++) {
                  r = r * a[i];
                }
                for (int i = a.length; i < 0; i++) {
                  r = r * a[i];
                }
                return r * r;
              }),
          Map.entry(
              "triangle",
              a -> {
                double r = 0.5;
                for (int i = 0; i < a.length; i++) {
                  for (int j = i; j < a.length; j++) {
                    r = 0.5 * r * a[j] + a[i];
                  }
                  for (int j = 0; j < i; j++) {
                    r += a[i] * a[j] * r;
                  }
                }
                return r;
              }),
          Map.entry(
              "triangleRows",
              a -> {
                double r = 0.5;
                int row = -1;
                for (int i = 1; i < 4; i++) {
                  for (int j = 0; j < i; j++) {
                    r = 0.5 * r * a[(row + 1 + j) % 5] + r * r / 8;
                  }
                  row += i;
                  r += a[row % 5] * r;
                }
                return r;
              }),
          Map.entry(
              "rowsEverFewer",
              a -> {
                double r = 0.5;
                int row = 0;
                for (int i = 4; i > 0; i -= 2) {
                  for (int j = 0; j < i; j++) {
                    r = 0.5 * r * a[(row + j) % 5] + r * r / 8;
                  }
                  row = i + row;
                }
                return r;
              }),
          Map.entry(
              "stride",
              a -> {
                double r = 0.5;
                for (int k = 1; k < 3; k++) {
                  int at = k - 1;
                  for (int i = 0; i < 3; i++) {
                    r = 0.5 * r * a[at % 5] + r * r / 8;
                    at += k;
                  }
                }
                return r;
              }),
          Map.entry(
              "doubled",
              a -> {
                double r = 0.5;
                int at = 1;
                for (int i = 0; i < 4; i++) {
                  r = 0.5 * r * a[at % 5] + r * r / 8;
                  at += at;
                }
                return r;
              }),
          Map.entry(
              "movingStart",
              a -> {
                double r = 0.5;
                int start = 0;
                for (int k = 0; k < 3; k++) {
                  for (int i = start; i < start + 2; i++) {
                    r = r * a[i] + r * r / 8;
                  }
                  start += k;
                }
                return r;
              }),
          Map.entry(
              "movingBound",
              a -> {
                double r = 1;
                int bound = 2;
                for (int i = 0; i < bound; i++) {
                  r = r * a[i] + 1;
                  if (i == 1) {
                    bound = a.length;
                  }
                }
                return r;
              }),
          Map.entry(
              "counterChanged",
              a -> {
                double r = 1;
                for (int i = 0; i < a.length; i++) {
                  r = r * a[i] + 1;
                  if (r > 2) {
                    i++;
                  }
                }
                return r;
              }),
          Map.entry(
              "left",
              a -> {
                double r = 1;
                for (int i = 0; i < 1000; i++) {
                  if (i == a.length) {
                    break;
                  }
                  r = r * a[i] + a[0];
                }
                return r;
              }),
          Map.entry(
              "offset",
              a -> {
                double r = 0.3;
                for (int i = 0; i < 2; i++) {
                  int base = i * i;
                  for (int j = 0; j < 3; j++) {
                    int at = base + j;
                    r = r * a[at] * (at + base) + a[at];
                  }
                }
                return r;
              }),
          Map.entry(
              "ended",
              a -> {
                double r = 1;
                try {
                  for (int i = 0; i < 1000; i++) {
                    r = r * a[i] + a[0];
                  }
                } catch (ArrayIndexOutOfBoundsException e) {
                  return r * r;
                }
                return r;
              }));

  static Set<String> shapes() {
    return SHAPES.keySet();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void agreesWithDifferences(String name) {
    Fn1<double[], Double> f = SHAPES.get(name);
    double[] at = {1.1, 0.7, 1.3, -0.4, 0.9};
    double[] gradient = Grad.gradient(f, at);
    double[][] hessian = Grad.hessian(f, at);
    for (int i = 0; i < at.length; i++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[i] += 1e-6;
      down[i] -= 1e-6;
      assertEquals((f.apply(up) - f.apply(down)) / 2e-6, gradient[i], 1e-7, name);
      double[] above = Grad.gradient(f, up);
      double[] below = Grad.gradient(f, down);
      for (int j = 0; j < at.length; j++) {
        assertEquals((above[j] - below[j]) / 2e-6, hessian[i][j], 1e-6, name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 5, 1, false", "0, 5, 2, false", "0, 6, 2, false", "0, 6, 2, true", "5, 0, -1, false",
    "5, 0, -2, true", "5, 1, -2, true", "3, 3, 1, false", "3, 3, 1, true", "3, 2, 1, true",
    "2, 3, -1, false", "-4, 4, 3, false", "2147483640, 2147483646, 1, true"
  })
  void tellsHowOftenALoopRuns(int start, int bound, int step, boolean isInclusive) {
    int trips = 0;
    for (int i = start;
        step > 0 ? (isInclusive ? i <= bound : i < bound) : (isInclusive ? i >= bound : i > bound);
        i += step) {
      trips++;
    }
    assertEquals(trips, Adjoints.trips(start, bound, step, isInclusive));
  }

  private static double packed(double[] factor, double[] x) {
    double squares = 0;
    int row = 3;
    for (int i = 1; i < x.length; i++) {
      double sum = factor[row] * x[0];
      for (int j = 1; j < i; j++) {
        sum += factor[row + j] * x[j];
      }
      row += i;
      squares += sum * sum;
    }
    return squares;
  }

  /** Where a row of a triangle begins is a number of its own, and is not kept. */
  @Test
  void computesRowsOfTriangles() {
    double[] factor = {0, 0, 0, 1.5, 2, 1, 0.5, 3, 0.25, 7};
    double[] x = {1, 2, -1, 0.5};
    String text = Fluxion.explain(LoopsTest::packed, factor, x).toString();
    assertTrue(text.contains("row: counted from 3 in steps of 1, each greater by 1"), text);
    double[] gradient = Grad.gradient(f -> packed(f, x), factor);
    double first = 2 * 1.5;
    double second = 2 * (2 * 1 + 1 * 2);
    double third = 2 * (0.5 * 1 + 3 * 2 - 0.25 * 1);
    assertArrayEquals(
        new double[] {0, 0, 0, first, second, second * 2, third, third * 2, -third, 0}, gradient);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 46_341, 65_536, 65_537, Integer.MAX_VALUE})
  void addsUpAsIntegersDo(int count) {
    BigInteger sum =
        BigInteger.valueOf(count).multiply(BigInteger.valueOf(count - 1L)).shiftRight(1);
    assertEquals(sum.intValue(), Adjoints.triangle(count));
  }

  /** An exception that ends a loop early is the program's own. */
  @Test
  void endsByAnException() {
    Fn1<double[], Double> f =
        a -> {
          double r = 1;
          for (int i = 0; i < 100; i++) {
            r = r * a[i] + a[0];
          }
          return r;
        };
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> Grad.gradient(f, new double[] {1, 2}));
  }

  private static double product(double[] a) {
    double r = 1;
    for (int k = 0; k < a.length; k++) {
      for (int i = 0; i < 4; i++) {
        r = 0.5 * r * a[k] + a[k] / (i + 1);
      }
    }
    return r;
  }

  private static long allocated(int n) {
    double[] a = IntStream.range(0, n).mapToDouble(i -> 0.3 + 0.5 / (i + 1)).toArray();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 5; i++) {
      Grad.gradient(LoopsTest::product, a);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 20; i++) {
      Grad.gradient(LoopsTest::product, a);
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / 20;
  }

  /** Only what is kept takes room: no object, no array an iteration. */
  @ParameterizedTest
  @ValueSource(ints = {1_000, 10_000})
  void allocatesNothingElse(int n) {
    long once = allocated(n);
    long twice = allocated(2 * n);
    long gradient = 8L * n;
    long kept = 8L * (5 + 5 + 1) * n; // r and the element in the inner loop, and r outside
    long grown = 4 * kept; // by doubling: at most half of the last array, and all before it
    assertTrue(twice - once < gradient + grown, once + " bytes, then " + twice);
  }
}

package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the reverse sweep loads from arrays again, where nothing has written to them since, or from
 * copies of arrays that it takes back to what they held; and what it must not.
 */
class ReloadingTest {
  private static final double[] AT = {0.7, -1.3, 1.1, 0.4, 0.9};

  private static double[] scratch(double[] a, int times) {
    double[] scratch = new double[a.length];
    double[] sums = new double[times];
    for (int t = 0; t < times; t++) {
      for (int i = 0; i < a.length; i++) {
        scratch[i] = a[i] * (t + 1) + (i > 0 ? scratch[i - 1] : 0);
      }
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j < i; j++) {
          sums[t] += scratch[i] * scratch[j] * scratch[j];
        }
      }
    }
    return sums;
  }

  private static double square(double[] a, int from) {
    double sum = 0;
    for (int i = from; i < a.length; i++) {
      sum += a[i] * a[i] * a[i];
    }
    return sum;
  }

  private static double scaled(double[] a, double[] by) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * by[i] * by[0];
      by[i] = sum;
    }
    return sum;
  }

  private static final Map<String, Fn1<double[], Double>> PROGRAMS =
      Map.ofEntries(
          Map.entry(
              "scratchOverwrittenInEachIteration",
              a -> {
                double sum = 0;
                for (double s : scratch(a, 3)) {
                  sum += s * s;
                }
                return sum;
              }),
          Map.entry(
              "productsOfScratch",
              a -> {
                double[] scratch = new double[a.length];
                double sum = 0;
                for (int t = 0; t < 4; t++) {
                  for (int i = 0; i < a.length; i++) {
                    scratch[i] = sum * 0.1 + a[i] * (t + 1);
                  }
                  for (int i = 0; i < a.length; i++) {
                    for (int j = 0; j < i; j++) {
                      sum += scratch[i] * scratch[j] * a[j];
                    }
                  }
                }
                return sum;
              }),
          Map.entry(
              "swapsAndSquares",
              a -> {
                double[] own = new double[a.length];
                for (int i = 0; i < a.length; i++) {
                  own[i] = a[i];
                }
                for (int t = 0; t < 3; t++) {
                  for (int i = 1; i < own.length; i++) {
                    double before = own[i - 1];
                    own[i - 1] = own[i] * before * own[0];
                    own[i] = before * before + own[i] * own[i - 1];
                  }
                }
                return own[0] * own[1] + own[own.length - 1];
              }),
          Map.entry(
              "prefixProducts",
              a -> {
                double[] own = new double[a.length];
                own[0] = a[0];
                for (int i = 1; i < a.length; i++) {
                  own[i] = own[i - 1] * a[i];
                }
                double sum = 0;
                for (int i = 0; i < a.length; i++) {
                  sum += own[i] * own[i] * own[0];
                }
                return sum;
              }),
          Map.entry(
              "argumentOverwrittenLater",
              a -> {
                double[] b = a.clone();
                double sum = 0;
                for (int i = 0; i < b.length; i++) {
                  sum += b[i] * b[i];
                }
                for (int i = 0; i < b.length; i++) {
                  b[i] = 7;
                }
                return sum * sum;
              }),
          Map.entry(
              "calleesArgumentOverwrittenBetweenCalls",
              a -> {
                double[] b = a.clone();
                double sum = 0;
                for (int i = 0; i < b.length; i++) {
                  sum += square(b, i) * b[0];
                  b[i] = sum * 0.1;
                }
                return sum;
              }),
          Map.entry(
              "calleeWritesForTheNextCall",
              a -> {
                double[] b = {1, 2, 3, 4, 5};
                double first = scaled(a, b);
                return first * scaled(a, b) + square(b, 1);
              }),
          Map.entry(
              "twoNamesOfOneArray",
              a -> {
                double[] b = new double[a.length];
                double[] c = a[0] > 0 ? b : a;
                double sum = 0;
                for (int i = 0; i < a.length; i++) {
                  b[i] = a[i];
                }
                for (int i = 0; i < a.length; i++) {
                  sum += b[i] * b[i];
                  c[i] = sum;
                }
                return sum + square(b, 0);
              }),
          Map.entry(
              "anArrayForEachIteration",
              a -> {
                double sum = 1;
                for (int t = 0; t < 3; t++) {
                  double[] own = new double[a.length];
                  for (int i = 0; i < own.length; i++) {
                    own[i] = a[i] * sum;
                  }
                  for (int i = 0; i < own.length; i++) {
                    sum += own[i] * own[own.length - 1 - i] * 0.1;
                  }
                }
                return sum;
              }),
          Map.entry(
              "maybeAnArray",
              a -> {
                double sum = 0;
                if (a[0] > 0) {
                  double[] own = new double[a.length];
                  for (int t = 0; t < 2; t++) {
                    for (int i = 0; i < a.length; i++) {
                      own[i] += a[i] * (t + 1);
                      for (int j = 0; j < 3; j++) {
                        sum += own[i] * own[i] * own[i];
                      }
                    }
                  }
                }
                return sum + a[1];
              }),
          Map.entry(
              "rows",
              a -> {
                double[][] rows = {a, {1, 2, 3, 4, 5}, a};
                double sum = 0;
                for (double[] row : rows) {
                  for (int i = 0; i < row.length; i++) {
                    sum += row[i] * row[row.length - 1 - i] * a[i];
                  }
                }
                return sum;
              }),
          Map.entry(
              "indirect",
              a -> {
                int[] order = {3, 1, 4, 0, 2, 2};
                double[] own = new double[a.length];
                double sum = 0;
                for (int t = 0; t < 2; t++) {
                  for (int i = 0; i < order.length; i++) {
                    own[order[i]] += a[order[i]] * (i + 1);
                    for (int j = 0; j < order.length; j++) {
                      sum += own[order[j]] * own[order[i]];
                    }
                    order[i] = (order[i] + 1) % 5;
                  }
                }
                return sum;
              }),
          Map.entry(
              "floats",
              a -> {
                float[] own = new float[a.length];
                float sum = 0;
                for (int t = 1; t < 3; t++) {
                  for (int i = 0; i < a.length; i++) {
                    own[i] = (float) a[i] * t + sum * 0.01f;
                  }
                  for (int i = 0; i < a.length; i++) {
                    for (int j = 0; j < a.length; j++) {
                      sum += own[i] * own[j];
                    }
                  }
                }
                return (double) sum;
              }),
          Map.entry(
              "zeroIterations",
              a -> {
                double[] own = new double[a.length];
                double sum = a[0];
                for (int t = 0; t < own.length - a.length; t++) {
                  own[t] = sum;
                  for (int i = 0; i < a.length; i++) {
                    sum += own[i] * own[i] * own[t];
                  }
                }
                return sum * sum;
              }));

  static Set<String> programs() {
    return PROGRAMS.keySet();
  }

  private static double[] differences(Fn1<double[], Double> f, double[] a, double h) {
    double[] result = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      double[] up = a.clone();
      double[] down = a.clone();
      up[i] += h;
      down[i] -= h;
      result[i] = (f.apply(up) - f.apply(down)) / (2 * h);
    }
    return result;
  }

  private static void assertClose(double[] expected, double[] actual, double relative) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], relative * (1 + Math.abs(expected[i])));
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void gradients(String name) {
    Fn1<double[], Double> f = PROGRAMS.get(name);
    boolean isFloat = name.equals("floats");
    double[] expected = differences(f, AT, isFloat ? 1e-2 : 1e-6);
    assertClose(expected, Grad.gradient(f, AT.clone()), isFloat ? 2e-3 : 1e-7);
    double[] forward = new double[AT.length];
    for (int i = 0; i < AT.length; i++) {
      double[] unit = new double[AT.length];
      unit[i] = 1;
      forward[i] = Grad.jvp(f, AT.clone(), unit).tangent();
    }
    assertClose(forward, Grad.gradient(f, AT.clone()), isFloat ? 1e-4 : 1e-12);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void secondDerivatives(String name) {
    Fn1<double[], Double> f = PROGRAMS.get(name);
    double[][] hessian = Grad.hessian(f, AT.clone());
    double h = name.equals("floats") ? 1e-2 : 1e-5;
    for (int i = 0; i < AT.length; i++) {
      double[] up = AT.clone();
      double[] down = AT.clone();
      up[i] += h;
      down[i] -= h;
      double[] above = Grad.gradient(f, up);
      double[] below = Grad.gradient(f, down);
      for (int j = 0; j < AT.length; j++) {
        double expected = (above[j] - below[j]) / (2 * h);
        double tolerance = name.equals("floats") ? 1e-2 : 1e-6;
        assertEquals(expected, hessian[i][j], tolerance * (1 + Math.abs(expected)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void reverseOverReverse(String name) {
    Fn1<double[], Double> f = PROGRAMS.get(name);
    double[] v = {0.3, -0.2, 0.5, 1, -0.7};
    Fn1<double[], Double> slope =
        a -> {
          double[] gradient = Grad.gradient(f, a);
          double sum = 0;
          for (int i = 0; i < v.length; i++) {
            sum += v[i] * gradient[i];
          }
          return sum;
        };
    double[] expected = Grad.hessianVectorProduct(f, AT.clone(), v);
    boolean isFloat = name.equals("floats");
    assertClose(expected, Grad.gradient(slope, AT.clone()), isFloat ? 1e-4 : 1e-11);
  }

  @Test
  void aPullbackReadsWhatTheFunctionHasRead() {
    double[] at = AT.clone();
    ValueAndPullback<Double, double[]> back = Grad.pullback(a -> square(a, 0), at);
    double[] expected = Grad.gradient(a -> square(a, 0), AT.clone());
    Arrays.fill(at, 100);
    assertArrayEquals(expected, back.gradient(1.0));
  }

  @Test
  void aPullbackThatRestoresArraysMayBeCalledAgain() {
    Fn1<double[], Double> f = PROGRAMS.get("productsOfScratch");
    ValueAndPullback<Double, double[]> back = Grad.pullback(f, AT.clone());
    double[] expected = Grad.gradient(f, AT.clone());
    assertArrayEquals(expected, back.gradient(1.0), 1e-12);
    assertArrayEquals(expected, back.gradient(1.0), 1e-12);
  }

  static double weighted(double[] w, double[] x) {
    double sum = 0;
    for (int t = 0; t < 3; t++) {
      for (int i = 0; i < w.length; i++) {
        sum += w[i] * x[i] * sum;
      }
    }
    return sum;
  }

  private static List<String> kept(Explanation.Method method) {
    return method.kept().stream()
        .filter(value -> value.extent().startsWith("in each"))
        .map(Explanation.KeptValue::name)
        .toList();
  }

  @Test
  void argumentsAreNotKept() {
    Explanation.Method method =
        Fluxion.explain(ReloadingTest::weighted, AT, AT).methods().getFirst();
    assertFalse(kept(method).contains("w[i]"), method.toString());
    assertFalse(kept(method).contains("x[i]"), method.toString());
  }

  static double distances(double[] a, double[] b) {
    double[] centred = new double[a.length];
    double sum = 0;
    for (int t = 0; t < 3; t++) {
      for (int i = 0; i < a.length; i++) {
        centred[i] = a[i] - t * b[i];
      }
      for (int i = 0; i < a.length; i++) {
        for (int j = 0; j <= i; j++) {
          sum += centred[i] * centred[j];
        }
      }
    }
    return Math.log(1 + sum); // else the loop would be reversed as it runs
  }

  @Test
  void whatIsOverwrittenIsKeptRatherThanWhatIsRead() {
    Explanation.Method method =
        Fluxion.explain(ReloadingTest::distances, AT, AT).methods().getFirst();
    List<String> kept = kept(method);
    assertTrue(kept.contains("what is overwritten in centred"), kept::toString);
    assertEquals(1, kept.size(), kept::toString);
  }
}

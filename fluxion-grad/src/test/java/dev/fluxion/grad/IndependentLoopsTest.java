package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loops whose iterations are reversed as they run, and those that just miss it. */
class IndependentLoopsTest {
  /** What a loop calls that cannot become part of it. */
  private static double power(double x, int n) {
    return n == 0 ? 1 : x * power(x, n - 1);
  }

  private static double squares(double[] a, double[] scratch) {
    double sum = 0;
    for (int n = 0; n < 4; n++) {
      for (int i = 0; i < scratch.length; i++) {
        scratch[i] = a[i] * a[n] + n;
      }
      for (int i = 1; i < scratch.length; i++) {
        sum += scratch[i] * scratch[i - 1];
      }
    }
    return sum;
  }

  /** Loops of independent iterations. */
  private static final Map<String, Fn1<double[], Double>> INDEPENDENT =
      Map.ofEntries(
          Map.entry("scratch", a -> squares(a, new double[5])),
          Map.entry(
              "scratchOfTheArgumentsLength",
              a -> {
                double[] scratch = new double[a.length];
                double sum = 0;
                for (int n = 0; n < 3; n++) {
                  for (int i = 0; i < a.length; i++) {
                    scratch[i] = Math.sin(a[i] + n);
                  }
                  double product = 1;
                  for (double s : scratch) {
                    product *= s + 2;
                  }
                  sum += product;
                }
                return sum;
              }),
          Map.entry(
              "scratchOfConstantPlaces",
              a -> {
                double[] pair = new double[2];
                double sum = 0;
                for (int n = 1; n < 5; n++) {
                  pair[0] = a[n] * a[n - 1];
                  pair[1] = a[n] + a[0];
                  for (int i = 0; i < 2; i++) {
                    sum += pair[i] * pair[1 - i] * a[i];
                  }
                }
                return sum;
              }),
          Map.entry(
              "madeInTheIteration",
              a -> {
                double sum = 0;
                for (int n = 0; n < a.length; n++) {
                  double[] own = new double[3];
                  own[0] = a[n];
                  for (int i = 1; i < 3; i++) {
                    own[i] += own[i - 1] * a[i] + own[i];
                  }
                  sum += own[2] * own[1];
                }
                return sum;
              }),
          Map.entry(
              "mean",
              a -> {
                int n = a.length;
                double sum = 0;
                for (int i = 0; i < n; i++) {
                  double product = a[i];
                  for (int j = 0; j < n; j++) {
                    product *= Math.cos(a[j] * product);
                  }
                  sum += product;
                }
                return 3 - sum / n * 0.5;
              }),
          Map.entry(
              "subtracted",
              a -> {
                double log = 0;
                for (int i = 0; i < a.length; i++) {
                  double s = 0;
                  for (int j = 0; j < a.length; j++) {
                    s += Math.exp(a[j] * a[i] - s);
                  }
                  log -= s * s;
                }
                return -log;
              }),
          Map.entry(
              "inBranches",
              a -> {
                double sum = 1;
                for (int n = 0; n < 7; n++) {
                  double x = a[n % 5];
                  for (int i = 0; i < 3; i++) {
                    double before = x;
                    x = x * a[i] + 0.1;
                    if (x > before) {
                      sum += x * before;
                    } else if (n > 3) {
                      x = x * x;
                    }
                  }
                  if (x > 0) {
                    sum += x * x;
                  }
                }
                return sum;
              }),
          Map.entry(
              "twoSums",
              a -> {
                double first = 0;
                double second = 0;
                for (int i = 0; i < a.length; i++) {
                  double s = 1;
                  for (int j = 0; j <= i; j++) {
                    s = s * a[j] + Math.sin(s);
                  }
                  first += s;
                  second -= s * s;
                }
                return 0.5 * first + 2 * (a[0] - second * 3);
              }),
          Map.entry(
              "oneSumOfTwoLoops",
              a -> {
                double sum = 0;
                for (int i = 0; i < 3; i++) {
                  double s = a[i];
                  for (int j = 0; j < 3; j++) {
                    s = s * s * a[j];
                  }
                  sum += s;
                }
                for (int i = 0; i < 5; i++) {
                  sum += a[i] * a[i];
                }
                return 2 * sum;
              }),
          Map.entry(
              "whatComesFromBefore",
              a -> {
                double scale = a[0] * a[1];
                double[] roots = new double[5];
                for (int i = 0; i < 5; i++) {
                  roots[i] = Math.exp(a[i]);
                }
                double sum = scale;
                for (int n = 0; n < 5; n++) {
                  double x = roots[n];
                  for (int i = 0; i < 5; i++) {
                    x = x * scale + roots[i] * x;
                  }
                  sum += x * scale;
                }
                return sum * scale;
              }));

  /** Loops that are not, or whose sum's cotangent comes later. */
  private static final Map<String, Fn1<double[], Double>> OTHERS =
      Map.ofEntries(
          Map.entry(
              "readsWhatAnotherWrote",
              a -> {
                double[] state = new double[5];
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double s = a[n];
                  for (int i = 0; i < 5; i++) {
                    s = s * state[i] + a[i] * s;
                    state[i] = s;
                  }
                  sum += s;
                }
                return sum;
              }),
          Map.entry(
              "fillsOnlyAPart",
              a -> {
                double[] scratch = new double[5];
                double sum = 0;
                for (int n = 1; n < 5; n++) {
                  for (int i = n; i < 5; i++) {
                    scratch[i] = a[i] * a[n];
                  }
                  for (int i = 1; i < 5; i++) {
                    sum += scratch[i] * scratch[i - 1] * a[n];
                  }
                }
                return sum;
              }),
          Map.entry(
              "fillsSometimes",
              a -> {
                double[] scratch = new double[5];
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  for (int i = 0; i < 5; i++) {
                    if (i > n) {
                      scratch[i] = a[i] * a[n];
                    }
                  }
                  for (int i = 1; i < 5; i++) {
                    sum += scratch[i] * scratch[i - 1] * a[n];
                  }
                }
                return sum;
              }),
          Map.entry(
              "scratchIsReadAfterwards",
              a -> {
                double[] scratch = new double[5];
                double sum = squares(a, scratch);
                return sum + scratch[3] * scratch[2];
              }),
          Map.entry(
              "handsANumberOn",
              a -> {
                double sum = 0;
                double x = 1;
                for (int n = 0; n < 5; n++) {
                  for (int i = 0; i < 3; i++) {
                    x = x * a[n] + a[i];
                  }
                  sum += x * x;
                }
                return sum;
              }),
          Map.entry(
              "readsItsSum",
              a -> {
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double x = a[n];
                  for (int i = 0; i < 3; i++) {
                    x = x * x + a[i];
                  }
                  sum += 0.1 * x * Math.cos(sum);
                }
                return sum;
              }),
          Map.entry(
              "forgetsItsSum",
              a -> {
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double x = a[n];
                  for (int i = 0; i < 3; i++) {
                    x = x * x * a[i];
                  }
                  sum = n == 2 ? x : sum + x;
                }
                return sum;
              }),
          Map.entry(
              "doublesItsSum",
              a -> {
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double x = a[n];
                  for (int i = 0; i < 3; i++) {
                    x = x * x * a[i];
                  }
                  sum += x;
                  sum += sum;
                }
                return sum;
              }),
          Map.entry("sumUnderALogarithm", a -> Math.log(2 + squares(a, new double[5]))),
          Map.entry(
              "sumTimesWhatComesLater",
              a -> {
                double sum = squares(a, new double[5]);
                return sum * Math.exp(a[1] * a[2]);
              }),
          Map.entry(
              "sumIsUsedTwice",
              a -> {
                double sum = squares(a, new double[5]);
                return sum * 2 + sum * a[1];
              }),
          Map.entry(
              "sumMayNotCount",
              a -> {
                double sum = squares(a, new double[5]);
                return sum > 10 ? 0.5 * sum : a[0];
              }),
          Map.entry(
              "writesToTheArgument",
              a -> {
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double x = a[n];
                  for (int i = 0; i < 3; i++) {
                    x = x * x + a[i];
                  }
                  a[n] = x;
                  sum += x * a[(n + 1) % 5];
                }
                return sum;
              }),
          Map.entry(
              "whatItReadsIsOverwrittenLater",
              a -> {
                double[] b = new double[5];
                for (int i = 0; i < 5; i++) {
                  b[i] = a[i] * a[i];
                }
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double x = b[n];
                  for (int i = 0; i < 5; i++) {
                    x = x * b[i] + x;
                  }
                  sum += x;
                }
                for (int i = 0; i < 5; i++) {
                  b[i] = a[i] * 3;
                }
                return sum + b[1] * b[2];
              }),
          Map.entry(
              "isLeftEarly",
              a -> {
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double x = a[n];
                  for (int i = 0; i < 3; i++) {
                    x = x * x * a[i];
                  }
                  if (n == 3) {
                    break;
                  }
                  sum += x;
                }
                return sum;
              }),
          Map.entry(
              "callsWhatHasADerivativeOfItsOwn",
              a -> {
                double sum = 0;
                for (int n = 0; n < 5; n++) {
                  double x = a[n];
                  for (int i = 0; i < 3; i++) {
                    x = power(x, 2) * a[i];
                  }
                  sum += x;
                }
                return sum;
              }),
          Map.entry(
              "isAbandoned",
              a -> {
                double sum = a[0];
                try {
                  for (int n = 0; n < 6; n++) {
                    double x = a[n];
                    for (int i = 0; i < 3; i++) {
                      x = x * x * a[i];
                    }
                    sum += x;
                  }
                } catch (ArrayIndexOutOfBoundsException e) {
                  return sum * a[1];
                }
                return sum;
              }),
          Map.entry(
              "isAbandonedInACall",
              a -> {
                double[] scratch = new double[6];
                try {
                  return squares(a, scratch);
                } catch (ArrayIndexOutOfBoundsException e) {
                  return a[0] * a[1];
                }
              }));

  private static final double[] AT = {1.1, 0.7, 1.3, -0.4, 0.9};

  static Set<String> independent() {
    return INDEPENDENT.keySet();
  }

  static Set<String> others() {
    return OTHERS.keySet();
  }

  private static void check(Fn1<double[], Double> f, boolean isIndependent, String name) {
    double[] gradient = Grad.gradient(f, AT.clone());
    for (int i = 0; i < AT.length; i++) {
      double[] up = AT.clone();
      double[] down = AT.clone();
      up[i] += 1e-6;
      down[i] -= 1e-6;
      double difference = (f.apply(up) - f.apply(down)) / 2e-6;
      assertEquals(difference, gradient[i], 1e-7 * (1 + Math.abs(difference)), name);
    }
    double[] twice = Grad.pullback(f, AT.clone()).gradient(2.0); // another cotangent
    for (int i = 0; i < AT.length; i++) {
      assertEquals(twice[i], 2 * gradient[i], 1e-12 * (1 + Math.abs(twice[i])), name);
    }
    assertEquals(isIndependent, isReversedAsItRuns(f), () -> Fluxion.explain(f).toString());
  }

  private static <T> boolean isReversedAsItRuns(Fn1<T, ?> f) {
    return Fluxion.explain(f).methods().stream()
        .anyMatch(method -> !method.independent().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("independent")
  void areReversedAsTheyRun(String name) {
    check(INDEPENDENT.get(name), true, name);
  }

  @ParameterizedTest
  @MethodSource("others")
  void areReversedAfterwards(String name) {
    check(OTHERS.get(name), false, name);
  }

  @Test
  void takeFloats() {
    Fn1<float[], Float> f =
        a -> {
          double sum = 0;
          for (int n = 0; n < a.length; n++) {
            float x = a[n];
            for (int i = 0; i < 3; i++) {
              x = x * x + a[i];
            }
            sum += x;
          }
          return (float) sum / 2;
        };
    float[] at = {0.5f, -0.25f, 0.75f};
    float[] gradient = Grad.gradient(f, at.clone());
    assertArrayEquals(Grad.pullback(f, at.clone()).gradient(1f), gradient, 1e-6f);
    assertTrue(isReversedAsItRuns(f));
  }

  /** Derivatives of derivatives come from both halves, in which nothing is known of cotangents. */
  @Test
  void haveSecondDerivatives() {
    Fn1<double[], Double> f = a -> squares(a, new double[5]);
    Fn1<double[], Double> ofGradient =
        a -> {
          double[] gradient = Grad.gradient(b -> squares(b, new double[5]), a);
          return gradient[1] * gradient[1] + gradient[2];
        };
    double[][] hessian = Grad.hessian(f, AT);
    double[] gradient = Grad.gradient(f, AT);
    double[] second = Grad.gradient(ofGradient, AT);
    for (int i = 0; i < AT.length; i++) {
      double[] up = AT.clone();
      double[] down = AT.clone();
      up[i] += 1e-6;
      down[i] -= 1e-6;
      double[] above = Grad.gradient(f, up);
      double[] below = Grad.gradient(f, down);
      for (int j = 0; j < AT.length; j++) {
        assertEquals((above[j] - below[j]) / 2e-6, hessian[i][j], 1e-6);
      }
      assertEquals(2 * gradient[1] * hessian[1][i] + hessian[2][i], second[i], 1e-9);
    }
  }

  /** An iteration that throws leaves nothing for the next gradient. */
  @Test
  void mayThrow() {
    Fn1<double[], Double> f =
        a -> {
          double sum = 0;
          for (int n = 0; n < 5; n++) {
            double x = a[n];
            for (int i = 0; i < 3; i++) {
              x = x * x * a[i];
            }
            sum += x;
          }
          return sum;
        };
    double[] before = Grad.gradient(f, AT.clone());
    assertThrows(
        ArrayIndexOutOfBoundsException.class, () -> Grad.gradient(f, new double[] {1, 2, 3}));
    assertArrayEquals(before, Grad.gradient(f, AT.clone()));
  }

  private static double deviation(double[] a, int n) {
    double[] centred = new double[a.length];
    double sum = 0;
    for (int k = 0; k < n; k++) {
      for (int i = 0; i < a.length; i++) {
        centred[i] = a[i] - 0.001 * k;
      }
      double s = 1;
      for (double c : centred) {
        s = s * c + c * c;
      }
      sum += s;
    }
    return sum / n;
  }

  private static long allocated(int n) {
    Fn1<double[], Double> f = a -> deviation(a, n);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 5; i++) {
      Grad.gradient(f, AT);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 20; i++) {
      Grad.gradient(f, AT);
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / 20;
  }

  /** What is kept is that of one iteration. */
  @Test
  void keepNoMoreForMoreIterations() {
    assertTrue(allocated(20_000) - allocated(1000) < 5000);
  }
}

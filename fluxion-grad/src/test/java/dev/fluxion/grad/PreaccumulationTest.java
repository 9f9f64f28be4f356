package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops whose derivatives are carried along, and those that just miss it. */
@SuppressWarnings("ReturnValueIgnored") // what is allocated counts
class PreaccumulationTest {
  static double root(double a) {
    double x = a;
    while (Math.abs(x * x - a) > 1e-14 * a) {
      x = (x + a / x) / 2;
    }
    return x;
  }

  static double twoExits(double x) {
    double r = x;
    for (int i = 0; i < 20; i++) {
      if (r > 100) {
        return 3 * r;
      }
      if (r < -100) {
        r = r / 2;
        break;
      }
      r = r * x;
    }
    return r + x;
  }

  static double twoResults(double x, double y) {
    double even = x;
    double odd = 1;
    for (int i = 0; i < 6; i++) {
      double next = even * y + odd;
      odd = i % 2 == 0 ? Math.sin(even) : even * x;
      even = next;
    }
    return even * odd;
  }

  static double nested(double x, double y) {
    double sum = 0;
    for (int i = 1; i < 5; i++) {
      double power = y;
      for (int j = 0; j < i; j++) {
        power *= x;
      }
      sum += power / i;
    }
    return sum * y;
  }

  static double mixed(double x) {
    float f = (float) x;
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      f = f * 0.5f + (float) sum;
      sum += f * x;
    }
    return sum;
  }

  static double three(double x, double y, double z) {
    double r = x;
    for (int i = 0; i < 4; i++) {
      r = r * y + z;
    }
    return r;
  }

  static double outer(double[] a) {
    double sum = 0;
    for (double v : a) {
      double last = root(v);
      for (int k = 0; k < 3; k++) {
        if (last > 50) {
          break;
        }
        last = last * v + Math.exp(-last);
      }
      sum += last * root(last);
    }
    return sum;
  }

  static double labelled(double[] a) {
    double r = 1;
    search:
    for (double v : a) {
      for (int k = 0; k < 10; k++) {
        r = r * 1.5 + v;
        if (r > 30) {
          break search;
        }
      }
    }
    return r * r;
  }

  static double thrown(double x) {
    double r = x;
    try {
      for (int i = 0; i < 10; i++) {
        r = r * x;
        if (r > 100) {
          throw new ArithmeticException();
        }
      }
    } catch (ArithmeticException e) {
      return -r;
    }
    return r;
  }

  private static void check(Fn1<double[], Double> f, double... at) {
    double[] gradient = Grad.gradient(f, at);
    double[][] hessian = Grad.hessian(f, at);
    for (int i = 0; i < at.length; i++) {
      double step = 1e-5 * Math.max(1, Math.abs(at[i]));
      double[] up = at.clone();
      double[] down = at.clone();
      up[i] += step;
      down[i] -= step;
      double slope = (f.apply(up) - f.apply(down)) / (2 * step);
      assertEquals(slope, gradient[i], 1e-6 * Math.max(1, Math.abs(slope)));
      double[] above = Grad.gradient(f, up);
      double[] below = Grad.gradient(f, down);
      for (int j = 0; j < at.length; j++) {
        double bend = (above[j] - below[j]) / (2 * step);
        assertEquals(bend, hessian[i][j], 1e-5 * Math.max(1, Math.abs(bend)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.9, 2.5, -1.7, -3.0, 8})
  void agreesWithDifferences(double x) {
    check(v -> root(v[0]), Math.abs(x));
    check(v -> twoExits(v[0]), x);
    check(v -> twoResults(v[0], v[1]), x / 3, 0.7);
    check(v -> nested(v[0], v[1]), x / 2, 1.3);
    check(v -> three(v[0], v[1], v[2]), x / 2, 0.3, 1.1);
    check(v -> outer(v), Math.abs(x), 2.1, 0.4);
    check(v -> labelled(v), x / 50, 0.2, 1.1);
    check(v -> thrown(v[0]), x);
  }

  @Test
  void goesThroughFloats() {
    double x = 0.75;
    double step = 1e-2;
    double slope = (mixed(x + step) - mixed(x - step)) / (2 * step);
    assertEquals(slope, Grad.gradient(PreaccumulationTest::mixed, x), 1e-2);
  }

  private static double rootOfZero(double x) {
    double r = 0;
    for (int i = 0; i < 3; i++) {
      r = r + x * Math.sqrt(x);
    }
    return r;
  }

  @Test
  void rootsAtZeroStayZero() {
    assertEquals(0, Grad.gradient(PreaccumulationTest::rootOfZero, 0.0));
  }

  private static long iterated(double x, int n) {
    Fn1<double[], Double> f =
        v -> {
          double c = v[0];
          double r = c;
          for (int i = 0; i < n; i++) {
            r = r * c + 0.1;
          }
          return r;
        };
    return allocated(() -> Grad.gradient(f, new double[] {x}));
  }

  private static long allocated(Supplier<Object> work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 10; i++) {
      work.get();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      work.get();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / 100;
  }

  @Test
  void keepsNothingOfAnIteration() {
    long few = iterated(0.5, 10);
    long many = iterated(0.5, 10_000);
    assertTrue(many < few + 1000, few + " bytes for 10 iterations, " + many + " for 10 000");
  }
}

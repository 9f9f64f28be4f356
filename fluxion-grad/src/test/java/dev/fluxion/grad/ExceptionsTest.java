package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through exceptions that are thrown and caught on the way. */
@SuppressWarnings("NullAway") // code as users write it
class ExceptionsTest {
  static final class Overshoot extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final double by;

    Overshoot(double by) {
      super("overshoot");
      this.by = by;
    }
  }

  static double caughtHere(double x) {
    double y = x;
    try {
      y = y * x;
      if (y > 1) {
        throw new IllegalStateException("large");
      }
      y = y * 3;
    } catch (IllegalStateException e) {
      y = Math.sin(y);
    }
    return y * x;
  }

  static double checked(double x) {
    if (x > 1) {
      throw new IllegalArgumentException();
    }
    return x * x;
  }

  static double caughtFromCall(double x) {
    double y;
    try {
      y = checked(x) + checked(x / 2);
    } catch (IllegalArgumentException e) {
      y = Math.exp(-x) * checked(x / 3);
    }
    return y;
  }

  static double inLoop(double x) {
    double s = 0;
    double[] a = {1, 2, 3};
    for (int i = 0; i < 6; i++) {
      double t = s;
      try {
        s += a[i] * x;
        a[i] = s * x;
        if (i == 1) {
          throw new IllegalStateException();
        }
        s *= x;
      } catch (ArrayIndexOutOfBoundsException e) {
        s += t * x;
        if (i == 4) {
          break;
        }
      } catch (RuntimeException e) {
        s = s / x;
        continue;
      } finally {
        s += 0.1 * x;
      }
      s -= x * x;
    }
    return s + a[0] * a[1] * a[2];
  }

  static double carried(double x) {
    try {
      return overshooting(x * x);
    } catch (Overshoot e) {
      return e.by * 3 + x;
    }
  }

  static double overshooting(double y) {
    if (y > 1) {
      throw new Overshoot(y * y - 1);
    }
    return y;
  }

  static double caughtAsPlatformType(double x) {
    try {
      return overshooting(x * x) * x;
    } catch (RuntimeException e) {
      return e instanceof Overshoot o ? o.by * x : 0;
    }
  }

  static double rethrown(double x) {
    double y = x;
    try {
      try {
        y = overshooting(x * 2) * 2;
      } finally {
        y += x * x;
      }
    } catch (Overshoot e) {
      y *= e.by;
    }
    return y;
  }

  static final class Resource implements AutoCloseable {
    final double[] closed;

    Resource(double[] closed) {
      this.closed = closed;
    }

    @Override
    public void close() {
      closed[0] += 1;
    }
  }

  static double withResources(double x) {
    double[] closed = {x};
    double y = 0;
    try (Resource one = new Resource(closed);
        Resource two = new Resource(closed)) {
      y = one.closed[0] * x * two.closed.length;
    }
    return y * closed[0];
  }

  static double nullPointer(double x) {
    double[] a = x > 1 ? null : new double[] {x};
    try {
      return a[0] * x;
    } catch (NullPointerException e) {
      return x * x * x;
    }
  }

  static double nestedLoops(double x) {
    double s = 1;
    for (int i = 0; i < 4; i++) {
      try {
        for (int j = 0; j < 4; j++) {
          s = s * 0.5 + checked(x * 0.3 * j);
        }
      } catch (IllegalArgumentException e) {
        s += Math.cos(s);
      }
    }
    return s;
  }

  private static final Object LOCK = new Object();

  static double synchronizedCode(double x) {
    double y = x;
    synchronized (LOCK) {
      y = y * y;
    }
    return locked(y);
  }

  static synchronized double locked(double x) {
    return x * 3;
  }

  static double parsed(double x) {
    int n;
    try {
      n = Integer.parseInt("no");
    } catch (NumberFormatException e) {
      n = 3;
    }
    return x * n;
  }

  record Case(String name, Scalar1 f) {}

  @TestFactory
  List<DynamicTest> agreeWithFiniteDifferences() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("caughtHere", x -> caughtHere(x)),
            new Case("caughtFromCall", x -> caughtFromCall(x)),
            new Case("inLoop", x -> inLoop(x)),
            new Case("carried", x -> carried(x)),
            new Case("caughtAsPlatformType", x -> caughtAsPlatformType(x)),
            new Case("rethrown", x -> rethrown(x)),
            new Case("withResources", x -> withResources(x)),
            new Case("nullPointer", x -> nullPointer(x)),
            new Case("nestedLoops", x -> nestedLoops(x)),
            new Case("synchronizedCode", x -> synchronizedCode(x)),
            new Case("halfDone", x -> halfDone(x)),
            new Case("parsed", x -> parsed(x)))) {
      tests.add(
          DynamicTest.dynamicTest(
              one.name(),
              () -> {
                for (double x : new double[] {0.4, 0.7, 1.3, 2.1}) {
                  double h = 1e-6;
                  double expected = (one.f().apply(x + h) - one.f().apply(x - h)) / (2 * h);
                  double found = Grad.gradient(one.f(), x);
                  assertEquals(expected, found, 1e-6 * Math.max(1, Math.abs(expected)));
                }
              }));
    }
    return tests;
  }

  static void changing(double[] a, double x) {
    a[0] *= x;
    if (x > 1) {
      throw new IllegalStateException();
    }
    a[0] *= x;
  }

  static double halfDone(double x) {
    double[] a = {x};
    try {
      changing(a, x);
    } catch (IllegalStateException e) {
      a[0] += 1;
    }
    return a[0];
  }

  interface Change {
    void apply(double[] a, double x);
  }

  record Squaring() implements Change {
    @Override
    public void apply(double[] a, double x) {
      changing(a, x);
    }
  }

  static double halfDoneVirtually(double x) {
    double[] a = {x};
    Change change = new Squaring();
    try {
      change.apply(a, x);
    } catch (IllegalStateException e) {
      a[0] += 1;
    }
    return a[0];
  }

  @Test
  void aVirtualCallThatThrewAfterChangesIsRefused() {
    assertEquals(3 * 0.25, Grad.gradient(x -> halfDoneVirtually(x), 0.5));
    GradientException e =
        assertThrows(GradientException.class, () -> Grad.gradient(x -> halfDoneVirtually(x), 2.0));
    assertTrue(e.getMessage().contains("ExceptionsTest.java:"), e.getMessage());
  }

  @Test
  void anExceptionThatNobodyCatchesComesThrough() {
    assertThrows(IllegalArgumentException.class, () -> Grad.gradient(x -> checked(x), 2.0));
    assertEquals(1, Grad.gradient(x -> checked(x), 0.5));
  }
}

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

  static final class Link {
    double v = 0.5;
    Link next;
  }

  /** The handler's loop may be left by exceptions from its middle, and was entered from several. */
  static double loopInHandler(double x) {
    Link first = new Link();
    first.next = new Link();
    try {
      try {
        if (x > 0) {
          throw new Overshoot(x);
        }
      } catch (Overshoot e) {
        for (Link at = first; at != null; at = at.next) {
          at.v = at.v * x + Math.sin(x);
        }
      } catch (RuntimeException e) {
        first.v = x;
      }
      if (x > -5) {
        throw new Overshoot(2);
      }
    } catch (Overshoot e) {
      first.v += 1;
    }
    return first.v * first.next.v;
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

  private static void put(double[] to, int index, double x) {
    to[index] = x;
  }

  /** What a store threw never was stored. */
  static double outside(double x) {
    double[] a = {x, x * x};
    int count = 0;
    for (int i = 0; i < 4; i++) {
      try {
        a[i] = x * a[i % 2];
      } catch (ArrayIndexOutOfBoundsException e) {
        count++;
      }
    }
    double s = count;
    for (int i = 0; i < 3; i++) {
      try {
        put(a, i, a[0] * i);
      } catch (ArrayIndexOutOfBoundsException e) {
        s += x * 3;
      }
    }
    return s + a[0] + a[1];
  }

  static double ofNothing(double x) {
    double[][] rows = {{x}, null, {x * x}};
    for (double[] row : rows) {
      try {
        row[0] *= x;
      } catch (NullPointerException e) {
        rows[0][0] *= 2;
      }
    }
    return rows[0][0] + rows[2][0];
  }

  record Case(String name, Scalar1 f) {}

  @TestFactory
  List<DynamicTest> agreeWithFiniteDifferences() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("caughtHere", x -> caughtHere(x)),
            new Case("caughtFromCall", x -> caughtFromCall(x)),
            new Case("outside", x -> outside(x)),
            new Case("ofNothing", x -> ofNothing(x)),
            new Case("loopInHandler", x -> loopInHandler(x)),
            new Case("inLoop", x -> inLoop(x)),
            new Case("carried", x -> carried(x)),
            new Case("caughtAsPlatformType", x -> caughtAsPlatformType(x)),
            new Case("rethrown", x -> rethrown(x)),
            new Case("withResources", x -> withResources(x)),
            new Case("nullPointer", x -> nullPointer(x)),
            new Case("nestedLoops", x -> nestedLoops(x)),
            new Case("synchronizedCode", x -> synchronizedCode(x)),
            new Case("halfDone", x -> halfDone(x)),
            new Case("halfDoneVirtually", x -> halfDoneVirtually(x)),
            new Case("halfDoneByLambda", x -> halfDoneByLambda(x)),
            new Case("stateOfReceiver", x -> stateOfReceiver(x)),
            new Case("inCallback", x -> inCallback(x)),
            new Case("inStream", x -> inStream(x)),
            new Case("nestedDispatch", x -> nestedDispatch(x)),
            new Case("failedConstruction", x -> failedConstruction(x)),
            new Case("nullReceiver", x -> nullReceiver(x)),
            new Case("lockedVirtually", x -> lockedVirtually(x)),
            new Case("iterated", x -> iterated(x)),
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
                  assertEquals(found, Grad.derivative(one.f(), x), 1e-9 * (1 + Math.abs(found)));
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

  static double halfDoneByLambda(double x) {
    double[] a = {x, 1};
    Change change =
        (b, y) -> {
          b[1] = b[0] * y;
          changing(b, y);
          b[0] += a[1];
        };
    try {
      change.apply(a, x);
      a[0] *= x;
    } catch (IllegalStateException e) {
      a[0] += a[1] * x;
    }
    return a[0];
  }

  /** Its state changes before each exception. */
  static final class Account {
    double balance;
    final double[] history = new double[8];
    int count;

    void withdraw(double amount) {
      history[count++] = balance;
      balance = balance * amount;
      if (balance > 2) {
        throw new Overshoot(balance - 2);
      }
      balance -= 0.1 * amount;
    }
  }

  static double stateOfReceiver(double x) {
    Account account = new Account();
    account.balance = 1.5;
    double penalty = 0;
    for (int i = 0; i < 5; i++) {
      try {
        account.withdraw(x + 0.2 * i);
      } catch (Overshoot e) {
        penalty += e.by * account.balance;
        account.balance = Math.sqrt(account.balance);
      } finally {
        penalty += account.history[i] * 0.5;
      }
    }
    return account.balance + penalty;
  }

  static double inCallback(double x) {
    List<Double> list = new ArrayList<>(List.of(0.5, 1.5, 2.5, 3.5));
    double[] sum = {1};
    try {
      list.forEach(
          v -> {
            sum[0] *= v * x;
            if (sum[0] > 1.2) {
              throw new IllegalStateException();
            }
            sum[0] += x;
          });
    } catch (IllegalStateException e) {
      sum[0] *= sum[0];
    }
    return sum[0] * x;
  }

  static double inStream(double x) {
    double[] seen = {1};
    double y = 0;
    try {
      y =
          List.of(0.5, 1.5, 2.5).stream()
              .map(
                  v -> {
                    seen[0] = seen[0] * v * x;
                    if (seen[0] > 1) {
                      throw new Overshoot(seen[0]);
                    }
                    return v * seen[0];
                  })
              .reduce(0.0, (v, w) -> v + w * x);
    } catch (Overshoot e) {
      y = e.by * e.by;
    }
    return y * seen[0];
  }

  interface Visited {
    double accept(Visitor visitor);
  }

  interface Visitor {
    double visit(double value);
  }

  static double nestedDispatch(double x) {
    double[] state = {x};
    Visitor visitor =
        value -> {
          state[0] *= value;
          if (state[0] > 1.5) {
            throw new Overshoot(state[0] * value);
          }
          return state[0];
        };
    Visited node =
        v -> {
          double sum = 0;
          for (int i = 1; i < 4; i++) {
            try {
              sum += v.visit(x * 0.6 * i);
            } catch (IllegalArgumentException e) {
              sum = 0;
            }
          }
          return sum;
        };
    double y;
    try {
      y = node.accept(visitor) * x;
    } catch (Overshoot e) {
      y = e.by + state[0];
    }
    return y * state[0];
  }

  /** A constructor that changes what it is given, and then may fail. */
  static class Part {
    final double value;

    Part(double[] stock, double x) {
      stock[0] -= x * 0.3;
      value = stock[0] * x;
      if (value > 1) {
        throw new IllegalStateException();
      }
      stock[0] *= x;
    }
  }

  static double failedConstruction(double x) {
    double[] stock = {2};
    double y = 0;
    for (int i = 0; i < 3; i++) {
      try {
        y += new Part(stock, x).value;
      } catch (IllegalStateException e) {
        y += stock[0] * stock[0];
      }
    }
    return y;
  }

  static double nullReceiver(double x) {
    Change change = x > 1 ? null : new Squaring();
    double[] a = {x};
    try {
      a[0] *= x;
      change.apply(a, x);
    } catch (NullPointerException e) {
      a[0] *= x;
    }
    return a[0];
  }

  static double lockedVirtually(double x) {
    double[] a = {x};
    Change change = new Squaring();
    try {
      synchronized (LOCK) {
        change.apply(a, x);
        a[0] += x;
      }
    } catch (IllegalStateException e) {
      a[0] *= 3 * x;
    }
    assertTrue(!Thread.holdsLock(LOCK));
    return a[0];
  }

  /** An iterator whose state changes before it says that there is no more. */
  static final class Shrinking implements java.util.Iterator<Double> {
    private double next;

    Shrinking(double next) {
      this.next = next;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Double next() {
      next *= next;
      if (next < 0.2) {
        throw new java.util.NoSuchElementException();
      }
      return next;
    }
  }

  static double iterated(double x) {
    Shrinking iterator = new Shrinking(Math.sin(x));
    double s = 0;
    try {
      while (true) {
        s += ((java.util.Iterator<Double>) iterator).next();
      }
    } catch (java.util.NoSuchElementException e) {
      s += iterator.next * x;
    }
    return s;
  }

  @Test
  void secondDerivativesGoThroughCallsInTryBlocks() {
    for (double x : new double[] {0.5, 1.2}) {
      double h = 1e-4;
      Fn1<double[], Double> f = a -> halfDoneVirtually(a[0]) * caughtFromCall(a[0]);
      double expected =
          (f.apply(new double[] {x + h})
                  - 2 * f.apply(new double[] {x})
                  + f.apply(new double[] {x - h}))
              / (h * h);
      assertEquals(expected, Grad.hessian(f, new double[] {x})[0][0], 1e-5 * Math.abs(expected));
    }
  }

  static double catchesAll(double x) {
    try {
      return bottomless(x) * x;
    } catch (StackOverflowError e) {
      return x;
    }
  }

  static double bottomless(double x) {
    return x < 0 ? x : bottomless(x * 1.1) * x;
  }

  @Test
  void anErrorOfTheMachineIsNotCaught() {
    assertThrows(StackOverflowError.class, () -> Grad.gradient(x -> catchesAll(x), 1.0));
  }

  @Test
  void anExceptionThatNobodyCatchesComesThrough() {
    assertThrows(IllegalArgumentException.class, () -> Grad.gradient(x -> checked(x), 2.0));
    assertEquals(1, Grad.gradient(x -> checked(x), 0.5));
  }
}

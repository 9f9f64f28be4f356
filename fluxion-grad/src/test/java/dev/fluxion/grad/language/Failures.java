package dev.fluxion.grad.language;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Exceptions, and what is done whatever happens. */
@SuppressWarnings({
  "all",
  "fallthrough",
  "finally",
  "lossy-conversions",
  "try"
}) // as users write it
final class Failures {
  private Failures() {}

  static final class Carrying extends Exception {
    private static final long serialVersionUID = 1L;
    final transient double[] numbers;

    Carrying(double... numbers) {
      super("carries " + numbers.length);
      this.numbers = numbers;
    }
  }

  static double positive(double x) throws IOException {
    if (x < 0) {
      throw new IOException("negative");
    }
    return Math.sqrt(x);
  }

  static double caught(double x) {
    try {
      return positive(x) * x;
    } catch (IOException e) {
      return x * x * e.getMessage().length();
    }
  }

  static double finished(double x) {
    double y = x;
    try {
      y = positive(x);
    } catch (IOException e) {
      y *= 2;
    } finally {
      y += x * x;
    }
    return y;
  }

  static double finallyReturns(double x) {
    double y = x;
    try {
      y = y * x;
      if (x < 0) {
        throw new IllegalStateException();
      }
      return y;
    } finally {
      return y + Math.sin(x);
    }
  }

  static double finallyInLoop(double x) {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      try {
        if (i == 1) {
          continue;
        }
        if (i == 3) {
          break;
        }
        sum += x * i;
      } finally {
        sum = sum * x + 1;
      }
    }
    return sum;
  }

  static double multiCatch(double x) {
    double[] numbers = {x, x * x};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      try {
        int at = i == 2 ? Integer.parseInt("no number") : i;
        sum += numbers[at] * x;
      } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
        sum *= x + i;
      }
    }
    return sum;
  }

  static double rethrown(double x) {
    double y = x;
    try {
      try {
        y += positive(-x * x);
      } catch (final Exception e) { // precise: an IOException still
        y *= 3;
        throw e;
      }
    } catch (IOException e) {
      y *= x;
    }
    return y;
  }

  static double wrapped(double x) {
    try {
      try {
        return positive(x - 1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } catch (RuntimeException e) {
      return e.getCause() instanceof IOException ? Math.exp(x) : 0;
    }
  }

  static double carried(double x) {
    try {
      throw new Carrying(x, x * x);
    } catch (Carrying e) {
      return e.numbers[0] * e.numbers[1];
    }
  }

  static final class Scaled implements AutoCloseable {
    private final double[] cell;
    private final double by;

    Scaled(double[] cell, double by) {
      this.cell = cell;
      this.by = by;
      cell[0] *= by;
    }

    double get() {
      return cell[0];
    }

    @Override
    public void close() {
      cell[0] = cell[0] / by + 1;
      if (by > 2) {
        throw new IllegalStateException("closed");
      }
    }
  }

  static double resources(double x) {
    double[] cell = {x};
    double y;
    try (Scaled outer = new Scaled(cell, 2);
        Scaled inner = new Scaled(cell, 1 + x * x / 10)) {
      y = inner.get() * outer.get();
    }
    return y * cell[0];
  }

  static double suppressed(double x) {
    double[] cell = {x};
    try (Scaled first = new Scaled(cell, 3);
        Scaled none = null) {
      cell[0] *= first.get();
      throw new IllegalArgumentException();
    } catch (IllegalArgumentException e) {
      return cell[0] * e.getSuppressed().length;
    }
  }

  private static final Object LOCK = new Object();
  private static double calls;

  static double locked(double x) {
    double y;
    synchronized (LOCK) {
      y = x * x;
      synchronized (Failures.class) {
        y += x;
      }
    }
    return y * lockedMethod(x);
  }

  static synchronized double lockedMethod(double x) {
    calls++;
    return Math.cos(x) + 0 * (calls > 0 ? 1 : 2);
  }

  static double runtimeFailures(double x) {
    double sum = x;
    Object text = "text";
    int[] none = null;
    for (int i = 0; i < 5; i++) {
      try {
        switch (i) {
          case 0 -> sum += 1 / (i * 3);
          case 1 -> sum += none[0];
          case 2 -> sum += (Integer) text;
          case 3 -> sum += new double[i - 4][1].length;
          default -> sum *= x;
        }
      } catch (ArithmeticException e) {
        sum += x;
      } catch (NullPointerException | ClassCastException e) {
        sum *= 2;
      } catch (RuntimeException e) {
        sum -= x * x;
      }
    }
    return sum;
  }

  static double retried(double x) {
    double step = 1;
    while (true) {
      try {
        if (step * Math.abs(x) > 0.5) {
          throw new Carrying(step);
        }
        return step * x * x;
      } catch (Carrying e) {
        step = e.numbers[0] / 2;
      }
    }
  }
}

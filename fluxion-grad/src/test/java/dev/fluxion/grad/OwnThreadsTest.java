package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through the subclasses of {@code Thread} that users write. */
class OwnThreadsTest {
  /** One of several threads, each of which has its part of the work. */
  static class Part extends Thread {
    final int index;
    double sum;

    Part(int index) {
      super("part " + index);
      setDaemon(true);
      this.index = index;
    }

    void add(double x) {
      sum += x * index;
    }
  }

  static final class Squares extends Part {
    private final double[] numbers;

    Squares(int index, double[] numbers) {
      super(index);
      this.numbers = numbers;
    }

    @Override
    public void run() {
      for (double number : numbers) {
        add(number * number);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Three parts of which each adds up 5 x². */
  static double parts(double x) {
    Part[] parts = new Part[3];
    for (int i = 0; i < 3; i++) {
      parts[i] = new Squares(i + 1, new double[] {x, 2 * x});
      parts[i].start();
    }
    double sum = 0;
    for (Part part : parts) {
      join(part);
      sum += part.sum;
    }
    return sum;
  }

  static double started(double x) {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      parts.add(new Squares(i, new double[] {x}));
    }
    parts.forEach(Thread::start);
    parts.forEach(OwnThreadsTest::join);
    return parts.stream().mapToDouble(part -> part.sum).sum();
  }

  static double anonymous(double x) {
    double[] out = new double[1];
    Thread thread =
        new Thread() {
          @Override
          public void run() {
            out[0] = Math.exp(x) * x;
          }
        };
    thread.start();
    join(thread);
    return out[0];
  }

  /** Runs what it was given, and more. */
  static final class Twice extends Thread {
    private final Runnable task;

    Twice(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      task.run();
      task.run();
    }
  }

  static double twice(double x) {
    double[] out = {x};
    Thread thread = new Twice(() -> out[0] *= x);
    thread.start();
    join(thread);
    return out[0];
  }

  static final class Failing extends Thread {
    private final double x;

    Failing(double x) {
      this.x = x;
    }

    @Override
    public void run() {
      if (x > 0) {
        throw new IllegalStateException("positive");
      }
    }
  }

  static double handled(double x) {
    double[] out = new double[1];
    Failing thread = new Failing(x);
    thread.setUncaughtExceptionHandler((failed, _) -> out[0] = ((Failing) failed).x * x);
    thread.start();
    join(thread);
    return out[0];
  }

  @TestFactory
  Stream<DynamicTest> areFollowed() {
    return new Cases()
        .number("parts", 0.7, 60 * 0.7, x -> parts(x))
        .number("started", 0.7, 6 * 0.7, x -> started(x))
        .number("anonymous", 0.7, Math.exp(0.7) * 1.7, x -> anonymous(x))
        .number("twice", 0.7, 3 * 0.7 * 0.7, x -> twice(x))
        .number("handled", 0.7, 1.4, x -> handled(x))
        .hessian("second derivatives", Cases.of(0.7), new double[][] {{60}}, x -> parts(x[0]))
        .tests();
  }

  @Test
  void otherCodeStartsThemAsEver() {
    double[] out = new double[1];
    Thread thread =
        new Thread() {
          @Override
          public void run() {
            out[0] = Thread.currentThread() == this ? 1 : 0;
          }
        };
    assertEquals(
        6,
        Grad.gradient(
            x -> {
              thread.start();
              join(thread);
              return x * x * (1 + 0 * out[0]);
            },
            3));
    Thread done = new Squares(1, new double[0]);
    done.start();
    join(done);
    assertThrows(
        IllegalThreadStateException.class,
        () ->
            Grad.gradient(
                x -> {
                  done.start();
                  return x;
                },
                1));
  }
}

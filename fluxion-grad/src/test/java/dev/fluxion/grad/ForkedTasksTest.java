package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through tasks that divide themselves. */
@SuppressWarnings({"serial", "NullAway", "FutureReturnValueIgnored"}) // as users write it
class ForkedTasksTest {
  private static final ForkJoinPool POOL = new ForkJoinPool(3);
  private static final int COUNT = 37;
  private static final int FEW = 5;

  @AfterAll
  static void shutDown() {
    POOL.shutdown();
  }

  /** The sum of sin(i a[i]) over a range. */
  static final class Sum extends RecursiveTask<Double> {
    private final double[] a;
    private final int from;
    private final int to;

    Sum(double[] a, int from, int to) {
      this.a = a;
      this.from = from;
      this.to = to;
    }

    @Override
    protected Double compute() {
      if (to - from <= FEW) {
        double s = 0;
        for (int i = from; i < to; i++) {
          s += Math.sin(i * a[i]);
        }
        return s;
      }
      int middle = (from + to) >>> 1;
      Sum left = new Sum(a, from, middle);
      Sum right = new Sum(a, middle, to);
      left.fork();
      return right.compute() + left.join();
    }
  }

  /** Puts sin(i a[i]) in place of each element of a range. */
  static final class Fill extends RecursiveAction {
    private final double[] a;
    private final int from;
    private final int to;

    Fill(double[] a, int from, int to) {
      this.a = a;
      this.from = from;
      this.to = to;
    }

    @Override
    protected void compute() {
      if (to - from <= FEW) {
        for (int i = from; i < to; i++) {
          a[i] = Math.sin(i * a[i]);
        }
        return;
      }
      int middle = (from + to) >>> 1;
      invokeAll(new Fill(a, from, middle), new Fill(a, middle, to));
    }
  }

  static double total(double[] a) {
    double s = 0;
    for (double v : a) {
      s += v;
    }
    return s;
  }

  static double inPlace(double[] a, ForkJoinPool pool) {
    double[] copy = a.clone();
    pool.invoke(new Fill(copy, 0, copy.length));
    return total(copy);
  }

  static double submitted(double[] a) {
    try {
      return POOL.submit(new Sum(a, 0, 9)).get() + POOL.submit(new Sum(a, 9, a.length)).join();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static double executed(double[] a) {
    Fill fill = new Fill(a.clone(), 0, a.length);
    POOL.execute(fill);
    fill.quietlyJoin();
    return total(fill.a);
  }

  static double several(double[] a) {
    Sum first = new Sum(a, 0, 3);
    Sum second = new Sum(a, 3, 20);
    RecursiveTask<Double> third = new Sum(a, 20, a.length);
    ForkJoinTask.invokeAll(first, second, third);
    return first.getRawResult() + second.join() + third.join();
  }

  static double collection(double[] a) {
    List<Sum> tasks = new ArrayList<>();
    for (int i = 0; i < a.length; i++) {
      tasks.add(new Sum(a, i, i + 1));
    }
    double s = 0;
    for (Sum task : ForkJoinTask.invokeAll(tasks)) {
      s += task.join();
    }
    return s;
  }

  static double twice(double[] a) {
    Sum sum = new Sum(a, 0, a.length);
    return 0.5 * sum.fork().join() + sum.join() * 0.25 + sum.invoke() / 4;
  }

  static double local(double[] a) {
    class Part extends RecursiveTask<double[]> {
      private final int stride;

      Part(int stride) {
        this.stride = stride;
      }

      @Override
      protected double[] compute() {
        double[] out = new double[1];
        for (int i = stride; i < a.length; i += 2) {
          out[0] += Math.sin(i * a[i]);
        }
        return out;
      }
    }

    ForkJoinTask<double[]> odd = new Part(1).fork();
    return new Part(0).invoke()[0] + odd.join()[0];
  }

  /** A function of an array. */
  record Case(String name, Fn1<double[], Double> f) {}

  @TestFactory
  List<DynamicTest> agreeWithTheClosedForm() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("invoke", a -> new Sum(a, 0, a.length).invoke()),
            new Case("fork", a -> new Sum(a, 0, a.length).fork().join()),
            new Case("pool", a -> POOL.invoke(new Sum(a, 0, a.length))),
            new Case("common", a -> inPlace(a, ForkJoinPool.commonPool())),
            new Case("inPlace", a -> inPlace(a, POOL)),
            new Case("submitted", a -> submitted(a)),
            new Case("executed", a -> executed(a)),
            new Case("several", a -> several(a)),
            new Case("collection", a -> collection(a)),
            new Case("twice", a -> twice(a)),
            new Case("local", a -> local(a)))) {
      tests.add(DynamicTest.dynamicTest(one.name(), () -> check(one.f())));
    }
    return tests;
  }

  private static void check(Fn1<double[], Double> f) {
    double[] a = new double[COUNT];
    double[] direction = new double[COUNT];
    double value = 0;
    double slope = 0;
    for (int i = 0; i < COUNT; i++) {
      a[i] = 0.1 + 0.01 * i;
      direction[i] = 1 - 0.1 * i;
      value += Math.sin(i * a[i]);
      slope += i * Math.cos(i * a[i]) * direction[i];
    }
    assertEquals(value, f.apply(a), 1e-12);
    double[] gradient = Grad.gradient(f, a);
    for (int i = 0; i < COUNT; i++) {
      assertEquals(i * Math.cos(i * a[i]), gradient[i], 1e-12);
    }
    assertEquals(slope, Grad.jvp(f, a, direction).tangent(), 1e-10);
  }

  // ---------------------------------------------------------------- exceptions and refusals

  static final class Failing extends RecursiveTask<Double> {
    private final double x;

    Failing(double x) {
      this.x = x;
    }

    @Override
    protected Double compute() {
      if (x > 0) {
        throw new IllegalArgumentException("positive");
      }
      return x;
    }
  }

  static double failing(double x) {
    ForkJoinTask<Double> task = new Failing(x).fork();
    try {
      return task.join();
    } catch (IllegalArgumentException e) {
      return x * x;
    }
  }

  @Test
  void anExceptionComesOutWhereItIsJoined() {
    assertEquals(6, Grad.gradient(x -> failing(x), 3.0));
    assertEquals(6, Grad.derivative(x -> failing(x), 3.0));
    assertEquals(1, Grad.gradient(x -> failing(x), -3.0));
  }

  @Test
  void aClosedPoolTakesNoTasks() {
    ForkJoinPool pool = new ForkJoinPool(1);
    pool.shutdown();
    Scalar1 f =
        x -> {
          try {
            return pool.invoke(new Failing(-x));
          } catch (RejectedExecutionException e) {
            return 3 * x;
          }
        };
    assertEquals(3, Grad.gradient(f, 2.0));
    assertEquals(3, Grad.derivative(f, 2.0));
  }

  static final class Completer extends CountedCompleter<Void> {
    private final double[] out;

    Completer(double[] out) {
      this.out = out;
    }

    @Override
    public void compute() {
      out[0] *= out[0];
      tryComplete();
    }
  }

  @Test
  void otherTasksAreRefused() {
    Scalar1 f =
        x -> {
          double[] out = {x};
          new Completer(out).invoke();
          return out[0];
        };
    assertEquals(9, f.apply(3));
    for (Runnable derivative :
        List.<Runnable>of(() -> Grad.gradient(f, 3.0), () -> Grad.derivative(f, 3.0))) {
      String message = assertThrows(GradientException.class, derivative::run).getMessage();
      assertTrue(message.contains("Completer"), message);
      assertTrue(message.contains("RecursiveTask"), message);
    }
  }
}

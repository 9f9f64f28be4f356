package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gradients are taken from many threads at once, where nothing has been derived before. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ManyThreadsTest {
  private static final int THREADS = 8;

  private static void together(Callable<?> task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        futures.add(
            executor.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
  }

  interface Shape {
    double area(double x);
  }

  record Square(double scale) implements Shape {
    @Override
    public double area(double x) {
      return scale * x * x;
    }
  }

  record Disc(double scale) implements Shape {
    @Override
    public double area(double x) {
      return scale * Math.PI * x * x;
    }
  }

  static double areas(List<Shape> shapes, double x) {
    double sum = 0;
    for (Shape shape : shapes) {
      sum += shape.area(x);
    }
    return sum;
  }

  @Test
  void oneFunctionForTheFirstTime() throws Exception {
    List<Shape> shapes = List.of(new Square(1), new Disc(2));
    Scalar1 f = x -> areas(shapes, x);
    double expected = 2 * 3 + 4 * Math.PI * 3;
    together(
        () -> {
          for (int i = 0; i < 50; i++) {
            assertEquals(expected, Grad.gradient(f, 3), 1e-12);
            assertEquals(expected, Grad.derivative(f, 3), 1e-12);
          }
          return null;
        });
  }

  static double even(double[] a, int i) {
    return i == a.length ? 1 : a[i] * odd(a, i + 1);
  }

  static double odd(double[] a, int i) {
    return i == a.length ? 2 : Math.sin(a[i]) + even(a, i + 1);
  }

  /** Two functions that call each other, entered from both ends. */
  @Test
  void functionsThatCallEachOther() throws Exception {
    double[] point = {0.1, 0.2, 0.3};
    Fn1<double[], Double> first = a -> even(a, 0);
    Fn1<double[], Double> second = a -> odd(a, 0);
    // a0 (sin a1 + a2 (2)) and sin a0 + a1 (sin a2 + 1)
    double[] ofFirst = {Math.sin(0.2) + 0.3 * 2, 0.1 * Math.cos(0.2), 0.1 * 2};
    double[] ofSecond = {Math.cos(0.1), Math.sin(0.3) + 1, 0.2 * Math.cos(0.3)};
    together(
        () -> {
          boolean turn = Thread.currentThread().threadId() % 2 == 0;
          for (int i = 0; i < 4; i++, turn = !turn) {
            assertArrayEquals(
                turn ? ofFirst : ofSecond, Grad.gradient(turn ? first : second, point), 1e-15);
            double[][] hessian = Grad.hessian(turn ? first : second, point);
            assertEquals(turn ? Math.cos(0.2) : 0, hessian[0][1], 1e-15);
          }
          return null;
        });
  }

  static double inner(double x) {
    return Grad.gradient(y -> y * y * x, x);
  }

  @Test
  void derivativesOfDerivatives() throws Exception {
    together(
        () -> {
          for (int i = 1; i < 20; i++) {
            assertEquals(4.0 * i, Grad.gradient((double x) -> inner(x), i)); // (2 x²)'
            assertEquals(4, Grad.derivative(x -> Grad.gradient(z -> inner(z), x), i));
          }
          return null;
        });
  }

  static double ruled(double x) {
    return x * x;
  }

  static double unruled(double x) {
    return x * x * x;
  }

  /** Rules of one method are registered while others are differentiated. */
  @Test
  void rulesAreRegisteredMeanwhile() throws Exception {
    together(
        () -> {
          for (int i = 0; i < 3; i++) {
            Grad.rule(ManyThreadsTest::ruled, x -> 10 * x);
            assertEquals(30, Grad.gradient((double x) -> ruled(x), 3));
            assertEquals(27, Grad.gradient((double x) -> unruled(x), 3));
            assertEquals(18, Grad.derivative(y -> Grad.gradient((double x) -> unruled(x), y), 3));
          }
          return null;
        });
  }

  @Test
  void ofDifferentFunctions() throws Exception {
    List<Fn1<double[], Double>> functions =
        List.of(
            a -> a[0] * a[1],
            a -> Math.exp(a[0]) * a[1],
            a -> {
              List<Double> list = new ArrayList<>();
              for (double x : a) {
                list.add(x * x);
              }
              return list.get(0) + list.get(1);
            });
    double[][] expected = {{3, 2}, {3 * Math.exp(2), Math.exp(2)}, {4, 6}};
    together(
        () -> {
          for (int i = 0; i < 30; i++) {
            int which = (int) (Thread.currentThread().threadId() + i) % functions.size();
            double[] gradient = Grad.gradient(functions.get(which), new double[] {2, 3});
            assertArrayEquals(expected[which], gradient, 1e-14);
          }
          return null;
        });
  }
}

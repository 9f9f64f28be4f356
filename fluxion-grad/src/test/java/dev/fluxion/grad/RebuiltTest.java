package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What constructors put into containers is found again, though they are run again. */
class RebuiltTest {
  private static <T> T kept(T object) {
    return List.of(object).get(0);
  }

  record Squares(List<Double> numbers) {
    Squares {
      numbers = numbers.stream().map(number -> number * number).toList();
    }
  }

  record Filled(double x, Deque<Double> numbers, Optional<Double> last) {
    Filled(double x) {
      Deque<Double> numbers = new ArrayDeque<>();
      for (int i = 1; i < 4; i++) {
        numbers.addFirst(i * x);
      }
      this(x, numbers, Optional.of(x * x));
    }
  }

  record Part(double number, Double[] boxes) {}

  /** Objects in lists in a map. */
  record Table(Map<String, List<Part>> parts, Part[] rows) {
    Table(double x) {
      List<Part> list = new ArrayList<>();
      for (int i = 1; i < 3; i++) {
        list.add(new Part(i * x, new Double[] {x * x}));
      }
      Map<String, List<Part>> parts = new HashMap<>();
      parts.put("one", list);
      parts.put("two", List.of(new Part(x * x, new Double[] {5 * x})));
      this(parts, new Part[] {new Part(7 * x, new Double[] {x})});
    }

    double get(int index) {
      List<Part> one = parts.get("one");
      Part two = parts.get("two").get(0);
      return one.get(index).number() * one.get(index).boxes()[0] * two.number()
          + two.boxes()[0] * rows[0].number() * rows[0].boxes()[0];
    }
  }

  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Double> numbers = new ArrayList<>();

    Failure(double x) {
      numbers.add(x * x);
    }
  }

  static final class Worker extends Thread {
    private final List<Double> numbers = new ArrayList<>();
    private double sum;

    Worker(double x) {
      numbers.add(x * x);
      numbers.add(3.0);
    }

    @Override
    public void run() {
      for (double number : numbers) {
        sum += number * number;
      }
    }
  }

  static double squares(double x) {
    Squares squares = kept(new Squares(List.of(x, 3 * x)));
    return squares.numbers().get(0) * squares.numbers().get(1);
  }

  static double filled(double x) {
    Filled filled = kept(new Filled(x));
    double sum = filled.last().get();
    for (double number : filled.numbers()) {
      sum = sum * x + number;
    }
    return sum;
  }

  static double failed(double x) {
    try {
      throw new Failure(x);
    } catch (Failure e) {
      return e.numbers.get(0) * x;
    }
  }

  static double worked(double x) {
    Worker worker = new Worker(x);
    worker.start();
    try {
      worker.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return worker.sum;
  }

  @TestFactory
  Stream<DynamicTest> isFoundAgain() {
    double x = 1.3;
    return new Cases()
        .number("a list that is mapped", x, 36 * x * x * x, a -> squares(a))
        .number(
            "a deque and an optional",
            x,
            5 * Math.pow(x, 4) + 9 * x * x + 4 * x + 1,
            a -> filled(a))
        .number("objects", x, 10 * Math.pow(x, 4) + 105 * x * x, a -> kept(new Table(a)).get(1))
        .number("in an exception", x, 3 * x * x, a -> failed(a))
        .number("in a thread", x, 4 * x * x * x, a -> worked(a))
        .hessian(
            "second derivatives", Cases.of(x), new double[][] {{108 * x * x}}, a -> squares(a[0]))
        .tests();
  }

  /** An object with a list. */
  record Inner(List<Double> numbers) {
    static Inner of(double x) {
      return new Inner(new ArrayList<>(List.of(x)));
    }
  }

  record Outer(Inner inner) {
    Outer(double x) {
      this(Inner.of(x * x));
    }

    double first() {
      return inner.numbers().get(0);
    }
  }

  /** A list that a function has captured. */
  record Captured(Supplier<Double> number) {
    Captured(double x) {
      List<Double> numbers = new ArrayList<>();
      numbers.add(x * x);
      this(() -> numbers.get(0));
    }

    double first() {
      return number.get();
    }
  }

  @Test
  void listsInObjectsAreRefused() {
    for (Runnable derivative :
        List.<Runnable>of(
            () -> Grad.gradient(x -> kept(new Outer(x)).first(), 3),
            () -> Grad.gradient(x -> kept(new Captured(x)).first(), 3),
            () -> Grad.derivative(x -> kept(new Captured(x)).first(), 3),
            () -> Grad.derivative(x -> kept(new Outer(x)).first(), 3))) {
      String message = assertThrows(GradientException.class, derivative::run).getMessage();
      assertTrue(message.contains("run again"), message);
    }
    assertEquals(9, new Outer(3).first());
  }
}

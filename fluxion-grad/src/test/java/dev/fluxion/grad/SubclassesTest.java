package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What constructors hand to those of the platform's classes is followed, or refused. */
class SubclassesTest {
  static final class Numbers extends ArrayList<Double> {
    private static final long serialVersionUID = 1L;

    Numbers(Collection<Double> numbers) {
      super(numbers);
    }

    double total() {
      double total = 0;
      for (double number : this) {
        total += number;
      }
      return total;
    }
  }

  static final class Named extends AbstractMap.SimpleEntry<String, Double> {
    private static final long serialVersionUID = 1L;

    Named(String name, Double value) {
      super(name, value);
    }

    Named(double value) {
      super("unnamed", value);
    }
  }

  static final class Ordered extends TreeSet<double[]> {
    private static final long serialVersionUID = 1L;

    Ordered(Comparator<double[]> order) {
      super(order);
    }
  }

  static double ordered(double x) {
    Ordered set = new Ordered(Comparator.comparingDouble(row -> row[0] * x));
    set.add(new double[] {2, x * x});
    set.add(new double[] {1, x});
    return set.getFirst()[1] * 3 + set.getLast()[1];
  }

  abstract static class Row extends AbstractList<Double> {
    static int made;
    protected double scale = 1;

    Row(List<Row> all) {
      made++;
      all.add(this);
    }

    @Override
    public Double get(int index) {
      return scale * element(index);
    }

    abstract double element(int index);
  }

  static final class Powers extends Row {
    private final double base;
    private final int size;
    private final double last;

    Powers(double base, int size, List<Row> all) {
      super(all);
      this.base = base;
      this.size = size;
      scale = 2 * base;
      last = get(size() - 1);
    }

    @Override
    double element(int index) {
      return Math.pow(base, index);
    }

    @Override
    public int size() {
      return size;
    }
  }

  /** Constructors do what they do once, call what they may, and hand out the object. */
  static double powers(double x) {
    Row.made = 0;
    List<Row> all = new ArrayList<>();
    Powers powers = new Powers(x, 3, all);
    return powers.get(1) + powers.last * Row.made + ((Powers) all.get(0)).last;
  }

  @TestFactory
  Stream<DynamicTest> areFollowed() {
    return new Cases()
        .number("elements", 0.7, 1 + 1.4, x -> new Numbers(List.of(x, x * x)).total())
        .number("a boxed value", 0.7, 2, x -> new Named("twice", 2 * x).getValue())
        .number("a constructor that does a lot", 0.7, 2 * 1.4 + 12 * 0.49, x -> powers(x))
        .number("a comparator", 0.7, 3 + 1.4, x -> ordered(x))
        .hessian(
            "second derivatives",
            Cases.of(0.7),
            new double[][] {{2}},
            x -> new Numbers(List.of(x[0], x[0] * x[0])).total())
        .tests();
  }

  static final class Task extends FutureTask<Double> {
    Task(Callable<Double> code) {
      super(code);
    }
  }

  static double task(double x) {
    Task task = new Task(() -> x * x);
    task.run();
    try {
      return task.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static final class Labelled extends Thread {
    Labelled(Runnable task) {
      super(task, "labelled");
    }
  }

  static double labelled(double x) {
    double[] out = new double[1];
    Thread thread = new Labelled(() -> out[0] = x * x);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return out[0];
  }

  @Test
  void whatTheObjectHasKeptUnseenIsRefused() {
    assertRefused("hands a function", x -> task(x));
    assertRefused("hands a function", x -> labelled(x));
    assertRefused("SimpleEntry.getValue", x -> new Named(x).getValue());
  }

  private static void assertRefused(String part, Scalar1 f) {
    for (Runnable derivative :
        List.<Runnable>of(() -> Grad.gradient(f, 3), () -> Grad.derivative(f, 3))) {
      String message = assertThrows(GradientException.class, derivative::run).getMessage();
      assertTrue(message.contains(part), message);
    }
  }
}

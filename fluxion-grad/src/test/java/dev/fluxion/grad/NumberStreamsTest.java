package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.text.DecimalFormat;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Spliterator;
import java.util.function.DoubleConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Streams of numbers do in a derivative what the platform's do, when these do it. */
class NumberStreamsTest {
  static double closed(double x) {
    double[] sum = {0};
    try (DoubleStream numbers = DoubleStream.of(x, x * x).onClose(() -> sum[0] *= x)) {
      sum[0] = numbers.map(a -> 3 * a).onClose(() -> sum[0] += x).sum();
    }
    return sum[0];
  }

  static double closedOnce(double x) {
    double[] count = {0};
    DoubleStream first = Stream.of(x).onClose(() -> count[0] += x).mapToDouble(a -> a);
    DoubleStream second = DoubleStream.of(x, 3).onClose(() -> count[0] += x * x);
    Stream<Double> boxed = DoubleStream.concat(first, second).boxed();
    double sum = boxed.reduce(0.0, Double::sum);
    boxed.close();
    first.close();
    second.close();
    return sum * count[0];
  }

  static double closedWithin(double x) {
    double[] count = {1};
    double sum =
        DoubleStream.of(1, 2)
            .flatMap(a -> DoubleStream.of(a * x, a).onClose(() -> count[0] *= x))
            .sum();
    return sum * count[0];
  }

  static double generated(double x) {
    double[] power = {1};
    return DoubleStream.generate(() -> power[0] *= x).boxed().limit(3).reduce(0.0, Double::sum)
        + DoubleStream.generate(() -> x).mapToObj(a -> new double[] {a}).findFirst().get()[0]
        + DoubleStream.generate(() -> x).mapToInt(a -> (int) a).limit(2).sum() * x
        + DoubleStream.generate(() -> x).mapToLong(a -> (long) a).limit(4).sum() * x * x;
  }

  static double taken(double x) {
    double[] drawn = {0};
    double product =
        DoubleStream.iterate(x, a -> a + 1)
            .peek(a -> drawn[0] += a)
            .skip(1)
            .map(a -> Math.floor(a / 2) * x)
            .distinct()
            .limit(3)
            .reduce(1, (a, b) -> a * b);
    return product * drawn[0];
  }

  static double ordered(double x) {
    List<Double> order = new ArrayList<>();
    double last =
        DoubleStream.of(3 * x, x, 2 * x)
            .peek(order::add)
            .sorted()
            .peek(order::add)
            .reduce(0, (_, b) -> b);
    return last * order.get(0) + order.get(3) * order.get(4);
  }

  static double failing(double x) {
    DoubleStream numbers =
        DoubleStream.of(x)
            .onClose(
                () -> {
                  throw new IllegalStateException();
                })
            .onClose(
                () -> {
                  throw new IllegalArgumentException();
                });
    double sum = numbers.sum();
    try {
      numbers.close();
    } catch (IllegalStateException e) {
      return sum * x * e.getSuppressed().length;
    }
    return sum;
  }

  static double spliterated(double x) {
    double[] product = {1};
    DoubleStream.of(x, x * x).spliterator().forEachRemaining((DoubleConsumer) a -> product[0] *= a);
    Arrays.spliterator(new double[] {x, 2}).tryAdvance((DoubleConsumer) a -> product[0] *= a);
    Spliterator.OfDouble numbers = DoubleStream.of(3, x).spliterator();
    return product[0] * StreamSupport.doubleStream(numbers, false).sum();
  }

  static double several(double x) {
    return Stream.of(x, x * x)
        .mapMultiToDouble(
            (Double a, DoubleConsumer next) -> {
              next.accept(a);
              next.accept(a * a);
            })
        .sum();
  }

  static double present(double x) {
    try {
      return DoubleStream.of(x * x).findFirst().stream()
              .max()
              .orElseThrow(IllegalStateException::new)
          * DoubleStream.empty().max().orElseThrow(() -> new Missing(x));
    } catch (Missing e) {
      return e.number * x;
    }
  }

  static double presentOrElse(double x) {
    double[] sum = {x};
    DoubleStream.of(x).max().ifPresentOrElse(a -> sum[0] += a * a, () -> sum[0] *= 2);
    DoubleStream.empty().max().ifPresentOrElse(a -> sum[0] = a, () -> sum[0] *= x);
    return sum[0];
  }

  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final double number;

    Missing(double number) {
      this.number = number;
    }
  }

  static double formatted(double x) {
    String text = new DecimalFormat("0.00").format(x) + NumberFormat.getInstance().format(x * x);
    return x * x * (text.length() > 2 ? MessageFormat.format("{0}", x).length() : 1);
  }

  @TestFactory
  Stream<DynamicTest> areLazyAndClosed() {
    double x = 2.2;
    double sum = 3 * x + 3 * x * x;
    return new Cases()
        .number("closed", x, sum + x * (3 + 6 * x) + 1, a -> closed(a))
        .number("closed once", x, 6 * x * x + 10 * x + 3, a -> closedOnce(a))
        .number("closed within", x, 9 * x * x + 6 * x, a -> closedWithin(a))
        .number("generated", x, 1 + 2 * x + 3 * x * x + 1 + 4 + 16 * x, a -> generated(a))
        .number("ordered", x, 22 * x, a -> ordered(a))
        .number("failing", x, 2 * x, a -> failing(a))
        .number("spliterated", x, 12 * x * x * x + 5 * Math.pow(x, 4), a -> spliterated(a))
        .number("several", x, 1 + 4 * x + 4 * x * x * x, a -> several(a))
        .number("present", x, 2 * x, a -> present(a))
        .number("present or else", x, 2 * x + 3 * x * x, a -> presentOrElse(a))
        .number("formatted", x, 6 * x, a -> formatted(a))
        .hessian("second derivatives", Cases.of(x), new double[][] {{22}}, a -> ordered(a[0]))
        .tests();
  }

  @Test
  void drawWhatTheyNeed() {
    double x = 2.2;
    double h = 1e-6;
    double expected = (taken(x + h) - taken(x - h)) / (2 * h);
    assertEquals(expected, Grad.gradient(a -> taken(a), x), 1e-5 * Math.abs(expected));
    assertEquals(expected, Grad.derivative(a -> taken(a), x), 1e-5 * Math.abs(expected));
  }
}

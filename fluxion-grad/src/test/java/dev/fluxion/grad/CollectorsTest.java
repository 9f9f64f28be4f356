package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.runtime.Tape;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through the platform's streams, collectors, statistics and shared sums. */
class CollectorsTest {
  private static final double[] POINT = {0.4, 1.1, -0.6, 2.2, 0.9};

  record Trade(String book, double quantity, double price) {
    double value() {
      return quantity * price;
    }
  }

  record Case(String name, Fn1<double[], Double> f) {}

  private static Stream<Trade> trades(double[] x) {
    List<Trade> all = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      all.add(new Trade(i % 2 == 0 ? "a" : "b", x[i], x[(i + 1) % x.length] + i));
    }
    return all.stream();
  }

  private static <R> R collect(double[] x, Collector<Trade, ?, R> collector) {
    return trades(x).collect(collector);
  }

  private static <R> R ofBook(String book, double[] x, Collector<Trade, ?, R> collector) {
    R part = collect(x, Collectors.groupingBy(Trade::book, collector)).get(book);
    assertTrue(part != null);
    return part;
  }

  private static double sorted(double[] x) {
    TreeMap<String, Double> means =
        collect(
            x,
            Collectors.groupingBy(
                Trade::book, TreeMap::new, Collectors.averagingDouble(Trade::value)));
    return means.firstEntry().getValue() * 3 + means.lastEntry().getValue();
  }

  private static double parts(double[] x) {
    Map<Boolean, Double> both =
        collect(
            x,
            Collectors.partitioningBy(
                t -> t.quantity() > 0.5, Collectors.summingDouble(Trade::value)));
    return both.getOrDefault(true, 0.0) - 2 * both.getOrDefault(false, 0.0);
  }

  private static double merged(double[] x) {
    Map<String, Double> map =
        collect(
            x,
            Collectors.toMap(Trade::book, Trade::value, (a, b) -> a * b + 1, LinkedHashMap::new));
    return map.values().iterator().next();
  }

  private static double statistics(DoubleSummaryStatistics s) {
    return s.getMax() * s.getMin() + s.getAverage() * s.getCount() + s.getSum() * s.getSum();
  }

  private static double made(double[] x) {
    DoubleSummaryStatistics even = new DoubleSummaryStatistics();
    DoubleSummaryStatistics odd = new DoubleSummaryStatistics();
    for (int i = 0; i < x.length; i++) {
      (i % 2 == 0 ? even : odd).accept(x[i] * x[i]);
    }
    even.combine(odd);
    return statistics(even);
  }

  private static double added(double[] x) {
    DoubleAdder sum = new DoubleAdder();
    for (double v : x) {
      sum.add(v * v);
    }
    double first = sum.sumThenReset();
    sum.add(x[0]);
    return first * first * sum.sum();
  }

  private static double accumulated(double[] x) {
    DoubleAccumulator greatest = new DoubleAccumulator(Math::max, Double.NEGATIVE_INFINITY);
    Arrays.stream(x).forEach(v -> greatest.accumulate(v * v));
    return greatest.get() * x[0];
  }

  private static double sampled(double[] x) {
    double mean = new Random(2).doubles(200).map(u -> Math.exp(u * x[0])).average().orElseThrow();
    return mean + new Random(3).doubles().map(u -> u * x[1] * u).limit(3).sum();
  }

  private static double built(double[] x) {
    return DoubleStream.builder().add(x[0]).add(x[1] * x[2]).build().map(v -> v * v).sum();
  }

  private static double several(double[] x) {
    double flat =
        Stream.of(x, new double[] {x[0] * 2}).flatMapToDouble(Arrays::stream).map(v -> v * v).sum();
    return Arrays.stream(x)
        .mapMulti(
            (v, to) -> {
              to.accept(v);
              to.accept(v * flat);
            })
        .sum();
  }

  private static double none(double[] x) {
    double flat =
        Stream.of(x, new double[0]).flatMapToDouble(v -> v == x ? Arrays.stream(v) : null).sum();
    return Arrays.stream(x).flatMap(v -> v == x[1] ? null : DoubleStream.of(v * flat, v)).sum();
  }

  private static double arrays(double[] x) {
    double[][] rows =
        IntStream.range(0, 3).mapToObj(i -> new double[] {x[i], i}).toArray(double[][]::new);
    Double[] squares = Arrays.stream(x).mapToObj(v -> v * v).toArray(Double[]::new);
    rows[1][1] += squares[0];
    return rows[0][0] * rows[1][0] * rows[1][1] + squares[3];
  }

  private static double reflected(double[] x) {
    Object doubles = Array.newInstance(double.class, 2);
    Array.setDouble(doubles, 0, x[0] * x[1]);
    Array.set(doubles, 1, x[2] * x[2]);
    Object whole = Array.newInstance(int.class, 1);
    Array.set(whole, 0, 3);
    Object[] objects = (Object[]) Array.newInstance(Object.class, 1);
    Array.set(objects, 0, doubles);
    double second = (Double) Array.get(Array.get(objects, 0), 1);
    return Array.getDouble(doubles, 0) * second * Array.getDouble(whole, 0);
  }

  private static final List<Case> CASES =
      List.of(
          new Case("summing", x -> collect(x, Collectors.summingDouble(Trade::value))),
          new Case("averaging", x -> collect(x, Collectors.averagingDouble(Trade::value))),
          new Case(
              "summarizing",
              x -> statistics(collect(x, Collectors.summarizingDouble(Trade::value)))),
          new Case("grouping", x -> ofBook("b", x, Collectors.toList()).get(1).value()),
          new Case("sums of groups", x -> ofBook("a", x, Collectors.summingDouble(Trade::value))),
          new Case("sorted groups", CollectorsTest::sorted),
          new Case(
              "mapping",
              x -> ofBook("a", x, Collectors.mapping(Trade::value, Collectors.toList())).get(1)),
          new Case(
              "reducing",
              x -> ofBook("a", x, Collectors.reducing(1.0, Trade::value, (a, b) -> a * b))),
          new Case(
              "reducing to an optional",
              x ->
                  trades(x)
                      .map(Trade::value)
                      .collect(Collectors.reducing((a, b) -> a * b + 1))
                      .orElseThrow()),
          new Case(
              "greatest",
              x ->
                  ofBook("a", x, Collectors.maxBy(Comparator.comparingDouble(Trade::value)))
                      .orElseThrow()
                      .value()),
          new Case(
              "filtering",
              x ->
                  ofBook(
                      "a",
                      x,
                      Collectors.filtering(
                          t -> t.quantity() > 0, Collectors.summingDouble(Trade::value)))),
          new Case(
              "flat mapping",
              x ->
                  ofBook(
                      "b",
                      x,
                      Collectors.flatMapping(
                          t -> Stream.of(t.quantity(), t.price()),
                          Collectors.summingDouble(v -> v * v)))),
          new Case(
              "and then",
              x ->
                  ofBook(
                      "b",
                      x,
                      Collectors.collectingAndThen(
                          Collectors.toList(), l -> l.get(0).value() * l.size()))),
          new Case(
              "a collector that is not replaced",
              x ->
                  collect(
                          x,
                          Collectors.groupingByConcurrent(
                              Trade::book, Collectors.averagingDouble(Trade::value)))
                      .getOrDefault("b", 0.0)),
          new Case("counting", x -> ofBook("a", x, Collectors.counting()) * x[0]),
          new Case("partitioning", CollectorsTest::parts),
          new Case("merging", CollectorsTest::merged),
          new Case(
              "teeing",
              x ->
                  collect(
                      x,
                      Collectors.teeing(
                          Collectors.averagingDouble(Trade::value),
                          Collectors.counting(),
                          (a, n) -> a * a * n))),
          new Case(
              "own collector",
              x ->
                  Arrays.stream(x)
                      .boxed()
                      .collect(
                          Collector.of(
                              () -> new double[1],
                              (a, v) -> a[0] += v * v,
                              (a, b) -> a,
                              a -> Math.sqrt(a[0])))),
          new Case(
              "statistics of a stream",
              x -> statistics(Arrays.stream(x).map(v -> v * v).summaryStatistics())),
          new Case("random numbers", CollectorsTest::sampled),
          new Case("a built stream", CollectorsTest::built),
          new Case("several for one", CollectorsTest::several),
          new Case("none for one", CollectorsTest::none),
          new Case("arrays of streams", CollectorsTest::arrays),
          new Case("arrays by reflection", CollectorsTest::reflected),
          new Case("statistics", CollectorsTest::made),
          new Case("adder", CollectorsTest::added),
          new Case("accumulator", CollectorsTest::accumulated),
          new Case(
              "whole numbers",
              x ->
                  IntStream.range(1, 4).asDoubleStream().map(v -> v * x[0]).sum()
                      + LongStream.range(1, 3).asDoubleStream().map(v -> v * x[1] * x[1]).sum()));

  private static void agree(Case one) {
    double[] x = POINT.clone();
    ValueAndGradient<double[]> made = Grad.valueAndGradient(one.f, x);
    assertEquals(one.f.apply(x), made.value());
    for (int i = 0; i < x.length; i++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double slope = (one.f.apply(up) - one.f.apply(down)) / 2e-5;
      double[] direction = new double[x.length];
      direction[i] = 1;
      assertEquals(slope, made.gradient()[i], 1e-7 * Math.max(1, Math.abs(slope)), "reverse");
      double tangent = Grad.jvp(one.f, x, direction).tangent();
      assertEquals(made.gradient()[i], tangent, 1e-12 * Math.max(1, Math.abs(slope)), "forward");
    }
  }

  @TestFactory
  Stream<DynamicTest> gradients() {
    return CASES.stream().map(one -> DynamicTest.dynamicTest(one.name, () -> agree(one)));
  }

  @Test
  void numbersThatThePlatformMakesInContainersAreRefused() {
    Map<String, List<Double>> made = Map.of("a", new ArrayList<>(List.of(1.5)));
    GradientException e =
        assertThrows(GradientException.class, () -> Tape.fresh().found(made, "Some.method"));
    assertTrue(e.getMessage().contains("through Some.method: a Double"), e.getMessage());
  }

  @Test
  void statisticsFromElsewhereAreRefused() {
    DoubleSummaryStatistics outer = new DoubleSummaryStatistics();
    Fn1<double[], Double> f =
        x -> {
          outer.accept(x[0]);
          return outer.getMax();
        };
    GradientException e =
        assertThrows(GradientException.class, () -> Grad.gradient(f, POINT.clone()));
    assertTrue(e.getMessage().contains("make it in the function"), e.getMessage());
  }
}

package dev.fluxion.grad.runtime;

import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Methods of {@code Collectors} that add numbers, or hand them on, in plain Java. */
public final class CollectorMethods {
  private CollectorMethods() {}

  /** {@code Collectors.summingDouble}. */
  public static <T> Collector<T, ?, Double> summingDouble(ToDoubleFunction<? super T> f) {
    return Collector.of(
        Sum::new, (sum, x) -> sum.accept(f.applyAsDouble(x)), (a, _) -> a, Sum::value);
  }

  /** {@code Collectors.averagingDouble}. */
  public static <T> Collector<T, ?, Double> averagingDouble(ToDoubleFunction<? super T> f) {
    return Collector.of(
        Sum::new, (sum, x) -> sum.accept(f.applyAsDouble(x)), (a, _) -> a, Sum::average);
  }

  /** {@code Collectors.summarizingDouble}. */
  public static <T> Collector<T, ?, DoubleSummaryStatistics> summarizingDouble(
      ToDoubleFunction<? super T> f) {
    return Collector.of(
        SummaryMethods::newDoubleSummaryStatistics,
        (statistics, x) -> statistics.accept(f.applyAsDouble(x)),
        (a, _) -> a);
  }

  /** {@code Collectors.groupingBy}. */
  public static <T, K> Collector<T, ?, ? extends Map<K, ?>> groupingBy(
      Function<? super T, ? extends K> classifier) {
    return groupingBy(classifier, Collectors.toList());
  }

  /** {@code Collectors.groupingBy}. */
  public static <T, K, A, D> Collector<T, ?, Map<K, D>> groupingBy(
      Function<? super T, ? extends K> classifier, Collector<? super T, A, D> downstream) {
    return groupingBy(classifier, HashMap::new, downstream);
  }

  /** {@code Collectors.groupingBy}. */
  @SuppressWarnings("unchecked")
  public static <T, K, D, A, M extends Map<K, D>> Collector<T, ?, M> groupingBy(
      Function<? super T, ? extends K> classifier,
      Supplier<M> maps,
      Collector<? super T, A, D> downstream) {
    return Collector.of(
        maps,
        (map, x) -> {
          K key = classifier.apply(x);
          A part = (A) map.get(key);
          if (part == null) {
            part = downstream.supplier().get();
            map.put(key, (D) part);
          }
          downstream.accumulator().accept(part, x);
        },
        (a, _) -> a,
        map -> finished(map, downstream));
  }

  /** {@code Collectors.partitioningBy}. */
  public static <T> Collector<T, ?, ? extends Map<Boolean, ?>> partitioningBy(
      Predicate<? super T> predicate) {
    return partitioningBy(predicate, Collectors.toList());
  }

  /** {@code Collectors.partitioningBy}. */
  @SuppressWarnings("unchecked")
  public static <T, D, A> Collector<T, ?, Map<Boolean, D>> partitioningBy(
      Predicate<? super T> predicate, Collector<? super T, A, D> downstream) {
    return Collector.of(
        () -> {
          Map<Boolean, D> both = new LinkedHashMap<>();
          both.put(false, (D) downstream.supplier().get());
          both.put(true, (D) downstream.supplier().get());
          return both;
        },
        (both, x) -> downstream.accumulator().accept((A) both.get(predicate.test(x)), x),
        (a, _) -> a,
        both -> finished(both, downstream));
  }

  /** {@code Collectors.mapping}. */
  public static <T, U, A, R> Collector<T, ?, R> mapping(
      Function<? super T, ? extends U> f, Collector<? super U, A, R> downstream) {
    return Collector.of(
        downstream.supplier(),
        (part, x) -> downstream.accumulator().accept(part, f.apply(x)),
        downstream.combiner(),
        downstream.finisher());
  }

  /** {@code Collectors.filtering}. */
  public static <T, A, R> Collector<T, ?, R> filtering(
      Predicate<? super T> predicate, Collector<? super T, A, R> downstream) {
    return Collector.of(
        downstream.supplier(),
        (part, x) -> {
          if (predicate.test(x)) {
            downstream.accumulator().accept(part, x);
          }
        },
        downstream.combiner(),
        downstream.finisher());
  }

  /** {@code Collectors.flatMapping}. */
  public static <T, U, A, R> Collector<T, ?, R> flatMapping(
      Function<? super T, ? extends Stream<? extends U>> f, Collector<? super U, A, R> downstream) {
    return Collector.of(
        downstream.supplier(),
        (part, x) -> {
          Stream<? extends U> several = f.apply(x);
          if (several != null) {
            Iterator<? extends U> iterator = several.iterator();
            while (iterator.hasNext()) {
              downstream.accumulator().accept(part, iterator.next());
            }
            several.close();
          }
        },
        downstream.combiner(),
        downstream.finisher());
  }

  /** {@code Collectors.collectingAndThen}. */
  public static <T, A, R, S> Collector<T, A, S> collectingAndThen(
      Collector<T, A, R> downstream, Function<R, S> finisher) {
    return Collector.of(
        downstream.supplier(),
        downstream.accumulator(),
        downstream.combiner(),
        part -> finisher.apply(downstream.finisher().apply(part)));
  }

  /** {@code Collectors.teeing}. */
  public static <T, A, B, R, S, U> Collector<T, ?, U> teeing(
      Collector<? super T, A, R> first,
      Collector<? super T, B, S> second,
      BiFunction<? super R, ? super S, U> merger) {
    return Collector.of(
        () -> new Two<>(first.supplier().get(), second.supplier().get()),
        (two, x) -> {
          first.accumulator().accept(two.first, x);
          second.accumulator().accept(two.second, x);
        },
        (a, _) -> a,
        two ->
            merger.apply(first.finisher().apply(two.first), second.finisher().apply(two.second)));
  }

  private record Two<A, B>(A first, B second) {}

  /** What a collector has made of the elements so far, where that is one of them. */
  private static final class Best<T> {
    private @Nullable T element;
    private boolean isThere;
  }

  /** {@code Collectors.reducing}. */
  public static <T> Collector<T, ?, T> reducing(T identity, BinaryOperator<T> operator) {
    return reducing(identity, x -> x, operator);
  }

  /** {@code Collectors.reducing}. */
  public static <T> Collector<T, ?, Optional<T>> reducing(BinaryOperator<T> operator) {
    return Collector.of(
        Best<T>::new,
        (best, x) -> {
          best.element = best.isThere ? operator.apply(best.element, x) : x;
          best.isThere = true;
        },
        (a, _) -> a,
        best -> Optional.ofNullable(best.element));
  }

  /** {@code Collectors.reducing}. */
  public static <T, U> Collector<T, ?, U> reducing(
      U identity, Function<? super T, ? extends U> f, BinaryOperator<U> operator) {
    return Collector.of(
        () -> {
          Best<U> best = new Best<>();
          best.element = identity;
          return best;
        },
        (best, x) -> best.element = operator.apply(best.element, f.apply(x)),
        (a, _) -> a,
        best -> best.element);
  }

  @SuppressWarnings("unchecked")
  private static <K, A, D, M extends Map<K, D>> M finished(M map, Collector<?, A, D> downstream) {
    for (Map.Entry<K, D> entry : map.entrySet()) {
      entry.setValue(downstream.finisher().apply((A) entry.getValue()));
    }
    return map;
  }
}

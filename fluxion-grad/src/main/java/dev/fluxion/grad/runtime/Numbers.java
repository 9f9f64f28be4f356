package dev.fluxion.grad.runtime;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleToIntFunction;
import java.util.function.DoubleToLongFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sequential stream of numbers in plain Java, which is differentiated where the platform's is
 * not. Like the platform's, it is lazy, and pulls one number at a time through all its stages.
 */
public final class Numbers implements DoubleStream {
  private final Source source;
  private final Closing closing;

  Numbers(Source source) {
    this(source, new Closing(null));
  }

  /** Numbers out of another stream, which is closed with them. */
  Numbers(Source source, BaseStream<?, ?> before) {
    this(source, new Closing(before));
  }

  private Numbers(Source source, Closing closing) {
    this.source = source;
    this.closing = closing;
  }

  /** What is done when a stream is closed, once, by whichever of its stages. */
  private static final class Closing {
    private @Nullable BaseStream<?, ?> before;
    private @Nullable List<Runnable> handlers;

    Closing(@Nullable BaseStream<?, ?> before) {
      this.before = before;
    }

    boolean isEmpty() {
      return before == null && handlers == null;
    }

    void add(Runnable handler) {
      List<Runnable> all = handlers;
      if (all == null) {
        all = new ArrayList<>();
        handlers = all;
      }
      all.add(handler);
    }

    void run() {
      BaseStream<?, ?> stream = before;
      List<Runnable> all = handlers;
      before = null;
      handlers = null;
      RuntimeException first = null;
      if (stream != null) {
        first = thrown(stream::close, null);
      }
      if (all != null) {
        for (Runnable handler : all) {
          first = thrown(handler, first);
        }
      }
      if (first != null) {
        throw first;
      }
    }

    private static @Nullable RuntimeException thrown(
        Runnable handler, @Nullable RuntimeException first) {
      try {
        handler.run();
      } catch (RuntimeException e) {
        if (first == null) {
          return e;
        }
        if (first != e) {
          first.addSuppressed(e);
        }
      }
      return first;
    }
  }

  /** A stream of the same numbers that goes on from here. */
  private Numbers then(Source next) {
    return new Numbers(next, closing);
  }

  /** A stream of other things that goes on from here. */
  private <S extends BaseStream<?, S>> S then(S stream) {
    return closing.isEmpty() ? stream : stream.onClose(closing::run);
  }

  /** What a stream is built of. */
  static final class Building implements DoubleStream.Builder {
    private double[] numbers = new double[8];
    private int count;

    @Override
    public void accept(double x) {
      if (count == numbers.length) {
        numbers = ArrayMethods.copyOf(numbers, 2 * count);
      }
      numbers[count++] = x;
    }

    @Override
    public DoubleStream.Builder add(double x) {
      accept(x);
      return this;
    }

    @Override
    public DoubleStream build() {
      return of(numbers, 0, count);
    }
  }

  private static final class Iteration implements PrimitiveIterator.OfDouble {
    private final Source source;

    Iteration(Source source) {
      this.source = source;
    }

    @Override
    public boolean hasNext() {
      return source.hasNext();
    }

    @Override
    public double nextDouble() {
      return source.next();
    }

    @Override
    public Double next() {
      return source.next();
    }

    @Override
    public void forEachRemaining(DoubleConsumer action) {
      while (source.hasNext()) {
        action.accept(source.next());
      }
    }

    @Override
    public void forEachRemaining(Consumer<? super Double> action) {
      while (source.hasNext()) {
        action.accept(source.next());
      }
    }
  }

  static Source source(DoubleStream stream) {
    if (stream instanceof Numbers numbers) {
      return numbers.source;
    }
    double[] array = stream.toArray(); // made by code that is not differentiated
    return new Stages.OfArray(array, 0, array.length);
  }

  /** The numbers of the streams that another stream has. */
  static Numbers flattened(Stream<? extends @Nullable DoubleStream> streams) {
    return new Numbers(new Stages.Flattened(streams.iterator()), streams);
  }

  static Numbers of(double[] array, int start, int end) {
    return new Numbers(new Stages.OfArray(array, start, end));
  }

  static Numbers iterate(double seed, DoublePredicate hasNext, DoubleUnaryOperator f) {
    return new Numbers(new Stages.Iterated(seed, hasNext, f));
  }

  static Numbers generate(DoubleSupplier f) {
    return new Numbers(new Stages.Generated(f));
  }

  static Numbers concat(DoubleStream first, DoubleStream second) {
    Numbers both = new Numbers(new Stages.Concatenated(source(first), source(second)), first);
    both.closing.add(second::close);
    return both;
  }

  @Override
  public DoubleStream filter(DoublePredicate predicate) {
    return then(new Stages.Filtered(source, predicate, false, false));
  }

  @Override
  public DoubleStream takeWhile(DoublePredicate predicate) {
    return then(new Stages.Filtered(source, predicate, true, false));
  }

  @Override
  public DoubleStream dropWhile(DoublePredicate predicate) {
    return then(new Stages.Filtered(source, predicate, false, true));
  }

  @Override
  public DoubleStream map(DoubleUnaryOperator mapper) {
    return then(new Stages.Mapped(source, mapper));
  }

  @Override
  public <U> Stream<U> mapToObj(DoubleFunction<? extends U> mapper) {
    Stream<String> places = Stream.iterate("", _ -> source.hasNext(), UnaryOperator.identity());
    return then(places.map(_ -> mapper.apply(source.next())));
  }

  @Override
  public IntStream mapToInt(DoubleToIntFunction mapper) {
    IntStream places = IntStream.iterate(0, _ -> source.hasNext(), IntUnaryOperator.identity());
    return then(places.map(_ -> mapper.applyAsInt(source.next())));
  }

  @Override
  public LongStream mapToLong(DoubleToLongFunction mapper) {
    LongStream places = LongStream.iterate(0, _ -> source.hasNext(), LongUnaryOperator.identity());
    return then(places.map(_ -> mapper.applyAsLong(source.next())));
  }

  @Override
  public DoubleStream flatMap(DoubleFunction<? extends DoubleStream> mapper) {
    return then(new Stages.Flattened(new Stages.Streams(source, mapper)));
  }

  @Override
  public DoubleStream mapMulti(DoubleMapMultiConsumer mapper) {
    return flatMap(
        x -> {
          Building several = new Building();
          mapper.accept(x, several);
          return several.build();
        });
  }

  @Override
  public DoubleStream distinct() {
    return filter(new Stages.Distinct());
  }

  @Override
  public DoubleStream sorted() {
    return then(new Stages.Sorted(this));
  }

  @Override
  public DoubleStream peek(DoubleConsumer action) {
    return then(new Stages.Peeked(source, action));
  }

  @Override
  public DoubleStream limit(long maxSize) {
    return then(new Stages.Limited(source, maxSize));
  }

  @Override
  public DoubleStream skip(long n) {
    return then(new Stages.Skipping(source, n));
  }

  @Override
  public void forEach(DoubleConsumer action) {
    while (source.hasNext()) {
      action.accept(source.next());
    }
  }

  @Override
  public void forEachOrdered(DoubleConsumer action) {
    forEach(action);
  }

  @Override
  public double[] toArray() {
    double[] all = new double[8];
    int count = 0;
    while (source.hasNext()) {
      if (count == all.length) {
        all = ArrayMethods.copyOf(all, 2 * count);
      }
      all[count++] = source.next();
    }
    return ArrayMethods.copyOf(all, count);
  }

  @Override
  public double reduce(double identity, DoubleBinaryOperator op) {
    double result = identity;
    while (source.hasNext()) {
      result = op.applyAsDouble(result, source.next());
    }
    return result;
  }

  @Override
  public OptionalDouble reduce(DoubleBinaryOperator op) {
    return source.hasNext() ? OptionalDouble.of(reduce(source.next(), op)) : OptionalDouble.empty();
  }

  @Override
  public <R> R collect(
      Supplier<R> supplier, ObjDoubleConsumer<R> accumulator, BiConsumer<R, R> combiner) {
    R result = supplier.get();
    while (source.hasNext()) {
      accumulator.accept(result, source.next());
    }
    return result;
  }

  /** The sum by Kahan's method, as the platform's streams do it. */
  @Override
  public double sum() { // in variables: with an object, a Sum, it was 25 % slower
    double sum = 0;
    double lost = 0;
    double simple = 0;
    while (source.hasNext()) {
      double x = source.next();
      simple += x;
      double y = x - lost;
      double next = sum + y;
      lost = (next - sum) - y;
      sum = next;
    }
    double result = sum - lost;
    return Double.isNaN(result) && Double.isInfinite(simple) ? simple : result;
  }

  @Override
  public OptionalDouble min() {
    return reduce(Math::min);
  }

  @Override
  public OptionalDouble max() {
    return reduce(Math::max);
  }

  @Override
  public long count() {
    long count = 0;
    for (; source.hasNext(); count++) {
      source.next();
    }
    return count;
  }

  @Override
  public OptionalDouble average() {
    Sum sum = new Sum();
    while (source.hasNext()) {
      sum.accept(source.next());
    }
    return sum.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum.average());
  }

  @Override
  public DoubleSummaryStatistics summaryStatistics() {
    DoubleSummaryStatistics statistics = new DoubleSummaryStatistics();
    while (source.hasNext()) {
      statistics.accept(source.next());
    }
    return statistics;
  }

  @Override
  public boolean anyMatch(DoublePredicate predicate) {
    while (source.hasNext()) {
      if (predicate.test(source.next())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean allMatch(DoublePredicate predicate) {
    while (source.hasNext()) {
      if (!predicate.test(source.next())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean noneMatch(DoublePredicate predicate) {
    return !anyMatch(predicate);
  }

  @Override
  public OptionalDouble findFirst() {
    return source.hasNext() ? OptionalDouble.of(source.next()) : OptionalDouble.empty();
  }

  @Override
  public OptionalDouble findAny() {
    return findFirst();
  }

  @Override
  public Stream<Double> boxed() {
    return mapToObj(Double::valueOf);
  }

  @Override
  public DoubleStream sequential() {
    return this;
  }

  @Override
  public DoubleStream parallel() {
    return this;
  }

  @Override
  public DoubleStream unordered() {
    return this;
  }

  @Override
  public DoubleStream onClose(Runnable closeHandler) {
    closing.add(closeHandler);
    return this;
  }

  @Override
  public void close() {
    closing.run();
  }

  @Override
  public PrimitiveIterator.OfDouble iterator() {
    return new Iteration(source);
  }

  @Override
  public Spliterator.OfDouble spliterator() {
    return new Splitting.OfNumbers(source);
  }

  @Override
  public boolean isParallel() {
    return false;
  }
}

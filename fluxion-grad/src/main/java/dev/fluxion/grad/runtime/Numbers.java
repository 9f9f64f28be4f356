package dev.fluxion.grad.runtime;

import java.util.DoubleSummaryStatistics;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalDouble;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.Spliterators;
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
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
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
  /** Gives numbers until there are no more. */
  interface Source {
    boolean hasNext();

    double next();
  }

  private final Source source;

  Numbers(Source source) {
    this.source = source;
  }

  private static final class OfArray implements Source {
    private final double[] array;
    private final int end;
    private int next;

    OfArray(double[] array, int start, int end) {
      this.array = array;
      this.next = start;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    public double next() {
      return array[next++];
    }
  }

  private static final class Mapped implements Source {
    private final Source source;
    private final DoubleUnaryOperator f;

    Mapped(Source source, DoubleUnaryOperator f) {
      this.source = source;
      this.f = f;
    }

    @Override
    public boolean hasNext() {
      return source.hasNext();
    }

    @Override
    public double next() {
      return f.applyAsDouble(source.next());
    }
  }

  private static final class Peeked implements Source {
    private final Source source;
    private final DoubleConsumer f;

    Peeked(Source source, DoubleConsumer f) {
      this.source = source;
      this.f = f;
    }

    @Override
    public boolean hasNext() {
      return source.hasNext();
    }

    @Override
    public double next() {
      double x = source.next();
      f.accept(x);
      return x;
    }
  }

  /** Looks one number ahead: keeps those that pass, from or up to one that does not, if asked. */
  private static final class Filtered implements Source {
    private final Source source;
    private final DoublePredicate test;
    private final boolean stops;
    private final boolean drops;
    private boolean isDone;
    private boolean isOpen;
    private boolean isAhead;
    private double ahead;

    Filtered(Source source, DoublePredicate test, boolean stops, boolean drops) {
      this.source = source;
      this.test = test;
      this.stops = stops;
      this.drops = drops;
    }

    @Override
    public boolean hasNext() {
      while (!isAhead && !isDone && source.hasNext()) {
        double x = source.next();
        boolean passes = isOpen || test.test(x) != drops;
        if (passes) {
          isOpen = drops;
          ahead = x;
          isAhead = true;
        } else if (stops) {
          isDone = true;
        }
      }
      return isAhead;
    }

    @Override
    public double next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      isAhead = false;
      return ahead;
    }
  }

  private static final class Limited implements Source {
    private final Source source;
    private long left;

    Limited(Source source, long left) {
      this.source = source;
      this.left = left;
    }

    @Override
    public boolean hasNext() {
      return left > 0 && source.hasNext();
    }

    @Override
    public double next() {
      left--;
      return source.next();
    }
  }

  private static final class Iterated implements Source {
    private final DoublePredicate hasNext;
    private final DoubleUnaryOperator f;
    private double x;
    private boolean isStarted;

    Iterated(double seed, DoublePredicate hasNext, DoubleUnaryOperator f) {
      this.x = seed;
      this.hasNext = hasNext;
      this.f = f;
    }

    private boolean isAhead;

    @Override
    public boolean hasNext() {
      if (!isAhead) {
        x = isStarted ? f.applyAsDouble(x) : x;
        isStarted = true;
        isAhead = true;
      }
      return hasNext.test(x);
    }

    @Override
    public double next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      isAhead = false;
      return x;
    }
  }

  private static final class Generated implements Source {
    private final DoubleSupplier f;

    Generated(DoubleSupplier f) {
      this.f = f;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public double next() {
      return f.getAsDouble();
    }
  }

  private static final class Concatenated implements Source {
    private final Source first;
    private final Source second;

    Concatenated(Source first, Source second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public boolean hasNext() {
      return first.hasNext() || second.hasNext();
    }

    @Override
    public double next() {
      return first.hasNext() ? first.next() : second.next();
    }
  }

  /** The streams that a function makes of numbers, each when it is come to. */
  private record Streams(Source source, DoubleFunction<? extends @Nullable DoubleStream> f)
      implements Iterator<@Nullable DoubleStream> {
    @Override
    public boolean hasNext() {
      return source.hasNext();
    }

    @Override
    public @Nullable DoubleStream next() {
      return f.apply(source.next());
    }
  }

  /** The numbers of one stream after the other. */
  private static final class Flattened implements Source {
    private final Iterator<? extends @Nullable DoubleStream> streams;
    private Source inner = new OfArray(new double[0], 0, 0);

    Flattened(Iterator<? extends @Nullable DoubleStream> streams) {
      this.streams = streams;
    }

    @Override
    public boolean hasNext() {
      while (!inner.hasNext() && streams.hasNext()) {
        DoubleStream next = streams.next();
        if (next != null) { // which is as good as empty
          inner = of(next);
        }
      }
      return inner.hasNext();
    }

    @Override
    public double next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return inner.next();
    }
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

  private static Source of(DoubleStream stream) {
    if (stream instanceof Numbers numbers) {
      return numbers.source;
    }
    double[] array = stream.toArray(); // made by code that is not differentiated
    return new OfArray(array, 0, array.length);
  }

  static Numbers flattened(Iterator<? extends @Nullable DoubleStream> streams) {
    return new Numbers(new Flattened(streams));
  }

  static Numbers of(double[] array, int start, int end) {
    return new Numbers(new OfArray(array, start, end));
  }

  static Numbers iterate(double seed, DoublePredicate hasNext, DoubleUnaryOperator f) {
    return new Numbers(new Iterated(seed, hasNext, f));
  }

  static Numbers generate(DoubleSupplier f) {
    return new Numbers(new Generated(f));
  }

  static Numbers concat(DoubleStream first, DoubleStream second) {
    return new Numbers(new Concatenated(of(first), of(second)));
  }

  @Override
  public DoubleStream filter(DoublePredicate predicate) {
    return new Numbers(new Filtered(source, predicate, false, false));
  }

  @Override
  public DoubleStream takeWhile(DoublePredicate predicate) {
    return new Numbers(new Filtered(source, predicate, true, false));
  }

  @Override
  public DoubleStream dropWhile(DoublePredicate predicate) {
    return new Numbers(new Filtered(source, predicate, false, true));
  }

  @Override
  public DoubleStream map(DoubleUnaryOperator mapper) {
    return new Numbers(new Mapped(source, mapper));
  }

  @Override
  public <U> Stream<U> mapToObj(DoubleFunction<? extends U> mapper) {
    Stream.Builder<U> objects = Stream.builder();
    while (source.hasNext()) {
      objects.add(mapper.apply(source.next()));
    }
    return objects.build();
  }

  @Override
  public IntStream mapToInt(DoubleToIntFunction mapper) {
    IntStream.Builder numbers = IntStream.builder();
    while (source.hasNext()) {
      numbers.add(mapper.applyAsInt(source.next()));
    }
    return numbers.build();
  }

  @Override
  public LongStream mapToLong(DoubleToLongFunction mapper) {
    LongStream.Builder numbers = LongStream.builder();
    while (source.hasNext()) {
      numbers.add(mapper.applyAsLong(source.next()));
    }
    return numbers.build();
  }

  @Override
  public DoubleStream flatMap(DoubleFunction<? extends DoubleStream> mapper) {
    return flattened(new Streams(source, mapper));
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
    double[] all = toArray();
    int count = 0;
    for (int i = 0; i < all.length; i++) {
      boolean isNew = true;
      for (int j = 0; j < count && isNew; j++) {
        isNew = Double.compare(all[i], all[j]) != 0;
      }
      if (isNew) {
        all[count++] = all[i];
      }
    }
    return of(all, 0, count);
  }

  @Override
  public DoubleStream sorted() {
    double[] all = toArray();
    ArrayMethods.sort(all);
    return of(all, 0, all.length);
  }

  @Override
  public DoubleStream peek(DoubleConsumer action) {
    return new Numbers(new Peeked(source, action));
  }

  @Override
  public DoubleStream limit(long maxSize) {
    return new Numbers(new Limited(source, maxSize));
  }

  @Override
  public DoubleStream skip(long n) {
    for (long i = 0; i < n && source.hasNext(); i++) {
      source.next();
    }
    return this;
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
    return DoubleStream.of(toArray()).onClose(closeHandler);
  }

  @Override
  public void close() {}

  @Override
  public PrimitiveIterator.OfDouble iterator() {
    return new Iteration(source);
  }

  @Override
  public Spliterator.OfDouble spliterator() {
    return Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED);
  }

  @Override
  public boolean isParallel() {
    return false;
  }
}

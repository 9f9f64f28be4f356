package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Primitive;
import java.util.Iterator;
import java.util.OptionalDouble;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.function.BiConsumer;
import java.util.function.DoubleConsumer;
import java.util.function.DoublePredicate;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collector;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Where streams of numbers begin: these methods give streams in plain Java, {@link Numbers}. */
public final class StreamMethods {
  private StreamMethods() {}

  /** {@code DoubleStream.of}. */
  public static DoubleStream of(double... numbers) {
    return Numbers.of(numbers, 0, numbers.length);
  }

  /** {@code DoubleStream.of}. */
  public static DoubleStream of(double number) {
    return of(new double[] {number});
  }

  /** {@code DoubleStream.empty}. */
  public static DoubleStream empty() {
    return of(new double[0]);
  }

  /** {@code Arrays.stream}. */
  public static DoubleStream stream(double[] array) {
    return of(array);
  }

  /** {@code Arrays.stream}. */
  public static DoubleStream stream(double[] array, int start, int end) {
    return Numbers.of(array, start, end);
  }

  /** {@code DoubleStream.iterate}. */
  public static DoubleStream iterate(double seed, DoubleUnaryOperator f) {
    return Numbers.iterate(seed, _ -> true, f);
  }

  /** {@code DoubleStream.iterate}. */
  public static DoubleStream iterate(
      double seed, DoublePredicate hasNext, DoubleUnaryOperator next) {
    return Numbers.iterate(seed, hasNext, next);
  }

  /** {@code DoubleStream.generate}. */
  public static DoubleStream generate(DoubleSupplier f) {
    return Numbers.generate(f);
  }

  /** {@code DoubleStream.concat}. */
  public static DoubleStream concat(DoubleStream first, DoubleStream second) {
    return Numbers.concat(first, second);
  }

  /** {@code Stream.mapToDouble}. */
  public static <T> DoubleStream mapToDouble(Stream<T> stream, ToDoubleFunction<? super T> f) {
    return new Numbers(new OfObjects<>(stream.iterator(), f), stream);
  }

  /** {@code IntStream.mapToDouble}. */
  public static DoubleStream mapToDouble(IntStream stream, IntToDoubleFunction f) {
    return new Numbers(new OfInts(stream.iterator(), f), stream);
  }

  /** {@code LongStream.mapToDouble}. */
  public static DoubleStream mapToDouble(LongStream stream, LongToDoubleFunction f) {
    return new Numbers(new OfLongs(stream.iterator(), f), stream);
  }

  /** {@code IntStream.asDoubleStream}. */
  public static DoubleStream asDoubleStream(IntStream stream) {
    return mapToDouble(stream, i -> i);
  }

  /** {@code LongStream.asDoubleStream}. */
  public static DoubleStream asDoubleStream(LongStream stream) {
    return mapToDouble(stream, i -> i);
  }

  /** {@code DoubleStream.builder}. */
  public static DoubleStream.Builder builder() {
    return new Numbers.Building();
  }

  /** A stream to follow, of the numbers of one that the platform has made, as of random ones. */
  public static DoubleStream followed(DoubleStream stream) {
    return stream instanceof Numbers
        ? stream
        : new Numbers(new OfPlatform(generator(stream)), stream);
  }

  @Primitive(StreamMethods.class)
  private static RandomGenerator generator(DoubleStream stream) {
    return new Generator(stream.iterator());
  }

  /** The numbers of a stream that is not followed: what draws from a generator is passive. */
  private record Generator(PrimitiveIterator.OfDouble iterator) implements RandomGenerator {
    @Override
    public double nextDouble() {
      return iterator.nextDouble();
    }

    /** Whether there are more numbers. */
    @Override
    public boolean nextBoolean() {
      return iterator.hasNext();
    }

    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }
  }

  /** {@code Stream.flatMapToDouble}. */
  public static <T> DoubleStream flatMapToDouble(
      Stream<T> stream, Function<? super T, ? extends @Nullable DoubleStream> f) {
    return Numbers.flattened(stream.<@Nullable DoubleStream>map(f));
  }

  /** {@code Stream.mapMultiToDouble}. */
  public static <T> DoubleStream mapMultiToDouble(
      Stream<T> stream, BiConsumer<? super T, ? super DoubleConsumer> f) {
    return flatMapToDouble(
        stream,
        one -> {
          Numbers.Building several = new Numbers.Building();
          f.accept(one, several);
          return several.build();
        });
  }

  /** {@code Stream.toArray}. */
  @SuppressWarnings("unchecked")
  public static <A> A[] toArray(Stream<?> stream, IntFunction<A[]> generator) {
    Object[] all = stream.toArray();
    A[] array = generator.apply(all.length);
    for (int i = 0; i < all.length; i++) {
      array[i] = (A) all[i];
    }
    return array;
  }

  /** {@code Stream.collect}. */
  public static <T, A, R> @Nullable Object collect(
      Stream<T> stream, Collector<? super T, A, R> collector) {
    A result = collector.supplier().get();
    BiConsumer<A, ? super T> accumulator = collector.accumulator();
    Iterator<T> iterator = stream.iterator();
    while (iterator.hasNext()) {
      accumulator.accept(result, iterator.next());
    }
    return collector.finisher().apply(result);
  }

  /** {@code OptionalDouble.stream}. */
  public static DoubleStream stream(OptionalDouble optional) {
    return optional.isPresent() ? of(optional.getAsDouble()) : empty();
  }

  /** {@code OptionalDouble.ifPresent}. */
  public static void ifPresent(OptionalDouble optional, DoubleConsumer action) {
    if (optional.isPresent()) {
      action.accept(optional.getAsDouble());
    }
  }

  /** {@code OptionalDouble.ifPresentOrElse}. */
  public static void ifPresentOrElse(
      OptionalDouble optional, DoubleConsumer action, Runnable otherwise) {
    if (optional.isPresent()) {
      action.accept(optional.getAsDouble());
    } else {
      otherwise.run();
    }
  }

  /** {@code OptionalDouble.orElse}. */
  public static double orElse(OptionalDouble optional, double other) {
    return optional.isPresent() ? optional.getAsDouble() : other;
  }

  /** {@code OptionalDouble.orElseGet}. */
  public static double orElseGet(OptionalDouble optional, DoubleSupplier other) {
    return optional.isPresent() ? optional.getAsDouble() : other.getAsDouble();
  }

  /** {@code OptionalDouble.orElseThrow}. */
  public static <X extends Throwable> double orElseThrow(
      OptionalDouble optional, Supplier<? extends X> exception) throws X {
    if (optional.isPresent()) {
      return optional.getAsDouble();
    }
    throw exception.get();
  }

  /** {@code Arrays.spliterator}. */
  public static Spliterator.OfDouble spliterator(double[] array) {
    return of(array).spliterator();
  }

  /** {@code StreamSupport.doubleStream}. */
  public static DoubleStream doubleStream(Spliterator.OfDouble all, boolean isParallel) {
    return new Numbers(new Splitting.Advancing(all));
  }

  /** {@code StreamSupport.stream}, by functions that the platform calls back. */
  public static Stream<Object> stream(Spliterator<Object> all, boolean isParallel) {
    if (!OwnCollections.isOwn(all)) {
      return StreamSupport.stream(all, isParallel);
    }
    Splitting.Cursor cursor = new Splitting.Cursor(all);
    return Stream.iterate("", _ -> cursor.hasNext(), UnaryOperator.identity())
        .map(_ -> cursor.next());
  }

  /** {@code Spliterators.spliteratorUnknownSize}. */
  public static Spliterator<Object> spliteratorUnknownSize(
      Iterator<Object> all, int characteristics) {
    return new Splitting.OfIterator(all);
  }

  /** {@code Spliterators.spliterator}. */
  public static Spliterator<Object> spliterator(
      Iterator<Object> all, long size, int characteristics) {
    return new Splitting.OfIterator(all);
  }

  /** {@code Spliterators.spliteratorUnknownSize}. */
  public static Spliterator.OfDouble spliteratorUnknownSize(
      PrimitiveIterator.OfDouble all, int characteristics) {
    return new Splitting.OfNumbers(new Splitting.Iterated(all));
  }

  private record OfPlatform(RandomGenerator generator) implements Source {
    @Override
    public boolean hasNext() {
      return generator.nextBoolean();
    }

    @Override
    public double next() {
      return generator.nextDouble();
    }
  }

  private record OfObjects<T>(Iterator<T> iterator, ToDoubleFunction<? super T> f)
      implements Source {
    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public double next() {
      return f.applyAsDouble(iterator.next());
    }
  }

  private record OfInts(PrimitiveIterator.OfInt iterator, IntToDoubleFunction f) implements Source {
    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public double next() {
      return f.applyAsDouble(iterator.nextInt());
    }
  }

  private record OfLongs(PrimitiveIterator.OfLong iterator, LongToDoubleFunction f)
      implements Source {
    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public double next() {
      return f.applyAsDouble(iterator.nextLong());
    }
  }
}

package dev.fluxion.grad.runtime;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleFunction;
import java.util.function.DoublePredicate;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The stages of a stream of numbers, each of which pulls them out of the one before it. */
final class Stages {
  private Stages() {}

  static final class OfArray implements Source {
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

  static final class Mapped implements Source {
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

  static final class Peeked implements Source {
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
  static final class Filtered implements Source {
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

  static final class Limited implements Source {
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

  static final class Skipping implements Source {
    private final Source source;
    private long left;

    Skipping(Source source, long left) {
      this.source = source;
      this.left = left;
    }

    @Override
    public boolean hasNext() {
      for (; left > 0 && source.hasNext(); left--) {
        source.next();
      }
      return source.hasNext();
    }

    @Override
    public double next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return source.next();
    }
  }

  static final class Sorted implements Source {
    private final Numbers numbers;
    private @Nullable Source sorted;

    Sorted(Numbers numbers) {
      this.numbers = numbers;
    }

    private Source sorted() {
      Source all = sorted;
      if (all == null) {
        double[] array = numbers.toArray();
        ArrayMethods.sort(array);
        all = new OfArray(array, 0, array.length);
        sorted = all;
      }
      return all;
    }

    @Override
    public boolean hasNext() {
      return sorted().hasNext();
    }

    @Override
    public double next() {
      return sorted().next();
    }
  }

  /** Whether numbers are met for the first time. */
  static final class Distinct implements DoublePredicate {
    private double[] met = new double[8];
    private int count;

    @Override
    public boolean test(double x) {
      for (int i = 0; i < count; i++) {
        if (Double.compare(x, met[i]) == 0) {
          return false;
        }
      }
      if (count == met.length) {
        met = ArrayMethods.copyOf(met, 2 * count);
      }
      met[count++] = x;
      return true;
    }
  }

  static final class Iterated implements Source {
    private final DoublePredicate hasNext;
    private final DoubleUnaryOperator f;
    private double x;
    private boolean isStarted;
    private boolean isAhead;

    Iterated(double seed, DoublePredicate hasNext, DoubleUnaryOperator f) {
      this.x = seed;
      this.hasNext = hasNext;
      this.f = f;
    }

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

  static final class Generated implements Source {
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

  static final class Concatenated implements Source {
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
  record Streams(Source source, DoubleFunction<? extends @Nullable DoubleStream> f)
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
  static final class Flattened implements Source {
    private final Iterator<? extends @Nullable DoubleStream> streams;
    private Source inner = new OfArray(new double[0], 0, 0);
    private @Nullable DoubleStream open;

    Flattened(Iterator<? extends @Nullable DoubleStream> streams) {
      this.streams = streams;
    }

    @Override
    public boolean hasNext() {
      while (!inner.hasNext() && streams.hasNext()) {
        DoubleStream next = streams.next();
        if (next != null) { // which is as good as empty
          close();
          open = next;
          inner = Numbers.source(next);
        }
      }
      boolean isMore = inner.hasNext();
      if (!isMore) {
        close();
      }
      return isMore;
    }

    private void close() {
      if (open != null) {
        open.close();
        open = null;
      }
    }

    @Override
    public double next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return inner.next();
    }
  }
}

package dev.fluxion.grad.runtime;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/** Spliterators in plain Java, which split nothing, and what goes through those of users. */
final class Splitting {
  private Splitting() {}

  /** The elements that an iterator has. */
  static final class OfIterator implements Spliterator<Object> {
    private final Iterator<Object> iterator;

    OfIterator(Iterator<Object> iterator) {
      this.iterator = iterator;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Object> action) {
      boolean isMore = iterator.hasNext();
      if (isMore) {
        action.accept(iterator.next());
      }
      return isMore;
    }

    @Override
    public @Nullable Spliterator<Object> trySplit() {
      return null;
    }

    @Override
    public long estimateSize() {
      return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
      return ORDERED;
    }
  }

  /** The numbers that a source has. */
  static final class OfNumbers implements Spliterator.OfDouble {
    private final Source source;

    OfNumbers(Source source) {
      this.source = source;
    }

    @Override
    public boolean tryAdvance(DoubleConsumer action) {
      boolean isMore = source.hasNext();
      if (isMore) {
        action.accept(source.next());
      }
      return isMore;
    }

    @Override
    public Spliterator.@Nullable OfDouble trySplit() {
      return null;
    }

    @Override
    public long estimateSize() {
      return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
      return ORDERED;
    }
  }

  record Iterated(PrimitiveIterator.OfDouble iterator) implements Source {
    @Override
    public boolean hasNext() {
      return iterator.hasNext();
    }

    @Override
    public double next() {
      return iterator.nextDouble();
    }
  }

  /** The elements of a spliterator, one of which is kept until it is asked for. */
  static final class Cursor implements Iterator<Object> {
    private final Spliterator<Object> all;
    private @Nullable Object ahead;
    private boolean isAhead;

    Cursor(Spliterator<Object> all) {
      this.all = all;
    }

    @Override
    public boolean hasNext() {
      if (!isAhead) {
        isAhead = all.tryAdvance(element -> ahead = element);
      }
      return isAhead;
    }

    @Override
    @SuppressWarnings("NullAway") // an element may be null
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      isAhead = false;
      return ahead;
    }
  }

  /** The same of numbers. */
  static final class Advancing implements Source {
    private final Spliterator.OfDouble all;
    private double ahead;
    private boolean isAhead;

    Advancing(Spliterator.OfDouble all) {
      this.all = all;
    }

    @Override
    public boolean hasNext() {
      if (!isAhead) {
        isAhead = all.tryAdvance((DoubleConsumer) number -> ahead = number);
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
}

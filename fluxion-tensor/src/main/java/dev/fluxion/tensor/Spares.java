package dev.fluxion.tensor;

import dev.fluxion.grad.runtime.Loans;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arrays that a thread's derivatives have given back, for the next one: the same derivative is
 * mostly taken again, and an array that was used a moment ago is nearer than a new one.
 *
 * <p>What a derivative has given back is there for the next one, and what that does not take is
 * left to the collector; so is all of it when memory is short.
 */
final class Spares {
  /**
   * Has all arrays that are given back, and those whose elements are to be set, spoilt and none
   * used again, to find what reads them.
   */
  static final boolean ARE_SPOILT = System.getProperty("fluxion.lending", "on").equals("spoil");

  /** Smaller arrays are as soon made. */
  private static final int FEWEST = ARE_SPOILT ? 1 : 4096;

  /** To clear an array with more elements takes longer than to wake another core. */
  static final int LARGE = 1 << 18;

  private static final ThreadLocal<@Nullable SoftReference<Spares>> OF_THREAD = new ThreadLocal<>();

  private Map<Integer, Deque<Spare>> free = new HashMap<>();
  private Map<Integer, Deque<Spare>> given = new HashMap<>();
  private int derivative;

  /**
   * An array.
   *
   * @param allocation what counts it while it is held
   */
  record Spare(Object array, @Nullable Object allocation) {}

  private Spares() {}

  private static Spares ofThread() {
    SoftReference<Spares> known = OF_THREAD.get();
    Spares spares = known == null ? null : known.get();
    if (spares == null) {
      spares = new Spares();
      OF_THREAD.set(new SoftReference<>(spares));
    }
    return spares;
  }

  /** What lends to a derivative so many elements, or null where none runs or they are few. */
  static @Nullable Loans loans(int size) {
    return size < FEWEST || Allocations.isTraced() ? null : Loans.current();
  }

  /** An array with any elements for a derivative, or null where none is left. */
  static @Nullable Spare take(Loans loans, DType type, int size) {
    return ofThread().take(loans, type == DType.FLOAT64 ? -size : size);
  }

  static void give(Object array, boolean isOfFloats, int size, @Nullable Object allocation) {
    ofThread().put(isOfFloats ? size : -size, new Spare(array, allocation));
  }

  /**
   * Takes an array.
   *
   * @param size the length of one of floats, less than zero of one of doubles
   */
  private @Nullable Spare take(Loans loans, int size) {
    if (derivative != loans.derivative()) {
      derivative = loans.derivative();
      free = given;
      given = new HashMap<>();
    }
    Deque<Spare> spares = free.get(size);
    return spares == null ? null : spares.pollLast();
  }

  private void put(int size, Spare spare) {
    given.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(spare);
  }
}

package dev.fluxion.tensor;

import dev.fluxion.grad.runtime.Loans;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Arrays;
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

  private static final ThreadLocal<@Nullable SoftReference<Spares>> OF_THREAD = new ThreadLocal<>();

  private Map<Integer, Deque<Object>> free = new HashMap<>();
  private Map<Integer, Deque<Object>> given = new HashMap<>();
  private int derivative;

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

  /** An array for a derivative, with any elements or with zeros. */
  static float[] floats(Loans loans, int size, boolean isZero) {
    Object spare = ofThread().take(loans, size);
    if (spare == null) {
      return Allocations.counted(new float[size]);
    }
    float[] array = (float[]) spare;
    if (isZero) {
      Arrays.fill(array, 0);
    }
    return array;
  }

  /** An array for a derivative, with any elements or with zeros. */
  static double[] doubles(Loans loans, int size, boolean isZero) {
    Object spare = ofThread().take(loans, -size);
    if (spare == null) {
      return Allocations.counted(new double[size]);
    }
    double[] array = (double[]) spare;
    if (isZero) {
      Arrays.fill(array, 0);
    }
    return array;
  }

  static void give(float[] array) {
    if (ARE_SPOILT) {
      Arrays.fill(array, Float.NaN);
    } else {
      ofThread().put(array.length, array);
    }
  }

  static void give(double[] array) {
    if (ARE_SPOILT) {
      Arrays.fill(array, Double.NaN);
    } else {
      ofThread().put(-array.length, array);
    }
  }

  /**
   * Takes an array.
   *
   * @param size the length of one of floats, less than zero of one of doubles
   */
  private @Nullable Object take(Loans loans, int size) {
    if (derivative != loans.derivative()) {
      derivative = loans.derivative();
      free = given;
      given = new HashMap<>();
    }
    Deque<Object> arrays = free.get(size);
    return arrays == null ? null : arrays.pollLast();
  }

  private void put(int size, Object array) {
    given.computeIfAbsent(size, _ -> new ArrayDeque<>()).addLast(array);
  }
}

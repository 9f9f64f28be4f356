package dev.fluxion.grad.runtime;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Copies of arrays of numbers, of which an array that has not changed since it was copied last gets
 * no second one. A copy must not be changed.
 */
public final class Copies {
  private final Map<Key, Object> copies = new HashMap<>();
  private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

  /** Without any copy yet. */
  public Copies() {}

  /** Which array, as long as something else refers to it. */
  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object array, ReferenceQueue<Object> gone) {
      super(array, gone);
      this.hash = System.identityHashCode(array);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      Object array = get();
      return this == other || (array != null && other instanceof Key key && key.refersTo(array));
    }
  }

  /** A copy of an array of numbers as it is now. */
  public Object of(Object array) {
    for (Object key = gone.poll(); key != null; key = gone.poll()) {
      copies.remove(key);
    }
    Key key = new Key(array, gone);
    Object last = copies.get(key);
    if (last != null && areEqual(array, last)) {
      return last;
    }
    Object copy = clone(array);
    copies.put(key, copy);
    return copy;
  }

  private static boolean areEqual(Object array, Object copy) {
    return switch (array) {
      case double[] numbers -> Arrays.equals(numbers, (double[]) copy);
      case float[] numbers -> Arrays.equals(numbers, (float[]) copy);
      case long[] numbers -> Arrays.equals(numbers, (long[]) copy);
      case int[] numbers -> Arrays.equals(numbers, (int[]) copy);
      case short[] numbers -> Arrays.equals(numbers, (short[]) copy);
      case char[] numbers -> Arrays.equals(numbers, (char[]) copy);
      case byte[] numbers -> Arrays.equals(numbers, (byte[]) copy);
      default -> Arrays.equals((boolean[]) array, (boolean[]) copy);
    };
  }

  private static Object clone(Object array) {
    return switch (array) {
      case double[] numbers -> numbers.clone();
      case float[] numbers -> numbers.clone();
      case long[] numbers -> numbers.clone();
      case int[] numbers -> numbers.clone();
      case short[] numbers -> numbers.clone();
      case char[] numbers -> numbers.clone();
      case byte[] numbers -> numbers.clone();
      default -> ((boolean[]) array).clone();
    };
  }
}

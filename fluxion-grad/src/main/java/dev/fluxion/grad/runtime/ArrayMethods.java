package dev.fluxion.grad.runtime;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Methods of the platform in plain Java, which is differentiated where the platform's is not. */
public final class ArrayMethods {
  private ArrayMethods() {}

  /** {@code Arrays.fill}. */
  public static void fill(double[] array, double value) {
    for (int i = 0; i < array.length; i++) {
      array[i] = value;
    }
  }

  /** {@code Arrays.fill}. */
  public static void fill(float[] array, float value) {
    for (int i = 0; i < array.length; i++) {
      array[i] = value;
    }
  }

  /** {@code Arrays.copyOf}. */
  public static double[] copyOf(double[] array, int length) {
    return copyOfRange(array, 0, length);
  }

  /** {@code Arrays.copyOf}. */
  public static float[] copyOf(float[] array, int length) {
    return copyOfRange(array, 0, length);
  }

  /** {@code Arrays.copyOfRange}. */
  public static double[] copyOfRange(double[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, Integer.MAX_VALUE);
    double[] copy = new double[to - from];
    int end = Math.min(array.length, to);
    for (int i = from; i < end; i++) {
      copy[i - from] = array[i];
    }
    return copy;
  }

  /** {@code Arrays.copyOfRange}. */
  public static float[] copyOfRange(float[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, Integer.MAX_VALUE);
    float[] copy = new float[to - from];
    int end = Math.min(array.length, to);
    for (int i = from; i < end; i++) {
      copy[i - from] = array[i];
    }
    return copy;
  }

  /** {@code double[].clone}. */
  public static Object clone(double[] array) {
    return copyOfRange(array, 0, array.length);
  }

  /** {@code float[].clone}. */
  public static Object clone(float[] array) {
    return copyOfRange(array, 0, array.length);
  }

  /** {@code Objects.requireNonNull}. */
  public static Object requireNonNull(@Nullable Object object) {
    if (object == null) {
      throw new NullPointerException();
    }
    return object;
  }
}

package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Primitive;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Methods of the platform in plain Java, which is differentiated where the platform's is not. */
public final class ArrayMethods {
  private ArrayMethods() {}

  /** {@code Array.getLength}. */
  @Primitive(ArrayMethods.class)
  public static int getLength(Object array) {
    return Array.getLength(array);
  }

  /** {@code Array.getDouble}. */
  public static double getDouble(Object array, int index) {
    return array instanceof double[] doubles
        ? doubles[index]
        : array instanceof float[] floats ? floats[index] : wholeOf(array, index);
  }

  /** {@code Array.getFloat}. */
  public static float getFloat(Object array, int index) {
    return array instanceof float[] floats ? floats[index] : (float) wholeOf(array, index);
  }

  @Primitive(ArrayMethods.class)
  private static double wholeOf(Object array, int index) {
    return Array.getDouble(array, index);
  }

  /** {@code Array.setDouble}. */
  public static void setDouble(Object array, int index, double value) {
    if (!(array instanceof double[] doubles)) {
      throw new IllegalArgumentException("Argument is not an array of doubles");
    }
    doubles[index] = value;
  }

  /** {@code Array.setFloat}. */
  public static void setFloat(Object array, int index, float value) {
    if (array instanceof double[] doubles) {
      doubles[index] = value;
    } else if (array instanceof float[] floats) {
      floats[index] = value;
    } else {
      throw new IllegalArgumentException("Argument is not an array of floats or doubles");
    }
  }

  /** {@code Array.get}. */
  public static @Nullable Object get(Object array, int index) {
    return array instanceof double[] doubles
        ? (Object) doubles[index]
        : array instanceof float[] floats
            ? (Object) floats[index]
            : array instanceof Object[] objects ? objects[index] : partOf(array, index);
  }

  @Primitive(ArrayMethods.class)
  private static Object partOf(Object array, int index) {
    return Array.get(array, index);
  }

  /** {@code Array.set}. */
  public static void set(Object array, int index, @Nullable Object value) {
    if (array instanceof double[] doubles && value instanceof Number number) {
      doubles[index] = number.doubleValue();
    } else if (array instanceof float[] floats && value instanceof Float number) {
      floats[index] = number;
    } else if (array instanceof Object[] objects) {
      setObject(objects, index, value);
    } else {
      setPart(array, index, value);
    }
  }

  private static void setObject(@Nullable Object[] objects, int index, @Nullable Object value) {
    objects[index] = value;
  }

  @Primitive(ArrayMethods.class)
  private static void setPart(Object array, int index, @Nullable Object value) {
    Array.set(array, index, value);
  }

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

  /** {@code Object[].clone}. */
  public static Object clone(Object[] array) {
    return copyOfRange(array, 0, array.length);
  }

  /** {@code Arrays.copyOf}. */
  public static Object[] copyOf(Object[] array, int length) {
    return copyOfRange(array, 0, length);
  }

  /** {@code Arrays.copyOfRange}. */
  public static Object[] copyOfRange(Object[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, Integer.MAX_VALUE);
    Object[] copy = (Object[]) Array.newInstance(array.getClass().getComponentType(), to - from);
    int end = Math.min(array.length, to);
    for (int i = from; i < end; i++) {
      copy[i - from] = array[i];
    }
    return copy;
  }

  /** {@code Arrays.fill}. */
  public static void fill(@Nullable Object[] array, @Nullable Object value) {
    for (int i = 0; i < array.length; i++) {
      array[i] = value;
    }
  }

  /** {@code Arrays.fill}. */
  public static void fill(double[] array, int from, int to, double value) {
    Objects.checkFromToIndex(from, to, array.length);
    for (int i = from; i < to; i++) {
      array[i] = value;
    }
  }

  /** {@code Arrays.fill}. */
  public static void fill(float[] array, int from, int to, float value) {
    Objects.checkFromToIndex(from, to, array.length);
    for (int i = from; i < to; i++) {
      array[i] = value;
    }
  }

  /** {@code Arrays.setAll}. */
  public static void setAll(double[] array, IntToDoubleFunction f) {
    for (int i = 0; i < array.length; i++) {
      array[i] = f.applyAsDouble(i);
    }
  }

  /** {@code Arrays.parallelSetAll}. */
  public static void parallelSetAll(double[] array, IntToDoubleFunction f) {
    setAll(array, f);
  }

  /** {@code Arrays.parallelSetAll}. */
  public static <T> void parallelSetAll(T[] array, IntFunction<? extends T> f) {
    for (int i = 0; i < array.length; i++) {
      array[i] = f.apply(i);
    }
  }

  /** {@code Arrays.parallelPrefix}. */
  public static void parallelPrefix(double[] array, DoubleBinaryOperator f) {
    parallelPrefix(array, 0, array.length, f);
  }

  /** {@code Arrays.parallelPrefix}. */
  public static void parallelPrefix(double[] array, int from, int to, DoubleBinaryOperator f) {
    Objects.checkFromToIndex(from, to, array.length);
    for (int i = from + 1; i < to; i++) {
      array[i] = f.applyAsDouble(array[i - 1], array[i]);
    }
  }

  /** {@code Arrays.parallelPrefix}. */
  public static <T> void parallelPrefix(T[] array, BinaryOperator<T> f) {
    for (int i = 1; i < array.length; i++) {
      array[i] = f.apply(array[i - 1], array[i]);
    }
  }

  /** {@code Arrays.parallelSort}. */
  public static void parallelSort(double[] array) {
    sort(array);
  }

  /** {@code Arrays.parallelSort}. */
  public static void parallelSort(double[] array, int from, int to) {
    sort(array, from, to);
  }

  /** {@code Arrays.parallelSort}. */
  public static <T> void parallelSort(T[] array, Comparator<? super T> order) {
    Arrays.sort(array, order);
  }

  /** {@code System.arraycopy}. */
  public static void arraycopy(double[] from, int start, double[] to, int target, int length) {
    check(start, from.length, target, to.length, length);
    if (from == to && start < target) {
      for (int i = length - 1; i >= 0; i--) {
        to[target + i] = from[start + i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        to[target + i] = from[start + i];
      }
    }
  }

  /** {@code System.arraycopy}. */
  public static void arraycopy(float[] from, int start, float[] to, int target, int length) {
    check(start, from.length, target, to.length, length);
    if (from == to && start < target) {
      for (int i = length - 1; i >= 0; i--) {
        to[target + i] = from[start + i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        to[target + i] = from[start + i];
      }
    }
  }

  /** {@code System.arraycopy}. */
  public static void arraycopy(Object[] from, int start, Object[] to, int target, int length) {
    check(start, from.length, target, to.length, length);
    if (from == to && start < target) {
      for (int i = length - 1; i >= 0; i--) {
        to[target + i] = from[start + i];
      }
    } else {
      for (int i = 0; i < length; i++) {
        to[target + i] = from[start + i];
      }
    }
  }

  private static void check(int start, int available, int target, int room, int length) {
    if (start < 0
        || target < 0
        || length < 0
        || length > available - start
        || length > room - target) {
      throw new ArrayIndexOutOfBoundsException(
          "arraycopy of "
              + length
              + " elements from "
              + start
              + " of "
              + available
              + " to "
              + target
              + " of "
              + room);
    }
  }

  /** {@code Arrays.sort}. */
  public static void sort(double[] array) {
    sort(array, 0, array.length);
  }

  /** {@code Arrays.sort}, by merging; numbers that compare as equal keep their order. */
  public static void sort(double[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, array.length);
    double[] source = new double[to - from];
    double[] target = new double[to - from];
    for (int i = from; i < to; i++) {
      source[i - from] = array[i];
    }
    for (int width = 1; width < source.length; width *= 2) {
      for (int start = 0; start < source.length; start += 2 * width) {
        int middle = Math.min(start + width, source.length);
        int end = Math.min(start + 2 * width, source.length);
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
          boolean takesLeft =
              left < middle && (right >= end || Double.compare(source[left], source[right]) <= 0);
          target[i] = takesLeft ? source[left++] : source[right++];
        }
      }
      double[] swapped = source;
      source = target;
      target = swapped;
    }
    for (int i = from; i < to; i++) {
      array[i] = source[i - from];
    }
  }
}

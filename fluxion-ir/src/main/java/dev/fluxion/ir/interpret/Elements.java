package dev.fluxion.ir.interpret;

import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** The elements of arrays, as the interpreter holds values. */
@NullUnmarked // NullAway 0.13 fails on patterns of arrays
final class Elements {
  private Elements() {}

  static int length(@Nullable Object array) {
    return java.lang.reflect.Array.getLength(Objects.requireNonNull(array));
  }

  static @Nullable Object load(@Nullable Object array, int index) {
    return switch (Objects.requireNonNull(array)) {
      case boolean[] a -> a[index] ? 1 : 0;
      case byte[] a -> (int) a[index];
      case char[] a -> (int) a[index];
      case short[] a -> (int) a[index];
      case int[] a -> a[index];
      case long[] a -> a[index];
      case float[] a -> a[index];
      case double[] a -> a[index];
      case @Nullable Object[] a -> a[index];
      default -> throw new IllegalArgumentException("no array: " + array.getClass());
    };
  }

  static void store(@Nullable Object array, int index, @Nullable Object value) {
    switch (Objects.requireNonNull(array)) {
      case boolean[] a -> a[index] = ((int) Objects.requireNonNull(value) & 1) != 0;
      case byte[] a -> a[index] = (byte) (int) Objects.requireNonNull(value);
      case char[] a -> a[index] = (char) (int) Objects.requireNonNull(value);
      case short[] a -> a[index] = (short) (int) Objects.requireNonNull(value);
      case int[] a -> a[index] = (int) Objects.requireNonNull(value);
      case long[] a -> a[index] = (long) Objects.requireNonNull(value);
      case float[] a -> a[index] = (float) Objects.requireNonNull(value);
      case double[] a -> a[index] = (double) Objects.requireNonNull(value);
      case @Nullable Object[] a -> a[index] = value;
      default -> throw new IllegalArgumentException("no array: " + array.getClass());
    }
  }
}

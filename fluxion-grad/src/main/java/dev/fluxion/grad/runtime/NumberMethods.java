package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The methods of {@link Number}, for a number whose class is not known, in plain Java, and the
 * comparisons that handles of variables make.
 */
public final class NumberMethods {
  private NumberMethods() {}

  /** {@link Number#doubleValue}. */
  public static double doubleValue(Number number) {
    if (number instanceof Double value) {
      return value;
    }
    return number instanceof Float value ? value : passive(number);
  }

  /** {@link Number#floatValue}. */
  public static float floatValue(Number number) {
    if (number instanceof Float value) {
      return value;
    }
    return number instanceof Double value ? (float) (double) value : (float) passive(number);
  }

  /** Whether two numbers are the same, as handles of variables compare them. */
  public static boolean isSame(double x, double y) {
    return Double.doubleToRawLongBits(x) == Double.doubleToRawLongBits(y);
  }

  /** The same. */
  public static boolean isSame(float x, float y) {
    return Float.floatToRawIntBits(x) == Float.floatToRawIntBits(y);
  }

  /** Integers have no derivative; of other classes that is not known. */
  private static double passive(Number number) {
    return switch (number) {
      case Integer value -> value;
      case Long value -> value;
      case Short value -> value;
      case Byte value -> value;
      case AtomicInteger value -> value.get();
      case AtomicLong value -> value.get();
      default ->
          throw new GradientException(
              "cannot differentiate Number.doubleValue of a "
                  + number.getClass().getName()
                  + ": call the method on a variable of that class");
    };
  }
}

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
    if (number instanceof Float value) {
      return value;
    }
    return isOwn(number) ? number.doubleValue() : passive(number);
  }

  /** {@link Number#floatValue}. */
  public static float floatValue(Number number) {
    if (number instanceof Float value) {
      return value;
    }
    if (number instanceof Double value) {
      return (float) (double) value;
    }
    return isOwn(number) ? number.floatValue() : (float) passive(number);
  }

  /** Whether the method is the user's. */
  private static boolean isOwn(Number number) {
    return !Carriers.isPlatform(number.getClass());
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

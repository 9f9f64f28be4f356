package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.VectorSpace;
import dev.fluxion.ir.emit.CodeSizeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sums of adjoints where null is zero, and the arrays in which loops keep values. */
public final class Adjoints {
  private static final int INITIAL = 16;

  /** For how many elements room is made before they are needed. */
  public static final int MOST_EXPECTED = 1 << 24;

  private Adjoints() {}

  /** The sum of two adjoints; null is zero. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static @Nullable Object sum(@Nullable Object left, @Nullable Object right) {
    if (left == null) {
      return right;
    }
    return right == null ? left : ((VectorSpace) left).plus((VectorSpace) right);
  }

  /**
   * Throws an exception on that says that code cannot be differentiated, or that may have come at
   * any point, even between a step and its record: such an error of the JVM is nobody's to catch.
   */
  public static void refuse(Throwable exception) {
    GradientException refusal = refusal(exception);
    if (refusal != null) {
      throw refusal;
    }
    if (exception instanceof VirtualMachineError error) {
      throw error;
    }
  }

  /** What says that the code which comes here cannot be differentiated. */
  public static GradientException refused(String message) {
    return new GradientException(message);
  }

  /** What an exception says about code that cannot be differentiated, or null for another. */
  public static @Nullable GradientException refusal(Throwable exception) {
    return switch (exception) {
      case GradientException refusal -> refusal;
      case CodeSizeException size ->
          new GradientException("cannot differentiate " + size.getMessage(), size);
      // a callee was derived when it was first called
      case BootstrapMethodError error when error.getCause() instanceof RuntimeException cause ->
          refusal(cause);
      default -> null;
    };
  }

  /** An adjoint times a partial derivative, where zero times what is not finite is zero. */
  @Primitive(Adjoints.class)
  public static double product(double adjoint, double partial) {
    double product = adjoint * partial;
    return Double.isNaN(product) && (adjoint == 0 || partial == 0) ? 0 : product;
  }

  /** An adjoint times a partial derivative, where zero times what is not finite is zero. */
  @Primitive(Adjoints.class)
  public static float product(float adjoint, float partial) {
    float product = adjoint * partial;
    return Float.isNaN(product) && (adjoint == 0 || partial == 0) ? 0 : product;
  }

  /** The pullback of {@code product}: a rule, so that the derivative in a zero adjoint is seen. */
  @Pullback(of = "product", argument = 0)
  public static double productFirst(double adjoint, double partial, double y, double dy) {
    return product(dy, partial);
  }

  /** The pullback of {@code product}. */
  @Pullback(of = "product", argument = 1)
  public static double productSecond(double adjoint, double partial, double y, double dy) {
    return product(dy, adjoint);
  }

  /** The pullback of {@code product}. */
  @Pullback(of = "product", argument = 0)
  public static float productFirst(float adjoint, float partial, float y, float dy) {
    return product(dy, partial);
  }

  /** The pullback of {@code product}. */
  @Pullback(of = "product", argument = 1)
  public static float productSecond(float adjoint, float partial, float y, float dy) {
    return product(dy, adjoint);
  }

  /** An adjoint over a divisor; an adjoint of zero wins over a divisor of zero. */
  @Primitive(Adjoints.class)
  public static double quotient(double adjoint, double divisor) {
    double quotient = adjoint / divisor;
    return Double.isNaN(quotient) && adjoint == 0 ? 0 : quotient;
  }

  /** An adjoint over a divisor; an adjoint of zero wins over a divisor of zero. */
  @Primitive(Adjoints.class)
  public static float quotient(float adjoint, float divisor) {
    float quotient = adjoint / divisor;
    return Float.isNaN(quotient) && adjoint == 0 ? 0 : quotient;
  }

  /** The pullback of {@code quotient}. */
  @Pullback(of = "quotient", argument = 0)
  public static double quotientFirst(double adjoint, double divisor, double y, double dy) {
    return quotient(dy, divisor);
  }

  /** The pullback of {@code quotient}. */
  @Pullback(of = "quotient", argument = 1)
  public static double quotientSecond(double adjoint, double divisor, double y, double dy) {
    return -product(quotient(dy, divisor), y);
  }

  /** The pullback of {@code quotient}. */
  @Pullback(of = "quotient", argument = 0)
  public static float quotientFirst(float adjoint, float divisor, float y, float dy) {
    return quotient(dy, divisor);
  }

  /** The pullback of {@code quotient}. */
  @Pullback(of = "quotient", argument = 1)
  public static float quotientSecond(float adjoint, float divisor, float y, float dy) {
    return -product(quotient(dy, divisor), y);
  }

  /** A tangent array of one's own: what a rule returns may be what it was given. */
  public static double[] copy(double[] tangent) {
    return tangent.clone();
  }

  /** A tangent array of one's own: what a rule returns may be what it was given. */
  public static float[] copy(float[] tangent) {
    return tangent.clone();
  }

  /** The tangent of a number whose gradient in an array is known: their inner product. */
  public static double inner(double[] gradient, double[] tangent) {
    double sum = 0;
    for (int i = 0; i < gradient.length; i++) {
      sum += product(tangent[i], gradient[i]);
    }
    return sum;
  }

  /** The tangent of a number whose gradient in an array is known: their inner product. */
  public static double inner(float[] gradient, float[] tangent) {
    double sum = 0;
    for (int i = 0; i < gradient.length; i++) {
      sum += product((double) tangent[i], (double) gradient[i]);
    }
    return sum;
  }

  /** Adds to the adjoint of a number in a box; nothing when there is no box. */
  public static void addToCell(@Nullable Object shadow, double contribution) {
    if (shadow != null) {
      ((Shadow) shadow).numbers[0] += contribution;
    }
  }

  /** Adds to the adjoint of a vector that is used as an object; nothing when there is none. */
  public static void addToCell(@Nullable Object shadow, @Nullable Object contribution) {
    if (shadow != null) {
      Shadow cell = (Shadow) shadow;
      cell.references[0] = sum(cell.references[0], contribution);
    }
  }

  /** Adds numbers to the shadow of an array; none where a rule was given no cotangent. */
  public static void add(double[] shadow, double @Nullable [] contribution) {
    for (int i = 0; contribution != null && i < shadow.length; i++) {
      shadow[i] += contribution[i];
    }
  }

  /** Adds numbers to the shadow of an array; none where a rule was given no cotangent. */
  public static void add(float[] shadow, float @Nullable [] contribution) {
    for (int i = 0; contribution != null && i < shadow.length; i++) {
      shadow[i] += contribution[i];
    }
  }

  /** How often a loop runs whose variable goes from a start to a bound in steps. */
  public static int trips(int start, int bound, int step, boolean isInclusive) {
    long way = step > 0 ? (long) bound - start : (long) start - bound;
    long stride = Math.abs((long) step);
    long trips = isInclusive ? Math.floorDiv(way, stride) + 1 : Math.ceilDiv(way, stride);
    return Math.clamp(trips, 0, Integer.MAX_VALUE);
  }

  /** The sum of the whole numbers below one, as an {@code int} that may have wrapped around. */
  public static int triangle(int count) {
    return (int) (count * (count - 1L) / 2);
  }

  /** How many elements are needed for so many iterations, and the header's last run, from here. */
  public static int room(int position, int trips) {
    return (int) Math.min((long) position + trips + 1, Integer.MAX_VALUE);
  }

  /**
   * How often the header of a loop runs that is entered so many times and each time runs so often;
   * where that is very much, less, for it may never come to it.
   */
  public static int runs(int times, int trips) {
    return (int) Math.min(times * (trips + 1L), MOST_EXPECTED);
  }

  /** The array, or a longer copy when it holds fewer elements than needed; null is empty. */
  public static double[] ensure(double @Nullable [] array, int needed) {
    return array == null
        ? new double[Math.max(INITIAL, needed)]
        : array.length >= needed ? array : Arrays.copyOf(array, Math.max(2 * array.length, needed));
  }

  /** The array, or a longer copy when it holds fewer elements than needed; null is empty. */
  public static float[] ensure(float @Nullable [] array, int needed) {
    return array == null
        ? new float[Math.max(INITIAL, needed)]
        : array.length >= needed ? array : Arrays.copyOf(array, Math.max(2 * array.length, needed));
  }

  /** The array, or a longer copy when it holds fewer elements than needed; null is empty. */
  public static int[] ensure(int @Nullable [] array, int needed) {
    return array == null
        ? new int[Math.max(INITIAL, needed)]
        : array.length >= needed ? array : Arrays.copyOf(array, Math.max(2 * array.length, needed));
  }

  /** The array, or a longer copy when it holds fewer elements than needed; null is empty. */
  public static long[] ensure(long @Nullable [] array, int needed) {
    return array == null
        ? new long[Math.max(INITIAL, needed)]
        : array.length >= needed ? array : Arrays.copyOf(array, Math.max(2 * array.length, needed));
  }

  /** The array, or a longer copy when it holds fewer elements than needed; null is empty. */
  public static @Nullable Object[] ensure(@Nullable Object @Nullable [] array, int needed) {
    if (array == null) {
      return new Object[Math.max(INITIAL, needed)];
    }
    if (array.length >= needed) {
      return array;
    }
    @Nullable Object[] longer = new Object[Math.max(2 * array.length, needed)];
    for (int i = 0; i < array.length; i++) { // plain code, which can be differentiated itself
      longer[i] = array[i];
    }
    return longer;
  }
}

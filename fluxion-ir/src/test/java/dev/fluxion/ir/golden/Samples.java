package dev.fluxion.ir.golden;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Small methods whose lifted form is looked at. Their lines are part of the expected texts. */
@SuppressWarnings({"CompareToZero", "OperatorPrecedence", "StaticGuardedByInstance"}) // as users do
final class Samples {
  private static int count;
  private double scale = 1;

  private Samples() {}

  /** A shape. */
  sealed interface Shape {}

  record Circle(double radius) implements Shape {}

  record Box(double width, double height) implements Shape {}

  static double straight(double x, double y) {
    return (x * y - 1) / -x;
  }

  static double power(double x, int n) {
    double r = 1;
    for (int i = 0; i < n; i++) {
      r = r * x;
    }
    return r;
  }

  static double nested(double[][] rows) {
    double sum = 0;
    for (double[] row : rows) {
      for (int i = row.length - 1; i >= 0; i--) {
        sum += row[i];
      }
    }
    return sum;
  }

  static int untilFound(int[] numbers, int wanted) {
    int i = 0;
    while (true) {
      if (i == numbers.length) {
        return -1;
      }
      if (numbers[i] == wanted) {
        break;
      }
      i++;
    }
    return i;
  }

  static double branches(double x) {
    if (x > 0 && x < 1 || x == 2) {
      return x;
    }
    return !(x >= -1) ? -1 : 0;
  }

  static String ternary(boolean yes, @Nullable String text) {
    return text == null ? "none" : yes ? text : text + count;
  }

  @SuppressWarnings("fallthrough")
  static int dense(int key) {
    switch (key) {
      case 0:
        count++;
      case 1:
        return 10;
      case 2:
        return 20;
      default:
        return -1;
    }
  }

  static int byText(String text) {
    return switch (text) {
      case "one" -> 1;
      case "two" -> 2;
      default -> text.length();
    };
  }

  static double patterns(Shape shape) {
    return switch (shape) {
      case Circle(double radius) when radius > 1 -> radius;
      case Circle circle -> -circle.radius();
      case Box(double width, double height) -> width * height;
    };
  }

  static int guarded(int[] numbers, int index) {
    int result = 0;
    try {
      result = 1;
      result = numbers[index];
    } catch (ArrayIndexOutOfBoundsException | NullPointerException e) {
      result = -result;
    } finally {
      count++;
    }
    return result;
  }

  static int locked(Object lock) {
    synchronized (lock) {
      return count++;
    }
  }

  static byte arrays(byte[] bytes, float f) {
    long[][] table = new long[2][bytes.length];
    table[0][1] = (long) f;
    float[] floats = {f, 2f * f};
    bytes[1] = (byte) (bytes[1] + floats.length);
    return bytes[(int) table[0][1]];
  }

  double fields(double by) {
    scale *= by;
    count = (int) scale;
    return scale++;
  }

  static double lambdas(double x) {
    DoubleUnaryOperator f = y -> y * x;
    DoubleUnaryOperator g = Math::abs;
    return f.andThen(g).applyAsDouble(2);
  }

  static String concatenated(int i, double d, Object o) {
    return "i=" + i + ", d=" + d + o;
  }

  static Object created(double width) {
    return new Box(width, Objects.hash(width, "b")).toString();
  }

  static void thrown(int i) {
    if (i < 0) {
      throw new IllegalArgumentException("negative: " + i);
    }
  }

  static long bits(long x, int n) {
    return (x << n ^ x >>> 3) & ~(n | 1L) % 7;
  }

  static int compared(double a, double b, long c) {
    return Double.compare(a, b) + (c < 3 ? 1 : 0) + (a != b ? 2 : 0);
  }
}

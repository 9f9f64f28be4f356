package dev.fluxion.ir.interpret;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Comparison;
import java.lang.constant.ClassDesc;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic on values as the interpreter holds them: an {@link Integer} for all that computes as
 * {@code int}, a {@link Long}, {@link Float}, {@link Double}, or a reference.
 */
final class Numbers {
  private Numbers() {}

  static Object negate(Object operand) {
    return switch (operand) {
      case Integer x -> -x;
      case Long x -> -x;
      case Float x -> -x;
      case Double x -> -x;
      default -> throw unknown(operand);
    };
  }

  static Object binary(Arithmetic operator, Object left, Object right) {
    return switch (left) {
      case Integer x -> ints(operator, x, (int) right);
      case Long x when operator.isShift() -> shift(operator, x, (int) right);
      case Long x -> longs(operator, x, (long) right);
      case Float x -> floats(operator, x, (float) right);
      case Double x -> doubles(operator, x, (double) right);
      default -> throw unknown(left);
    };
  }

  private static int ints(Arithmetic operator, int x, int y) {
    return switch (operator) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case REM -> x % y;
      case AND -> x & y;
      case OR -> x | y;
      case XOR -> x ^ y;
      case SHL -> x << y;
      case SHR -> x >> y;
      case USHR -> x >>> y;
    };
  }

  private static long shift(Arithmetic operator, long x, int distance) {
    return switch (operator) {
      case SHL -> x << distance;
      case SHR -> x >> distance;
      case USHR -> x >>> distance;
      default -> throw new IllegalArgumentException("no shift: " + operator);
    };
  }

  private static long longs(Arithmetic operator, long x, long y) {
    return switch (operator) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case REM -> x % y;
      case AND -> x & y;
      case OR -> x | y;
      case XOR -> x ^ y;
      default -> throw new IllegalArgumentException("no " + operator + " of longs");
    };
  }

  private static float floats(Arithmetic operator, float x, float y) {
    return switch (operator) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case REM -> x % y;
      default -> throw new IllegalArgumentException("no " + operator + " of floats");
    };
  }

  private static double doubles(Arithmetic operator, double x, double y) {
    return switch (operator) {
      case ADD -> x + y;
      case SUB -> x - y;
      case MUL -> x * y;
      case DIV -> x / y;
      case REM -> x % y;
      default -> throw new IllegalArgumentException("no " + operator + " of doubles");
    };
  }

  static boolean compare(Comparison comparison, @Nullable Object left, @Nullable Object right) {
    return switch (left) {
      case Integer x when right instanceof Integer y ->
          switch (comparison) {
            case EQ -> x.intValue() == y;
            case NE -> x.intValue() != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
          };
      case Long x when right instanceof Long y ->
          switch (comparison) {
            case EQ -> x.longValue() == y;
            case NE -> x.longValue() != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
          };
      case Float x when right instanceof Float y ->
          switch (comparison) {
            case EQ -> x.floatValue() == y;
            case NE -> x.floatValue() != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
          };
      case Double x when right instanceof Double y ->
          switch (comparison) {
            case EQ -> x.doubleValue() == y;
            case NE -> x.doubleValue() != y;
            case LT -> x < y;
            case LE -> x <= y;
            case GT -> x > y;
            case GE -> x >= y;
          };
      case null, default -> throw new IllegalArgumentException("no numbers of one kind");
    };
  }

  static int threeWay(Object left, Object right, int ifUnordered) {
    if (left instanceof Long x && right instanceof Long y) {
      return x < y ? -1 : x > y ? 1 : 0;
    }
    if (left instanceof Float x && right instanceof Float y) {
      return x < y ? -1 : x > y ? 1 : x.floatValue() == y ? 0 : ifUnordered;
    }
    double x = (double) left;
    double y = (double) right;
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : ifUnordered;
  }

  static Object convert(Object operand, ClassDesc to) {
    return switch (operand) {
      case Integer x ->
          switch (to.descriptorString()) {
            case "B" -> (int) (byte) (int) x;
            case "S" -> (int) (short) (int) x;
            case "C" -> (int) (char) (int) x;
            case "I" -> x;
            case "J" -> (long) x;
            case "F" -> (float) x;
            case "D" -> (double) x;
            default -> throw unknown(to);
          };
      case Long x ->
          switch (to.descriptorString()) {
            case "J" -> x;
            case "F" -> (float) x;
            case "D" -> (double) x;
            default -> convert((int) (long) x, to);
          };
      case Float x ->
          switch (to.descriptorString()) {
            case "J" -> (long) (float) x;
            case "F" -> x;
            case "D" -> (double) x;
            default -> convert((int) (float) x, to);
          };
      case Double x ->
          switch (to.descriptorString()) {
            case "J" -> (long) (double) x;
            case "F" -> (float) (double) x;
            case "D" -> x;
            default -> convert((int) (double) x, to);
          };
      default -> throw unknown(operand);
    };
  }

  /** A value as a Java value of a type, boxed: an int as the byte that its low bits are. */
  static @Nullable Object toJava(@Nullable Object value, ClassDesc type) {
    return switch (type.descriptorString()) {
      case "Z" -> ((int) Objects.requireNonNull(value) & 1) != 0;
      case "B" -> (byte) (int) Objects.requireNonNull(value);
      case "S" -> (short) (int) Objects.requireNonNull(value);
      case "C" -> (char) (int) Objects.requireNonNull(value);
      default -> value;
    };
  }

  /** A boxed Java value of a type as the interpreter holds it. */
  static @Nullable Object fromJava(@Nullable Object value, ClassDesc type) {
    return switch (type.descriptorString()) {
      case "Z" -> (boolean) Objects.requireNonNull(value) ? 1 : 0;
      case "B" -> (int) (byte) Objects.requireNonNull(value);
      case "S" -> (int) (short) Objects.requireNonNull(value);
      case "C" -> (int) (char) Objects.requireNonNull(value);
      default -> value;
    };
  }

  private static IllegalArgumentException unknown(Object what) {
    return new IllegalArgumentException("no number: " + what);
  }
}

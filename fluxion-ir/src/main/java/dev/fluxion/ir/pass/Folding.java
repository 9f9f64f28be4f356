package dev.fluxion.ir.pass;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operations on constants, computed as Java does, and identities that hold to the bit. */
final class Folding {
  private Folding() {}

  static @Nullable Integer intConstant(@Nullable Op op) {
    return op instanceof Op.Constant constant && constant.value() instanceof Integer value
        ? value
        : null;
  }

  private static @Nullable Object constant(Value value, Function<Value, @Nullable Op> definition) {
    return definition.apply(value) instanceof Op.Constant constant
            && constant.value() instanceof Number number
        ? number
        : null;
  }

  /** The value that the operation's result always equals, or null. */
  static @Nullable Value sameAs(Op op, Function<Value, @Nullable Op> definition) {
    if (op instanceof Op.Negate outer
        && definition.apply(outer.operand()) instanceof Op.Negate inner) {
      return inner.operand(); // -(-x) → x
    }
    if (!(op instanceof Op.Binary binary)) {
      return null;
    }
    Object left = constant(binary.left(), definition);
    Object right = constant(binary.right(), definition);
    return switch (binary.operator()) {
      case ADD -> {
        if (isIntegral(right, 0)) {
          yield binary.left(); // x + 0 → x, on integers: -0.0 + 0.0 is 0.0
        }
        yield isIntegral(left, 0) ? binary.right() : null; // 0 + x → x
      }
      case SUB ->
          isIntegral(right, 0) || isFloating(right, 0.0) ? binary.left() : null; // x - 0 → x
      case MUL -> {
        if (isIntegral(right, 1) || isFloating(right, 1.0)) {
          yield binary.left(); // x * 1 → x
        }
        yield isIntegral(left, 1) || isFloating(left, 1.0) ? binary.right() : null; // 1 * x → x
      }
      case DIV ->
          isIntegral(right, 1) || isFloating(right, 1.0) ? binary.left() : null; // x / 1 → x
      case SHL, SHR, USHR -> isIntegral(right, 0) ? binary.left() : null; // x << 0 → x
      case AND -> isIntegral(right, -1) ? binary.left() : null; // x & -1 → x
      case OR, XOR -> isIntegral(right, 0) ? binary.left() : null; // x | 0 → x
      default -> null;
    };
  }

  private static boolean isIntegral(@Nullable Object number, long expected) {
    return (number instanceof Integer i && i == expected)
        || (number instanceof Long l && l == expected);
  }

  /** Compares bits: 0.0 is not -0.0. */
  private static boolean isFloating(@Nullable Object number, double expected) {
    return (number instanceof Double d
            && Double.doubleToRawLongBits(d) == Double.doubleToRawLongBits(expected))
        || (number instanceof Float f
            && Float.floatToRawIntBits(f) == Float.floatToRawIntBits((float) expected));
  }

  /** The constant that the operation computes, or null. */
  static @Nullable Op fold(Op op, Function<Value, @Nullable Op> definition) {
    Object value =
        switch (op) {
          case Op.Negate negate -> negate(constant(negate.operand(), definition));
          case Op.Convert convert ->
              convert(
                  constant(convert.operand(), definition),
                  convert.result().type().descriptorString());
          case Op.Binary binary ->
              binary(
                  binary.operator(),
                  constant(binary.left(), definition),
                  constant(binary.right(), definition));
          case Op.Compare compare -> compare(compare, definition);
          case Op.ThreeWay compare ->
              threeWay(
                  constant(compare.left(), definition),
                  constant(compare.right(), definition),
                  compare.ifUnordered());
          default -> null;
        };
    Value result = op.result();
    return value == null || result == null ? null : new Op.Constant(result, value, op.location());
  }

  private static @Nullable Object negate(@Nullable Object operand) {
    return switch (operand) {
      case Integer x -> -x;
      case Long x -> -x;
      case Float x -> -x;
      case Double x -> -x;
      case null, default -> null;
    };
  }

  private static @Nullable Object convert(@Nullable Object operand, String to) {
    if (!(operand instanceof Number number)) {
      return null;
    }
    return switch (to) {
      case "B" -> (int) (byte) toInt(number);
      case "S" -> (int) (short) toInt(number);
      case "C" -> (int) (char) toInt(number);
      case "I" -> toInt(number);
      case "J" -> number.longValue();
      case "F" -> number.floatValue();
      case "D" -> number.doubleValue();
      default -> null;
    };
  }

  private static int toInt(Number number) {
    return number.intValue();
  }

  private static @Nullable Object binary(
      Arithmetic operator, @Nullable Object left, @Nullable Object right) {
    if (left instanceof Integer a && right instanceof Integer b) {
      return ints(operator, a, b);
    }
    if (left instanceof Long a && right instanceof Long b) {
      return longs(operator, a, b);
    }
    if (left instanceof Long a && right instanceof Integer b && operator.isShift()) {
      return switch (operator) {
        case SHL -> a << b;
        case SHR -> a >> b;
        default -> a >>> b;
      };
    }
    if (left instanceof Float a && right instanceof Float b) {
      return switch (operator) {
        case ADD -> a + b;
        case SUB -> a - b;
        case MUL -> a * b;
        case DIV -> a / b;
        case REM -> a % b;
        default -> null;
      };
    }
    if (left instanceof Double a && right instanceof Double b) {
      return switch (operator) {
        case ADD -> a + b;
        case SUB -> a - b;
        case MUL -> a * b;
        case DIV -> a / b;
        case REM -> a % b;
        default -> null;
      };
    }
    return null;
  }

  private static @Nullable Object ints(Arithmetic operator, int a, int b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> b == 0 ? null : (Object) (a / b);
      case REM -> b == 0 ? null : (Object) (a % b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHL -> a << b;
      case SHR -> a >> b;
      case USHR -> a >>> b;
    };
  }

  private static @Nullable Object longs(Arithmetic operator, long a, long b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> b == 0 ? null : (Object) (a / b);
      case REM -> b == 0 ? null : (Object) (a % b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      default -> null;
    };
  }

  private static @Nullable Object compare(
      Op.Compare compare, Function<Value, @Nullable Op> definition) {
    Comparison comparison = compare.comparison();
    if (compare.left().kind() == Kind.REFERENCE) {
      boolean leftNull = isNull(compare.left(), definition);
      boolean rightNull = isNull(compare.right(), definition);
      if (leftNull && rightNull) {
        return comparison == Comparison.EQ ? 1 : 0;
      }
      boolean exists =
          isObject(compare.left(), definition) || isObject(compare.right(), definition);
      return exists && (leftNull || rightNull) ? (comparison == Comparison.EQ ? 0 : 1) : null;
    }
    Object left = constant(compare.left(), definition);
    Object right = constant(compare.right(), definition);
    boolean holds;
    if (left instanceof Integer a && right instanceof Integer b) {
      holds = satisfies(comparison, Integer.compare(a, b));
    } else if (left instanceof Long a && right instanceof Long b) {
      holds = satisfies(comparison, Long.compare(a, b));
    } else if (left instanceof Float a && right instanceof Float b) {
      holds = doubles(comparison, a, b);
    } else if (left instanceof Double a && right instanceof Double b) {
      holds = doubles(comparison, a, b);
    } else {
      return null;
    }
    return holds ? 1 : 0;
  }

  private static boolean isNull(Value value, Function<Value, @Nullable Op> definition) {
    return definition.apply(value) instanceof Op.Constant constant && constant.value() == null;
  }

  private static boolean isObject(Value value, Function<Value, @Nullable Op> definition) {
    Op op = definition.apply(value);
    return op instanceof Op.New
        || op instanceof Op.NewArray
        || op instanceof Op.Lambda
        || (op instanceof Op.Constant constant && constant.value() != null);
  }

  private static boolean satisfies(Comparison comparison, int order) {
    return switch (comparison) {
      case EQ -> order == 0;
      case NE -> order != 0;
      case LT -> order < 0;
      case LE -> order <= 0;
      case GT -> order > 0;
      case GE -> order >= 0;
    };
  }

  private static boolean doubles(Comparison comparison, double a, double b) {
    return switch (comparison) {
      case EQ -> a == b;
      case NE -> a != b;
      case LT -> a < b;
      case LE -> a <= b;
      case GT -> a > b;
      case GE -> a >= b;
    };
  }

  private static @Nullable Object threeWay(
      @Nullable Object left, @Nullable Object right, int ifUnordered) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (!(left instanceof Number a)
        || !(right instanceof Number b)
        || left instanceof Integer
        || right instanceof Integer) {
      return null;
    }
    double x = a.doubleValue();
    double y = b.doubleValue();
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : ifUnordered;
  }
}

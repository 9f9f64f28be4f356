package dev.fluxion.tensor;

import java.util.Map;
import java.util.Set;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Functions of whole numbers and truth values, and of two tensors of different types, which meet in
 * the type that {@link DType} says.
 */
final class WholeNumbers {
  private static final int GRAIN = 1 << 14;

  private static final Map<Unary, LongUnaryOperator> UNARY =
      Map.ofEntries(
          Map.entry(Functions.NEG, x -> -x),
          Map.entry(Functions.ABS, Math::abs),
          Map.entry(Functions.SIGN, Long::signum),
          Map.entry(Functions.SQUARE, x -> x * x),
          Map.entry(Functions.RELU, x -> Math.max(x, 0)),
          Map.entry(Functions.FLOOR, x -> x),
          Map.entry(Functions.CEIL, x -> x),
          Map.entry(Functions.ROUND, x -> x),
          Map.entry(Functions.TRUNC, x -> x),
          Map.entry(Functions.IS_NAN, _ -> 0),
          Map.entry(Functions.IS_FINITE, _ -> 1));

  private static final Map<Binary, LongBinaryOperator> BINARY =
      Map.ofEntries(
          Map.entry(Functions.PLUS, Long::sum),
          Map.entry(Functions.MINUS, (a, b) -> a - b),
          Map.entry(Functions.TIMES, (a, b) -> a * b),
          Map.entry(Functions.MAXIMUM, Math::max),
          Map.entry(Functions.MINIMUM, Math::min),
          Map.entry(Functions.REMAINDER, Math::floorMod),
          Map.entry(Functions.GREATER, (a, b) -> a > b ? 1 : 0),
          Map.entry(Functions.GREATER_EQUAL, (a, b) -> a >= b ? 1 : 0),
          Map.entry(Functions.LESS, (a, b) -> a < b ? 1 : 0),
          Map.entry(Functions.LESS_EQUAL, (a, b) -> a <= b ? 1 : 0),
          Map.entry(Functions.EQUAL, (a, b) -> a == b ? 1 : 0),
          Map.entry(Functions.NOT_EQUAL, (a, b) -> a != b ? 1 : 0));

  /** What two tensors of different types may be given to; elsewhere one must be cast. */
  private static final Set<Binary> MIXED =
      Set.of(
          Functions.PLUS,
          Functions.MINUS,
          Functions.TIMES,
          Functions.DIV,
          Functions.MAXIMUM,
          Functions.MINIMUM,
          Functions.SHARE_GREATER);

  /** What truth values stay truth values under. */
  private static final Set<Object> LOGICAL =
      Set.of(
          Functions.ABS,
          Functions.SIGN,
          Functions.SQUARE,
          Functions.RELU,
          Functions.FLOOR,
          Functions.CEIL,
          Functions.ROUND,
          Functions.TRUNC,
          Functions.PLUS,
          Functions.TIMES,
          Functions.MAXIMUM,
          Functions.MINIMUM);

  private WholeNumbers() {}

  static Tensor map(Unary f, Tensor x) {
    if (x.dtype() == DType.BOOL && (f.isTruth() || LOGICAL.contains(f))) {
      return new Tensor(x.dimensions(), Elementwise.map(f, x.buffer()));
    }
    LongUnaryOperator whole = UNARY.get(f);
    if (x.dtype() == DType.BOOL || whole == null) {
      throw DType.notFloatingPoint(f.name(), x);
    }
    return mapped(whole, f.isTruth(), x);
  }

  private static Tensor mapped(LongUnaryOperator f, boolean isTruth, Tensor x) {
    long[] from = x.buffer().longs;
    return numbers(isTruth, x.dtype(), x.dimensions(), i -> f.applyAsLong(from[i]));
  }

  /** The number of an index. */
  private interface Numbers {
    long at(int index);
  }

  private static Tensor numbers(boolean isTruth, DType type, int[] shape, Numbers f) {
    int size = Shapes.count(shape);
    DType result = isTruth ? DType.BOOL : type;
    Buffer to = new Buffer(result, size);
    Parallel.ranges(
        size,
        GRAIN,
        (start, end) -> {
          for (int i = start; i < end; i++) {
            if (isTruth) {
              to.floats[i] = (float) f.at(i);
            } else {
              to.longs[i] = Casts.wrapped(f.at(i), type);
            }
          }
        });
    return new Tensor(shape, to);
  }

  static Tensor zip(Binary f, Tensor a, Tensor b) {
    if (!f.isTruth() && !MIXED.contains(f)) {
      DType.requireSame(f.name(), a, b);
    }
    DType type = DType.common(f.name(), a, b);
    if (type.isFloatingPoint()) {
      return Elementwise.same(f, a.cast(type), b.cast(type));
    }
    if (f == Functions.DIV || f == Functions.SHARE_GREATER) {
      return Elementwise.same(f, a.cast(DType.FLOAT32), b.cast(DType.FLOAT32));
    }
    if (type == DType.BOOL) {
      if (!f.isTruth() && !LOGICAL.contains(f)) {
        throw DType.notFloatingPoint(f.name(), a);
      }
      return Elementwise.same(f, a, b);
    }
    LongBinaryOperator whole = BINARY.get(f);
    if (whole == null) {
      throw DType.notFloatingPoint(f.name(), a);
    }
    int[] shape = Shapes.broadcast(f.name(), a.dimensions(), b.dimensions());
    if (f == Functions.REMAINDER) {
      requireDivisor(a, b);
    }
    return zipped(
        whole, f.isTruth(), a.cast(type).broadcastTo(shape), b.cast(type).broadcastTo(shape));
  }

  private static void requireDivisor(Tensor a, Tensor b) {
    for (long divisor : b.buffer().longs) {
      if (divisor == 0) {
        throw new ShapeException(
            "remainder of "
                + ShapeException.text(a.dimensions())
                + " of "
                + a.dtype()
                + " by 0: whole numbers have none");
      }
    }
  }

  private static Tensor zipped(LongBinaryOperator f, boolean isTruth, Tensor a, Tensor b) {
    long[] x = a.buffer().longs;
    long[] y = b.buffer().longs;
    boolean isOne = y.length == 1;
    return numbers(isTruth, a.dtype(), a.dimensions(), i -> f.applyAsLong(x[i], y[isOne ? 0 : i]));
  }

  /**
   * Whole numbers stay whole with a whole number, so that their type does not depend on the number;
   * truth values count as float32.
   */
  static Tensor zip(Binary f, Tensor a, double b) {
    DType type = a.dtype();
    if (f == Functions.DIV) {
      return Elementwise.same(f, a.cast(DType.FLOAT32), b);
    }
    if (type == DType.BOOL) {
      return Elementwise.same(f, f.isTruth() ? a : a.cast(DType.FLOAT32), b);
    }
    boolean isWhole = b == Math.rint(b) && b >= type.least() && b <= type.greatest();
    if (f.isTruth() && !isWhole) {
      return Elementwise.same(f, a.cast(DType.FLOAT64), b);
    }
    LongBinaryOperator whole = BINARY.get(f);
    if (!isWhole || whole == null) {
      throw new ShapeException(
          f.name()
              + " of "
              + ShapeException.text(a.dimensions())
              + " of "
              + type
              + " and the number "
              + b
              + ": cast the tensor to a floating-point type first");
    }
    return zipped(
        whole, f.isTruth(), a, new Tensor(new int[0], new Buffer(type, new long[] {(long) b})));
  }

  /** That a number is one of a type. */
  static double require(String name, DType type, double value) {
    boolean isOne =
        type.isFloatingPoint()
            || (type == DType.BOOL
                ? value == 0 || value == 1
                : value == Math.rint(value) && value >= type.least() && value <= type.greatest());
    if (!isOne) {
      throw new ShapeException(name + " of " + type + " with " + value + ": it has no such number");
    }
    return value;
  }
}

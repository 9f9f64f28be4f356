package dev.fluxion.tensor;

/**
 * The type of a tensor's elements.
 *
 * <p>The two 16-bit floating-point types are for storage: operations on them compute in float32 and
 * round the result. Whole numbers wrap around, as those of NumPy and PyTorch do. Of truth values a
 * sum is true where one is, a product where both are.
 *
 * <p>Where arithmetic or a comparison meets two types it computes in a common one. Of two whole
 * types that is the smallest that holds both; a floating-point type is kept whatever whole type or
 * {@link #BOOL} it meets; two of 16 bits, or one of them and float32, meet in float32. Float32
 * never becomes float64 by itself: the two do not meet, and one must be cast.
 */
public enum DType {
  /** 32-bit floating point, the default. */
  FLOAT32(4, Kind.REAL),
  /** 64-bit floating point. */
  FLOAT64(8, Kind.REAL),
  /** 16-bit floating point with the exponents of float32 and 8 significant bits. */
  BFLOAT16(2, Kind.REAL),
  /** 16-bit floating point of IEEE 754: 11 significant bits, up to 65504. */
  FLOAT16(2, Kind.REAL),
  /** Whole numbers of 8 bits. */
  INT8(1, Kind.WHOLE),
  /** Whole numbers of 16 bits. */
  INT16(2, Kind.WHOLE),
  /** Whole numbers of 32 bits. */
  INT32(4, Kind.WHOLE),
  /** Whole numbers of 64 bits. */
  INT64(8, Kind.WHOLE),
  /** Whole numbers of 8 bits without a sign. */
  UINT8(1, Kind.WHOLE),
  /** Truth values: 0 and 1. */
  BOOL(1, Kind.TRUTH);

  private enum Kind {
    REAL,
    WHOLE,
    TRUTH
  }

  private final int bytes;
  private final Kind kind;

  DType(int bytes, Kind kind) {
    this.bytes = bytes;
    this.kind = kind;
  }

  /** The size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Whether elements are floating-point numbers, which have derivatives. */
  public boolean isFloatingPoint() {
    return kind == Kind.REAL;
  }

  /** Whether elements are whole numbers, other than truth values. */
  public boolean isWhole() {
    return kind == Kind.WHOLE;
  }

  /** Whether elements are computed with as they are stored. */
  boolean isNative() {
    return this == FLOAT32 || this == FLOAT64 || this == INT64;
  }

  /** The least element of a whole type. */
  long least() {
    return this == UINT8 ? 0 : -1L << (8 * bytes - 1);
  }

  /** The greatest element of a whole type. */
  long greatest() {
    return this == UINT8 ? 255 : ~(-1L << (8 * bytes - 1));
  }

  /** The type that two types meet in. */
  static DType common(String name, Tensor x, Tensor y) {
    DType a = x.dtype();
    DType b = y.dtype();
    if (a == b || b == BOOL) {
      return a;
    }
    if (a == BOOL) {
      return b;
    }
    if (a.isFloatingPoint() && b.isFloatingPoint()) {
      if (a == FLOAT64 || b == FLOAT64) {
        requireSame(name, x, y);
      }
      return FLOAT32;
    }
    if (a.isFloatingPoint() || b.isFloatingPoint()) {
      return a.isFloatingPoint() ? a : b;
    }
    if (a == UINT8 || b == UINT8) {
      DType other = a == UINT8 ? b : a;
      return other == INT8 ? INT16 : other;
    }
    return a.bytes > b.bytes ? a : b;
  }

  static void requireSame(String name, Tensor a, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw new ShapeException(
          name
              + " of "
              + ShapeException.text(a.dimensions())
              + " of "
              + a.dtype()
              + " and "
              + ShapeException.text(b.dimensions())
              + " of "
              + b.dtype()
              + ": cast one of them first");
    }
  }

  static void requireFloatingPoint(String name, Tensor x) {
    if (!x.dtype().isFloatingPoint()) {
      throw notFloatingPoint(name, x);
    }
  }

  static ShapeException notFloatingPoint(String name, Tensor x) {
    return new ShapeException(
        name
            + " of "
            + ShapeException.text(x.dimensions())
            + " of "
            + x.dtype()
            + ": cast it to a floating-point type first");
  }
}

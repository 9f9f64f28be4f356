package dev.fluxion.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How the elements of a tensor lie in memory or in a file. Types without a sign that tensors do not
 * have become the next wider one with a sign; numbers of 64 bits that it does not hold are refused.
 */
enum Stored {
  BOOL("BOOL", "b1", DType.BOOL, 1),
  I8("I8", "i1", DType.INT8, 1),
  U8("U8", "u1", DType.UINT8, 1),
  I16("I16", "i2", DType.INT16, 2),
  U16("U16", "u2", DType.INT32, 2),
  I32("I32", "i4", DType.INT32, 4),
  U32("U32", "u4", DType.INT64, 4),
  I64("I64", "i8", DType.INT64, 8),
  U64("U64", "u8", DType.INT64, 8),
  F16("F16", "f2", DType.FLOAT16, 2),
  BF16("BF16", "", DType.BFLOAT16, 2),
  F32("F32", "f4", DType.FLOAT32, 4),
  F64("F64", "f8", DType.FLOAT64, 8);

  private static final int CHUNK = 4096;
  private static final int GRAIN = 1 << 16;

  /** The type's name in safetensors files. */
  final String word;

  /** The type's code in NumPy's files, without the byte order; none for bfloat16. */
  final String code;

  /** What it becomes here. */
  final DType type;

  /** The size of an element in bytes. */
  final int bytes;

  Stored(String word, String code, DType type, int bytes) {
    this.word = word;
    this.code = code;
    this.type = type;
    this.bytes = bytes;
  }

  static Stored of(DType type) {
    return switch (type) {
      case BOOL -> BOOL;
      case INT8 -> I8;
      case UINT8 -> U8;
      case INT16 -> I16;
      case INT32 -> I32;
      case INT64 -> I64;
      case FLOAT16 -> F16;
      case BFLOAT16 -> BF16;
      case FLOAT32 -> F32;
      case FLOAT64 -> F64;
    };
  }

  /**
   * The elements of a segment, which is as long as they are: where they are if they lie as here, to
   * be read when they are needed, else read now.
   */
  Storage open(MemorySegment from, int count, ByteOrder order) {
    boolean isAsHere = of(type) == this && (bytes == 1 || order == ByteOrder.nativeOrder());
    return isAsHere ? new Packed(type, count, from) : read(from, count, order);
  }

  /** All elements of a segment, which is as long as they are. */
  Buffer read(MemorySegment from, int count, ByteOrder order) {
    Buffer to = new Buffer(type, count);
    Parallel.ranges(count, GRAIN, (start, end) -> read(from, to, start, end, order));
    if (this == U64) {
      requireSigned(to.longs);
    }
    return to;
  }

  private static void requireSigned(long[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0) {
        throw new ArithmeticException(
            "element "
                + i
                + " is "
                + Long.toUnsignedString(numbers[i])
                + ", which INT64 does not hold");
      }
    }
  }

  /** Narrow elements go through small arrays, so that loops over arrays widen them. */
  private void read(MemorySegment from, Buffer to, int start, int end, ByteOrder order) {
    long at = (long) start * bytes;
    int all = end - start;
    switch (this) {
      case F32 -> MemorySegment.copy(from, floats(order), at, to.floats, start, all);
      case F64 -> MemorySegment.copy(from, doubles(order), at, to.doubles, start, all);
      case I64, U64 -> MemorySegment.copy(from, longs(order), at, to.longs, start, all);
      case BOOL, U8, I8 -> {
        byte[] some = new byte[Math.min(CHUNK, all)];
        for (int i = start; i < end; i += CHUNK) {
          int count = Math.min(CHUNK, end - i);
          MemorySegment.copy(from, ValueLayout.JAVA_BYTE, i, some, 0, count);
          switch (this) {
            case BOOL -> Widening.truths(some, to.floats, i, count);
            case U8 -> Widening.unsigned(some, to.longs, i, count);
            default -> Widening.numbers(some, to.longs, i, count);
          }
        }
      }
      case I16, U16, F16, BF16 -> {
        short[] some = new short[Math.min(CHUNK, all)];
        for (int i = start; i < end; i += CHUNK) {
          int count = Math.min(CHUNK, end - i);
          MemorySegment.copy(from, shorts(order), 2L * i, some, 0, count);
          switch (this) {
            case F16 -> Widening.float16(some, to.floats, i, count);
            case BF16 -> Widening.bfloat16(some, to.floats, i, count);
            case U16 -> Widening.unsigned(some, to.longs, i, count);
            default -> Widening.numbers(some, to.longs, i, count);
          }
        }
      }
      case I32, U32 -> {
        int[] some = new int[Math.min(CHUNK, all)];
        for (int i = start; i < end; i += CHUNK) {
          int count = Math.min(CHUNK, end - i);
          MemorySegment.copy(from, ints(order), 4L * i, some, 0, count);
          if (this == U32) {
            Widening.unsigned(some, to.longs, i, count);
          } else {
            Widening.numbers(some, to.longs, i, count);
          }
        }
      }
    }
  }

  /** Writes elements with their type; real numbers are rounded to it, whole ones wrap around. */
  static void write(Buffer from, MemorySegment to, ByteOrder order) {
    Parallel.ranges(
        from.size(), GRAIN, (start, end) -> of(from.type()).write(from, to, start, end, order));
  }

  private void write(Buffer from, MemorySegment to, int start, int end, ByteOrder order) {
    long at = (long) start * bytes;
    int all = end - start;
    switch (from.type()) {
      case FLOAT32 -> MemorySegment.copy(from.floats, start, to, floats(order), at, all);
      case FLOAT64 -> MemorySegment.copy(from.doubles, start, to, doubles(order), at, all);
      case INT64 -> MemorySegment.copy(from.longs, start, to, longs(order), at, all);
      case BOOL, INT8, UINT8 -> {
        byte[] some = new byte[Math.min(CHUNK, all)];
        for (int i = start; i < end; i += CHUNK) {
          int count = Math.min(CHUNK, end - i);
          if (this == BOOL) {
            Widening.toTruths(from.floats, i, some, count);
          } else {
            Widening.toBytes(from.longs, i, some, count);
          }
          MemorySegment.copy(some, 0, to, ValueLayout.JAVA_BYTE, i, count);
        }
      }
      case INT16, FLOAT16, BFLOAT16 -> {
        short[] some = new short[Math.min(CHUNK, all)];
        for (int i = start; i < end; i += CHUNK) {
          int count = Math.min(CHUNK, end - i);
          switch (this) {
            case F16 -> Widening.toFloat16(from.floats, i, some, count);
            case BF16 -> Widening.toBfloat16(from.floats, i, some, count);
            default -> Widening.toShorts(from.longs, i, some, count);
          }
          MemorySegment.copy(some, 0, to, shorts(order), 2L * i, count);
        }
      }
      case INT32 -> {
        int[] some = new int[Math.min(CHUNK, all)];
        for (int i = start; i < end; i += CHUNK) {
          int count = Math.min(CHUNK, end - i);
          Widening.toInts(from.longs, i, some, count);
          MemorySegment.copy(some, 0, to, ints(order), 4L * i, count);
        }
      }
    }
  }

  private static ValueLayout.OfShort shorts(ByteOrder order) {
    return ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfInt ints(ByteOrder order) {
    return ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfFloat floats(ByteOrder order) {
    return ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfDouble doubles(ByteOrder order) {
    return ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfLong longs(ByteOrder order) {
    return ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  /** The bytes of a tensor's elements. */
  static long bytes(Tensor x) {
    return (long) x.size() * x.dtype().bytes();
  }
}

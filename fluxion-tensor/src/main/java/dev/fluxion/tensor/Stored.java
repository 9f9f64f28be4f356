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
    ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    switch (this) {
      case F32 -> MemorySegment.copy(from, floats(order), 0, to.floats, 0, count);
      case F64 -> MemorySegment.copy(from, doubles(order), 0, to.doubles, 0, count);
      case I64 -> MemorySegment.copy(from, longs(order), 0, to.longs, 0, count);
      case U64 -> {
        MemorySegment.copy(from, longs(order), 0, to.longs, 0, count);
        for (int i = 0; i < count; i++) {
          if (to.longs[i] < 0) {
            throw new ArithmeticException(
                "element "
                    + i
                    + " is "
                    + Long.toUnsignedString(to.longs[i])
                    + ", which INT64 does not hold");
          }
        }
      }
      case BOOL -> {
        for (int i = 0; i < count; i++) {
          to.floats[i] = from.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
        }
      }
      case U8 -> {
        for (int i = 0; i < count; i++) {
          to.longs[i] = from.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          to.longs[i] = from.get(ValueLayout.JAVA_BYTE, i);
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          to.floats[i] = Float.float16ToFloat(from.get(shorts, 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          to.floats[i] = Float.intBitsToFloat(from.get(shorts, 2L * i) << 16);
        }
      }
      case I16, U16 -> {
        long mask = this == U16 ? 0xFFFF : -1;
        for (int i = 0; i < count; i++) {
          to.longs[i] = from.get(shorts, 2L * i) & mask;
        }
      }
      case I32, U32 -> {
        long mask = this == U32 ? 0xFFFF_FFFFL : -1;
        for (int i = 0; i < count; i++) {
          to.longs[i] = from.get(ints, 4L * i) & mask;
        }
      }
    }
    return to;
  }

  /** Writes elements with their type; real numbers are rounded to it, whole ones wrap around. */
  static void write(Buffer from, MemorySegment to, ByteOrder order) {
    int count = from.size();
    ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    switch (from.type()) {
      case FLOAT32 -> MemorySegment.copy(from.floats, 0, to, floats(order), 0, count);
      case FLOAT64 -> MemorySegment.copy(from.doubles, 0, to, doubles(order), 0, count);
      case INT64 -> MemorySegment.copy(from.longs, 0, to, longs(order), 0, count);
      case BOOL -> {
        for (int i = 0; i < count; i++) {
          to.set(ValueLayout.JAVA_BYTE, i, (byte) (from.floats[i] != 0 ? 1 : 0));
        }
      }
      case INT8, UINT8 -> {
        for (int i = 0; i < count; i++) {
          to.set(ValueLayout.JAVA_BYTE, i, (byte) from.longs[i]);
        }
      }
      case INT16 -> {
        for (int i = 0; i < count; i++) {
          to.set(shorts, 2L * i, (short) from.longs[i]);
        }
      }
      case INT32 -> {
        for (int i = 0; i < count; i++) {
          to.set(ints, 4L * i, (int) from.longs[i]);
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          to.set(shorts, 2L * i, Float.floatToFloat16(from.floats[i]));
        }
      }
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          to.set(shorts, 2L * i, bfloat16(from.floats[i]));
        }
      }
    }
  }

  /** The upper half of a float, rounded to the nearest and of two to the even one. */
  private static short bfloat16(float number) {
    int bits = Float.floatToRawIntBits(number);
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
    return (short) ((Float.isNaN(number) ? bits | 0x40_0000 : rounded) >>> 16);
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

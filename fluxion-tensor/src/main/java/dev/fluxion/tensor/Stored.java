package dev.fluxion.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How the elements of a tensor lie in a file, and what they become here: numbers of up to 16 bits,
 * which float32 holds exactly, become float32, others float64. A whole number of 64 bits that
 * float64 does not hold is refused.
 */
enum Stored {
  BOOL("BOOL", "b1", 1),
  I8("I8", "i1", 1),
  U8("U8", "u1", 1),
  I16("I16", "i2", 2),
  U16("U16", "u2", 2),
  I32("I32", "i4", 4),
  U32("U32", "u4", 4),
  I64("I64", "i8", 8),
  U64("U64", "u8", 8),
  F16("F16", "f2", 2),
  BF16("BF16", "", 2),
  F32("F32", "f4", 4),
  F64("F64", "f8", 8);

  private static final long EXACT = 1L << 53;

  /** The type's name in safetensors files. */
  final String word;

  /** The type's code in NumPy's files, without the byte order; none for bfloat16. */
  final String code;

  /** The size of an element in bytes. */
  final int bytes;

  Stored(String word, String code, int bytes) {
    this.word = word;
    this.code = code;
    this.bytes = bytes;
  }

  static Stored of(DType type) {
    return type == DType.FLOAT32 ? F32 : F64;
  }

  DType type() {
    return switch (this) {
      case BOOL, I8, U8, I16, U16, F16, BF16, F32 -> DType.FLOAT32;
      case I32, U32, I64, U64, F64 -> DType.FLOAT64;
    };
  }

  /** All elements of a segment, which is as long as they are. */
  Buffer read(MemorySegment from, int count, ByteOrder order) throws IOException {
    Buffer to = new Buffer(type(), count);
    switch (this) {
      case F32 -> MemorySegment.copy(from, floats(order), 0, to.floats, 0, count);
      case F64 -> MemorySegment.copy(from, doubles(order), 0, to.doubles, 0, count);
      case BOOL, U8 -> {
        for (int i = 0; i < count; i++) {
          to.floats[i] = from.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
        }
      }
      case I8 -> {
        for (int i = 0; i < count; i++) {
          to.floats[i] = from.get(ValueLayout.JAVA_BYTE, i);
        }
      }
      case I16, U16, F16, BF16 -> {
        ValueLayout.OfShort layout = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        for (int i = 0; i < count; i++) {
          to.floats[i] = number(from.get(layout, 2L * i));
        }
      }
      case I32, U32 -> {
        ValueLayout.OfInt layout = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        for (int i = 0; i < count; i++) {
          int bits = from.get(layout, 4L * i);
          to.doubles[i] = this == I32 ? bits : Integer.toUnsignedLong(bits);
        }
      }
      case I64, U64 -> {
        ValueLayout.OfLong layout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        for (int i = 0; i < count; i++) {
          long bits = from.get(layout, 8L * i);
          if (bits > EXACT || bits < (this == U64 ? 0 : -EXACT)) {
            String number = this == U64 ? Long.toUnsignedString(bits) : Long.toString(bits);
            throw new IOException("element " + i + " is " + number + ", which no double holds");
          }
          to.doubles[i] = bits;
        }
      }
    }
    return to;
  }

  private float number(short bits) {
    return switch (this) {
      case F16 -> Float.float16ToFloat(bits);
      case BF16 -> Float.intBitsToFloat(bits << 16);
      case U16 -> Short.toUnsignedInt(bits);
      default -> bits;
    };
  }

  private static ValueLayout.OfFloat floats(ByteOrder order) {
    return ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
  }

  private static ValueLayout.OfDouble doubles(ByteOrder order) {
    return ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
  }

  /** The elements of a tensor in little-endian order. */
  static void write(Buffer from, MemorySegment to) {
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    if (from.isFloat32()) {
      MemorySegment.copy(from.floats, 0, to, floats(order), 0, from.size());
    } else {
      MemorySegment.copy(from.doubles, 0, to, doubles(order), 0, from.size());
    }
  }

  /** The bytes of a tensor's elements. */
  static long bytes(Tensor x) {
    return (long) x.size() * of(x.dtype()).bytes;
  }
}

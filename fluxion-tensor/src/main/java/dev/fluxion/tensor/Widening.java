package dev.fluxion.tensor;

/** Loops between arrays of narrow elements, from their first on, and arrays to compute with. */
final class Widening {
  private Widening() {}

  static void truths(byte[] from, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i] == 0 ? 0 : 1;
    }
  }

  static void numbers(byte[] from, long[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i];
    }
  }

  static void unsigned(byte[] from, long[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i] & 0xFF;
    }
  }

  static void numbers(short[] from, long[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i];
    }
  }

  static void unsigned(short[] from, long[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i] & 0xFFFF;
    }
  }

  static void numbers(int[] from, long[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i];
    }
  }

  static void unsigned(int[] from, long[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i] & 0xFFFF_FFFFL;
    }
  }

  static void float16(short[] from, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = Float.float16ToFloat(from[i]);
    }
  }

  static void bfloat16(short[] from, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = Float.intBitsToFloat(from[i] << 16);
    }
  }

  static void toTruths(float[] from, int at, byte[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (byte) (from[at + i] != 0 ? 1 : 0);
    }
  }

  static void toBytes(long[] from, int at, byte[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (byte) from[at + i];
    }
  }

  static void toShorts(long[] from, int at, short[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (short) from[at + i];
    }
  }

  static void toInts(long[] from, int at, int[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (int) from[at + i];
    }
  }

  static void toFloat16(float[] from, int at, short[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = Float.floatToFloat16(from[at + i]);
    }
  }

  /** The upper half of a float, rounded to the nearest and of two to the even one. */
  static void toBfloat16(float[] from, int at, short[] to, int count) {
    for (int i = 0; i < count; i++) {
      float number = from[at + i];
      int bits = Float.floatToRawIntBits(number);
      int rounded = bits + 0x7FFF + ((bits >>> 16) & 1);
      to[i] = (short) ((Float.isNaN(number) ? bits | 0x40_0000 : rounded) >>> 16);
    }
  }
}

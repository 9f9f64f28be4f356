package dev.fluxion.tensor;

/**
 * Elements in another type. Real numbers are cut off to whole ones and must lie in their range;
 * whole numbers wrap around; a truth value is whether a number is not 0.
 */
final class Casts {
  private Casts() {}

  static Buffer cast(Buffer from, DType type) {
    int size = from.size();
    if (type.isWhole()) {
      long[] to = new long[size];
      for (int i = 0; i < size; i++) {
        to[i] = from.isWhole() ? wrapped(from.longs[i], type) : whole(from.get(i), type, i);
      }
      return new Buffer(type, to);
    }
    if (from.isFloat32() && type != DType.BOOL && type != DType.FLOAT64) {
      return new Buffer(type, from.handedOut().floats); // rounded when a tensor is made of it
    }
    Buffer to = new Buffer(type, size);
    if (type == DType.BOOL) {
      for (int i = 0; i < size; i++) {
        to.floats[i] = from.get(i) != 0 ? 1 : 0;
      }
    } else if (from.isFloat32()) {
      for (int i = 0; i < size; i++) {
        to.doubles[i] = from.floats[i];
      }
    } else if (from.isWhole()) {
      for (int i = 0; i < size; i++) {
        if (type == DType.FLOAT64) {
          to.doubles[i] = (double) from.longs[i];
        } else {
          to.floats[i] =
              type == DType.FLOAT32 ? (float) from.longs[i] : odd((double) from.longs[i]);
        }
      }
    } else if (type == DType.FLOAT32) {
      for (int i = 0; i < size; i++) {
        to.floats[i] = (float) from.doubles[i];
      }
    } else {
      for (int i = 0; i < size; i++) {
        to.floats[i] = odd(from.doubles[i]);
      }
    }
    return to;
  }

  /**
   * The neighbouring float whose last bit is 1, if no float is exact: rounded once more, to 16
   * bits, it gives what the double rounded at once would (Boldo and Melquiond, 2008).
   */
  private static float odd(double number) {
    float near = (float) number;
    if (near == number || !Float.isFinite(near)) {
      return near;
    }
    int bits = Float.floatToRawIntBits(near);
    boolean isTooGreat = Math.abs((double) near) > Math.abs(number);
    return Float.intBitsToFloat((isTooGreat ? bits - 1 : bits) | 1);
  }

  /** The low bits of a number, as a type has them. */
  static long wrapped(long number, DType type) {
    return switch (type) {
      case INT8 -> (byte) number;
      case UINT8 -> number & 0xFF;
      case INT16 -> (short) number;
      case INT32 -> (int) number;
      default -> number;
    };
  }

  private static long whole(double number, DType type, int index) {
    long whole = (long) number;
    boolean isOutside = whole < type.least() || whole > type.greatest() || number >= 0x1p63;
    if (Double.isNaN(number) || isOutside || number < -0x1p63) {
      throw new ShapeException(
          "cast to " + type + " of element " + index + ", " + number + ": it has no such number");
    }
    return whole;
  }
}

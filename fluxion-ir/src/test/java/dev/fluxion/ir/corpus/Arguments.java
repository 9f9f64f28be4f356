package dev.fluxion.ir.corpus;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random arguments, with the numbers that break things among them. */
final class Arguments {
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.5,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    1e10,
    -3e-5
  };
  private static final long[] LONGS = {
    0,
    1,
    -1,
    2,
    3,
    7,
    63,
    64,
    -128,
    65535,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private Arguments() {}

  /** An argument of a type; an array or object may be one of the earlier arguments. */
  static Object of(Class<?> type, Random random, List<? extends @Nullable Object> earlier) {
    for (Object other : earlier) {
      if (!type.isPrimitive() && type.isInstance(other) && random.nextInt(3) == 0) {
        return other;
      }
    }
    double number = DOUBLES[random.nextInt(DOUBLES.length)];
    if (random.nextInt(3) == 0) {
      number = random.nextGaussian() * 4;
    }
    long integer =
        random.nextInt(3) == 0 ? random.nextInt(-9, 10) : LONGS[random.nextInt(LONGS.length)];
    if (type == int.class) {
      return (int) integer;
    } else if (type == long.class) {
      return integer;
    } else if (type == float.class) {
      return (float) number;
    } else if (type == double.class) {
      return number;
    } else if (type == boolean.class) {
      return integer > 0;
    } else if (type == byte.class) {
      return (byte) integer;
    } else if (type == short.class) {
      return (short) integer;
    } else if (type == char.class) {
      return (char) integer;
    } else if (type.isArray()) {
      Object array = Array.newInstance(type.componentType(), 2 + random.nextInt(4));
      for (int i = 0; i < Array.getLength(array); i++) {
        Array.set(array, i, of(type.componentType(), random, List.of()));
      }
      return array;
    } else if (type == String.class) {
      return random.nextBoolean() ? "a" : "a0";
    } else if (type == Model.Shape.class) {
      return random.nextBoolean()
          ? new Model.Pair((int) integer, number)
          : new Model.Square((float) number);
    }
    Model.Node node =
        random.nextBoolean()
            ? new Model.Node((int) integer, number)
            : new Model.Leaf((int) integer, number);
    node.next = random.nextBoolean() ? node : new Model.Node(3, 0.5);
    node.z = random.nextBoolean();
    node.l = integer;
    return node;
  }
}

package dev.fluxion.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Tensors from text as {@code float32(4,3)u7.transpose()}: type, shape, which elements, the seed of
 * those that are drawn, and calls that rearrange them; {@code make_conformance.py} makes the same.
 */
final class Arguments {
  private static final Pattern TEXT =
      Pattern.compile("(\\w+)\\(([\\d,]*)\\)([a-z])(\\d*)((?:\\..*)?)");

  private static final Pattern VIEW = Pattern.compile("\\.(\\w+\\([^)]*\\))");

  private Arguments() {}

  static Tensor of(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new AssertionError("no argument: " + text);
    }
    DType type = DType.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
    int[] shape = sizes(parts.group(2));
    char letter = parts.group(3).charAt(0);
    int seed = parts.group(4).isEmpty() ? 0 : Integer.parseInt(parts.group(4));
    Tensor tensor =
        type.isFloatingPoint()
            ? real(type, letter, seed, shape)
            : type == DType.BOOL ? truth(letter, seed, shape) : whole(type, letter, seed, shape);
    Matcher views = VIEW.matcher(parts.group(5));
    while (views.find()) {
      tensor = Calls.run("a." + views.group(1), Map.of("a", tensor)).getFirst();
    }
    return tensor;
  }

  static int[] sizes(String text) {
    return text.isEmpty()
        ? new int[0]
        : Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
  }

  private static Tensor real(DType type, char letter, int seed, int[] shape) {
    double[] drawn = ValuesTest.stream(seed, Tensor.count(shape));
    double[] special = specials(type);
    IntToDoubleFunction number =
        switch (letter) {
          case 'u' -> i -> drawn[i] * 2;
          case 'v' -> i -> drawn[i] * 20;
          case 'p' -> i -> drawn[i] * 0.9 + 1;
          case 's' -> i -> drawn[i] * 0.9;
          case 'b' -> i -> drawn[i] * 3 + 4.5;
          case 'w' -> i -> Math.floor(drawn[i] * 4);
          case 'x' -> i -> special[(i + seed) % special.length];
          default -> throw new AssertionError(letter);
        };
    Tensor doubles =
        Tensor.of(IntStream.range(0, drawn.length).mapToDouble(number).toArray(), shape);
    return type == DType.FLOAT64 ? doubles : doubles.cast(DType.FLOAT32).cast(type);
  }

  private static Tensor truth(char letter, int seed, int[] shape) {
    double[] drawn = ValuesTest.stream(seed, Tensor.count(shape));
    boolean[] truths = new boolean[drawn.length];
    for (int i = 0; i < truths.length; i++) {
      truths[i] = letter == 'x' ? (i + seed) % 3 != 0 : drawn[i] > 0;
    }
    return Tensor.of(truths, shape);
  }

  private static Tensor whole(DType type, char letter, int seed, int[] shape) {
    double[] drawn = ValuesTest.stream(seed, Tensor.count(shape));
    double scale = letter == 'f' ? Math.scalb(1.0, 8 * type.bytes() - 1) : 10;
    long[] special = wholeSpecials(type);
    IntToLongFunction number =
        letter == 'x'
            ? i -> special[(i + seed) % special.length]
            : i -> (long) Math.floor(drawn[i] * scale);
    return Tensor.of(IntStream.range(0, drawn.length).mapToLong(number).toArray(), shape)
        .cast(type);
  }

  private static double[] specials(DType type) {
    double[] positive =
        switch (type) {
          case FLOAT32 -> positive(0x1p-149, 0x1p-126, Float.MAX_VALUE, 0x1p-23);
          case FLOAT64 -> positive(0x1p-1074, 0x1p-1022, Double.MAX_VALUE, 0x1p-52);
          case BFLOAT16 -> positive(0x1p-133, 0x1p-126, 0x1.fep127, 0x1p-7);
          default -> positive(0x1p-24, 0x1p-14, 65504, 0x1p-10);
        };
    return DoubleStream.concat(
            DoubleStream.of(Double.NaN),
            DoubleStream.concat(
                Arrays.stream(positive), Arrays.stream(positive).map(number -> -number)))
        .toArray();
  }

  private static double[] positive(double least, double normal, double greatest, double unit) {
    double infinity = Double.POSITIVE_INFINITY;
    return new double[] {
      0,
      least,
      normal - least,
      normal,
      unit,
      1e-3,
      0.5,
      0.7,
      1,
      1 + unit,
      1.5,
      2.5,
      3,
      20,
      100,
      1000,
      1 / unit,
      greatest,
      infinity
    };
  }

  private static long[] wholeSpecials(DType type) {
    long least = type == DType.UINT8 ? 1 : type.least();
    long greatest = type.greatest();
    return LongStream.concat(
            LongStream.of(0, 1, -1, 2, -2, 3, 7, -7, 10, -10, 100),
            LongStream.of(least, greatest, least + 1, greatest - 1, greatest / 2))
        .toArray();
  }
}

package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** All types of elements; {@code make_types.py} writes the values that PyTorch gives. */
class TypesTest {
  private static final long[] A = {0, 1, 2, 3, 7, -1, -128, 127, 200, -300};
  private static final long[] B = {1, 1, -2, 0, 3, 2, 127, -1, 100, 300};
  private static final double[] REAL = {0, 0.4, 1, 2.5, 3.5, 100.6, 126};

  private static DType type(String name) {
    return DType.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Tensor of(String name, Tensor x, Tensor y) {
    return switch (name) {
      case "plus" -> x.plus(y);
      case "minus" -> x.minus(y);
      case "times" -> x.times(y);
      case "div" -> x.div(y);
      case "maximum" -> x.maximum(y);
      case "minimum" -> x.minimum(y);
      case "greater" -> x.greater(y);
      case "lessOrEqual" -> x.lessOrEqual(y);
      case "equalTo" -> x.equalTo(y);
      case "concat" -> x.concat(y, 0);
      case "where" -> Tensor.where(x.greater(y), x, y);
      default -> throw new AssertionError(name);
    };
  }

  private static Tensor of(String name, Tensor x) {
    int[] all = {0};
    return switch (name) {
      case "neg" -> x.neg();
      case "abs" -> x.abs();
      case "sign" -> x.sign();
      case "square" -> x.square();
      case "floor" -> x.floor();
      case "sum" -> x.sum();
      case "max" -> x.max();
      case "min" -> x.min();
      case "cumsum" -> x.cumsum(0);
      case "sort" -> x.sort(0);
      case "unique" -> x.unique();
      case "argmax" -> Tensor.of(x.argmax(0)).cast(DType.INT64);
      case "any" -> x.any(all, false);
      case "all" -> x.all(all, false);
      case "isNaN" -> x.isNaN();
      case "not" -> x.not();
      case "flip" -> x.flip(0);
      case "rows" -> x.reshape(2, 5).sum(new int[] {0}, false);
      case "columns" -> x.reshape(2, 5).transpose();
      case "gather" -> x.gather(Tensor.of(new int[] {9, 0, 3, 3}, 4));
      case "pad" -> x.pad(0, 0, 1, 2);
      case "greater number" -> x.greater(1.5);
      case "prod" -> x.prod();
      case "cumprod" -> x.cumprod(0);
      case "plus number" -> x.plus(100);
      case "times number" -> x.times(x.dtype() == DType.UINT8 ? 3 : -3);
      case "div number" -> x.div(4);
      case "remainder" -> x.remainder(Tensor.full(x.dtype(), 7, 10));
      default -> throw new AssertionError(name);
    };
  }

  private static Tensor value(String name, DType[] types) {
    Tensor x = Tensor.of(A, 10).cast(types[0]);
    if (name.equals("cast")) {
      boolean isReal = types[0].isFloatingPoint();
      return (isReal ? Tensor.of(REAL, 7).cast(types[0]) : x).cast(types[1]);
    }
    return types.length == 1 ? of(name, x) : of(name, x, Tensor.of(B, 10).cast(types[1]));
  }

  @Test
  void agreesWithPyTorch() throws IOException {
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(TypesTest.class.getResourceAsStream("types.txt")),
                StandardCharsets.UTF_8))) {
      lines = reader.lines().toList();
    }
    assertTrue(lines.size() > 900);
    for (String line : lines) {
      String[] parts = line.split("\\|", -1);
      DType[] types = Arrays.stream(parts[1].split(",")).map(TypesTest::type).toArray(DType[]::new);
      Tensor value = value(parts[0], types);
      assertEquals(type(parts[2]), value.dtype(), line);
      double[] expected =
          Arrays.stream(parts[3].split(" ")).mapToDouble(TypesTest::number).toArray();
      double tolerance = value.dtype() == DType.FLOAT32 ? 1e-5 : 1e-300;
      assertArrayEquals(expected, value.toDoubleArray(), tolerance, line);
    }
  }

  @Test
  void wholeNumbersAreRefusedWhereResultsAreNone() {
    Tensor square = Tensor.of(new int[] {2, 0, 0, 4}, 2, 2);
    Tensor images = square.reshape(1, 1, 2, 2);
    List<Supplier<?>> calls =
        List.of(
            () -> LinearAlgebra.solve(square, square),
            () -> LinearAlgebra.solveTriangular(square, square, true),
            () -> LinearAlgebra.leastSquares(square, square),
            () -> LinearAlgebra.inverse(square),
            () -> LinearAlgebra.pseudoinverse(square),
            () -> LinearAlgebra.determinant(square),
            () -> LinearAlgebra.logDeterminant(square),
            () -> LinearAlgebra.cholesky(square),
            () -> LinearAlgebra.lu(square),
            () -> LinearAlgebra.qr(square),
            () -> LinearAlgebra.svd(square),
            () -> LinearAlgebra.eigh(square),
            () -> square.scatterMean(0, new int[] {0, 0}, 1),
            () -> square.gatherBagMeans(new int[] {0, 1}, new int[] {0}),
            () -> images.resize(Interpolation.LINEAR, false, 3, 3),
            () -> images.gridSample(Tensor.zeros(1, 1, 1, 2), true),
            () -> images.cast(DType.FLOAT32).gridSample(images.reshape(1, 1, 2, 2), true));
    for (Supplier<?> call : calls) {
      String message = assertThrows(ShapeException.class, call::get).getMessage();
      assertTrue(message.contains("INT32: cast it to a floating-point type first"), message);
    }
    Tensor larger = images.resize(Interpolation.NEAREST, false, 2, 4);
    assertArrayEquals(new int[] {2, 2, 0, 0, 0, 0, 4, 4}, larger.toIntArray());
  }

  private static double number(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  @Test
  void narrowTypesRoundToTheNearest() {
    double[] numbers = ValuesTest.stream(1, 500);
    for (DType type : new DType[] {DType.BFLOAT16, DType.FLOAT16}) {
      double unit = type == DType.BFLOAT16 ? 0x1p-7 : 0x1p-10;
      for (int i = 0; i < numbers.length; i++) {
        double exact = 1 + Math.abs(numbers[i]);
        double tie = 1 + (Math.floor(Math.abs(numbers[i]) / unit) + 0.5) * unit;
        assertEquals(1 + Math.rint((exact - 1) / unit) * unit, rounded(exact, type));
        assertEquals(1 + Math.rint((tie - 1) / unit) * unit, rounded(tie, type));
        double above = tie + 0x1p-40; // float32 would round it to the tie
        assertEquals(tie + unit / 2, rounded(above, type));
        assertEquals(tie - unit / 2, rounded(tie - 0x1p-40, type));
      }
      assertEquals(Double.POSITIVE_INFINITY, rounded(1e300, type));
      assertTrue(Double.isNaN(rounded(Double.NaN, type)));
      assertEquals(-0.0, rounded(-0.0, type));
    }
    assertEquals(65504, rounded(65519.99, DType.FLOAT16));
    assertEquals(0x1p-24, rounded(0x1p-24, DType.FLOAT16));
    assertEquals(0x1p-130, rounded(0x1p-130, DType.BFLOAT16));
  }

  private static double rounded(double number, DType type) {
    return Tensor.full(DType.FLOAT64, number).cast(type).item();
  }

  @Test
  void wholeNumbersAreExact() {
    long big = (1L << 53) + 1;
    Tensor x = Tensor.of(new long[] {big, -big, Long.MAX_VALUE}, 3);
    assertArrayEquals(new long[] {big + 1, 1 - big, Long.MIN_VALUE}, x.plus(1).toLongArray());
    assertArrayEquals(new long[] {big, -big, Long.MAX_VALUE}, x.flip(0).flip(0).toLongArray());
    assertArrayEquals(new long[] {Long.MAX_VALUE}, x.sum(0).toLongArray());
    assertArrayEquals(new long[] {-big, big, Long.MAX_VALUE}, x.sort(0).toLongArray());
    assertArrayEquals(
        new long[] {big - 1, big},
        x.slice(0, 0, 1).concat(x.minus(1).slice(0, 0, 1), 0).unique().toLongArray());
    assertArrayEquals(new boolean[] {true, false, true}, x.greater(0).toBooleanArray());
    assertArrayEquals(
        new boolean[] {true, false, false},
        x.equalTo(x.minus(1).plus(1).clamp(0, 1e18)).toBooleanArray());
    assertEquals(
        "Tensor(3) of INT64 [9007199254740993, -9007199254740993, 9223372036854775807]",
        x.toString());
    assertArrayEquals(new int[] {7, -7}, Tensor.of(new int[] {7, -7}, 2).toIntArray());
  }

  @Test
  void readsAsText() {
    Tensor x = Tensor.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, 8);
    assertEquals("Tensor(8) of INT32 [1, 2, 3, …, 6, 7, 8]", x.toString());
    assertEquals("Tensor(2) of BOOL [false, true]", x.slice(0, 0, 2).greater(1).toString());
    assertEquals("Tensor() of UINT8 255", Tensor.full(DType.UINT8, 255).toString());
    assertEquals("Tensor(1) of BFLOAT16 [0.5]", Tensor.full(DType.BFLOAT16, 0.5, 1).toString());
  }

  @Test
  void indicesMayBeTensors() {
    Tensor table = ValuesTest.random(DType.FLOAT64, 3, 1, 0, 5, 2);
    Tensor words = Tensor.of(new int[] {4, 0, 4, 1, 2, 2}, 2, 3);
    for (DType type : new DType[] {DType.INT64, DType.INT32, DType.UINT8}) {
      Tensor rows = table.gather(words.cast(type));
      assertArrayEquals(new int[] {2, 3, 2}, rows.shape());
      Tensor same = table.gather(words.toIntArray());
      assertArrayEquals(same.toDoubleArray(), rows.toDoubleArray());
    }
    Tensor slope = Grad.gradient(t -> t.gather(words).square().sum(), table);
    Tensor times = Tensor.of(new double[] {1, 1, 2, 0, 2}, 5, 1);
    assertArrayEquals(table.times(times).times(2).toDoubleArray(), slope.toDoubleArray(), 1e-15);
    assertArrayEquals(
        new double[] {0, 1, 0, 1},
        Tensor.oneHot(Tensor.of(new long[] {1, 1}, 2), 2).toDoubleArray());
    assertArrayEquals(new int[] {2, 3, 7}, Tensor.oneHot(words, 7).shape());
    Tensor cube = ValuesTest.random(DType.FLOAT64, 4, 1, 0, 2, 5, 3);
    Tensor inner = cube.gather(-2, words);
    assertArrayEquals(new int[] {2, 2, 3, 3}, inner.shape());
    assertArrayEquals(cube.gather(1, words.toIntArray()).toDoubleArray(), inner.toDoubleArray());
    Tensor spread = cube.gather(1, words.reshape(6)).scatterSum(1, words.reshape(6), 5);
    assertArrayEquals(
        cube.times(Tensor.of(new double[] {1, 1, 2, 0, 2}, 5, 1)).toDoubleArray(),
        spread.toDoubleArray(),
        1e-15);
    Tensor columns = Tensor.of(new int[] {1, 0, 1, 1, 0}, 5);
    assertArrayEquals(
        table.pick(columns.toIntArray()).toDoubleArray(), table.pick(columns).toDoubleArray());
    Tensor turned = Tensor.of(new int[] {1, 0, 0, 1, 1, 1, 0, 0, 1, 0}, 5, 2);
    assertArrayEquals(
        table.gatherAlong(1, turned.toIntArray(), 2).toDoubleArray(),
        table.gatherAlong(1, turned).toDoubleArray());
  }

  /** A layer whose weights are stored in 16 bits, with a mask and a table of positions. */
  record Layer(Tensor weight, Tensor mask, Tensor positions) {
    Tensor apply(Tensor x) {
      return x.gather(positions).times(mask).times(weight).plus(positions.times(2).div(3));
    }
  }

  @Test
  void derivativesHaveTheTypesOfTheirArguments() {
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
    Layer layer =
        new Layer(
            Tensor.of(new float[] {0.5f, 4, 0.25f}, 3).cast(DType.BFLOAT16),
            Tensor.of(new boolean[] {true, false, true}, 3),
            Tensor.of(new long[] {2, 0, 1}, 3));
    assertEquals(DType.FLOAT32, layer.apply(x).dtype());
    Layer slope = Grad.gradient(m -> m.apply(x).square().sum().div(2), layer);
    assertEquals("Tensor(3) of BFLOAT16 [8.5, 0.0, 2.328125]", slope.weight().toString());
    assertEquals("Tensor(3) of BOOL [false, false, false]", slope.mask().toString());
    assertEquals("Tensor(3) of INT64 [0, 0, 0]", slope.positions().toString());
    Tensor v = Tensor.of(new float[] {1, 0, 0}, 3);
    Tensor tangent = Grad.jvp(a -> layer.apply(a), x, v).tangent();
    assertArrayEquals(new float[] {0, 0, 0}, tangent.toFloatArray());
    Tensor half = x.cast(DType.FLOAT16);
    Tensor back = Grad.gradient(a -> a.cast(DType.FLOAT32).square().sum(), half);
    assertEquals("Tensor(3) of FLOAT16 [2.0, 4.0, 6.0]", back.toString());
    Tensor none = Grad.gradient(a -> a.cast(DType.INT32).cast(DType.FLOAT32).times(a).sum(), x);
    assertArrayEquals(new float[] {1, 2, 3}, none.toFloatArray());
  }

  @Test
  void truthsAndWholeNumbersMayBeUsedAgain() {
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
    Layer layer =
        new Layer(
            Tensor.of(new float[] {2, 3, 4}, 3),
            Tensor.of(new boolean[] {true, false, true}, 3),
            Tensor.of(new long[] {2, 0, 1}, 3));
    Fn1<Layer, Tensor> f =
        m ->
            x.minus(m.mask())
                .plus(m.mask().times(0.5))
                .times(m.positions().times(m.positions()).plus(1).square())
                .div(m.mask().plus(m.mask()).plus(1.5))
                .minus(m.positions().abs().neg().clamp(-1, 1).maximum(m.positions()))
                .times(m.weight());
    Layer slope = Grad.gradient(m -> f.apply(m).sum(), layer);
    assertArrayEquals(
        f.apply(layer).div(layer.weight()).toFloatArray(), slope.weight().toFloatArray());
    assertEquals("Tensor(3) of BOOL [false, false, false]", slope.mask().toString());
    assertEquals("Tensor(3) of INT64 [0, 0, 0]", slope.positions().toString());
    Layer along = new Layer(x, layer.mask().zero(), layer.positions().zero());
    Tensor tangent = Grad.jvp(f, layer, along).tangent();
    assertArrayEquals(
        f.apply(new Layer(x, layer.mask(), layer.positions())).toFloatArray(),
        tangent.toFloatArray());
  }

  private static Tensor words() {
    return Tensor.of(new int[] {0, 1}, 2, 1);
  }

  @Test
  void computesInFloat32() {
    Tensor x = ValuesTest.random(DType.FLOAT32, 1, 1, 0, 4, 6).cast(DType.BFLOAT16);
    Tensor wide = x.cast(DType.FLOAT32);
    for (boolean isProduct : new boolean[] {false, true}) {
      Tensor y = isProduct ? x.matmul(x.transpose()) : x.softmax();
      Tensor expected = isProduct ? wide.matmul(wide.transpose()) : wide.softmax();
      assertEquals(DType.BFLOAT16, y.dtype());
      assertArrayEquals(expected.cast(DType.BFLOAT16).toDoubleArray(), y.toDoubleArray());
    }
    Tensor images = x.reshape(1, 1, 4, 6);
    Tensor same = images.conv2d(Tensor.ones(1, 1, 1, 1).cast(DType.BFLOAT16)).maxPool2d(1);
    assertArrayEquals(x.toDoubleArray(), same.toDoubleArray());
    Tensor many = Tensor.ones(400, 200).cast(DType.FLOAT16);
    assertEquals("Tensor() of FLOAT16 1.0", many.mean().toString());
    assertEquals("Tensor() of FLOAT16 Infinity", many.sum().toString());
    assertEquals("Tensor(1) of FLOAT32 [0.5]", words().mean(new int[] {0}, false).toString());
    Tensor mapped = Tensor.map(a -> a * a + a / 3, x);
    assertEquals(DType.BFLOAT16, mapped.dtype());
    assertArrayEquals(
        wide.square().plus(wide.div(3)).toDoubleArray(), mapped.toDoubleArray(), 0.01);
    Tensor slope = Grad.gradient(a -> Tensor.map(b -> b * b, a).sum(), x);
    assertEquals(x.times(2).toString(), slope.toString());
    assertEquals(0, x.logSoftmax().minus(x.softmax().log()).abs().max().item(), 0.02);
  }

  @Test
  void liesInMemoryOutside() {
    for (DType type : DType.values()) {
      Tensor x = Tensor.arange(6).cast(type).reshape(2, 3);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(6L * type.bytes() + 3);
        x.copyTo(segment);
        Tensor same = Tensor.of(type, segment.asSlice(0, 6L * type.bytes()), 2, 3);
        assertEquals(x.toString(), same.toString());
      }
      Tensor again = Tensor.of(type, MemorySegment.ofBuffer(x.toByteBuffer()), 2, 3);
      assertEquals(x.toString(), again.toString());
    }
    FloatBuffer floats = FloatBuffer.wrap(new float[] {9, 1, 2, 9}).slice(1, 2);
    assertEquals("Tensor(2) of FLOAT32 [1.0, 2.0]", Tensor.of(floats, 2).toString());
    ByteBuffer foreign = ByteBuffer.allocate(16).order(ByteOrder.BIG_ENDIAN);
    foreign.putLong(5).putLong(-6).flip();
    assertEquals("Tensor(2) of INT64 [5, -6]", Tensor.of(foreign.asLongBuffer(), 2).toString());
    assertEquals(
        "Tensor(1, 2) of INT32 [[3, 4]]",
        Tensor.of(IntBuffer.wrap(new int[] {3, 4}), 1, 2).toString());
    refused("8 bytes cannot have the shape (3)", () -> Tensor.of(floats, 3));
    refused(
        "8 bytes do not fit into 7",
        () -> Tensor.ones(2).copyTo(MemorySegment.ofArray(new byte[7])));
  }

  @Test
  void refusesWhatIsNotMeant() {
    Tensor whole = Tensor.of(new int[] {1, 2}, 2);
    Tensor truths = whole.greater(1);
    Tensor real = Tensor.ones(2);
    refused("exp of (2) of INT32: cast it to a floating-point type", whole::exp);
    refused("plus of (2) of INT32 and the number 0.5", () -> whole.plus(0.5));
    refused("plus of (2) of INT32 and the number 3.0E9", () -> whole.plus(3e9));
    refused("plus of (2) of FLOAT32 and (2) of FLOAT64", () -> real.plus(real.cast(DType.FLOAT64)));
    refused("minus of (2) of BOOL", () -> truths.minus(truths));
    refused("matmul of (2, 1) of BOOL", () -> truths.reshape(2, 1).matmul(truths.reshape(1, 2)));
    refused("softmax of (2) of INT32", whole::softmax);
    refused("map of (2) of INT32", () -> Tensor.map(a -> a * 2, whole));
    refused(
        "map of (2) of INT32",
        () -> Tensor.map(a -> Math.fma(a, (double) System.nanoTime(), 2), whole));
    refused("full of INT8 with 200.0", () -> Tensor.full(DType.INT8, 200, 2));
    refused(
        "cast to INT8 of element 1, 300.0",
        () -> real.times(Tensor.of(new float[] {1, 300}, 2)).cast(DType.INT8));
    refused("cast to INT32 of element 0, NaN", () -> real.fill(Double.NaN).cast(DType.INT32));
    refused("gather with indices (2) of FLOAT32", () -> real.gather(real));
    refused("gather with index 2", () -> real.gather(whole));
  }

  private static void refused(String part, Runnable code) {
    String message = assertThrows(ShapeException.class, code::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}

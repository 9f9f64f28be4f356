package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.Program.Node;
import dev.fluxion.tensor.Program.Result;
import dev.fluxion.tensor.Vocabulary.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs give the bits that their operations give one by one. */
class ProgramTest {
  static final List<Unary> UNARY =
      List.of(
          Functions.NEG,
          Functions.SQUARE,
          Functions.EXP,
          Functions.TANH,
          Functions.SIGMOID,
          Functions.RELU,
          Functions.ABS,
          Functions.SQRT,
          Functions.RECIPROCAL,
          Functions.SIN);
  static final List<Binary> BINARY =
      List.of(
          Functions.PLUS,
          Functions.MINUS,
          Functions.TIMES,
          Functions.DIV,
          Functions.MAXIMUM,
          Functions.MINIMUM,
          Functions.ABS_BACK,
          Functions.ATAN_BACK,
          Functions.EXPM1_BACK,
          Functions.LOG1P_BACK,
          Functions.RSQRT_BACK,
          Functions.SIGMOID_BACK,
          Functions.SQRT_BACK,
          Functions.SQUARE_BACK,
          Functions.TAN_BACK,
          Functions.TANH_BACK,
          Functions.RELU_BACK,
          Functions.SIN_BACK);

  /** Shapes that stretch to each other: all of them, in a row, to the last. */
  private static final int[][][] SHAPES = {
    {{}, {1}, {5}},
    {{}, {16}, {1, 16}},
    {{}, {1}, {3, 21}, {1, 3, 21}},
    {{}, {300}, {1, 300}},
    {{7}, {1, 7}, {40, 7}},
    {{}, {40, 1}, {7}, {40, 7}},
    {{3, 1, 500}, {500}, {3, 4, 500}},
    {{1}, {9, 1}, {9, 2000}},
    {{}, {70_000}},
    {{0}, {3, 0}},
  };

  private static Program program(
      int inputs, List<? extends @Nullable Object> constants, List<Node> nodes, Result... results) {
    return new Program(inputs, constants.toArray(), nodes, List.of(results));
  }

  /** The results, or none where the inputs do not fit together. */
  private static @Nullable Object[] run(Program program, @Nullable Object... inputs) {
    @Nullable Object[] values = Arrays.copyOf(inputs, program.room());
    if (!program.run(values)) {
      return new @Nullable Object[0];
    }
    return Arrays.copyOfRange(values, values.length - program.results().size(), values.length);
  }

  private static @Nullable Object[] oneByOne(Program program, @Nullable Object... inputs) {
    List<@Nullable Object> values = new ArrayList<>(Arrays.asList(inputs));
    values.addAll(Arrays.asList(program.constants()));
    for (Node node : program.nodes()) {
      values.add(node.apply(values.toArray()));
    }
    return program.results().stream().map(result -> values.get(result.value())).toArray();
  }

  private static void assertSameBits(@Nullable Object expected, @Nullable Object actual) {
    if (expected == null || actual == null) {
      assertEquals(expected, actual);
      return;
    }
    Tensor x = (Tensor) expected;
    Tensor y = (Tensor) actual;
    assertEquals(x.dtype(), y.dtype());
    assertArrayEquals(x.shape(), y.shape());
    assertArrayEquals(x.toDoubleArray(), y.toDoubleArray());
  }

  private static Node unary(Unary f, int x) {
    return new Node(Kind.UNARY, f, x, x, false);
  }

  private static Node binary(Binary f, int x, int y) {
    return new Node(Kind.BINARY, f, x, y, false);
  }

  /** A program of random nodes on inputs of shapes that stretch to each other. */
  static void random(long seed, DType... types) {
    Random random = new Random(seed);
    int[][] shapes = SHAPES[random.nextInt(SHAPES.length)];
    int inputs = 2 + random.nextInt(3);
    List<Double> constants = List.of(0.5, -1.25);
    List<Node> nodes = new ArrayList<>();
    int first = inputs + constants.size();
    int count = 2 + random.nextInt(12);
    for (int i = 0; i < count; i++) {
      int a = operand(random, inputs, first, nodes.size());
      int b = operand(random, inputs, first, nodes.size());
      nodes.add(
          switch (random.nextInt(6)) {
            case 0, 1 -> unary(UNARY.get(random.nextInt(UNARY.size())), a);
            case 2 -> binary(BINARY.get(random.nextInt(4)), a, inputs + random.nextInt(2));
            case 3 -> new Node(Kind.SUM, Functions.PLUS, a, b, false);
            case 4 -> new Node(Kind.TOWARD, null, last(nodes, first, a), a, true);
            default -> binary(BINARY.get(random.nextInt(BINARY.size())), a, b);
          });
    }
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i == count - 1 || random.nextInt(3) == 0) {
        results.add(new Result(first + i, random.nextBoolean()));
      }
    }
    Program program = program(inputs, constants, nodes, results.toArray(Result[]::new));
    for (int round = 0; round < 3; round++) {
      @Nullable Object[] given = new @Nullable Object[inputs];
      for (int i = 0; i < inputs; i++) {
        int[] shape = shapes[random.nextInt(shapes.length)];
        Tensor x = Tensor.normal(random.nextLong(), 0, 1, shape);
        boolean isOneNumber = random.nextInt(4) == 0;
        Tensor stretched = isOneNumber ? Tensor.full(0.75).broadcastTo(shape) : x;
        given[i] = stretched.cast(types[random.nextInt(types.length)]);
      }
      @Nullable Object[] expected = attempt(() -> oneByOne(program, given));
      @Nullable Object[] actual = run(program, given);
      if (types.length == 1) {
        assertEquals(expected.length, actual.length, "seed " + seed);
      }
      for (int i = 0; i < actual.length; i++) {
        assertSameBits(expected[i], actual[i]);
      }
    }
  }

  /** A sum to a shape is of something that the shape stretches to: the value itself times one. */
  private static int last(List<Node> nodes, int first, int a) {
    nodes.add(new Node(Kind.ALONG, null, a, a, true));
    return first + nodes.size() - 1;
  }

  private static int operand(Random random, int inputs, int first, int nodes) {
    return nodes > 0 && random.nextInt(3) > 0
        ? first + random.nextInt(nodes)
        : random.nextInt(inputs);
  }

  private interface Results {
    @Nullable Object[] get();
  }

  /** The results, or none where shapes or types do not fit. */
  private static @Nullable Object[] attempt(Results results) {
    try {
      return results.get();
    } catch (RuntimeException _) {
      return new @Nullable Object[0];
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void floatsAreTheSame(long seed) {
    for (int i = 0; i < 40; i++) {
      random(1000 * seed + i, DType.FLOAT32);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void doublesAreTheSame(long seed) {
    for (int i = 0; i < 40; i++) {
      random(1000 * seed + i, DType.FLOAT64);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void otherTypesAreTheSame(long seed) {
    for (int i = 0; i < 40; i++) {
      random(1000 * seed + i, DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.BFLOAT16);
    }
  }

  /** Of so many shapes some are not worth a schedule: what has none runs one by one. */
  @Test
  void everOtherShapes() {
    Program program =
        program(
            2,
            List.of(),
            List.of(binary(Functions.TIMES, 0, 1), unary(Functions.EXP, 2)),
            new Result(3, false));
    int done = 0;
    for (int round = 0; round < 4; round++) {
      for (int size = 1; size <= 200; size++) {
        Tensor x = Tensor.normal(size, 0, 1, size);
        @Nullable Object[] actual = run(program, x, x);
        for (Object one : actual) {
          assertSameBits(oneByOne(program, x, x)[0], one);
          done++;
        }
      }
    }
    assertTrue(done >= 64 && done < 800, done + " of 800");
  }

  /** tanh(a b + 1), of which the product and the sum are but kept. */
  private static Program kept() {
    return program(
        2,
        List.of(1.0),
        List.of(
            binary(Functions.TIMES, 0, 1), binary(Functions.PLUS, 3, 2), unary(Functions.TANH, 4)),
        new Result(3, true),
        new Result(4, true),
        new Result(5, false));
  }

  @Test
  void whatIsKeptIsComputedWhenItIsRead() {
    Tensor a = Tensor.normal(1, 0, 1, 50, 100);
    Tensor b = Tensor.normal(2, 0, 1, 100);
    @Nullable Object[] results = run(kept(), a, b);
    Tensor product = (Tensor) Objects.requireNonNull(results[0]);
    Tensor sum = (Tensor) Objects.requireNonNull(results[1]);
    assertInstanceOf(Deferred.class, product.elements());
    assertInstanceOf(Deferred.class, sum.elements());
    assertInstanceOf(Buffer.class, ((Tensor) Objects.requireNonNull(results[2])).elements());

    Program reader =
        program(
            3,
            List.of(),
            List.of(
                binary(Functions.TIMES, 0, 1),
                binary(Functions.MINUS, 3, 2),
                unary(Functions.EXP, 4)),
            new Result(5, false));
    Object inPieces = run(reader, sum, product, a)[0];
    assertInstanceOf(Deferred.class, sum.elements(), "it was computed where it was read");
    assertSameBits(a.times(b).plus(1), sum);
    assertInstanceOf(Buffer.class, sum.elements());
    assertSameBits(sum.times(product).minus(a).exp(), inPieces);
    assertSameBits(inPieces, run(reader, sum, product, a)[0]);
  }

  @Test
  void whatIsKeptStretches() {
    Tensor a = Tensor.normal(1, 0, 1, 5000);
    Tensor b = Tensor.normal(2, 0, 1, 5000);
    Tensor wide = Tensor.normal(3, 0, 1, 3, 5000);
    Tensor product = (Tensor) Objects.requireNonNull(run(kept(), a, b)[0]);
    assertInstanceOf(Deferred.class, product.elements());
    Program reader =
        program(
            2,
            List.of(),
            List.of(binary(Functions.TIMES, 0, 1), unary(Functions.EXP, 2)),
            new Result(3, false));
    assertSameBits(wide.times(a.times(b)).exp(), run(reader, wide, product)[0]);
  }

  @Test
  void whatIsKeptIsNotChangedByAssignment() {
    Tensor a = Tensor.normal(1, 0, 1, 50, 100);
    Tensor b = Tensor.normal(2, 0, 1, 100);
    Tensor expected = a.times(b);
    Tensor product = (Tensor) Objects.requireNonNull(run(kept(), a, b)[0]);
    assertInstanceOf(Deferred.class, product.elements());
    a.assign(a.zero());
    b.assign(b.zero());
    assertSameBits(expected, product);
  }

  @Test
  void fewElementsAreComputedAtOnce() {
    @Nullable Object[] results = run(kept(), Tensor.ones(3), Tensor.ones(3));
    assertInstanceOf(Buffer.class, ((Tensor) Objects.requireNonNull(results[0])).elements());
  }

  @Test
  void nullIsZeroInSumsAndStopsRules() {
    Program program =
        program(
            3,
            List.of(),
            List.of(
                new Node(Kind.SUM, Functions.PLUS, 0, 1, false),
                new Node(Kind.BINARY, Functions.TIMES, 3, 2, true),
                new Node(Kind.TOWARD, null, 4, 2, true)),
            new Result(3, false),
            new Result(5, false));
    Tensor x = Tensor.normal(1, 0, 1, 4);
    @Nullable Object[] one = run(program, null, x, x);
    assertSame(x, one[0]);
    assertSameBits(x.times(x), one[1]);
    @Nullable Object[] none = run(program, null, null, x);
    assertNull(none[0]);
    assertNull(none[1]);
  }

  @Test
  void productsOfMatricesGoOnWaiting() {
    Tensor a = Tensor.normal(1, 0, 1, 100, 1).matmul(Tensor.normal(2, 0, 1, 1, 100));
    Tensor b = Tensor.normal(3, 0, 1, 100, 1).matmul(Tensor.normal(4, 0, 1, 1, 100));
    assertInstanceOf(Products.class, a.elements());
    Program sum =
        program(
            3,
            List.of(),
            List.of(new Node(Kind.SUM, Functions.PLUS, 0, 1, false), unary(Functions.NEG, 2)),
            new Result(3, false),
            new Result(4, false));
    @Nullable Object[] results = run(sum, a, b, Tensor.ones(3));
    assertInstanceOf(Products.class, ((Tensor) Objects.requireNonNull(results[0])).elements());
  }

  @Test
  void shapesThatDoNotFitAreLeftToTheOperations() {
    Program program =
        program(
            2,
            List.of(),
            List.of(unary(Functions.EXP, 0), binary(Functions.TIMES, 2, 1)),
            new Result(3, false));
    assertEquals(0, run(program, Tensor.zeros(2, 3), Tensor.zeros(4)).length);
    assertEquals(1, run(program, Tensor.zeros(2, 3), Tensor.zeros(3)).length);
  }

  private static Tensor product(Tensor x) {
    Tensor y = x.exp().plus(1);
    Tensor z = y.times(Tensor.zeros(7));
    return z.tanh().square();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 3000})
  void errorsNameTheLineOfTheirOwnOperation(int size) {
    ShapeException e =
        assertThrows(
            ShapeException.class,
            () -> Grad.gradient(x -> product(x).sum(), Tensor.normal(1, 0, 1, size)));
    List<StackTraceElement> own =
        Arrays.stream(e.getStackTrace())
            .filter(element -> "ProgramTest.java".equals(element.getFileName()))
            .toList();
    assertEquals(lineOf("y.times(Tensor.zeros(7))"), own.getFirst().getLineNumber());
  }

  /** The line of this file where a text stands first. */
  private static int lineOf(String text) {
    try {
      List<String> lines =
          Files.readAllLines(Path.of("src/test/java/dev/fluxion/tensor/ProgramTest.java"));
      return 1
          + IntStream.range(0, lines.size())
              .filter(i -> lines.get(i).contains(text))
              .min()
              .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

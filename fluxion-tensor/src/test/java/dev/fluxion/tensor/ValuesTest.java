package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The operations give the values that PyTorch gives; {@code make_values.py} writes the file. */
class ValuesTest {
  /** Numbers in [-1, 1) from a splitmix64 stream, as the script makes them. */
  static double[] stream(long seed, int count) {
    double[] numbers = new double[count];
    long state = seed;
    for (int i = 0; i < count; i++) {
      state += 0x9E3779B97F4A7C15L;
      long z = state;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      numbers[i] = (z >>> 11) * 0x1p-53 * 2 - 1;
    }
    return numbers;
  }

  static Tensor random(DType type, long seed, double scale, double shift, int... shape) {
    double[] numbers = stream(seed, Tensor.count(shape));
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = numbers[i] * scale + shift;
    }
    return Tensor.of(numbers, shape).cast(type);
  }

  /** The cases of one type; the inputs are the script's. */
  private static final class Cases {
    private final Map<String, Supplier<Tensor>> all = new LinkedHashMap<>();
    private final DType type;

    Cases(DType type) {
      this.type = type;
    }

    private Tensor t(long seed, int... shape) {
      return random(type, seed, 2, 0, shape);
    }

    private void add(String name, Supplier<Tensor> value) {
      all.put(name, value);
    }

    private Tensor special() {
      double[] values = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0, 1, -1, 88, -104
      };
      double[] repeated = new double[72];
      for (int i = 0; i < repeated.length; i++) {
        repeated[i] = values[i % values.length];
      }
      return Tensor.of(repeated, 72).cast(type);
    }

    private Tensor reversed(Tensor x) {
      double[] numbers = x.toDoubleArray();
      double[] reversed = new double[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        reversed[i] = numbers[numbers.length - 1 - i];
      }
      return Tensor.of(reversed, x.shape()).cast(type);
    }

    private interface Two {
      Tensor apply(Tensor a, Tensor b);
    }

    private void arithmetic(String name, Two f, UnaryOperator<Tensor> number) {
      Tensor x = t(1, 3, 4);
      Tensor row = t(5, 4);
      Tensor column = t(6, 3, 1);
      add(name, () -> f.apply(x, t(2, 3, 4)));
      add(name + " row", () -> f.apply(x, row));
      add(name + " column", () -> f.apply(column, x));
      add(name + " one", () -> f.apply(t(7, 1, 1), x));
      add(name + " middle", () -> f.apply(t(8, 2, 3, 4), t(9, 3, 1)));
      add(name + " outer", () -> f.apply(column, row));
      add(name + " empty", () -> f.apply(Tensor.zeros(type, 0, 4), row));
      add(name + " number", () -> number.apply(x));
    }

    private void function(String name, UnaryOperator<Tensor> f) {
      add(name, () -> f.apply(t(1, 3, 4)));
      add(name + " long", () -> f.apply(random(type, 10, 4, 0, 67)));
      if (!Set.of("sign", "sin", "cos", "tan", "gelu").contains(name)) {
        add(name + " special", () -> f.apply(special()));
      }
    }

    private void functionOfPositive(String name, UnaryOperator<Tensor> f) {
      add(name, () -> f.apply(random(type, 3, 0.9, 1, 3, 4)));
      add(name + " long", () -> f.apply(random(type, 11, 0.9, 1, 67)));
      add(name + " special", () -> f.apply(special()));
    }

    Map<String, Supplier<Tensor>> all() {
      elementwise();
      reductions();
      rearrangements();
      products();
      return all;
    }

    private void elementwise() {
      arithmetic("plus", Tensor::plus, x -> x.plus(0.3));
      arithmetic("minus", Tensor::minus, x -> x.minus(0.3));
      arithmetic("times", Tensor::times, x -> x.times(0.3));
      arithmetic("div", Tensor::div, x -> x.div(0.3));
      Tensor x = t(1, 3, 4);
      Tensor y = t(2, 3, 4);
      Tensor p = random(type, 3, 0.9, 1, 3, 4);
      Tensor row = t(5, 4);
      add("pow", () -> p.pow(x));
      add("pow number", () -> p.pow(2.5));
      add("maximum", () -> x.maximum(y));
      add("minimum", () -> x.minimum(y));
      add("maximum special", () -> special().maximum(reversed(special())));
      add("clamp", () -> x.clamp(-0.5, 0.75));
      add("clamp special", () -> special().clamp(-0.5, 0.75));
      function("neg", Tensor::neg);
      function("abs", Tensor::abs);
      function("sign", Tensor::sign);
      function("floor", Tensor::floor);
      function("ceil", Tensor::ceil);
      function("round", Tensor::round);
      function("square", Tensor::square);
      function("exp", Tensor::exp);
      function("expm1", Tensor::expm1);
      function("sin", Tensor::sin);
      function("cos", Tensor::cos);
      function("tan", Tensor::tan);
      function("atan", Tensor::atan);
      function("tanh", Tensor::tanh);
      function("sigmoid", Tensor::sigmoid);
      function("relu", Tensor::relu);
      function("softplus", Tensor::softplus);
      function("erf", Tensor::erf);
      function("gelu", Tensor::gelu);
      functionOfPositive("log", Tensor::log);
      functionOfPositive("log1p", Tensor::log1p);
      functionOfPositive("sqrt", Tensor::sqrt);
      functionOfPositive("rsqrt", Tensor::rsqrt);
      add("greater number", () -> random(type, 10, 4, 0, 67).greater(0.5));
      add("less long", () -> special().less(reversed(special())));
      add("greater", () -> x.greater(y));
      add("greaterOrEqual", () -> special().greaterOrEqual(1));
      add("less", () -> x.less(row));
      add("lessOrEqual", () -> special().lessOrEqual(1));
      add("equalTo", () -> special().equalTo(1));
      add("where", () -> Tensor.where(x.greater(0), x, row));
    }

    private void reductions() {
      Tensor x = t(1, 3, 4);
      Tensor cube = t(8, 2, 3, 4);
      Tensor empty = Tensor.zeros(type, 0, 4);
      Tensor flat = random(type, 10, 4, 0, 67);
      add("sum", x::sum);
      add("sum empty", empty::sum);
      add("sum long", flat::sum);
      add("sum over 1", () -> x.sum(1));
      for (int[] axes : new int[][] {{0}, {1}, {2}, {0, 2}, {0, 1}, {1, 2}, {0, 1, 2}}) {
        String name = Arrays.toString(axes).replaceAll("\\D", "");
        add("sum over " + name + " dropped", () -> cube.sum(axes, false));
        add("mean over " + name, () -> cube.mean(axes, true));
        add("max over " + name, () -> cube.max(axes, true));
        add("min over " + name + " dropped", () -> cube.min(axes, false));
        add("variance over " + name, () -> cube.variance(axes, true));
      }
      add("sum of empty axis", () -> empty.sum(new int[] {0}, false));
      add("max special", () -> special().max());
      add("max", cube::max);
      add("min", cube::min);
      add("mean", cube::mean);
      add("argmax", () -> Tensor.of(Arrays.stream(x.argmax()).asDoubleStream().toArray(), 3));
      add("softmax", () -> x.times(30).softmax());
      add("logSoftmax", () -> x.times(30).logSoftmax());
      add("logSoftmax long", () -> flat.reshape(1, 67).logSoftmax());
      add("logSumExp", () -> cube.times(100).logSumExp());
      Tensor infinite = Tensor.zeros(type, 1, 3).fill(Double.NEGATIVE_INFINITY);
      add("logSumExp infinite", infinite::logSumExp);
    }

    private void rearrangements() {
      Tensor x = t(1, 3, 4);
      Tensor y = t(2, 3, 4);
      Tensor p = random(type, 3, 0.9, 1, 3, 4);
      Tensor column = t(6, 3, 1);
      Tensor cube = t(8, 2, 3, 4);
      add("transpose", x::transpose);
      add("transpose many", () -> t(21, 9, 19).transpose());
      add("transpose axes", () -> cube.transpose(0, 2));
      add("transpose last", () -> cube.transpose(-1, -2));
      add("permute", () -> cube.permute(1, 2, 0));
      add("slice", () -> cube.slice(1, 1, 3));
      add("slice last", () -> cube.slice(-1, 1, 2));
      add("slice nothing", () -> cube.slice(1, 1, 1));
      add("at", () -> cube.at(1));
      add("concat", () -> Tensor.concat(0, x, y, p));
      add("concat 1", () -> Tensor.concat(1, x, column, y));
      add("stack", () -> Tensor.stack(x, y));
      add("split", () -> x.split(1, 2)[1]);
      add("gather", () -> x.gather(new int[] {2, 0, 2}));
      add("pick", () -> x.pick(new int[] {3, 0, 1}));
      add("broadcastTo", () -> column.broadcastTo(new int[] {2, 3, 4}));
      add("broadcastTo rows", () -> t(5, 4).broadcastTo(new int[] {2, 3, 4}));
    }

    private void products() {
      Tensor x = t(1, 3, 4);
      Tensor turned = t(2, 3, 4).transpose();
      Tensor cube = t(8, 2, 3, 4);
      add("matmul", () -> x.matmul(turned));
      add("matmul row", () -> x.slice(0, 0, 1).matmul(turned));
      add("matmul column", () -> x.matmul(t(5, 4).reshape(4, 1)));
      add("matmul batch", () -> cube.matmul(t(12, 2, 4, 5)));
      add("matmul batch shared", () -> cube.matmul(t(12, 4, 5)));
      add("matmul batch stretched", () -> t(13, 2, 1, 2, 3).matmul(t(14, 3, 3, 2)));
      add("matmul empty", () -> Tensor.zeros(type, 0, 4).matmul(t(12, 4, 5)));
      add("matmul inner empty", () -> Tensor.zeros(type, 2, 0).matmul(Tensor.zeros(type, 0, 3)));
      Tensor images = t(15, 2, 4, 6, 5);
      Tensor kernel = t(16, 2, 4, 3, 2);
      add("conv2d", () -> images.conv2d(kernel));
      add("conv2d stride padding", () -> images.conv2d(kernel, 2, 1));
      add("conv2d dilation", () -> images.conv2d(kernel, 1, 2, 2, 1));
      add(
          "conv2d groups",
          () -> {
            Tensor y = images.conv2d(t(17, 4, 2, 3, 3), 1, 1, 1, 2);
            return Tensor.concat(2, y.slice(2, 0, 1), y.slice(2, 2, 3), y.slice(2, 4, 5));
          });
      add("conv2d depthwise", () -> images.conv2d(t(18, 4, 1, 2, 2), 3, 0, 1, 4));
      add("conv2d pointwise", () -> images.conv2d(t(19, 1, 4, 1, 1)));
      Tensor narrow = kernel.slice(1, 0, 2);
      add("convTranspose2d", () -> t(20, 1, 2, 3, 2).convTranspose2d(narrow, 2, 1));
      add("maxPool2d", () -> images.maxPool2d(2));
      add("maxPool2d stride padding", () -> images.maxPool2d(3, 2, 1));
      add("maxPool2d special", () -> special().reshape(1, 1, 8, 9).maxPool2d(3));
      add("meanPool2d", () -> images.meanPool2d(2));
      add("meanPool2d stride padding", () -> images.meanPool2d(3, 2, 1));
    }
  }

  @TestFactory
  List<DynamicTest> agreesWithPyTorch() throws IOException {
    Map<DType, Map<String, Supplier<Tensor>>> cases = new LinkedHashMap<>();
    Map<DType, Set<String>> left = new LinkedHashMap<>();
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      cases.put(type, new Cases(type).all());
      cases.get(type).putAll(new FurtherCases(type).all());
      cases.get(type).putAll(new FourierCases(type).all());
      left.put(type, new HashSet<>(cases.get(type).keySet()));
    }
    List<DynamicTest> tests = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ValuesTest.class.getResourceAsStream("values.txt")),
                StandardCharsets.UTF_8))) {
      lines
          .lines()
          .forEach(
              line -> {
                String[] parts = line.split("\\|", -1);
                DType type = parts[1].equals("float32") ? DType.FLOAT32 : DType.FLOAT64;
                left.get(type).remove(parts[0]);
                Supplier<Tensor> value = cases.get(type).get(parts[0]);
                tests.add(
                    DynamicTest.dynamicTest(
                        parts[0] + " in " + type,
                        () -> {
                          assertNotNull(value, "no such case here");
                          compare(type, parts[2], parts[3], value.get());
                        }));
              });
    }
    tests.add(DynamicTest.dynamicTest("all cases", () -> left.values().forEach(ValuesTest::empty)));
    return tests;
  }

  private static void empty(Set<String> names) {
    assertEquals(Set.of(), names, "cases without a line in the file");
  }

  private static void compare(DType type, String shape, String elements, Tensor actual) {
    int[] sizes =
        shape.equals("-")
            ? new int[0]
            : Arrays.stream(shape.split(",")).mapToInt(Integer::parseInt).toArray();
    assertArrayEquals(sizes, actual.shape());
    double[] expected =
        elements.isEmpty()
            ? new double[0]
            : Arrays.stream(elements.split(" ")).mapToDouble(ValuesTest::number).toArray();
    double[] numbers = actual.toDoubleArray();
    assertEquals(expected.length, numbers.length);
    double tolerance = type == DType.FLOAT32 ? 2e-6 : 2e-14;
    for (int i = 0; i < expected.length; i++) {
      double allowed = tolerance * Math.max(1, Math.abs(expected[i]));
      if (!Double.isFinite(expected[i])) {
        assertEquals(expected[i], numbers[i]);
      } else {
        int at = i;
        assertEquals(expected[i], numbers[i], allowed, () -> "element " + at + " of " + actual);
      }
    }
  }

  private static double number(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}

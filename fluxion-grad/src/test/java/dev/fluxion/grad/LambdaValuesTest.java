package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Lambdas that other code has made, one of many of an interface, are told apart. */
@SuppressWarnings("UnnecessaryLambda") // the case in point
class LambdaValuesTest {
  private static final Map<String, DoubleUnaryOperator> ACTIVATIONS =
      Map.of(
          "sine", Math::sin,
          "square", v -> v * v,
          "positive", v -> Math.max(0, v),
          "leaky", v -> v > 0 ? v : 0.01 * v,
          "sigmoid", v -> 1 / (1 + Math.exp(-v)),
          "itself", v -> v);

  private static final Map<String, BiFunction<Double, Double, Double>> OPERATORS = new HashMap<>();

  static {
    OPERATORS.put("+", (a, b) -> a + b);
    OPERATORS.put("-", (a, b) -> a - b);
    OPERATORS.put("*", (a, b) -> a * b);
    OPERATORS.put("/", (a, b) -> a / b);
    OPERATORS.put("^", Math::pow);
    OPERATORS.put("max", Math::max);
  }

  static double activated(String name, double x) {
    return ACTIVATIONS.get(name).applyAsDouble(x);
  }

  /** What an expression is that has its operators behind their operands. */
  static double calculated(String expression, double x) {
    Deque<Double> stack = new ArrayDeque<>();
    for (String word : List.of(expression.split(" "))) {
      BiFunction<Double, Double, Double> operator = OPERATORS.get(word);
      if (operator == null) {
        stack.push(word.equals("x") ? x : Double.parseDouble(word));
      } else {
        double right = stack.pop();
        stack.push(operator.apply(stack.pop(), right));
      }
    }
    return stack.pop();
  }

  private static DoubleUnaryOperator line(double[] of) {
    return v -> of[0] * v + of[1];
  }

  private static DoubleUnaryOperator parabola(double[] of) {
    return v -> of[0] * v * v + of[1];
  }

  private static final List<DoubleUnaryOperator> CURVES =
      List.of(line(Cases.of(2, 3)), parabola(Cases.of(2, 3)), line(Cases.of(4, 5)));

  static double curved(double x) {
    double s = 0;
    for (int i = 0; i < CURVES.size(); i++) {
      s += (i + 1) * CURVES.get(i).applyAsDouble(x);
    }
    return s;
  }

  private static final Map<String, DoubleBinaryOperator> SUMS =
      Map.of("a", (a, b) -> a + b, "b", Double::sum, "c", (u, v) -> u + v, "d", (a, b) -> b - a);

  private static final List<IntToDoubleFunction> OF_INDEX =
      List.of(i -> 2.0 * i, i -> i / 3.0, Math::sqrt);

  private static final List<DoublePredicate> TESTS = List.of(v -> v > 0, v -> v > 5);

  static double indexed(double x) {
    double s = TESTS.get(0).test(x) && !TESTS.get(1).test(x) ? x : 0;
    for (IntToDoubleFunction f : OF_INDEX) {
      s += f.applyAsDouble(9) * x;
    }
    return s;
  }

  /** A layer whose function is given to it. */
  record Layer(double weight, DoubleUnaryOperator activation) {
    double apply(double x) {
      return activation.applyAsDouble(weight * x);
    }
  }

  @TestFactory
  Stream<DynamicTest> areToldApart() {
    double x = 0.7;
    double s = activated("sigmoid", x);
    DoubleUnaryOperator local = v -> v * v * v;
    Layer[] layers = {new Layer(2, Math::exp), new Layer(3, local)};
    return new Cases()
        .number("sine", x, Math.cos(x), a -> activated("sine", a))
        .number("square", x, 2 * x, a -> activated("square", a))
        .number("positive", x, 1, a -> activated("positive", a))
        .number("leaky", -x, 0.01, a -> activated("leaky", a))
        .number("sigmoid", x, s * (1 - s), a -> activated("sigmoid", a))
        .number("itself", x, 1, a -> activated("itself", a))
        .number("calculated", x, 9 * x * x - 2, a -> calculated("x 3 ^ 3 * x 2 * -", a))
        .number("the larger", x, -1 / (x * x), a -> calculated("1 x / x max", a))
        .number("captured", x, 2 + 8 * x + 12, a -> curved(a))
        .number(
            "the same code",
            x,
            3 * 3 + 1,
            a -> SUMS.values().stream().mapToDouble(f -> f.applyAsDouble(a, 2 * a)).sum())
        .number("indices", x, 1 + 18 + 3 + 3, a -> indexed(a))
        .number("in records", x, 162 * Math.exp(6 * x), a -> layers[1].apply(layers[0].apply(a)))
        .tests();
  }

  private static final class Counting {
    static int count;

    static final List<DoubleUnaryOperator> FUNCTIONS =
        List.of(
            v -> {
              count++;
              return v;
            },
            v -> 2 * v);
  }

  @Test
  void whatDoesMoreThanToComputeIsNotTried() {
    Scalar1 f = x -> Counting.FUNCTIONS.get(1).applyAsDouble(x);
    GradientException e = assertThrows(GradientException.class, () -> Grad.gradient(f, 3));
    assertTrue(e.getMessage().contains("cannot be found"), e.getMessage());
    assertEquals(0, Counting.count);
  }
}

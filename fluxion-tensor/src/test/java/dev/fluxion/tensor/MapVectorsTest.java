package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.Pointwise;
import dev.fluxion.grad.Scalar1;
import dev.fluxion.grad.Scalar2;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Loops with vector instructions, for many elements, against the loops for few elements. */
@ExtendWith(VectorsAtOnce.class)
class MapVectorsTest {
  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    1e-30,
    -1e-30,
    1e30,
    -1e30,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final int SIZE = 203;

  private static Map<String, Scalar1> functions() {
    Map<String, Scalar1> all = new LinkedHashMap<>();
    double scale = 1.25;
    all.put("polynomial", v -> ((v - 2) * v + 0.5) * v - scale / 3);
    all.put("quotients", v -> 1 / (1 + v * v) - v / 3);
    all.put("swish", v -> v / (1 + Math.exp(-scale * v)));
    all.put("relu", v -> v > 0 ? v : 0);
    all.put("branches", v -> v > 1 ? Math.log(v) : v < -1 ? -Math.log(-v) : v * v);
    all.put("and", v -> v > -1 && v < 1 ? v * v : Math.abs(v));
    all.put("or", v -> v <= -1 || v >= 1 || differ(v, v) ? 3 * v : v * scale);
    all.put("truth", v -> isInside(v) == isInside(v * 2) ? v : 2 * v);
    all.put("nested", v -> v > 0 ? (v > 1 ? v : v * v) * scale : (v < -1 ? v : -v * v) + 1);
    all.put("equal", v -> v == 0 ? 5 : v == 1 ? -v : v);
    all.put("signum", v -> Math.signum(v) * v * v);
    all.put("greatest", v -> Math.max(v, scale) + Math.min(v * v, 2));
    all.put("powers", v -> Math.pow(v, 2) + Math.pow(v, 3) * Math.pow(1 + v * v, -1));
    all.put("roots", v -> Math.sqrt(Math.abs(v)) + Math.sqrt(1 + v * v));
    all.put("exponentials", v -> Math.expm1(v / 4) + Math.exp(-v * v));
    all.put("logarithms", v -> Math.log1p(Math.abs(v)) + Math.log(1 + Math.abs(v)));
    all.put("circular", v -> Math.sin(v) + Math.cos(v) * v);
    all.put("hyperbolic", v -> Math.tanh(v) + Math.tanh(v / 8));
    return all;
  }

  private static boolean isInside(double v) {
    return v > -0.75 && v < 0.75;
  }

  private static Tensor inputs(DType type) {
    double[] data = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      data[i] = i < SPECIAL.length ? SPECIAL[i] : Math.sin(i * 1.7) * 3;
    }
    return Tensor.of(data, SIZE).cast(type);
  }

  @TestFactory
  List<DynamicTest> agreeWithScalars() {
    List<DynamicTest> tests = new ArrayList<>();
    functions()
        .forEach(
            (name, f) -> {
              for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
                tests.add(dynamicTest(name + " of " + type, () -> compare(f, type)));
              }
            });
    return tests;
  }

  private static void compare(Scalar1 f, DType type) {
    assertHasVectors(f, type);
    Tensor x = inputs(type);
    close("value", inPieces(f, x), Tensor.map(f, x), x, type);
    Tensor slope = Grad.gradient(a -> Tensor.map(f, a).sum(), x);
    Tensor expected = piecewise(x, part -> Grad.gradient(a -> Tensor.map(f, a).sum(), part));
    close("slope", expected, slope, x, type);
  }

  private static void assertHasVectors(Scalar1 f, DType type) {
    assertNotNull(vectors(f, new KernelCode.LoopForm(type, 0, true)));
  }

  private interface OfTensor {
    Tensor apply(Tensor x);
  }

  private static Tensor piecewise(Tensor x, OfTensor function) {
    Tensor[] parts = new Tensor[SIZE / 29];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = function.apply(x.slice(0, 29 * i, 29 * (i + 1)));
    }
    return Tensor.concat(0, parts);
  }

  private static Tensor inPieces(Scalar1 f, Tensor x) {
    return piecewise(x, part -> Tensor.map(f, part));
  }

  private static void close(String what, Tensor expected, Tensor actual, Tensor x, DType type) {
    double[] left = expected.toDoubleArray();
    double[] right = actual.toDoubleArray();
    double[] at = x.toDoubleArray();
    for (int i = 0; i < left.length; i++) {
      double tolerance = type == DType.FLOAT32 ? 4e-6 : 1e-14;
      if (!Double.isFinite(left[i]) || Math.abs(left[i]) > 1e18) {
        boolean bothLarge = Math.abs(right[i]) > 1e18 && left[i] * right[i] > 0;
        assertEquals(bothLarge ? right[i] : left[i], right[i], what + " at " + at[i]);
      } else {
        assertEquals(
            left[i], right[i], tolerance * Math.max(1, Math.abs(left[i])), what + " at " + at[i]);
      }
    }
  }

  @Test
  void stretchedInputsStayOnTheirElement() {
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Scalar2 f = (u, v) -> u > v ? u * v : Math.exp(u) - v;
      Tensor column = ValuesTest.random(type, 1, 2, 0, 3, 1);
      Tensor rows = ValuesTest.random(type, 2, 2, 0, 3, 101);
      Tensor expected = Tensor.map(f, column.broadcastTo(new int[] {3, 101}), rows);
      Tensor actual = Tensor.map(f, column, rows);
      close("value", expected, actual, rows, type);
    }
  }

  @Test
  void whatHasNoVectorFormIsComputedOneByOne() {
    KernelCode.LoopForm floats = new KernelCode.LoopForm(DType.FLOAT32, 0, true);
    KernelCode.LoopForm doubles = new KernelCode.LoopForm(DType.FLOAT64, 0, true);
    assertNull(vectors(v -> v * 1e-60 * 1e60, floats));
    assertNotNull(vectors(v -> v * 1e-60 * 1e60, doubles));
    assertNull(vectors(v -> (float) v * 2, doubles));
    assertNull(vectors(v -> Math.floor(v), doubles));
    assertNull(vectors(v -> Math.atan(v), doubles));
    assertNull(vectors(v -> Math.pow(v, 2.5), floats));
    assertNull(vectors(MapVectorsTest::power, doubles));
  }

  private static boolean differ(double a, double b) {
    return a != b;
  }

  private static double power(double v) {
    double product = 1;
    for (int i = 0; i < 5; i++) {
      product *= v;
    }
    return product;
  }

  private static @Nullable Object vectors(Scalar1 f, KernelCode.LoopForm form) {
    Pointwise functions = Pointwise.of(f).orElseThrow();
    List<Boolean> isNumber = new ArrayList<>(Collections.nCopies(functions.captured(), true));
    isNumber.addAll(Collections.nCopies(functions.arity() - functions.captured(), false));
    return ElementLoop.ofLanes(ElementFunctions.of(functions, isNumber), form);
  }
}

package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Pair;
import dev.fluxion.grad.Pointwise;
import dev.fluxion.grad.Scalar1;
import dev.fluxion.grad.Triple;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Functions of the user's own over tensors: against the built-in ones, and against differences. */
class MapTest extends HigherDerivatives {
  private static final double SHARPNESS = 1 + Math.exp(-1);
  private static final double[] TAYLOR = {1, 1, 0.5, 1.0 / 6, 1.0 / 24};

  private record Leaky(double slope) implements Scalar1 {
    @Override
    public double apply(double x) {
      return x > 0 ? x : slope * x;
    }
  }

  private record Model(double sharpness, Tensor scale) {
    Tensor apply(Tensor x) {
      return Tensor.map(v -> Math.tanh(sharpness * v) * scale.item(), x);
    }
  }

  private static double swish(double v) {
    return v / (1 + Math.exp(-v));
  }

  private static double cubic(double v) {
    double sum = 0;
    for (int i = 1; i <= 3; i++) {
      sum += Math.pow(v, i) / i;
    }
    return sum;
  }

  private static double root(double v) {
    double guess = v;
    while (Math.abs(guess * guess - v) > 1e-13) {
      guess = 0.5 * (guess + v / guess);
    }
    return guess;
  }

  @TestFactory
  List<DynamicTest> agreesWithDifferences() {
    Tensor x = signed(1, 3, 4);
    Tensor p = positive(2, 3, 4);
    check("swish", x, a -> Tensor.map(v -> v / (1 + Math.exp(-v)), a));
    once("method reference", x, a -> Tensor.map(MapTest::swish, a));
    once("method of Math", x, a -> Tensor.map(Math::sin, a));
    once("calls", x, a -> Tensor.map(v -> swish(swish(v)) + SHARPNESS * v * v, a));
    once("power", p, a -> Tensor.map(v -> Math.pow(v, 2.5) + Math.log(v), a));
    check("branches", x, a -> Tensor.map(v -> v > 1 ? v * v : v < -1 ? Math.exp(v) : v * v * v, a));
    once("switch", x, a -> Tensor.map(MapTest::pieces, a));
    check("counted loop", x, a -> Tensor.map(MapTest::cubic, a));
    once("loop that converges", p, a -> Tensor.map(MapTest::root, a));
    once("array", x, a -> Tensor.map(MapTest::series, a));
    once("twice", x, a -> Tensor.map(Math::sin, Tensor.map(v -> v * v, a)));
    once("object", x, a -> Tensor.map(new Leaky(0.1), a.square()));
    once("constant", x, a -> Tensor.map(_ -> 3, a).plus(a.square()));
    captured(x);
    several(x, p);
    return tests;
  }

  /** The first derivative only, in both modes. */
  private void once(String name, Tensor x, Fn1<Tensor, Tensor> f) {
    Tensor v = signed(99, x.shape());
    Tensor up = x.plus(v.times(1e-5));
    Tensor down = x.minus(v.times(1e-5));
    test(
        name + ", forward",
        () -> difference(f.apply(up), f.apply(down)),
        () -> Grad.jvp(f, x, v).tangent());
    test(
        name + ", reverse",
        () -> difference(loss(f, up), loss(f, down)),
        () -> slope(f, x).times(v).sum());
  }

  private static double pieces(double v) {
    int piece = (int) Math.floor(v);
    return switch (piece) {
      case 0 -> v * v;
      case -1 -> Math.sin(v);
      default -> v * v * v / (1 + piece * piece);
    };
  }

  private static double series(double v) {
    double[] powers = new double[TAYLOR.length];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * v;
    }
    double sum = 0;
    for (double power : powers) {
      sum += power * power;
    }
    return sum;
  }

  private void captured(Tensor x) {
    Tensor s = signed(7, 3);
    int n = 3;
    once("captured constant", x, a -> Tensor.map(v -> Math.pow(v, n) * n, a));
    once(
        "captured number",
        s,
        a -> {
          double scale = a.square().sum().item();
          return Tensor.map(v -> Math.sin(scale * v), x);
        });
    check(
        "captured numbers",
        s,
        a -> {
          double scale = a.square().sum().item();
          float shift = 2;
          double power = a.exp().sum().item();
          return Tensor.map((u, v) -> Math.sin(scale * u) * power + shift * v, x, a.slice(0, 0, 1));
        });
    check("captured tensor", s, a -> Tensor.map(v -> v * a.square().slice(0, 0, 1).item(), x));
    once(
        "captured array",
        s,
        a -> {
          double[] c = a.toDoubleArray();
          return Tensor.map(v -> c[0] + v * (c[1] + v * c[2] * c[2]), x);
        });
    check(
        "captured model",
        s,
        a -> new Model(a.square().sum().item(), a.exp().slice(0, 1, 2)).apply(x));
    check(
        "object made here",
        s,
        a -> Tensor.map(new Leaky(a.square().sum().item()), x).times(a.slice(0, 2, 3)));
    once(
        "accessor of another class",
        s,
        a -> {
          Ramp ramp = new Ramp(a.square().sum().item(), 2);
          return Tensor.map(v -> v > 0 ? ramp.slope() * v : ramp.offset() * Math.sin(v), x);
        });
    once(
        "element that varies",
        s,
        a -> {
          double[] c = a.square().toDoubleArray();
          return Tensor.map(v -> c[v > 0 ? 0 : 1] * v, x);
        });
    once("captured function", s, a -> composed(v -> v * v * v, a));
  }

  private static Tensor composed(Scalar1 f, Tensor a) {
    return Tensor.map(v -> f.apply(Math.sin(v)), a);
  }

  private void several(Tensor x, Tensor p) {
    Tensor row = signed(3, 4);
    Tensor column = signed(4, 3, 1);
    once("product", x, a -> Tensor.map((u, v) -> u * Math.exp(v), a, a));
    once("first of two", x, a -> Tensor.map((u, v) -> Math.sin(u * v), a, row));
    once("second of two", row, a -> Tensor.map((u, v) -> Math.sin(u * v), x, a));
    check("column", column, a -> Tensor.map((u, v) -> Math.sin(u * v), x, a));
    once("outer", column, a -> Tensor.map((u, v) -> Math.sin(u * v), row, a));
    once("number", signed(5), a -> Tensor.map((u, v) -> Math.sin(u * v), x, a));
    once("hypot", x, a -> Tensor.map(Math::hypot, a, p));
    check("three", x, a -> Tensor.map((u, v, w) -> u * v / (1 + w * w), a, row, a.square()));
    once("third of three", column, a -> Tensor.map((u, v, w) -> u * v * w * w, x, row, a));
  }

  @Test
  void isAsTheBuiltInOperations() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (int size : new int[] {3, 63, 64, 1001}) {
        double tolerance = type == DType.FLOAT32 ? 2e-6 : 1e-13;
        Tensor x = ValuesTest.random(type, 1, 2, 0, size);
        alike(a -> a.tanh(), a -> Tensor.map(Math::tanh, a), x, tolerance);
        alike(a -> a.sigmoid(), a -> Tensor.map(v -> 1 / (1 + Math.exp(-v)), a), x, tolerance);
        alike(a -> a.relu(), a -> Tensor.map(v -> v > 0 ? v : 0, a), x, tolerance);
        alike(a -> a.gelu(), a -> Tensor.map(Functions::gelu, a), x, tolerance);
        alike(
            a -> a.softplus(),
            a -> Tensor.map(v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))), a),
            x,
            tolerance);
        alike(
            a -> a.times(a.sigmoid()),
            a -> Tensor.map(v -> v / (1 + Math.exp(-v)), a),
            x,
            tolerance);
      }
    }
  }

  private static void alike(
      Fn1<Tensor, Tensor> expected, Fn1<Tensor, Tensor> mapped, Tensor x, double tolerance) {
    assertEquals(x.dtype(), mapped.apply(x).dtype());
    assertArrayEquals(
        expected.apply(x).toDoubleArray(), mapped.apply(x).toDoubleArray(), tolerance);
    Tensor gradient = Grad.gradient(a -> mapped.apply(a).square().sum(), x);
    assertEquals(x.dtype(), gradient.dtype());
    assertArrayEquals(
        Grad.gradient(a -> expected.apply(a).square().sum(), x).toDoubleArray(),
        gradient.toDoubleArray(),
        20 * tolerance);
  }

  @Test
  void stretchesShapesAndSumsTheirGradients() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      Tensor x = ValuesTest.random(type, 1, 2, 0, 5, 1, 70);
      Tensor y = ValuesTest.random(type, 2, 2, 0, 6, 1);
      Tensor z = ValuesTest.random(type, 3, 1, 2);
      assertArrayEquals(
          x.times(y).plus(z).toDoubleArray(),
          Tensor.map((a, b, c) -> a * b + c, x, y, z).toDoubleArray(),
          1e-5);
      Triple<Tensor, Tensor, Tensor> expected =
          Grad.gradient((a, b, c) -> a.times(b).plus(c).square().sum(), x, y, z);
      Triple<Tensor, Tensor, Tensor> actual =
          Grad.gradient(
              (a, b, c) -> Tensor.map((u, v, w) -> (u * v + w) * (u * v + w), a, b, c).sum(),
              x,
              y,
              z);
      close(expected.first(), actual.first());
      close(expected.second(), actual.second());
      close(expected.third(), actual.third());
    }
  }

  private static void close(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertEquals(expected.dtype(), actual.dtype());
    double scale = expected.abs().sum().item() / expected.size();
    assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), 1e-5 * scale);
  }

  @Test
  void takesTensorsOfAnySize() {
    Tensor nothing = Tensor.zeros(0, 3);
    assertArrayEquals(new int[] {0, 3}, Tensor.map(v -> v * v, nothing).shape());
    Pair<Tensor, Tensor> gradient =
        Grad.gradient((a, b) -> Tensor.map((u, v) -> u * v, a, b).sum(), nothing, Tensor.ones(3));
    assertArrayEquals(new int[] {0, 3}, gradient.first().shape());
    assertArrayEquals(new double[3], gradient.second().toDoubleArray());
    Tensor one = Tensor.of(new double[] {3});
    assertEquals(9, Tensor.map(v -> v * v, one).item());
    assertEquals(6, Grad.gradient(a -> Tensor.map(v -> v * v, a), one).item());
    float[] many =
        Grad.gradient(a -> Tensor.map(v -> v * v, a).sum(), Tensor.ones(300_007)).toFloatArray();
    for (float slope : many) {
      assertEquals(2, slope);
    }
  }

  @Test
  void shapesAndTypesMustFit() {
    assertMessage("map of shapes (2) and (3)", Tensor.ones(2), Tensor.ones(3));
    assertMessage("FLOAT64", Tensor.ones(2), Tensor.ones(2).cast(DType.FLOAT64));
  }

  private static void assertMessage(String part, Tensor x, Tensor y) {
    ShapeException plain =
        assertThrows(ShapeException.class, () -> Tensor.map((a, b) -> a * b, x, y));
    assertTrue(plain.getMessage().contains(part), plain.getMessage());
    ShapeException derived =
        assertThrows(
            ShapeException.class,
            () -> Grad.gradient(t -> Tensor.map((a, b) -> a * b, t, y).sum(), x));
    assertTrue(derived.getMessage().contains(part), derived.getMessage());
    AtomicInteger calls = new AtomicInteger();
    assertThrows(
        ShapeException.class, () -> Tensor.map((a, b) -> a * b + calls.incrementAndGet(), x, y));
    assertEquals(0, calls.get());
  }

  @Test
  void callsAFunctionThatDoesMoreForEachElement() {
    AtomicInteger calls = new AtomicInteger();
    Tensor x = Tensor.arange(100);
    Tensor y =
        Tensor.map(
            v -> {
              calls.incrementAndGet();
              return 2 * v;
            },
            x);
    assertEquals(100, calls.get());
    assertArrayEquals(x.times(2).toFloatArray(), y.toFloatArray());
    Tensor random = Tensor.map(v -> v * Math.random(), Tensor.ones(100));
    Tensor slope = Grad.gradient(a -> Tensor.map(v -> v * v * Math.random(), a).sum(), x);
    assertTrue(random.max().item() > random.min().item());
    assertTrue(slope.div(x.plus(1e-9)).max().item() <= 2);
  }

  @Test
  void knowsWhetherItIsTraining() {
    Scalar1 f = v -> Grad.isTraining() ? 3 * v : v;
    Tensor x = Tensor.ones(2);
    assertArrayEquals(new float[] {1, 1}, Tensor.map(f, x).toFloatArray());
    Tensor slope = Grad.gradient(a -> Tensor.map(f, a).sum(), x);
    assertArrayEquals(new float[] {3, 3}, slope.toFloatArray());
  }

  private static double ruled(double v) {
    return v;
  }

  @Test
  void followsRules() {
    Grad.rule(MapTest::ruled, v -> 10 * v);
    Tensor x = Tensor.of(new double[] {1, 2}, 2);
    Tensor slope = Grad.gradient(a -> Tensor.map(v -> ruled(v), a).sum(), x);
    assertArrayEquals(new double[] {10, 20}, slope.toDoubleArray());
    Tensor curvature = Grad.hessianVectorProduct(a -> Tensor.map(v -> ruled(v), a).sum(), x, x);
    assertArrayEquals(new double[] {10, 20}, curvature.toDoubleArray());
  }

  @Test
  void refusesWhatItCannotFollow() {
    Tensor x = Tensor.ones(2);
    GradientException refused =
        assertThrows(
            GradientException.class,
            () -> Grad.gradient(a -> Tensor.map(v -> new BigDecimal(v).doubleValue(), a).sum(), x));
    assertTrue(refused.getMessage().contains("MapTest.java"), refused.getMessage());
  }

  @Test
  void readsWhatWasCapturedOnce() {
    Ramp ramp = new Ramp(2, 3);
    Tensor scale = Tensor.ones(1);
    double[] c = {1, 2};
    assertFalse(Pointwise.readsObjects((Scalar1) v -> ramp.slope() * v));
    assertFalse(Pointwise.readsObjects((Scalar1) v -> scale.square().item() * v + c[1]));
    assertTrue(Pointwise.readsObjects((Scalar1) v -> c[v > 0 ? 0 : 1]));
  }

  @Test
  void readsPrivateClassesFromVectorLoops() {
    Leaky leaky = new Leaky(0.5);
    Tensor x = Tensor.full(-1, 100);
    Leaky gradient = Grad.gradient(l -> Tensor.map(v -> v > 0 ? v : l.slope * v, x).sum(), leaky);
    assertEquals(-100, gradient.slope());
  }

  @Test
  void doesNotReadWhatItWouldNotHaveRead() {
    Ramp[] empty = new Ramp[1];
    Ramp none = empty[0];
    Scalar1 f = v -> v > 0 ? v * v : none.slope() * v;
    Tensor x = Tensor.ones(2);
    assertArrayEquals(new float[] {1, 1}, Tensor.map(f, x).toFloatArray());
    Tensor slope = Grad.gradient(a -> Tensor.map(f, a).sum(), x);
    assertArrayEquals(new float[] {2, 2}, slope.toFloatArray());
    assertThrows(NullPointerException.class, () -> Tensor.map(f, x.neg()));
  }

  @Test
  void zeroCotangentsWin() {
    Tensor x = Tensor.of(new double[] {0, 4}, 2);
    Tensor mask = Tensor.of(new double[] {0, 1}, 2);
    Tensor slope = Grad.gradient(a -> Tensor.map(Math::sqrt, a).times(mask).sum(), x);
    assertArrayEquals(new double[] {0, 0.25}, slope.toDoubleArray());
  }

  @Test
  void runsInManyThreads() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Double>> results = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        double scale = 1 + i % 4;
        results.add(
            threads.submit(
                () ->
                    Grad.gradient(
                            a -> Tensor.map(v -> Math.tan(scale * v) + v * v, a).sum(),
                            Tensor.zeros(1000))
                        .sum()
                        .item()));
      }
      for (int i = 0; i < results.size(); i++) {
        assertEquals(1000 * (1 + i % 4), results.get(i).get(), 1e-3);
      }
    }
  }
}

/** A class that is no neighbour of the test. */
record Ramp(double slope, float offset) {}

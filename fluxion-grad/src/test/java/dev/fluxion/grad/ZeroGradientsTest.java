package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Gradients of what a function does not use, or uses only in ways that have no derivative: zeros of
 * the argument's own shape, and whatever is no floating-point number as it is.
 */
class ZeroGradientsTest {
  enum Colour {
    RED(1),
    BLUE(2);

    private final double weight;

    Colour(double weight) {
      this.weight = weight;
    }
  }

  sealed interface Shape {}

  record Circle(double radius, double unused) implements Shape {}

  record Square(double side, Colour colour) implements Shape {}

  record Group(Shape first, Shape second, Shape[] others) implements Shape {}

  record Passive(
      int count,
      long size,
      boolean on,
      char letter,
      byte bits,
      short less,
      String name,
      Colour colour,
      Integer boxed,
      BigInteger big,
      AtomicInteger atom,
      BitSet set,
      int[] indices,
      String[] names) {}

  record Everything(
      double number,
      Double boxed,
      float small,
      double[] numbers,
      double[][] rows,
      float[] floats,
      Double[] boxes,
      Circle circle,
      List<Double> list,
      Map<String, double[]> map,
      Optional<Circle> optional,
      OptionalDouble maybe,
      Passive passive) {}

  record Nulls(
      @Nullable Double box,
      double @Nullable [] numbers,
      double @Nullable [][] rows,
      @Nullable Circle circle,
      @Nullable List<Double> list,
      @Nullable String name,
      double used) {}

  static final class Thing {
    double used = 3;
    double unused = 4;
    int count = 5;
    boolean on = true;
    @Nullable Thing other;
    double[] numbers = {1, 2};
    final Colour colour = Colour.BLUE;
  }

  static final Passive PASSIVE =
      new Passive(
          1,
          2,
          true,
          'c',
          (byte) 4,
          (short) 5,
          "six",
          Colour.BLUE,
          7,
          BigInteger.TWO,
          new AtomicInteger(3),
          new BitSet(),
          new int[] {8},
          new String[] {"nine"});

  static Everything everything() {
    return new Everything(
        1,
        2.0,
        3,
        new double[] {4, 5},
        new double[][] {{6}, {}, {7, 8}},
        new float[] {9},
        new Double[] {10.0, 11.0},
        new Circle(12, 13),
        List.of(14.0, 15.0),
        Map.of("a", new double[] {16, 17}),
        Optional.of(new Circle(18, 19)),
        OptionalDouble.of(20),
        PASSIVE);
  }

  @Test
  void nothingIsUsed() {
    assertEquals(0.0, Grad.gradient((double x) -> 1.0, 2.0));
    assertEquals(0.0, Grad.derivative((double x) -> 1.0, 2.0));
    assertEquals(0.0, Grad.gradient((Double x) -> 1.0, 2.0));
    assertEquals(0f, Grad.gradient((Float x) -> 1.0, 2f));
    assertArrayEquals(new double[2], Grad.gradient((double[] x) -> 1.0, new double[] {1, 2}));
    assertArrayEquals(new double[0], Grad.gradient((double[] x) -> 1.0, new double[0]));
    assertArrayEquals(new float[2], Grad.gradient((float[] x) -> 1.0, new float[] {1, 2}));
    assertArrayEquals(
        new double[][] {{0}, {}, {0, 0}},
        Grad.gradient((double[][] x) -> 1.0, new double[][] {{1}, {}, {2, 3}}));
    assertArrayEquals(
        new double[][][] {{{0}}, {}},
        Grad.gradient((double[][][] x) -> 1.0, new double[][][] {{{1}}, {}}));
    assertArrayEquals(
        new Double[] {0.0, 0.0}, Grad.gradient((Double[] x) -> 1.0, new Double[] {1.0, 2.0}));
    assertEquals(new Circle(0, 0), Grad.gradient((Circle x) -> 1.0, new Circle(1, 2)));
    assertArrayEquals(
        new Circle[] {new Circle(0, 0)},
        Grad.gradient((Circle[] x) -> 1.0, new Circle[] {new Circle(1, 2)}));
    assertEquals(List.of(0.0, 0.0), Grad.gradient((List<Double> x) -> 1.0, List.of(1.0, 2.0)));
    assertEquals(List.of(), Grad.gradient((List<Double> x) -> 1.0, List.of()));
    assertEquals(Map.of("a", 0.0), Grad.gradient((Map<String, Double> x) -> 1.0, Map.of("a", 1.0)));
    assertEquals(Optional.empty(), Grad.gradient((Optional<Double> x) -> 1.0, Optional.empty()));
    assertEquals(Optional.of(0.0), Grad.gradient((Optional<Double> x) -> 1.0, Optional.of(1.0)));
    assertEquals(
        OptionalDouble.empty(), Grad.gradient((OptionalDouble x) -> 1.0, OptionalDouble.empty()));
    assertEquals(
        OptionalDouble.of(0), Grad.gradient((OptionalDouble x) -> 1.0, OptionalDouble.of(1)));
  }

  @Test
  void containersKeepTheirKind() {
    assertInstanceOf(
        ArrayList.class, Grad.gradient((List<Double> x) -> 1.0, new ArrayList<>(List.of(1.0))));
    Deque<Double> deque = new ArrayDeque<>(List.of(1.0, 2.0));
    Deque<Double> none = Grad.gradient((Deque<Double> x) -> 1.0, deque);
    assertEquals(List.of(0.0, 0.0), new ArrayList<>(none));
    Map<String, Double> sorted = new TreeMap<>(Map.of("b", 1.0, "a", 2.0));
    assertEquals(
        new TreeMap<>(Map.of("b", 0.0, "a", 0.0)),
        assertInstanceOf(TreeMap.class, Grad.gradient((Map<String, Double> x) -> 1.0, sorted)));
    Map<String, Double> linked = new LinkedHashMap<>(Map.of("b", 1.0));
    assertInstanceOf(LinkedHashMap.class, Grad.gradient((Map<String, Double> x) -> 1.0, linked));
    assertInstanceOf(
        HashMap.class,
        Grad.gradient((Map<String, Double> x) -> 1.0, new HashMap<>(Map.of("b", 1.0))));
  }

  private static void assertZero(Everything g) {
    assertEquals(0.0, g.number());
    assertEquals(0.0, g.boxed());
    assertEquals(0f, g.small());
    assertArrayEquals(new double[2], g.numbers());
    assertArrayEquals(new double[][] {{0}, {}, {0, 0}}, g.rows());
    assertArrayEquals(new float[1], g.floats());
    assertArrayEquals(new Double[] {0.0, 0.0}, g.boxes());
    assertEquals(new Circle(0, 0), g.circle());
    assertEquals(List.of(0.0, 0.0), g.list());
    assertArrayEquals(new double[2], g.map().get("a"));
    assertEquals(Optional.of(new Circle(0, 0)), g.optional());
    assertEquals(OptionalDouble.of(0), g.maybe());
    assertEquals(
        PASSIVE,
        new Passive(
            g.passive().count(),
            g.passive().size(),
            g.passive().on(),
            g.passive().letter(),
            g.passive().bits(),
            g.passive().less(),
            g.passive().name(),
            g.passive().colour(),
            g.passive().boxed(),
            g.passive().big(),
            g.passive().atom(),
            g.passive().set(),
            PASSIVE.indices(),
            PASSIVE.names()));
    assertArrayEquals(PASSIVE.indices(), g.passive().indices());
    assertArrayEquals(PASSIVE.names(), g.passive().names());
  }

  @Test
  void everyKindOfComponent() {
    assertZero(Grad.gradient((Everything e) -> 1.0, everything()));
    assertZero(Grad.gradient((Everything e) -> (double) e.passive().count(), everything()));
    assertZero(
        Grad.gradient(
            (Everything e) -> (double) (int) e.number() + (long) e.numbers()[1], everything()));
    assertZero(
        Grad.gradient((Everything e) -> e.number() > 0 ? 1.0 : e.circle().radius(), everything()));
    assertZero(Grad.hessianVectorProduct((Everything e) -> 1.0, everything(), everything()));
    var back = Grad.pullback((Everything e) -> 1.0, everything());
    assertZero(back.gradient(3.0));
    assertZero(Grad.gradient((Everything e, Double x) -> x * x, everything(), 2.0).first());
    assertZero(
        Grad.gradient((Double x, Everything e, Double y) -> x * y, 1.0, everything(), 2.0)
            .second());
  }

  @Test
  void secondDerivativesOfWhatListsAndMapsHold() {
    assertEquals(
        List.of(2 * 5.0 * 7 + 2 * 3.0 * 2, 2 * 3.0 * 7),
        Grad.hessianVectorProduct(
            (List<Double> l) -> l.get(0) * l.get(0) * l.get(1),
            List.of(3.0, 5.0),
            List.of(7.0, 2.0)));
    Map<String, double[]> product =
        Grad.hessianVectorProduct(
            (Map<String, double[]> m) -> m.get("a")[0] * m.get("a")[1],
            Map.of("a", new double[] {3, 5}),
            Map.of("a", new double[] {7, 2}));
    assertArrayEquals(new double[] {2, 7}, product.get("a"));
  }

  @Test
  void whatIsUsedLeavesTheRestZero() {
    Everything g =
        Grad.gradient(
            (Everything e) -> e.rows()[2][1] * e.list().get(0) + e.optional().get().unused(),
            everything());
    assertArrayEquals(new double[][] {{0}, {}, {0, 14}}, g.rows());
    assertEquals(List.of(8.0, 0.0), g.list());
    assertEquals(Optional.of(new Circle(0, 1)), g.optional());
    assertEquals(0.0, g.number());
    assertArrayEquals(new Double[] {0.0, 0.0}, g.boxes());
  }

  @Test
  void nullComponentsStayNull() {
    Nulls at = new Nulls(null, null, null, null, null, null, 2);
    for (Fn1<Nulls, Double> f :
        List.<Fn1<Nulls, Double>>of(
            n -> 1.0,
            n -> n.used() * n.used(),
            n -> n.numbers() == null ? n.used() * n.used() : n.numbers()[0])) {
      Nulls g = Grad.gradient(f, at);
      assertNull(g.box());
      assertNull(g.numbers());
      assertNull(g.rows());
      assertNull(g.circle());
      assertNull(g.list());
      assertNull(g.name());
    }
    assertEquals(4, Grad.gradient((Nulls n) -> n.used() * n.used(), at).used());
  }

  @Test
  void nullElementsStayNull() {
    double[][] rows = new double[3][];
    rows[0] = new double[] {1, 2};
    rows[2] = new double[] {3};
    double[][] byRow = Grad.gradient((double[][] a) -> a[0][1] * a[2][0], rows);
    assertArrayEquals(new double[] {0, 3}, byRow[0]);
    assertNull(byRow[1]);
    assertArrayEquals(new double[] {2}, byRow[2]);
    Circle[] circles = new Circle[2];
    circles[1] = new Circle(2, 3);
    Circle[] byCircle = Grad.gradient((Circle[] c) -> c[1].radius() * c[1].unused(), circles);
    assertNull(byCircle[0]);
    assertEquals(new Circle(3, 2), byCircle[1]);
    Double[] boxes = new Double[2];
    boxes[1] = 2.0;
    Double[] byBox = Grad.gradient((Double[] b) -> b[1] * b[1], boxes);
    assertNull(byBox[0]);
    assertEquals(4, byBox[1]);
    List<Double> byElement =
        Grad.gradient(
            (List<Double> l) -> l.get(1) * l.get(1), new ArrayList<>(Arrays.asList(boxes)));
    assertNull(byElement.get(0));
    assertEquals(4, byElement.get(1));
  }

  static double area(Shape shape) {
    return switch (shape) {
      case Circle c -> Math.PI * c.radius() * c.radius();
      case Square s when s.colour() == Colour.RED -> s.side() * s.side() * s.colour().weight;
      case Square s -> s.side() * s.colour().weight;
      case Group g -> {
        double sum = area(g.first()) + 0 * area(g.second());
        for (Shape other : g.others()) {
          sum += area(other);
        }
        yield sum;
      }
    };
  }

  @Test
  void sealedTypes() {
    assertEquals(new Circle(4 * Math.PI, 0), Grad.gradient((Shape s) -> area(s), new Circle(2, 9)));
    assertEquals(
        new Square(4, Colour.RED), Grad.gradient((Shape s) -> area(s), new Square(2, Colour.RED)));
    Group group =
        new Group(
            new Square(3, Colour.BLUE),
            new Circle(1, 1),
            new Shape[] {new Circle(1, 2), new Square(5, Colour.RED)});
    Group g = (Group) Grad.gradient((Shape s) -> area(s), group);
    assertEquals(new Square(2, Colour.BLUE), g.first());
    assertEquals(new Circle(0, 0), g.second());
    assertArrayEquals(
        new Shape[] {new Circle(2 * Math.PI, 0), new Square(10, Colour.RED)}, g.others());
  }

  @Test
  void objects() {
    Thing thing = new Thing();
    thing.other = new Thing();
    Thing g = Grad.gradient((Thing t) -> t.used * t.used * t.count, thing);
    assertNotSame(thing, g);
    assertEquals(30, g.used);
    assertEquals(0, g.unused);
    assertEquals(5, g.count);
    assertEquals(true, g.on);
    assertArrayEquals(new double[2], g.numbers);
    assertSame(Colour.BLUE, g.colour);
    Thing other = g.other;
    assertEquals(0, other == null ? 1 : other.used);
    assertNull(other == null ? g : other.other);
  }

  @Test
  void integersAreConstants() {
    assertEquals(0, Grad.gradient((double x) -> (int) (x * 3), 2.5));
    assertEquals(0, Grad.gradient((double x) -> (double) (long) x, 2.5));
    assertEquals(0, Grad.gradient((double x) -> (double) Math.round(x), 2.5));
    assertEquals(0, Grad.gradient((double x) -> Math.floor(x) + Math.rint(x), 2.4));
    assertEquals(7, Grad.gradient((double x) -> x * (int) (x * 3), 2.5));
    assertEquals(2, Grad.gradient((double x) -> x > 1 && x < 3 ? 2 * x : x, 2.5));
    int[] counts = {3, 4};
    Pair<double[], int[]> pair =
        Grad.gradient((double[] a, int[] n) -> a[0] * n[1], new double[] {2}, counts);
    assertArrayEquals(new double[] {4}, pair.first());
    assertArrayEquals(new int[] {3, 4}, pair.second());
    Pair<Double, Integer> boxed = Grad.gradient((Double x, Integer n) -> x * n, 2.0, 5);
    assertEquals(5, boxed.first());
    assertEquals(5, boxed.second());
    Pair<Double, String> text = Grad.gradient((Double x, String s) -> x * s.length(), 2.0, "four");
    assertEquals(new Pair<>(4.0, "four"), text);
    Pair<Double, Boolean> choice = Grad.gradient((Double x, Boolean b) -> b ? x * x : x, 2.0, true);
    assertEquals(new Pair<>(4.0, true), choice);
    Pair<Double, Colour> colour =
        Grad.gradient((Double x, Colour c) -> x * c.weight, 2.0, Colour.BLUE);
    assertEquals(new Pair<>(2.0, Colour.BLUE), colour);
  }

  @Test
  void otherDerivativesAreZerosToo() {
    assertArrayEquals(
        new double[2],
        Grad.jvp((double[] a) -> new double[] {1, 2}, new double[1], new double[1]).tangent());
    assertEquals(
        new Circle(0, 0),
        Grad.jvp((double[] a) -> new Circle(1, 2), new double[1], new double[1]).tangent());
    assertArrayEquals(
        new double[2][1], Grad.jacobian((double[] a) -> new double[] {1, 2}, new double[1]));
    assertArrayEquals(new double[2][2], Grad.hessian((double[] a) -> 1.0, new double[2]));
    assertArrayEquals(new double[2][2], Grad.hessian((double[] a) -> a[0] + a[1], new double[2]));
    assertArrayEquals(
        new double[2],
        Grad.pullback((double[] a) -> new double[] {1}, new double[2]).gradient(new double[1]));
    assertEquals(List.of(0.0), Grad.jvp((Double x) -> List.of(1.0), 2.0, 1.0).tangent());
  }
}

package dev.fluxion.grad;

import static dev.fluxion.grad.Cases.assertClose;
import static dev.fluxion.grad.Cases.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The cases of the test suites of Enzyme (enzyme/test/Integration) and of its Julia front end
 * (test/basic.jl, advanced.jl, array.jl, mixed.jl) that are about the language, with their literal
 * values, as Java says them.
 */
@SuppressWarnings({
  "BadImport",
  "FloatingPointLiteralPrecision",
  "NullAway",
  "SameNameButDifferent",
  "UnusedVariable"
}) // as users write it
class EnzymeCasesTest {
  static double sum(double... xs) {
    double s = 0;
    for (double x : xs) {
      s += x;
    }
    return s;
  }

  static double bessel(int order, double z) {
    int k = 0;
    double s = Math.pow(z / 2, order);
    for (int i = 2; i <= order; i++) {
      s /= i;
    }
    double out = s;
    while (Math.abs(s) > 1e-16) {
      k++;
      s *= -1.0 / k / (k + order) * (z / 2) * (z / 2);
      out += s;
    }
    return out;
  }

  @TestFactory
  Stream<DynamicTest> simple() {
    return new Cases()
        .number("1 + x", 1, 1, x -> 1 + x)
        .number("x x", 1, 2, x -> x * x)
        .number("tanh", 1, 0.41997434161402606939, Math::tanh)
        .number(
            "asin of 0.2 + sin",
            3,
            Math.cos(3) / Math.sqrt(1 - (0.2 + Math.sin(3)) * (0.2 + Math.sin(3))),
            x -> Math.asin(0.2 + Math.sin(x)))
        .numbers(
            "atan2",
            0.9,
            3.4,
            3.4 / (0.9 * 0.9 + 3.4 * 3.4),
            -0.9 / (0.9 * 0.9 + 3.4 * 3.4),
            Math::atan2)
        .number("log", 2, 0.5, Math::log)
        .number("remainder", 0.7, 1, x -> x % 1)
        .number("fma", 2.3, 2 * 2.3 + 1 + 1.0 / 3, x -> Math.fma(x, x + 1, x / 3))
        .array("a copy", of(3.14), of(1), a -> sum(a.clone()))
        .number(
            "boxed and back",
            2,
            0.5838531634528576,
            x -> {
              Object boxed = x;
              return Math.sin((double) boxed) + (double) boxed;
            })
        .number("a Bessel function", 1, -0.44005058574493355, x -> bessel(0, x))
        .number("a Bessel function of order 1", 1, 0.32514710081303305, x -> bessel(1, x))
        .number("a Bessel function at 0", 0, 0, x -> bessel(0, x))
        .number(
            "a series of a million terms",
            0.5,
            2,
            x -> {
              double g = 0;
              double power = 1;
              for (int i = 1; i <= 1_000_000; i++) {
                power *= x;
                g += power / i;
              }
              return g;
            })
        .check(
            "an exception goes through",
            () ->
                assertThrows(
                    ArrayIndexOutOfBoundsException.class, () -> Grad.gradient(x -> x[2], of(1, 2))))
        .tests();
  }

  record Three(double a, double b, double c) {}

  static double evaluate(double at, double... coefficients) {
    double s = 0;
    for (int i = coefficients.length - 1; i >= 0; i--) {
      s = s * at + coefficients[i];
    }
    return s;
  }

  @TestFactory
  Stream<DynamicTest> baseFunctions() {
    return new Cases()
        .number(
            "a product over a tuple",
            2,
            72,
            x -> IntStream.rangeClosed(1, 3).mapToDouble(i -> i * x).reduce(1, (a, b) -> a * b))
        .number(
            "something or nothing",
            1,
            2,
            x -> {
              Integer nothing = null;
              return x * (nothing != null ? nothing : 2);
            })
        .number(
            "distinct numbers",
            1,
            7,
            x -> x * List.of(x, 2.0, 2.0, 3.0).stream().distinct().reduce(0.0, Double::sum))
        .number("reduce", 2, 12, x -> DoubleStream.of(1, x, x, 3).reduce(1, (a, b) -> a * b))
        .number(
            "fold from the right",
            2,
            12,
            x -> {
              double[] xs = {1, x, x, 3};
              double product = 1;
              for (int i = xs.length - 1; i >= 0; i--) {
                product = xs[i] * product;
              }
              return product;
            })
        .number(
            "parallel prefix sums",
            2,
            5,
            x -> {
              double[] xs = {1, x, x, 3};
              for (int i = 1; i < xs.length; i++) {
                xs[i] += xs[i - 1];
              }
              return sum(xs);
            })
        .number(
            "a pipe of functions",
            -2,
            0.25,
            x -> {
              DoubleUnaryOperator inverse = t -> 1 / t;
              return inverse.andThen(Math::abs).applyAsDouble(x);
            })
        .number(
            "a composition",
            -2,
            0.25,
            x -> {
              DoubleUnaryOperator inverse = t -> 1 / t;
              DoubleUnaryOperator absolute = Math::abs;
              return inverse.compose(absolute).applyAsDouble(x);
            })
        .number("count", 2, 2, x -> x * DoubleStream.of(0.5, x, 1.5).filter(t -> t > 1).count())
        .number(
            "forEach into a list",
            2,
            8,
            x -> {
              List<Double> y = new ArrayList<>();
              List.of(1.0, x, x).forEach(t -> y.add(t * t));
              double s = 0;
              for (double t : y) {
                s += t;
              }
              return s;
            })
        .number("hypot", 2, Math.sqrt(5), x -> Math.hypot(x, 2 * x))
        .number(
            "a linear range",
            2,
            42,
            x -> {
              double s = 0;
              for (int i = 0; i < 6; i++) {
                s += x + (10 - x) * i / 5;
              }
              return x * s;
            })
        .number("a dictionary, the entry", 2, 1, x -> looked(x, 2))
        .number("a dictionary, another entry", 2, 0, x -> looked(x, 3))
        .number("a dictionary, none", 2, 0, x -> looked(x, 4))
        .number("a comparison", 2, -1, x -> x * Double.compare(x, 3))
        .number(
            "an index of the largest",
            3,
            2,
            x -> {
              double[] xs = {1, 3, 2};
              int best = 0;
              for (int i = 1; i < 3; i++) {
                best = xs[i] > xs[best] ? i : best;
              }
              return x * (best + 1);
            })
        .number("a polynomial's coefficient", 3, 4, x -> evaluate(2, 1, 2, x))
        .number("a product in another precision", 2, 5, x -> (double) (float) x * 5.0f)
        .number("copySign of itself", 2, -1, x -> Math.copySign(x, -x))
        .number(
            "conditionals over a list",
            2,
            7,
            x -> Stream.of(x, 2 * x, 3 * x, 4 * x).mapToDouble(i -> i > 5 ? i : 0).sum())
        .number("a named tuple", 2, 3, x -> new Three(x, 2 * x, 3 * x).c)
        .number(
            "fill",
            2,
            9,
            x -> {
              double[] a = new double[9];
              Arrays.fill(a, x);
              return sum(a);
            })
        .number(
            "fill what was random",
            2,
            9,
            x -> {
              double[] a = new java.util.Random(1).doubles(9).toArray();
              Arrays.fill(a, x);
              return sum(a);
            })
        .number(
            "try, nothing thrown",
            2,
            3,
            x -> {
              try {
                return 3 * x;
              } catch (RuntimeException e) {
                return 2 * x;
              }
            })
        .number(
            "try, thrown",
            2,
            2,
            x -> {
              try {
                Integer.parseInt("minus one");
                return 3 * x;
              } catch (NumberFormatException e) {
                return 2 * x;
              }
            })
        .number(
            "a rotation",
            2,
            2,
            x -> {
              List<Double> list = new ArrayList<>(List.of(1.0, 2 * x, 3.0));
              Collections.rotate(list, 1);
              return list.getLast();
            })
        .number(
            "repeat",
            2,
            3,
            x -> {
              List<List<Double>> rows = Collections.nCopies(3, List.of(x, 3 * x));
              return rows.get(1).get(1);
            })
        .number(
            "a set",
            2,
            3,
            x -> {
              Set<Double> set = new HashSet<>(List.of(1.0, 2 * x));
              set.add(x);
              set.add(x);
              double s = 0;
              for (double e : set) {
                s += e;
              }
              return s;
            })
        .number(
            "reverse",
            2,
            3,
            x -> {
              List<Double> list = Arrays.asList(x, 2.0, 3 * x);
              Collections.reverse(list);
              return list.getFirst();
            })
        .tests();
  }

  static double looked(double x, int key) {
    Map<Integer, Double> d = new HashMap<>();
    d.put(1, 1.0);
    d.put(2, x);
    d.put(3, 3.0);
    return d.getOrDefault(key, 1.0);
  }

  static double mean(double[] x) {
    return sum(x) / x.length;
  }

  static double variance(double[] x) {
    double mean = mean(x);
    double s = 0;
    for (double e : x) {
      s += (e - mean) * (e - mean);
    }
    return s / (x.length - 1);
  }

  static double covariance(double[] x, double[] y) {
    double s = 0;
    for (int i = 0; i < x.length; i++) {
      s += (x[i] - mean(x)) * (y[i] - mean(y));
    }
    return s / (x.length - 1);
  }

  static double quantile(double[] x, double p) {
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    double at = p * (x.length - 1);
    int below = (int) at;
    return below + 1 == x.length
        ? sorted[below]
        : sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
  }

  @TestFactory
  Stream<DynamicTest> statistics() {
    return new Cases()
        .number("variance", 0, -5.0 / 3, x -> variance(of(x, 2, 3)))
        .number("standard deviation", 0, -0.5455447255899810, x -> Math.sqrt(variance(of(x, 2, 3))))
        .check(
            "correlation",
            () -> {
              Scalar1 f =
                  x ->
                      covariance(of(2, x, 1), of(1, 2, 3))
                          / Math.sqrt(variance(of(2, x, 1)) * variance(of(1, 2, 3)));
              assertEquals(0.1169024412, Grad.gradient(f, 4), 1e-9);
              assertEquals(0.1169024412, Grad.derivative(f, 4), 1e-9);
            })
        .number("covariance with itself", 4, 5.0 / 3, x -> covariance(of(2, x, 1), of(2, x, 1)))
        .number("median, the argument", 1.5, 1, x -> quantile(of(2, 1, x), 0.5))
        .number("median, another", 2.5, 0, x -> quantile(of(2, 1, x), 0.5))
        .number(
            "the middle of the ends",
            2.5,
            0.5,
            x -> {
              DoubleStream low = DoubleStream.of(2, x, 1);
              DoubleStream high = DoubleStream.of(2, x, 1);
              return (low.min().getAsDouble() + high.max().getAsDouble()) / 2;
            })
        .number("quantiles", 2, 1.2, x -> quantile(of(1, x), 0.5) + quantile(of(1, x), 0.7))
        .tests();
  }

  static final class Cell {
    double x;
    double y;

    Cell(double x, double y) {
      this.x = x;
      this.y = y;
    }
  }

  record Held(Cell x) {}

  /** A dictionary of dictionaries. */
  static final class Tree {
    final double v;
    final Map<String, Tree> children;

    Tree(double v, Map<String, Tree> children) {
      this.v = v;
      this.children = children;
    }
  }

  static double total(Map<String, Tree> trees) {
    double s = 0;
    for (String key : trees.keySet()) {
      s += trees.get(key).v;
      s += total(trees.get(key).children);
    }
    return s;
  }

  static final class Remembering implements DoubleUnaryOperator {
    private final double[] held = new double[1];

    @Override
    public double applyAsDouble(double x) {
      held[0] = x;
      return held[0] * held[0];
    }
  }

  sealed interface Distribution {
    double logDensity(double[] x);
  }

  record Uniform(double a, double b) implements Distribution {
    @Override
    public double logDensity(double[] x) {
      return -x.length * Math.log(b - a);
    }
  }

  record Normal(double mu, double sigma) implements Distribution {
    @Override
    public double logDensity(double[] x) {
      double s = 0;
      for (double e : x) {
        s -= (e - mu) * (e - mu) / (2 * sigma * sigma);
      }
      return s;
    }
  }

  record Product(List<Distribution> parts) implements Distribution {
    @Override
    public double logDensity(double[] x) {
      double s = 0;
      for (Distribution part : parts) {
        s += part.logDensity(x);
      }
      return s;
    }
  }

  @TestFactory
  Stream<DynamicTest> objects() {
    Map<String, Tree> par = new HashMap<>();
    par.put("var", new Tree(10, Map.of()));
    par.put("sub", new Tree(2, Map.of("a", new Tree(3, Map.of()))));
    return new Cases()
        .number(
            "an array filled in a loop",
            5,
            10,
            x -> {
              double[] a = new double[10];
              for (int n = 0; n < a.length; n++) {
                a[n] = x * x;
              }
              return mean(a);
            })
        .number(
            "an array filled twice",
            5,
            10,
            x -> {
              double[] a = new double[10];
              Arrays.fill(a, x);
              for (int n = 0; n < a.length; n++) {
                a[n] = x * x;
              }
              return mean(a);
            })
        .object(
            "a parameter in a dictionary",
            new HashMap<>(Map.of("var", 10.0)),
            m -> of(m.get("var")),
            of(5),
            m -> m.get("var") * 5)
        .object(
            "dictionaries of dictionaries (marked to do upstream)",
            par,
            m -> of(m.get("var").v, m.get("sub").v, m.get("sub").children.get("a").v),
            of(1, 1, 1),
            m -> total(m))
        .array(
            "an element overwritten after it is read (broken upstream)",
            of(2),
            of(-0.4161468365471424),
            a -> {
              double x = a[0];
              a[0] = 0;
              return Math.sin(x);
            })
        .jacobian(
            "a closure's row",
            of(2, 6),
            new double[][] {{1, 0}, {0, 1}},
            x -> new double[] {x[0], x[1]})
        .number("a callable with storage of its own", 3, 6, x -> new Remembering().applyAsDouble(x))
        .object("a field", new Cell(3, 0), c -> of(c.x, c.y), of(2, 0), c -> 2 * c.x)
        .object("a field read twice", new Cell(3, 0), c -> of(c.x), of(2), c -> c.x + c.x)
        .check(
            "the tangent of a field that is set",
            () -> {
              Fn1<Cell, Double> f =
                  c -> {
                    c.y = 2 * c.x;
                    return c.y;
                  };
              assertClose(2.4, Grad.jvp(f, new Cell(3, 642), new Cell(1.2, 541)).tangent(), "");
            })
        .number(
            "a field summed in a loop",
            3.1,
            5050,
            x -> {
              Cell c = new Cell(0, 0);
              for (int i = 1; i <= 100; i++) {
                c.x = c.x + x * i;
              }
              return c.x;
            })
        .number(
            "a field that is a new object in each iteration",
            3.1,
            5050,
            x -> {
              Held[] c = {new Held(new Cell(0, 0))};
              for (int i = 1; i <= 100; i++) {
                c[0] = new Held(new Cell(c[0].x.x + x * i, 0));
              }
              return c[0].x.x;
            })
        .object(
            "distributions by interface",
            new Product(List.of(new Normal(0, 1), new Uniform(0, 2))),
            p -> of(((Normal) p.parts.get(0)).mu, ((Uniform) p.parts.get(1)).b),
            of(1.5, -1),
            p -> p.logDensity(of(1, 0.5)))
        .number(
            "a list of an abstract type, one constant",
            2.7,
            1,
            x -> {
              List<Distribution> all = List.of(new Uniform(0, 1), new Normal(x, 1));
              double s = 0;
              for (Distribution d : all) {
                s += d instanceof Normal n ? n.mu : 1;
              }
              return s;
            })
        .numbers(
            "objects that are swapped",
            2,
            3,
            0,
            1,
            (x, y) -> {
              Cell a = new Cell(x, 0);
              Cell b = new Cell(y, 0);
              Cell t = a;
              a = b;
              b = t;
              return a.x;
            })
        .number(
            "a number beside an array of it",
            3.1,
            6.2,
            x -> {
              Object[] mixed = {x, new double[] {x}};
              return (double) mixed[0] * ((double[]) mixed[1])[0];
            })
        .number(
            "a function in a field",
            3,
            6,
            x -> {
              record Held(DoubleUnaryOperator f, double v) {}
              Held s = new Held(t -> t * t, x);
              return s.f.applyAsDouble(s.v);
            })
        .check(
            "a cotangent of each of two results",
            () -> {
              var back = Grad.pullback((Fn1<Double, double[]>) x -> of(x * x, x * x * x), 3.1);
              double x = 3.1;
              assertClose(2 * x * 2.7 + 3 * x * x * 0.2, back.gradient(of(2.7, 0.2)), "");
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> arrays() {
    double[][] m = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    return new Cases()
        .array("a sum", of(1, 2), of(1, 1), a -> sum(a))
        .array("a sum squared", of(1, 2), of(6, 6), a -> sum(a) * sum(a))
        .object(
            "columns",
            m,
            g -> flat(g),
            of(1, 2, 3, 1, 2, 3, 1, 2, 3),
            g -> {
              double s = 0;
              for (int j = 0; j < 3; j++) {
                for (int i = 0; i < 3; i++) {
                  s += (j + 1) * g[i][j];
                }
              }
              return s;
            })
        .object(
            "rows",
            m,
            g -> flat(g),
            of(1, 1, 1, 2, 2, 2, 3, 3, 3),
            g -> {
              double s = 0;
              int i = 1;
              for (double[] row : g) {
                s += i++ * sum(row);
              }
              return s;
            })
        .numbers(
            "one element of many is added to",
            2,
            3,
            12,
            8,
            (x, w) -> {
              double[][][] y = new double[4][3][2];
              for (int i = 0; i < 4; i++) {
                y[0][0][0] += w * x;
              }
              double s = 0;
              for (double[][] plane : y) {
                for (double[] row : plane) {
                  s += sum(row);
                }
              }
              return s;
            })
        .array(
            "elements multiplied in place",
            of(1, 2, 3, 4),
            of(3, 5, 2, 2),
            y -> {
              y[0] *= y[2];
              y[3] *= y[1];
              return sum(y);
            })
        .array(
            "a copy kept before the array is overwritten",
            of(2, 3),
            of(3, 2),
            a -> {
              double[] copy = a.clone();
              a[0] = 1.234;
              a[1] = 5.678;
              return copy[0] * copy[1];
            })
        .number(
            "an element pushed",
            2,
            1,
            y -> {
              List<Double> x = new ArrayList<>(List.of(2.3));
              x.add(y);
              return x.get(0) + x.get(1);
            })
        .number(
            "2500 elements pushed",
            1,
            1,
            a -> {
              List<Double> list = new ArrayList<>();
              for (int i = 0; i < 2500; i++) {
                list.add(a);
              }
              return list.get(2499);
            })
        .number(
            "rows copied by reference",
            2,
            5,
            x -> {
              double[][] a = {{x, 2 * x}, {3 * x, 4 * x}};
              double[][] b = new double[2][];
              System.arraycopy(a, 0, b, 0, 2);
              a[1][0] *= 1;
              return b[0][1] + b[1][0];
            })
        .tests();
  }

  static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Sorts downwards by insertion. */
  static void insertionSort(double[] array) {
    for (int i = 1; i < array.length; i++) {
      int j = i;
      while (j > 0 && array[j - 1] < array[j]) {
        double t = array[j];
        array[j] = array[j - 1];
        array[j - 1] = t;
        j -= 1;
      }
    }
  }

  static double tiles(double[] frame, int start, int end) {
    if (end - start > 3) {
      int middle = start + (end - start) / 2;
      double[][] again = {frame};
      return tiles(again[0], start, middle) + tiles(again[0], middle, end);
    }
    double s = 0;
    int c = start;
    if (c < end) {
      do {
        s += frame[c];
        c++;
      } while (c < end);
    }
    return s;
  }

  static double fibonacci(double a, double b, int n) {
    return n <= 0 ? a + b : fibonacci(a, b, n - 1) + fibonacci(a, b, n - 2);
  }

  /** The two blocks of a graph that goes from one to the other and back. */
  static double irregular(double[] x) {
    boolean first = true;
    while (true) {
      double t;
      if (first) {
        t = 4 * Math.cos(x[0] + x[1]);
        x[0] = 3 * Math.sin(2 * x[0] + x[1]);
      } else {
        t = 4 * Math.sin(2 * x[0] + x[1]);
        x[0] = 4 * Math.cos(x[0] + 2 * x[1]);
      }
      x[1] = t;
      if (x[0] * x[0] < x[1]) {
        return x[0] + 2 * x[1];
      }
      first = x[0] > 0;
    }
  }

  /** The same steps without a branch, for the point (0.9, 0.7). */
  static double straight(double[] x) {
    for (boolean first : new boolean[] {true, true, false, false, true, false}) {
      double t = 4 * (first ? Math.cos(x[0] + x[1]) : Math.sin(2 * x[0] + x[1]));
      x[0] = first ? 3 * Math.sin(2 * x[0] + x[1]) : 4 * Math.cos(x[0] + 2 * x[1]);
      x[1] = t;
    }
    return x[0] + 2 * x[1];
  }

  static double largestMean(double[] vec) {
    double best = -1e7;
    double[] all = new double[vec.length];
    int count = 0;
    for (double v : vec) {
      if (v > best) {
        count = 0;
        best = v;
      }
      if (v == best) {
        all[count++] = v;
      }
    }
    double s = 0;
    for (int i = 0; i < count; i++) {
      s += all[i];
    }
    return s / count;
  }

  static double rosenbrock(double[] control) {
    double result = 0;
    for (int i = 0; i < control.length; i += 2) {
      double c1 = control[i + 1] - control[i] * control[i];
      double c2 = 1 - control[i];
      result += 100 * c1 * c1 + c2 * c2;
    }
    return result;
  }

  static double inverseRoot(float number) {
    int bits = 0x5f3759df - (Float.floatToRawIntBits(number) >> 1);
    float y = Float.intBitsToFloat(bits);
    return y * (1.5f - number * 0.5f * y * y);
  }

  @TestFactory
  Stream<DynamicTest> integration() {
    double[] alternating = IntStream.range(0, 10).mapToDouble(i -> i % 2).toArray();
    double[] ones = new double[10];
    Arrays.fill(ones, 1);
    return new Cases()
        .array(
            "insertion sort, the larger half",
            alternating,
            alternating,
            a -> {
              insertionSort(a);
              return sum(Arrays.copyOf(a, 5));
            })
        .array("a tree of calls over tiles", ones, ones, a -> tiles(a, 0, 10))
        .numbers("recursion in two branches", 2, 3, 17711, 17711, (a, b) -> fibonacci(a, b, 20))
        .numbers(
            "three loops in each other",
            2,
            3,
            1e6,
            1e6,
            (a, b) -> {
              double s0 = 0;
              for (int i = 0; i < 100; i++) {
                double s1 = 0;
                for (int j = 0; j < 100; j++) {
                  double s2 = 0;
                  for (int k = 0; k < 100; k++) {
                    s2 += a + b;
                  }
                  s1 += s2;
                }
                s0 += s1;
              }
              return s0;
            })
        .check(
            "jumps between two blocks",
            () -> {
              double[] straight = Grad.gradient(x -> straight(x), of(0.9, 0.7));
              assertClose(straight, Grad.gradient(x -> irregular(x), of(0.9, 0.7)), "");
            })
        .array(
            "the mean of the largest",
            of(-1, 2, -0.2, 2, 1),
            of(0, 0.5, 0, 0.5, 0),
            v -> largestMean(v))
        .array(
            "the largest by comparisons",
            of(1, 2, 3, 102, 5),
            of(0, 0, 0, 1, 0),
            a -> {
              double best = 3.14;
              for (double e : a) {
                if (e > best) {
                  best = e;
                }
              }
              return best;
            })
        .number(
            "the largest is where one started",
            102,
            1,
            start -> {
              double best = start;
              for (int i = 1; i <= 5; i++) {
                if (i > best) {
                  best = i;
                }
              }
              return best;
            })
        .number(
            "read, write, read",
            2,
            12,
            x -> {
              double[] a = {x};
              double product = a[0] * a[0];
              a[0] = a[0] * product;
              return a[0];
            })
        .array(
            "read, then zeroed, in loops whose bound is overwritten",
            IntStream.range(0, 9).asDoubleStream().toArray(),
            IntStream.range(0, 9).mapToDouble(i -> 2.0 * i).toArray(),
            a -> {
              int[] n = {3};
              double s = 0;
              for (int i = 0; i < 3; i++) {
                for (int j = 0; j < n[0]; j++) {
                  s += a[3 * i + j] * a[3 * i + j];
                  a[3 * i + j] = 0;
                }
              }
              n[0] = 7;
              return s;
            })
        .array(
            "bounds from an array that is dropped",
            of(3, 7),
            of(0, 2),
            a -> {
              long[][] segments = {{198, 200}};
              long[] segment = segments[0];
              for (int i = 0; i < segment[1] - segment[0]; i++) {
                a[i] *= 2;
              }
              segments[0] = null;
              a[0] = 0;
              return sum(a);
            })
        .object(
            "a square put back into a map",
            new HashMap<>(Map.of("x", 3.0)),
            map -> of(map.get("x")),
            of(6),
            map -> {
              Map<String, Double> values = new HashMap<>(map);
              values.put("x", values.get("x") * values.get("x"));
              return values.get("x");
            })
        .check(
            "a sum that stops early, along a direction",
            () -> {
              Fn1<double[], Double> f =
                  vec -> {
                    double s = 0;
                    for (double v : vec) {
                      s += v;
                      if (s > 15) {
                        break;
                      }
                      s += v;
                    }
                    return s;
                  };
              double[] direction = of(2, 0, 1, 9, 8);
              assertClose(15, Grad.jvp(f, of(1, 2, 3, 4, 5), direction).tangent(), "");
            })
        .array(
            "Rosenbrock's function",
            of(1.5, 2.5, 3.5, 4.5),
            of(-149, 50, 10855, -1550),
            x -> rosenbrock(x))
        .array(
            "a rule for bit operations",
            of(1, 2, 3),
            ofInverseRoot(),
            a -> {
              double s = 0;
              for (double e : a) {
                s += e * e;
              }
              return ruled(s);
            })
        .tests();
  }

  static double ruled(double x) {
    return inverseRoot((float) x);
  }

  static {
    Grad.rule(EnzymeCasesTest::ruled, x -> -inverseRoot((float) x) / (2 * x));
  }

  private static double[] ofInverseRoot() {
    double y = inverseRoot(14);
    return of(-1 * (y / 14), -2 * (y / 14), -3 * (y / 14));
  }

  @TestFactory
  Stream<DynamicTest> signsOfZero() {
    return new Cases()
        .number("abs at 2", 2, 1, Math::abs)
        .number("abs at -2", -2, -1, Math::abs)
        .number("abs of -x² at 0", 0, 0, x -> Math.abs(-x * x))
        .number(
            "the second derivative of abs of -x²",
            1.5,
            2,
            x -> Grad.derivative(y -> Math.abs(-y * y), x))
        .number("pow at 0, base", 0, 1, x -> Math.pow(x, 1))
        .number("pow at 0, exponent", 1, 0, y -> Math.pow(0, y))
        .jacobian(
            "a guarded normal at the origin", of(0, 0, 0), new double[3][3], v -> guardedAfter(v))
        .jacobian(
            "a normal guarded before the root",
            of(0, 0, 0),
            new double[3][3],
            v -> guardedBefore(v))
        .jacobian(
            "a normal away from the origin",
            of(3, 0, 4),
            new double[][] {{0.128, 0, -0.096}, {0, 0.2, 0}, {-0.096, 0, 0.072}},
            v -> guardedAfter(v))
        .tests();
  }

  static double[] guardedAfter(double[] v) {
    double length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    if (length <= 1e-12) {
      return of(1, 0, 0);
    }
    double inverse = 1 / length;
    return of(v[0] * inverse, v[1] * inverse, v[2] * inverse);
  }

  static double[] guardedBefore(double[] v) {
    double square = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    if (square <= 1e-24) {
      return of(1, 0, 0);
    }
    double inverse = 1 / Math.sqrt(square);
    return of(v[0] * inverse, v[1] * inverse, v[2] * inverse);
  }

  static double square(double x) {
    return x * x;
  }

  @TestFactory
  Stream<DynamicTest> higherOrder() {
    Fn1<double[], Double> objective =
        x ->
            -4
                + square(x[0])
                + square(x[1])
                + square(x[2] + x[3])
                + x[2]
                + square(Math.sin(x[2]))
                + square(x[0]) * square(x[1])
                + x[3]
                + square(Math.sin(x[2]))
                + square(-1 + x[3])
                + square(square(x[1]))
                + square(square(x[2]) + square(x[0] + x[3]))
                + square(-4 + square(Math.sin(x[3])) + square(x[1]) * square(x[2]) + x[0])
                + Math.pow(Math.sin(x[3]), 4);
    return new Cases()
        .number("forward of reverse of a power", 2.1, 2, x -> Grad.gradient(y -> Math.pow(y, 2), x))
        .hessian(
            "four variables",
            of(0, 2, -1, 2),
            new double[][] {
              {64, 8, -32, 50.48639500938415},
              {8, 85.30728724172722, -77.2291489669089, -6.0544199624634265},
              {-32, -77.2291489669089, 169.56456162072033, -1.8911600750731472},
              {50.48639500938415, -6.0544199624634265, -1.891160075073147, 53.967425651780005}
            },
            objective)
        .hessian(
            "x² + x y", of(1.5, 2), new double[][] {{2, 1}, {1, 0}}, x -> x[0] * x[0] + x[0] * x[1])
        .check(
            "a Hessian times a vector",
            () -> {
              Fn1<double[], Double> f = x -> Math.cos(x[0]);
              assertClose(of(-1), Grad.hessianVectorProduct(f, of(0), of(1)), "");
            })
        .array(
            "a gradient within a gradient",
            of(0.5),
            of(-2 * Math.tanh(0.5) / Math.pow(Math.cosh(0.5), 2)),
            x -> sum(Grad.gradient(y -> Math.tanh(y[0]), x)))
        .numbers(
            "nested forward mode",
            1,
            2,
            0,
            0,
            (x, y) -> Grad.derivative(t -> Math.pow(t, 1) * 2, x) + 0 * y)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> bits() {
    return new Cases()
        .gap("a number made of the bits of another is not followed")
        .number(
            "the sign bit flipped",
            2,
            -1,
            x -> Double.longBitsToDouble(Double.doubleToRawLongBits(x) ^ Long.MIN_VALUE))
        .gap("a number made of the bits of another is not followed")
        .number(
            "the exponent set",
            0.42,
            4,
            x -> Double.longBitsToDouble(Double.doubleToRawLongBits(x) | 4607182418800017408L))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> unions() {
    return new Cases()
        .number("a variable defined in a branch not taken", 2.14, 1, x -> undefined(false, x))
        .number("an early constant", 2.1, 0, x -> constantEarly(true, x))
        .number("one of two results", 2, 2, x -> (double) either(true, x))
        .number(
            "one of two functions",
            1,
            2,
            x -> {
              DoubleBinaryOperator chosen = x > 0 ? (a, b) -> a * b : (a, b) -> a + b;
              return chosen.applyAsDouble(x, 2);
            })
        .number(
            "a result with a flag",
            1,
            3,
            x -> {
              record Result(double[] x, boolean ok) {}
              Result r = x > 0 ? new Result(of(x, 2 * x), true) : new Result(of(2 * x, 0), false);
              return r.ok ? sum(r.x) : 0;
            })
        .tests();
  }

  static double undefined(boolean taken, double x) {
    double y;
    if (taken) {
      y = 3;
    } else {
      y = x;
    }
    return y;
  }

  static double constantEarly(boolean early, double x) {
    Object result = x;
    if (early) {
      result = 4;
    }
    return ((Number) result).doubleValue();
  }

  static Object either(boolean first, double x) {
    return first ? (Object) (2 * x) : "nothing";
  }
}

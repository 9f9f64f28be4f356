package dev.fluxion.grad;

import static dev.fluxion.grad.Cases.assertClose;
import static dev.fluxion.grad.Cases.of;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The cases of the test suite of Zygote (test/features.jl, compiler.jl, structures.jl, utils.jl,
 * forward.jl, lib/base.jl and lib/number.jl), those marked broken there too, with their literal
 * values, as Java says them.
 */
@SuppressWarnings({
  "AlreadyChecked",
  "BadImport",
  "BoxingComparator",
  "JdkObsolete",
  "NarrowCalculation",
  "NullAway",
  "UnusedVariable"
}) // as users write it
class ZygoteCasesTest {
  private static final System.Logger LOGGER = System.getLogger("dev.fluxion.quiet");

  record Bar(double a, double b) {}

  record Labelled(double a, String text) {}

  static final class Mutable {
    double value;

    Mutable(double value) {
      this.value = value;
    }
  }

  /** A field that is an object again. */
  static final class Outer<T> {
    T x;

    Outer(T x) {
      this.x = x;
    }
  }

  record Held(double[] x) {}

  static double pow(double x, int n) {
    double r = 1;
    while (n > 0) {
      n--;
      r *= x;
    }
    return r;
  }

  static double powMutable(double x, int n) {
    double[] r = {1};
    while (n > 0) {
      n -= 1;
      r[0] = r[0] * x;
    }
    return r[0];
  }

  static double powRecursive(double x, int n) {
    return n == 0 ? 1 : x * powRecursive(x, n - 1);
  }

  static double product(double... xs) {
    double s = 1;
    for (double x : xs) {
      s *= x;
    }
    return s;
  }

  static double largest(double... xs) {
    double best = xs[0];
    for (double x : xs) {
      best = Math.max(best, x);
    }
    return best;
  }

  static double sum(double... xs) {
    double s = 0;
    for (double x : xs) {
      s += x;
    }
    return s;
  }

  @TestFactory
  Stream<DynamicTest> misc() {
    boolean[] flag = {true};
    Scalar1 five = x -> 5 * x;
    return new Cases()
        .number("identity", 1, 1, x -> x)
        .numbers("mul", 2, 3, 3, 2, (x, y) -> x * y)
        .number("a branch on a captured flag", 3, 2, x -> flag[0] ? 2 * x : x)
        .number("a function in a variable", 2, 5, x -> five.apply(x))
        .array("sum of squares", of(1, 2, 3), of(2, 4, 6), x -> sumOfSquares(x))
        .number("pow", 2, 12, x -> pow(x, 3))
        .number("pow with a mutable cell", 2, 12, x -> powMutable(x, 3))
        .number("pow by recursion", 2, 12, x -> powRecursive(x, 3))
        .number("a constant", 2, 0, x -> 1)
        .numbers(
            "a struct",
            2,
            3,
            3,
            2,
            (x, y) -> {
              Bar c = new Bar(x, y);
              return c.a * c.b;
            })
        .numbers(
            "a tuple",
            2,
            3,
            3,
            2,
            (x, y) -> {
              Object[] c = {x, y};
              return (double) c[0] * (double) c[1];
            })
        .numbers(
            "a closure",
            2,
            3,
            3,
            2,
            (x, y) -> {
              DoubleUnaryOperator g = z -> x * z;
              return g.applyAsDouble(y);
            })
        .numbers("varargs", 2, 3, 3, 2, (x, y) -> product(x, y))
        .numbers("an unused argument", 1, 1, 1, 0, (x, y) -> x)
        .numbers("a comparison of arguments", 1, 2, 0, 0, (x, y) -> x == y ? 1 : 0)
        .array("a product over an array", of(1, 2, 3), of(6, 3, 2), x -> product(x))
        .numbers(
            "an array literal",
            2,
            3,
            3,
            2,
            (x, y) -> {
              double[] xs = {x, y};
              return xs[0] * xs[1];
            })
        .number(
            "a dictionary",
            2,
            4,
            x -> {
              Map<String, Double> d = new HashMap<>();
              d.put("x", x);
              return x * d.get("x");
            })
        .array("an index into an argument passed on", of(1, 1), of(1, 0), x -> first(x, 0))
        .check(
            "an exception goes through",
            () -> {
              Scalar1 f =
                  x -> {
                    throw new IllegalStateException("fubar " + x);
                  };
              assertThrows(IllegalStateException.class, () -> Grad.gradient(f, 1));
            })
        .number(
            "a matrix literal",
            2,
            1,
            x -> {
              double[][] h = {{1, x}, {3, 4}};
              return sum(h[0]) + sum(h[1]);
            })
        .number(
            "a throw not taken",
            2,
            5,
            x -> {
              if (x < 0) {
                throw new IllegalArgumentException("foo");
              }
              return x * 5;
            })
        .number(
            "a merge of three ways",
            1,
            2,
            x -> {
              double y = x;
              if (x > 0) {
                y *= 2;
              } else if (x < 0) {
                y *= 3;
              }
              return y;
            })
        .number(
            "an if without an effect",
            1,
            2,
            x -> {
              boolean yes = true;
              if (yes) {
              } else if (!yes) {
                return 0;
              }
              return x + x;
            })
        .numbers(
            "the gradient may be changed on its way by a rule",
            2,
            3,
            -3,
            2,
            (x, y) -> negatedBack(x) * y)
        .number(
            "push and pop",
            1,
            1,
            x -> {
              Deque<Double> stack = new java.util.ArrayDeque<>();
              stack.push(x);
              return stack.pop();
            })
        .number("an array of structs", 1, 1, x -> new Bar[] {new Bar(x, 1)}[0].a)
        .number(
            "a loop that ends by break or return",
            1,
            1,
            x -> {
              while (true) {
                if (x > 0) {
                  return x;
                }
                if (x < -9) {
                  break;
                }
              }
              return 0;
            })
        .number(
            "a variable of a loop that is a long",
            2,
            12,
            x -> {
              double r = 1;
              for (long i = 1; i <= 3L; i++) {
                r *= x;
              }
              return r;
            })
        .tests();
  }

  static double sumOfSquares(double[] x) {
    double s = 0;
    for (double e : x) {
      s += e * e;
    }
    return s;
  }

  static double first(double[] x, int index) {
    return x[index];
  }

  static double negatedBack(double x) {
    return x;
  }

  static {
    Grad.rule(ZygoteCasesTest::negatedBack, x -> -1.0);
  }

  @TestFactory
  Stream<DynamicTest> nested() {
    Cases cases = new Cases();
    cases.check(
        "D(x -> D(sin, x))",
        () -> {
          Scalar1 inner = x -> Grad.gradient(y -> Math.sin(y), x);
          assertClose(-Math.sin(0.5), Grad.gradient(inner, 0.5), "");
        });
    cases.number("D(x -> x D(y -> x + y))", 1, 1, x -> x * Grad.gradient(y -> x + y, 1.0));
    cases.number("D(x -> x D(y -> x y))", 4, 8, x -> x * Grad.gradient(y -> x * y, 1.0));
    cases.number("sin''", 1, -Math.sin(1), x -> Grad.gradient(y -> Math.sin(y), x));
    cases.number(
        "sin'''", 1, -Math.cos(1), x -> Grad.gradient(y -> Grad.gradient(z -> Math.sin(z), y), x));
    cases.number("forward in reverse", 5, 2, x -> Grad.derivative(y -> y * y, x));
    cases.number(
        "forward of sin(cos)",
        0.5,
        -Math.cos(Math.cos(0.5)) * Math.sin(0.5),
        x -> Math.sin(Math.cos(x)));
    cases.number("D(x -> D(cos, x))", 0.5, -Math.cos(0.5), x -> Grad.derivative(Math::cos, x));
    cases.number("D(x -> x D(y -> x y)), forward", 4, 8, x -> x * Grad.derivative(y -> x * y, 1.0));
    cases.number(
        "an inner derivative's variable assigned outside",
        1,
        1,
        x -> {
          double[] held = {x};
          double slope = Grad.derivative(y -> held[0] * y, 1.0);
          return Grad.derivative(y -> slope * y, 1.0);
        });
    cases.number(
        "the fourth derivative of a power",
        7,
        4 * 3 * 49,
        x -> Grad.derivative(y -> y * y * y * y, x));
    cases.number(
        "matrix product of an array in place",
        3,
        6,
        x -> {
          double[][] a = new double[5][5];
          double[][] b = new double[5][5];
          a[0][0] = x;
          for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
              for (int k = 0; k < 5; k++) {
                b[i][j] += a[i][k] * a[k][j];
              }
            }
          }
          return Arrays.stream(b).mapToDouble(row -> sum(row)).sum();
        });
    cases.array(
        "gradient of a gradient's sum",
        of(1, 2),
        of(2, 2),
        x -> sum(Grad.gradient(y -> sumOfSquares(y), x)));
    cases.array(
        "gradient of a gradient's sum, sines",
        of(1, 2),
        of(-0.8414709848078965, -0.9092974268256817),
        x -> sum(Grad.gradient(y -> Math.sin(y[0]) + Math.sin(y[1]), x)));
    return cases.tests();
  }

  @TestFactory
  Stream<DynamicTest> mutableStructs() {
    Function<Mutable, double[]> value = m -> of(m.value);
    Function<Outer<Mutable>, double[]> inner = o -> of(o.x.value);
    return new Cases()
        .number(
            "a setter",
            1,
            1,
            x -> {
              Mutable m = new Mutable(0);
              m.value = x;
              return m.value;
            })
        .object("a mutable struct", new Mutable(3), value, of(7), m -> m.value * m.value + m.value)
        .object("an array of one", new double[] {3}, x -> x, of(7), x -> x[0] * x[0] + x[0])
        .object(
            "mutables in an array",
            new Mutable[] {new Mutable(1), new Mutable(2), new Mutable(3)},
            a -> of(a[0].value, a[1].value, a[2].value),
            of(2, 4, 6),
            a -> Arrays.stream(a).mapToDouble(m -> m.value * m.value).sum())
        .object(
            "one of the mutables in an array",
            new Mutable[] {new Mutable(1), new Mutable(2), new Mutable(3)},
            a -> of(a[0].value, a[1].value, a[2].value),
            of(2, 0, 0),
            a -> a[0].value * a[0].value)
        .object(
            "a mutable in a list",
            List.of(new Mutable(3)),
            l -> of(l.get(0).value),
            of(6),
            l -> l.get(0).value * l.get(0).value)
        .object(
            "a mutable in a list in an array",
            new Object[] {new Mutable[] {new Mutable(3)}},
            a -> of(((Mutable[]) a[0])[0].value),
            of(6),
            a -> Math.pow(((Mutable[]) a[0])[0].value, 2))
        .object(
            "a mutable in a mutable",
            new Outer<>(new Mutable(4)),
            inner,
            of(48),
            o -> o.x.value * o.x.value * o.x.value)
        .object(
            "the second of two that are the same",
            shared(new Outer<>(new Mutable(4))),
            l -> of(l.get(1).x.value),
            of(48),
            l -> Math.pow(l.get(1).x.value, 3))
        .object(
            "an array in a struct in a list",
            List.of(new Held(new double[] {3})),
            l -> l.get(0).x,
            of(6),
            l -> Math.pow(sum(l.get(0).x), 2))
        .object(
            "an array in a struct, read twice",
            List.of(new Held(new double[] {3})),
            l -> l.get(0).x,
            of(216),
            l -> Math.pow(l.get(0).x[0] + l.get(0).x[0], 3))
        .object(
            "an array of arrays, of which one is read",
            new double[][] {{1, 3}, {2, 4}},
            a -> of(a[0][0], a[0][1], a[1][0], a[1][1]),
            of(3, 1, 0, 0),
            a -> product(a[0]))
        .object(
            "indices kept beside values",
            new Indexed(new int[] {0, 1}, new double[] {1, 1, 1}),
            x -> x.u,
            of(1, 1, 0),
            x -> IntStream.of(x.indices).mapToDouble(i -> x.u[i]).sum())
        .number("a class that leaves a field alone", 2, 2, x -> new Fewer(x).x * 2)
        .object(
            "a virtual property",
            new Summed(1, 2),
            s -> of(s.a, s.b),
            of(2, 2),
            s -> s.a + s.b + s.c())
        .tests();
  }

  static <T> List<T> shared(T x) {
    return List.of(x, x);
  }

  record Indexed(int[] indices, double[] u) {}

  static final class Fewer {
    final double x;
    double y;

    Fewer(double x) {
      this.x = x;
    }
  }

  record Summed(double a, double b) {
    double c() {
      return a + b;
    }
  }

  @TestFactory
  Stream<DynamicTest> namedTuplesAndDictionaries() {
    Map<String, Double> two = new TreeMap<>(Map.of("a", 2.0, "b", 3.0));
    Function<Map<String, Double>, double[]> values =
        m -> of(m.getOrDefault("a", 0.0), m.getOrDefault("b", 0.0));
    boolean[] asked = {false};
    Cases cases = new Cases();
    cases.object("a record", new Bar(1, 2), b -> of(b.a, b.b), of(1, 0), b -> b.a);
    cases.object(
        "records in a list",
        List.of(new Bar(1, 2), new Bar(3, 4)),
        l -> of(l.get(0).a, l.get(0).b, l.get(1).a),
        of(1, 0, 0),
        l -> l.get(0).a);
    cases.object(
        "a record beside text",
        new Object[] {new Bar(1, 2), "three"},
        a -> of(((Bar) a[0]).a),
        of(1),
        a -> ((Bar) a[0]).a);
    cases.object(
        "a record with text",
        new Labelled(3, "three"),
        l -> of(l.a),
        of(5),
        l -> l.a * l.text.length());
    cases.object("a pair", Map.entry("x", 17.0), e -> of(e.getValue()), of(1), e -> e.getValue());
    cases.object("a dictionary", two, values, of(1, 0), m -> m.get("a"));
    cases.object(
        "a dictionary made of another",
        two,
        values,
        of(1, 0),
        m -> Map.of("x", m.get("a")).get("x"));
    cases.object("get or default, there", two, values, of(1, 0), m -> m.getOrDefault("a", 0.0));
    cases.number("get or default, missing", 10, 1, x -> two.getOrDefault("missing", x));
    cases.object(
        "compute if absent, there",
        two,
        values,
        of(1, 0),
        m ->
            new TreeMap<>(m)
                .computeIfAbsent(
                    "a",
                    k -> {
                      asked[0] = true;
                      return 0.0;
                    }));
    cases.check("the default is not evaluated", () -> assertFalse(asked[0]));
    cases.number(
        "compute if absent, missing",
        5,
        2,
        y -> new HashMap<>(two).computeIfAbsent("missing", k -> 2 * y));
    cases.object(
        "arrays in a dictionary",
        Map.of("x", new double[] {1, 1, 1}),
        m -> m.get("x"),
        of(1, 1, 1),
        m -> sum(m.getOrDefault("x", new double[3])));
    cases.object(
        "iteration over entries",
        two,
        values,
        of(1, 2),
        m -> {
          double s = 0;
          for (Map.Entry<String, Double> e : m.entrySet()) {
            s += e.getValue();
            if (e.getKey().equals("b")) {
              s += e.getValue();
            }
          }
          return s;
        });
    cases.object(
        "iteration over values",
        two,
        values,
        of(1, 1),
        m -> {
          double s = 0;
          for (double v : m.values()) {
            s += v;
          }
          return s;
        });
    cases.object(
        "a dictionary captured by a closure",
        two,
        values,
        of(1, 0),
        m -> {
          DoubleSupplier read = () -> m.get("a");
          return read.getAsDouble();
        });
    cases.number(
        "a dictionary filled in a loop",
        3,
        123.93054835019153,
        x -> {
          Map<Integer, Double> d = new HashMap<>();
          for (int i = 1; i <= 4; i++) {
            d.put(i, Math.pow(i, x));
          }
          double s = 0;
          for (double v : d.values()) {
            s += v;
          }
          return s;
        });
    cases.object(
        "a copied dictionary updated",
        two,
        values,
        of(5, 1),
        d -> {
          Map<String, Double> copy = new LinkedHashMap<>(d);
          copy.put("a", d.get("a") * 5);
          return copy.get("a") + copy.get("b");
        });
    cases.number(
        "a copy of a dictionary made inside",
        2,
        7,
        x -> {
          Map<String, Double> copy = new HashMap<>(Map.of("a", x, "b", 2 * x));
          return copy.get("a") + 3 * copy.get("b");
        });
    return cases.tests();
  }

  @TestFactory
  Stream<DynamicTest> iterators() {
    double[] ten = IntStream.rangeClosed(1, 10).asDoubleStream().toArray();
    return new Cases()
        .array(
            "enumerate",
            of(1, 2, 3, 4, 5),
            of(1, 4, 27, 256, 3125),
            xs -> {
              double s = 0;
              for (int i = 0; i < xs.length; i++) {
                s += Math.pow(xs[i], i + 1);
              }
              return s;
            })
        .array(
            "enumerate by a stream",
            of(1, 10, 100),
            of(1, 20, 30000),
            xs -> IntStream.range(0, xs.length).mapToDouble(i -> Math.pow(xs[i], i + 1)).sum())
        .array(
            "zip, without collecting",
            of(10, 11, 12),
            of(1, 0.5, 1.0 / 3),
            xs -> {
              List<Double> ys = List.of(1.0, 2.0, 3.0, 4.0);
              Iterator<Double> y = ys.iterator();
              double s = 0;
              for (double x : xs) {
                s += x / y.next();
              }
              return s;
            })
        .array(
            "zip, in the second argument",
            of(1, 2, 3, 4, 5),
            of(-10, -11.0 / 4, -12.0 / 9, -13.0 / 16, -14.0 / 25),
            ys -> {
              Iterator<Double> x = List.of(10.0, 11.0, 12.0, 13.0, 14.0).iterator();
              Iterator<Double> y = DoubleStream.of(ys).iterator();
              double s = 0;
              while (x.hasNext() && y.hasNext()) {
                s += x.next() / y.next();
              }
              return s;
            })
        .array(
            "filter",
            of(2, 3, 4, 5, 6, 7, 8, 9),
            of(4, 0, 8, 0, 12, 0, 16, 0),
            xs -> DoubleStream.of(xs).filter(x -> x % 2 == 0).map(x -> x * x).sum())
        .array(
            "product, without collecting",
            ten,
            of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100),
            xs -> {
              double s = 0;
              for (double x : xs) {
                for (int y = 3; y <= 7; y++) {
                  s += x * x + y;
                }
              }
              return s;
            })
        .array(
            "product by streams",
            of(3, 4, 5, 6, 7),
            of(10, 10, 10, 10, 10),
            ys -> DoubleStream.of(ten).flatMap(x -> DoubleStream.of(ys).map(y -> x * x + y)).sum())
        .array(
            "product with enumerate",
            of(2, 4, 3, 5),
            of(8, 36, 112, 2004),
            xs -> {
              double s = 0;
              for (int i = 0; i < xs.length; i++) {
                for (double y : xs) {
                  s += Math.pow(xs[i], i + 1) + y;
                }
              }
              return s;
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> splatsAndSwaps() {
    return new Cases()
        .array("max of a splat", of(1, 2, 3), of(0, 0, 1), x -> largest(x))
        .array(
            "min of a splat", of(1, 2, 3), of(1, 0, 0), x -> DoubleStream.of(x).min().orElseThrow())
        .number(
            "concatenation of concatenations",
            1,
            1,
            theta -> {
              double[] x1 =
                  DoubleStream.concat(DoubleStream.of(theta), DoubleStream.of(5)).toArray();
              double[] x2 = Arrays.copyOf(x1, 3);
              return x2[0];
            })
        .array(
            "concatenation of a product and the parts",
            of(1, 1, 1),
            of(3, 3, 3),
            x -> {
              double[] all = new double[4];
              all[0] = sumOfSquares(x);
              System.arraycopy(x, 0, all, 1, 3);
              return sum(all);
            })
        .number(
            "a swap in a loop",
            1,
            2,
            x -> {
              double a = x;
              double b = 2 * x;
              for (int i = 0; i < 3; i++) {
                double t = a;
                a = b;
                b = t;
              }
              return a;
            })
        .number(
            "a rotation in a loop",
            1,
            2,
            x -> {
              double a = x;
              double b = 2 * x;
              double c = 3 * x;
              for (int i = 0; i < 4; i++) {
                double t = a;
                a = b;
                b = c;
                c = t;
              }
              return a;
            })
        .array(
            "accumulation over ten sums",
            of(1, 1),
            of(131072, 131072),
            x -> {
              double s = 0;
              for (double e : x) {
                double total = e;
                double last = e;
                for (int i = 2; i < 10; i++) {
                  last = total;
                  total += last;
                }
                s += total * total;
              }
              return s;
            })
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> closuresOverArrays() {
    return new Cases()
        .numbers(
            "a closure over one of the arguments, mapped",
            4,
            5,
            3,
            0,
            (y, unused) -> {
              double[] captured = {y, unused};
              return DoubleStream.of(1, 2, 3).map(z -> z * z + captured[0]).sum();
            })
        .array(
            "a closure over an element, mapped",
            of(1, 2, 3),
            of(5, 4, 6),
            x -> DoubleStream.of(x).map(z -> z * z + x[0]).sum())
        .array(
            "a closure over an element, reduced",
            of(1, 2, 3),
            of(5, 4, 6),
            x -> Arrays.stream(x).boxed().map(z -> z * z + x[0]).reduce(0.0, Double::sum))
        .array(
            "one branch is a constant",
            of(1, 2, 3),
            of(0, 4, 6),
            x -> DoubleStream.of(x).map(z -> z < 2 ? 0 : z * z).sum())
        .array(
            "an element added to all",
            of(1, 2, 3),
            of(4, 1, 1),
            x -> DoubleStream.of(x).map(z -> z + x[0]).sum())
        .array(
            "comparisons counted",
            of(0.3, -2, 1),
            of(0, 0, 0),
            x -> DoubleStream.of(x).map(z -> z > 0 ? 1 : 0).sum())
        .array(
            "comparisons subtracted",
            of(0.3, -2, 1),
            of(1, 1, 1),
            x -> DoubleStream.of(x).map(z -> z - (z > 0 ? 1 : 0)).sum())
        .array(
            "division by constants",
            of(1, 2, Math.PI),
            of(1, 0.5, 0.25),
            x -> x[0] / 1 + x[1] / 2 + x[2] / 4)
        .array(
            "negative powers",
            of(1, 2, 4),
            of(1, -0.25, 8),
            x -> Math.pow(x[0], 1) + Math.pow(x[1], -1) + Math.pow(x[2], 2))
        .array(
            "a negative power",
            of(1, 2, 4),
            of(-1, -0.25, -0.0625),
            x -> DoubleStream.of(x).map(z -> Math.pow(z, -1)).sum())
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> exceptions() {
    return new Cases()
        .numbers(
            "try without a throw",
            1,
            2,
            9,
            9,
            (x, y) -> {
              double z = x + y;
              try {
                if (x < 0) {
                  throw new ArithmeticException("x is negative");
                }
                z = 2 * z + x + y;
              } catch (ArithmeticException e) {
                LOGGER.log(Level.DEBUG, "something went wrong");
              }
              return 3 * z;
            })
        .number("try, catch, finally: nothing thrown", 1, 6, x -> tryCatchFinally(false, x))
        .number("try, catch, finally: thrown", 1, 12, x -> tryCatchFinally(true, x))
        .number("what follows the try when nothing is thrown", 1, 8, x -> tryCatchElse(false, x))
        .number("what the handler computes", 1, 12, x -> tryCatchElse(true, x))
        .number(
            "a value from a try",
            1,
            2,
            x -> {
              try {
                return 2 * x;
              } catch (RuntimeException e) {
                return 0;
              }
            })
        .tests();
  }

  static double tryCatchFinally(boolean fails, double a) {
    double x = a;
    try {
      x = 2 * x;
      if (fails) {
        throw new ArithmeticException();
      }
    } catch (ArithmeticException e) {
      x = 2 * x;
    } finally {
      x = 3 * x;
    }
    return x;
  }

  static double tryCatchElse(boolean fails, double a) {
    double x = 2 * a;
    boolean thrown = false;
    try {
      x = 2 * x;
      if (fails) {
        throw new ArithmeticException();
      }
    } catch (ArithmeticException e) {
      x = 3 * x;
      thrown = true;
    }
    return thrown ? x : 2 * x;
  }

  @TestFactory
  Stream<DynamicTest> logging() {
    return new Cases()
        .number("a branch that logs, not taken", 1, 2, x -> warned(x))
        .number("a branch that logs, taken", -1, 1, x -> warned(x))
        .number(
            "a warning always",
            3,
            6,
            x -> {
              LOGGER.log(Level.DEBUG, "always");
              return x * x;
            })
        .number(
            "the value in the message",
            2,
            4,
            x -> {
              LOGGER.log(Level.DEBUG, "msg {0}", x);
              return x * x;
            })
        .number("a variable defined in one branch, defined", 2, 6, x -> maybe(x))
        .number("a variable defined in one branch, not defined", -1, 42, x -> maybe(x))
        .number(
            "a clock beside",
            0,
            1,
            x -> {
              long start = System.nanoTime();
              double y = x;
              return System.nanoTime() - start < 0 ? 0 : y;
            })
        .tests();
  }

  static double warned(double x) {
    if (x > 0) {
      return x * 2;
    }
    LOGGER.log(Level.DEBUG, "neg");
    return x;
  }

  static double maybe(double x) {
    Double y = null;
    if (x > 0) {
      y = 3 * x;
    }
    return y != null ? y * 2 : 42 * x;
  }

  @TestFactory
  Stream<DynamicTest> numbers() {
    return new Cases()
        .number("floor", 1.3, 0, Math::floor)
        .number("ceil", 1.3, 0, Math::ceil)
        .number("round", 1.3, 0, x -> Math.round(x))
        .number("a hash", 1.3, 0, x -> Double.hashCode(x))
        .number("integer division", 7, 0, x -> (int) x / 2)
        .number("sqrt of a square at 0", 0, 0, x -> Math.sqrt(x * x))
        .number("sqrt of a power at 0", 0, 0, x -> Math.sqrt(Math.pow(x, 2)))
        .number("sqrt of a square", -2, -1, x -> Math.sqrt(x * x))
        .number("a square at 0", 0, 0, x -> Math.pow(x, 2))
        .number("a cube at 0", 0, 0, x -> Math.pow(x, 3))
        .array(
            "sqrt of squares",
            of(0, 1, -2),
            of(0, 1, -1),
            x -> DoubleStream.of(x).map(z -> Math.sqrt(z * z)).sum())
        .numbers("copySign of like signs", 0.8, 2.3, 1, 0, Math::copySign)
        .numbers("copySign of unlike signs", 0.8, -0.7, -1, 0, Math::copySign)
        .numbers("copySign of a negative", -1.4, 2.3, -1, 0, Math::copySign)
        .numbers("copySign of negatives", -1.4, -0.7, 1, 0, Math::copySign)
        .number("a conversion to float and back", 2, 1, x -> (float) x)
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> secondDerivatives() {
    return new Cases()
        .hessian("x y", of(0.3, -2), new double[][] {{0, 1}, {1, 0}}, x -> x[0] * x[1])
        .hessian(
            "sum of cubes",
            of(1, 2, 3, 4),
            new double[][] {{6, 0, 0, 0}, {0, 12, 0, 0}, {0, 0, 18, 0}, {0, 0, 0, 24}},
            x -> DoubleStream.of(x).map(z -> z * z * z).sum())
        .hessian("sin", of(Math.PI / 2), new double[][] {{-1}}, x -> Math.sin(x[0]))
        .hessian(
            "x y²",
            of(1, Math.PI),
            new double[][] {{0, 2 * Math.PI}, {2 * Math.PI, 2}},
            x -> x[0] * x[1] * x[1])
        .jacobian("the identity", of(1, 2), new double[][] {{1, 0}, {0, 1}}, x -> x)
        .jacobian(
            "squares",
            of(1, 2, 3),
            new double[][] {{2, 0, 0}, {0, 4, 0}, {0, 0, 6}},
            x -> new double[] {x[0] * x[0], x[1] * x[1], x[2] * x[2]})
        .jacobian(
            "branches",
            of(1, 2, -3, 4, -5),
            new double[][] {
              {3, 0, 0, 0, 0}, {0, 12, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 48, 0}, {0, 0, 0, 0, 0}
            },
            x -> DoubleStream.of(x).map(z -> z > 0 ? z * z * z : 0).toArray())
        .check(
            "a matrix is no loss",
            () ->
                assertThrows(
                    GradientException.class, () -> Grad.hessian(x -> x, new double[] {1, 2})))
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> lists() {
    return new Cases()
        .number(
            "a list that grows",
            2,
            6,
            x -> {
              List<Double> list = new ArrayList<>();
              for (int i = 0; i < 4; i++) {
                list.add(x * (i % 2 + 1));
              }
              list.add(x);
              list.remove(0);
              list.set(0, 3 * x);
              double s = 0;
              for (double e : list) {
                s += e;
              }
              return s - x;
            })
        .number(
            "a linked list turned round",
            2,
            5,
            x -> {
              LinkedList<Double> list = new LinkedList<>(List.of(x, 2 * x, 3 * x));
              Collections.reverse(list);
              return list.getFirst() + list.get(1);
            })
        .check(
            "the value comes with the gradient",
            () -> {
              var result = Grad.valueAndGradient(x -> 1 / x[0] + 1 / x[1] + 1 / x[2], of(1, 2, 4));
              assertEquals(1.75, result.value());
              assertClose(of(-1, -0.25, -0.0625), result.gradient(), "");
            })
        .check(
            "a pullback has many cotangents",
            () -> {
              var back = Grad.pullback((x, y) -> new double[] {x / y, x * y}, 3.0, 4.0);
              assertClose(of(0.75, 12), back.value(), "");
              assertClose(0.25, back.gradient(of(1, 0)).first(), "");
              assertClose(-0.1875, back.gradient(of(1, 0)).second(), "");
              assertClose(3, back.gradient(of(0, 1)).second(), "");
            })
        .tests();
  }
}

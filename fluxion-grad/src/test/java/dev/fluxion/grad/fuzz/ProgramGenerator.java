package dev.fluxion.grad.fuzz;

import dev.fluxion.testing.Fragment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random Java programs: a class with a method {@code double f(double x, double y)}. */
final class ProgramGenerator {
  private final Values values;
  private final SplittableRandom random;

  private ProgramGenerator(long seed) {
    random = new SplittableRandom(seed);
    values = new Values(random);
  }

  /** A program of a name in the package {@code generated}. */
  static Fragment generate(String name, long seed) {
    return new ProgramGenerator(seed).program(name);
  }

  private Scope scope(String... doubles) {
    Scope scope = new Scope(random);
    for (String name : doubles) {
      scope.declare(Type.DOUBLE, name, true);
    }
    return scope;
  }

  private static Fragment line(String text) {
    return Fragment.of(text);
  }

  private Fragment program(String name) {
    List<Fragment> members = new ArrayList<>();
    members.add(line("public static Scalar2 scalar() { return " + name + "::f; }"));
    members.add(
        line("public static Fn1<double[], Double> vector() { return v -> f(v[0], v[1]); }"));
    members.add(line("static double square(double a) { return a * a; }"));
    members.addAll(types());
    members.addAll(methods());
    Scope scope = scope("x", "y");
    Statements statements = new Statements(values, true);
    List<Fragment> body = new ArrayList<>(statements.block(scope, 3 + values.below(6), 2));
    body.add(line("return " + result(scope) + ";"));
    members.add(Fragment.of("public static double f(double x, double y)", body));
    return new Fragment(
        """
        package generated;
        import dev.fluxion.grad.*;
        import java.util.*;
        import java.util.function.*;
        import java.util.stream.*;
        public class %s {\
        """
            .formatted(name),
        members,
        "}");
  }

  /** What depends on every variable. */
  private String result(Scope scope) {
    StringBuilder sum = new StringBuilder("x * y");
    for (Scope.Variable variable : scope.all()) {
      String name = variable.name();
      sum.append(" + ").append(values.constant()).append(" * ");
      sum.append(
          switch (variable.type()) {
            case DOUBLE, BOXED, INT -> name;
            case ARRAY -> "sum(" + name + ")";
            case GRID -> "(sum(" + name + "[0]) + sum(" + name + "[1]) - sum(" + name + "[2]))";
            case CELL -> name + ".all()";
            case CELLS -> "(" + name + "[0].all() + " + name + "[1].all() - " + name + "[2].v)";
            case POINT -> name + ".at(0.7)";
            case LIST -> "total(" + name + ")";
            case DEQUE -> "total(" + name + ")";
            case MAP -> "total(" + name + ".values())";
            case POINTS -> name + ".get(0).at(0.3)";
            case OPERATOR -> name + ".applyAsDouble(0.4)";
            case FUNCTION -> name + ".apply(0.4)";
          });
    }
    return sum.toString();
  }

  private List<Fragment> types() {
    List<Fragment> types = new ArrayList<>();
    types.add(
        Fragment.of(
            "record Point(double a, double b)",
            List.of(
                Fragment.of(
                    "Point", List.of(line("a = " + values.bounded(scope("a", "b"), 1) + ";"))),
                line(
                    "double at(double t) { return "
                        + values.value(scope("a", "b", "t"), 2)
                        + "; }"),
                line(
                    "Point with(double t) { return new Point(t, "
                        + values.value(scope("a", "b", "t"), 1)
                        + "); }"),
                line(
                    "double moved(int n, double t) { return n <= 0 ? at(t) : with(t).moved(n - 1, "
                        + values.value(scope("a", "t"), 1)
                        + "); }"))));
    types.add(
        Fragment.of(
            "interface Shape",
            List.of(
                line("double area(double t);"),
                line("default double twice(double t) { return area(area(t)) * 0.5; }"))));
    types.add(
        Fragment.of(
            "static class Cell implements Shape",
            List.of(
                line("double v;"),
                line("double w = 0.3;"),
                line("double[] data = new double[4];"),
                line("Cell next;"),
                Fragment.of(
                    "Cell(double v, double t)",
                    List.of(
                        line("this.v = v;"),
                        line("init(t);"),
                        line("data[1] = " + values.bounded(scope("v", "w", "t"), 1) + ";"))),
                Fragment.of(
                    "void init(double t)",
                    List.of(line("w += " + values.bounded(scope("v", "t"), 1) + ";"))),
                Fragment.of("public double area(double t)", method("v", "w", "t")),
                Fragment.of(
                    "double add(double t)",
                    List.of(
                        line("double old = v;"),
                        line("v = " + values.bounded(scope("v", "w", "t"), 2) + ";"),
                        line("data[2] += v * 0.5;"),
                        line("return old;"))),
                line(
                    "double all() { return v + 0.7 * w + sum(data) + (next == null ? 0 : 0.3 *"
                        + " next.v); }"))));
    types.add(
        Fragment.of(
            "static final class Sub extends Cell",
            List.of(
                line("double z = 0.2;"),
                line("final double k;"),
                Fragment.of(
                    "Sub(double a, double t)",
                    List.of(
                        line("super(" + values.bounded(scope("a", "t"), 1) + ", t);"),
                        line("k = " + values.bounded(scope("a", "v", "w", "z", "t"), 1) + ";"))),
                Fragment.of(
                    "@Override void init(double t)",
                    List.of(
                        line(values.chance(0.5) ? "super.init(t * 0.5);" : "z = t;"),
                        line("w = " + values.bounded(scope("v", "t", "z"), 1) + ";"))),
                Fragment.of(
                    "@Override public double area(double t)", method("v", "w", "z", "k", "t")),
                line("@Override double all() { return super.all() + z - k; }"))));
    types.add(
        Fragment.of(
            "static final class Oops extends RuntimeException",
            List.of(
                line("final double by;"),
                line("Oops(double by) { super(\"oops\"); this.by = by; }"))));
    return types;
  }

  private List<Fragment> method(String... doubles) {
    Scope scope = scope(doubles);
    List<Fragment> body = new ArrayList<>(new Statements(values, false).block(scope, 2, 2));
    body.add(line("return " + values.bounded(scope, 2) + ";"));
    return body;
  }

  private List<Fragment> methods() {
    List<Fragment> methods = new ArrayList<>();
    Scope pair = scope("a", "b");
    methods.add(
        Fragment.of(
            "static double power(int n, double t)",
            List.of(
                Fragment.of("if (n <= 0)", List.of(line("return " + values.constant() + ";"))),
                line("return Math.sin(t) * power(n - 1, t * 0.9) + 0.2;"))));
    methods.add(
        Fragment.of(
            "static double helper(double a, double b)",
            List.of(
                Fragment.of("if (a > b)", List.of(line("return Math.sin(a * b) + 0.5 * b;"))),
                line("return a / (1 + b * b) + Math.tanh(b);"))));
    methods.add(
        Fragment.of(
            "static double sum(double[] a)",
            List.of(
                line("double s = 0;"),
                Fragment.of("for (double e : a)", List.of(line("s += e;"))),
                line("return s;"))));
    methods.add(
        Fragment.of(
            "static double total(Collection<Double> a)",
            List.of(
                line("double s = 0;"),
                Fragment.of("for (Double e : a)", List.of(line("s = s * 0.9 + e;"))),
                line("return s;"))));
    Scope array = scope("t");
    array.declare(Type.ARRAY, "a", true);
    methods.add(
        Fragment.of(
            "static double change(double[] a, double t)",
            withReturn(new Statements(values, false).block(array, 3, 2), array)));
    methods.add(
        Fragment.of(
            "static double risky(double t, int n)",
            List.of(
                Fragment.of(
                    "if (t > " + values.constant() + " || n == 2)",
                    List.of(line("throw new Oops(" + values.bounded(scope("t"), 1) + ");"))),
                line("return " + values.bounded(scope("t"), 2) + ";"))));
    Scope risky = scope("t");
    risky.declare(Type.ARRAY, "a", true);
    risky.declare(Type.CELL, "c", true);
    List<Fragment> body = new ArrayList<>(new Statements(values, false).block(risky, 2, 1));
    body.add(line("c.v = " + values.bounded(risky, 1) + ";"));
    body.add(line("a[1] *= Math.cos(" + values.value(risky, 1) + ");"));
    body.add(
        Fragment.of(
            "if (" + values.condition(risky) + ")",
            List.of(line("throw new Oops(" + values.bounded(risky, 1) + ");"))));
    body.add(line("a[2] = c.v * 0.5;"));
    methods.add(
        Fragment.of(
            "static double riskier(double[] a, Cell c, double t)", withReturn(body, risky)));
    methods.add(
        line("static double pair(double a, double b) { return " + values.value(pair, 2) + "; }"));
    return methods;
  }

  private List<Fragment> withReturn(List<Fragment> body, Scope scope) {
    List<Fragment> all = new ArrayList<>(body);
    all.add(line("return " + values.bounded(scope, 1) + ";"));
    return all;
  }
}

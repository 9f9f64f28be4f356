package dev.fluxion.grad.fuzz;

import dev.fluxion.testing.Fragment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What many programs share: the class {@code Programs} with types and methods, partly random. */
final class Library {
  static final String IMPORTS =
      """
      package generated;
      import dev.fluxion.grad.*;
      import generated.Programs.*;
      import static generated.Programs.*;
      import java.util.*;
      import java.util.function.*;
      import java.util.stream.*;
      """;

  /** Members without a choice in them. */
  private static final String FIXED =
      """
      static double square(double a) { return a * a; }
      static double gentle(double a) { return a / (1 + Math.abs(a)); }
      static double clipped(double a) { return Math.clamp(a, -0.8, 0.9); }
      static int gcd(int a, int b) { return b == 0 ? a : gcd(b, a % b); }
      static double even(int n, double t) { return n == 0 ? t : 0.5 * odd(n - 1, Math.sin(t)); }
      static double odd(int n, double t) { return n == 0 ? 1 - t : even(n - 1, t * t); }
      static double sum(double[] a) { double s = 0; for (double e : a) { s += e; } return s; }
      static double dot(double[] a, double[] b) {
        double s = 0;
        for (int i = 0; i < a.length; i++) { s = Math.fma(a[i], b[i], s); }
        return s / 4;
      }
      static double total(Collection<Double> a) {
        double s = 0;
        for (Double e : a) { s = s * 0.9 + e; }
        return s;
      }
      static double horner(double t, double... c) {
        double s = 0;
        for (int i = c.length - 1; i >= 0; i--) { s = s * Math.sin(t) + c[i]; }
        return s;
      }
      static double largest(double[] a) {
        int best = 0;
        for (int i = 1; i < a.length; i++) { if (a[i] > a[best]) { best = i; } }
        return a[best];
      }
      static double fold(DoubleBinaryOperator f, double[] a) {
        double s = 0.5;
        for (double e : a) { s = f.applyAsDouble(s, e); if (Math.abs(s) > 9) { break; } }
        return s;
      }
      static double[] split(double a, double b) {
        return new double[] {Math.sin(a * b), a - b, Math.min(a, b), b};
      }
      static void rotate(double[] a) {
        double first = a[0];
        for (int i = 0; i + 1 < a.length; i++) { a[i] = a[i + 1]; }
        a[a.length - 1] = first;
      }
      static void prefix(double[] a) {
        for (int i = 1; i < a.length; i++) { a[i] += 0.5 * a[i - 1]; }
      }
      static void bubble(double[] a) {
        boolean swapped;
        do {
          swapped = false;
          for (int i = 0; i + 1 < a.length; i++) {
            if (a[i] > a[i + 1]) { double t = a[i]; a[i] = a[i + 1]; a[i + 1] = t; swapped = true; }
          }
        } while (swapped);
      }
      static double trace(double[][] g) {
        double s = 0;
        for (int i = 0; i < 3; i++) { s += g[i][i]; }
        return s;
      }
      static void eliminate(double[][] g) {
        for (int k = 0; k < 2; k++) {
          for (int i = k + 1; i < 3; i++) {
            double factor = g[i][k] / (3 + g[k][k] * g[k][k]);
            for (int j = k; j < 4; j++) { g[i][j] -= factor * g[k][j]; }
          }
        }
      }
      static double integral(DoubleUnaryOperator f, double to) {
        double s = 0;
        for (int i = 0; i < 3; i++) { s += Math.sin(f.applyAsDouble(to * (i + 0.5) / 3)); }
        return s * to / 3;
      }
      static DoubleUnaryOperator compose(DoubleUnaryOperator f, DoubleUnaryOperator g) {
        return t -> f.applyAsDouble(g.applyAsDouble(t));
      }
      static DoubleUnaryOperator powers(int n, DoubleUnaryOperator f) {
        return n == 0 ? t -> t : compose(f, powers(n - 1, f));
      }
      static DoubleSupplier counter(double from) {
        double[] state = {from};
        return () -> state[0] = Math.sin(state[0]) + 0.3;
      }
      static double walk(Node n, double t) {
        double s = 0;
        while (n != null) { s = s * t * 0.5 + n.v; n = n.next; }
        return s;
      }
      static final class Oops extends RuntimeException {
        final double by;
        Oops(double by) { super("oops"); this.by = by; }
      }
      static final class Node {
        double v;
        Node next;
        Node(double v, Node next) { this.v = v; this.next = next; }
        static Node reverse(Node n) {
          Node done = null;
          while (n != null) { Node next = n.next; n.next = done; done = n; n = next; }
          return done;
        }
      }
      static final class Box<T> {
        T held;
        Box(T held) { this.held = held; }
        T get() { return held; }
        void set(T value) { held = value; }
        <R> Box<R> map(Function<? super T, ? extends R> f) { return new Box<>(f.apply(held)); }
      }
      record Steps(double from, int count) implements Iterable<Double> {
        @Override public Iterator<Double> iterator() {
          return new Iterator<>() {
            private int i;
            private double at = from;
            @Override public boolean hasNext() { return i < count; }
            @Override public Double next() { i++; at = Math.sin(at) + 0.2; return at; }
          };
        }
      }
      record Guard(Cell cell, double by) implements AutoCloseable {
        @Override public void close() { cell.v += by * cell.w; }
      }
      record Disc(double r, Point center) implements Shape {
        @Override public double area(double t) { return Math.sin(r * t) + center.a(); }
      }
      record Bundle(double[] xs, Point p, double w) {}
      """;

  /** What would call methods of types that are being written, without end. */
  private static final String METHODS = "change\\(|risk|deep\\(|own";

  private static final String TYPES =
      METHODS + "|helper|Mode|Cell|CELL|Sub|SHAPE|Disc|P(OINT|oint)|BUNDLE";

  private final Templates templates;

  private Library(Templates templates) {
    this.templates = templates;
  }

  /** The class, with what is random in it from a seed. */
  static Fragment generate(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Fragment> members = new ArrayList<>();
    StringBuilder member = new StringBuilder();
    for (String line : FIXED.split("\n", -1)) {
      member.append(line).append('\n');
      if (line.endsWith("}") && !line.startsWith(" ")) {
        members.add(Fragment.of(member.toString().strip()));
        member.setLength(0);
      }
    }
    members.addAll(new Library(new Templates(random, TYPES)).types());
    members.addAll(new Library(new Templates(random, METHODS)).methods());
    return new Fragment(IMPORTS + "public class Programs {", members, "}");
  }

  private Scope scope(String... doubles) {
    Scope scope = new Scope(templates.random());
    for (String name : doubles) {
      scope.declare(Kind.DOUBLE, name, true);
    }
    return scope;
  }

  private static Fragment line(String text) {
    return Fragment.of(text);
  }

  /** A statement with a bounded number in it. */
  private Fragment line(String before, Scope scope, String after) {
    return Fragment.of(before + templates.bounded(scope, 1) + after);
  }

  private Fragment method(String head, Scope scope, int size, int depth) {
    Scope inner = scope.inner();
    List<Fragment> body =
        new ArrayList<>(new Statements(templates, List.of()).block(inner, size, depth));
    body.add(line("return ", inner, ";"));
    return Fragment.of(head, body);
  }

  private List<Fragment> types() {
    return List.of(
        Fragment.of(
            "interface Shape",
            List.of(
                line("double area(double t);"),
                line("default double twice(double t) { return area(area(t)) * 0.5; }"),
                line("static Shape scaled(Shape s, double by) { return t -> s.area(t) * by; }"))),
        Fragment.of(
            "enum Mode",
            List.of(
                line("PLUS { @Override double apply(double a, double b) { return a + b; } },"),
                line("TIMES { @Override double apply(double a, double b) { return a * b; } },"),
                line(
                    "MIX { @Override double apply(double a, double b) { return ",
                    scope("a", "b"),
                    "; } };"),
                line("abstract double apply(double a, double b);"))),
        Fragment.of(
            "record Point(double a, double b) implements Shape",
            List.of(
                Fragment.of("Point", List.of(line("a = ", scope("a", "b"), ";"))),
                line(
                    "static Point middle(Point p, Point q)"
                        + " { return new Point((p.a + q.a) / 2, (p.b + q.b) / 2); }"),
                line("double at(double t) { return ", scope("a", "b", "t"), " * t; }"),
                line("Point with(double t) { return new Point(t, ", scope("a", "b", "t"), "); }"),
                line("@Override public double area(double t) { return a * t + b; }"),
                line(
                    "double moved(int n, double t)"
                        + " { return n <= 0 ? at(t) : with(t).moved(n - 1, ",
                    scope("a", "t"),
                    "); }"))),
        line(
            "static double helper(double a, double b) { if (a > b) { return ",
            scope("a", "b"),
            "; } return a / (1 + b * b) + Math.tanh(b); }"),
        cell(),
        sub());
  }

  private Fragment cell() {
    return Fragment.of(
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
                    line("data[1] = ", scope("v", "w", "t"), ";"))),
            Fragment.of("void init(double t)", List.of(line("w += ", scope("v", "t"), ";"))),
            method("public double area(double t)", scope("v", "w", "t"), 2, 1),
            Fragment.of(
                "double add(double t)",
                List.of(
                    line("double old = v;"),
                    line("v = ", scope("v", "w", "t"), ";"),
                    line("data[2] += v * 0.5;"),
                    line("return old;"))),
            dare(scope("v", "w", "t")),
            line("static void swap(Cell a, Cell b) { double t = a.v; a.v = b.v; b.v = t; }"),
            line(
                "double all() { return v + 0.7 * w + sum(data)"
                    + " + (next == null ? 0 : 0.3 * next.v); }")));
  }

  /** Changes something, then throws or returns. */
  private Fragment dare(Scope scope) {
    return Fragment.of(
        "double dare(double t)",
        List.of(
            line("w += ", scope, ";"),
            line("if (", scope, " > 0.3) { throw new Oops(w * t); }"),
            line("v *= ", scope, ";"),
            line("return v;")));
  }

  private Fragment sub() {
    return Fragment.of(
        "static final class Sub extends Cell",
        List.of(
            line("double z = 0.2;"),
            line("final double k;"),
            Fragment.of(
                "Sub(double a, double t)",
                List.of(
                    line("super(", scope("a", "t"), ", t);"),
                    line("k = ", scope("a", "v", "w", "z", "t"), ";"))),
            Fragment.of(
                "@Override void init(double t)",
                List.of(
                    line(templates.chance(0.5) ? "super.init(t * 0.5);" : "z = t;"),
                    line("w = ", scope("v", "t", "z"), ";"))),
            method("@Override public double area(double t)", scope("v", "w", "z", "k", "t"), 2, 2),
            dare(scope("v", "w", "z", "k", "t")),
            line("@Override double all() { return super.all() + z - k; }")));
  }

  private List<Fragment> methods() {
    Scope array = scope("t").declare(Kind.ARRAY, "a", true);
    Scope risky = scope("t").declare(Kind.ARRAY, "a", true).declare(Kind.CELL, "c", true);
    List<Fragment> body = new ArrayList<>(new Statements(templates, List.of()).block(risky, 2, 1));
    body.add(line("c.v = ", risky, ";"));
    body.add(line("a[1] *= ", risky, ";"));
    body.add(line("if (" + templates.condition(risky) + ") { throw new Oops(", risky, "); }"));
    body.add(line("a[2] = c.v * 0.5;"));
    body.add(line("return ", risky, ";"));
    return List.of(
        line(
            "static double power(int n, double t) { return n <= 0 ? %s"
                    .formatted(templates.constant())
                + " : Math.sin(t) * power(n - 1, t * 0.9) + 0.2; }"),
        method("static double change(double[] a, double t)", array, 3, 2),
        line(
            "static double risky(double t, int n) { if (t > %s || n == 2) { throw new Oops("
                .formatted(templates.constant()),
            scope("t"),
            "); } return 0.5 * t; }"),
        Fragment.of("static double riskier(double[] a, Cell c, double t)", body),
        Fragment.of(
            "static double deep(int n, double t, double[] a)",
            List.of(
                line("a[n] += ", array, ";"),
                line(
                    "if (n == 0) { if (t > %s) { throw new Oops(t * a[0]); } return t; }"
                        .formatted(templates.constant())),
                line(
                    "try { return Math.sin(deep(n - 1, t * 1.1, a)); }"
                        + " finally { a[3] = Math.cos(a[3] + t); }"))));
  }
}

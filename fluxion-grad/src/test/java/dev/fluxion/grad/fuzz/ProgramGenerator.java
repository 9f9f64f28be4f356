package dev.fluxion.grad.fuzz;

import dev.fluxion.testing.Fragment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random Java programs: a class with a method {@code double f(double x, double y)}, some methods of
 * its own that call each other, and what {@link Library} has.
 */
final class ProgramGenerator {
  private static final List<String> CALLS =
      List.of(
          "$=DOUBLE += own0($m % 3, $d, $ARRAY, $CELL);",
          "$=DOUBLE = own1($m % 3, $d, $ARRAY, $CELL);",
          "$ARRAY[$i] = own0(1, $b, $ARRAY, $+CELL);");

  private final Templates templates;

  private ProgramGenerator(long seed) {
    templates = new Templates(new SplittableRandom(seed), "^$");
  }

  /** A program of a name in the package {@code generated}. */
  static Fragment generate(String name, long seed) {
    return new ProgramGenerator(seed).program(name);
  }

  private Fragment program(String name) {
    List<Fragment> members = new ArrayList<>();
    boolean hasOwn = templates.chance(0.3);
    if (hasOwn) {
      members.add(own(0));
      members.add(own(1));
    }
    Scope scope = scope().declare(Kind.DOUBLE, "x", true).declare(Kind.DOUBLE, "y", true);
    int size = 1 + templates.below(3) + templates.below(4);
    int depth = 1 + templates.below(5) / 4;
    Statements statements = new Statements(templates, hasOwn ? CALLS : List.of());
    List<Fragment> body = new ArrayList<>(statements.block(scope, size, depth));
    body.add(Fragment.of("return " + result(scope) + ";"));
    members.add(Fragment.of("public static double f(double x, double y)", body));
    String head =
        """
        public class %s {
          public static Scalar2 scalar() { return %s::f; }
          public static Fn1<double[], Double> vector() { return v -> f(v[0], v[1]); }
          public static Fn1<double[], double[]> wide() { return v -> new double[] {f(v[0], v[1])}; }\
        """
            .formatted(name, name);
    return new Fragment(Library.IMPORTS + head, members, "}");
  }

  private Scope scope() {
    return new Scope(templates.random());
  }

  /** A method that calls itself or the other. */
  private Fragment own(int index) {
    Scope scope =
        scope()
            .declare(Kind.DOUBLE, "t", true)
            .declare(Kind.ARRAY, "a", true)
            .declare(Kind.CELL, "c", true);
    List<Fragment> body = new ArrayList<>();
    body.add(Fragment.of("if (n <= 0) { return " + templates.value(scope, 1) + "; }"));
    List<String> calls = List.of("$=DOUBLE += own" + templates.below(2) + "(n - 1, $b, a, c);");
    Statements statements = new Statements(templates, calls);
    body.addAll(statements.block(scope, 2 + templates.below(2), 1));
    body.add(
        Fragment.of(
            "return "
                + (templates.chance(0.7)
                    ? "0.5 * own" + templates.below(2) + "(n - 1, t * 0.9, a, c) + "
                    : "")
                + templates.bounded(scope, 1)
                + ";"));
    return Fragment.of("static double own" + index + "(int n, double t, double[] a, Cell c)", body);
  }

  /** What depends on every variable. */
  private String result(Scope scope) {
    StringBuilder sum = new StringBuilder("x * y");
    for (Scope.Variable variable : scope.all()) {
      String all = variable.kind().all.replace("$n", variable.name());
      sum.append(" + ").append(templates.constant()).append(" * ").append(all);
    }
    return sum.toString();
  }
}

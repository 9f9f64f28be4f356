package dev.fluxion.grad.fuzz;

import dev.fluxion.testing.Fragment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Random statements of one method. */
final class Statements {
  private static final List<String> THROWERS =
      List.of(
          "if ($c) { throw new Oops($b); }",
          "if ($c) { throw new Oops($b); }",
          "$ARRAY[$z] = $b;",
          "$=DOUBLE += risky($d, $z);",
          "$=DOUBLE = riskier($ARRAY, $CELL, $b);",
          "$=DOUBLE += riskier($ARRAY, $CELL, $b) + risky($e, 1);",
          "$=DOUBLE += deep($m % 3, $e, $ARRAY);",
          "$CELL.next.v = $b;",
          "$=DOUBLE += $CELL.dare($b);",
          "$=DOUBLE = $ARRAY[(int) (5 * $e)];",
          "$=DOUBLE += 10 / ($z - 1) * $b;");

  private final Templates templates;
  private final List<String> calls;
  private final List<String> labels = new ArrayList<>();
  private int loops;

  /**
   * @param calls templates of statements that call other methods of the same class
   */
  Statements(Templates templates, List<String> calls) {
    this.templates = templates;
    this.calls = calls;
  }

  private static Fragment line(String text) {
    return Fragment.of(text);
  }

  private int below(int bound) {
    return templates.below(bound);
  }

  /** Statements, nested to a depth; what they declare is then in the scope. */
  List<Fragment> block(Scope scope, int size, int depth) {
    List<Fragment> statements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      statements.add(statement(scope, depth));
    }
    return statements;
  }

  private Fragment inner(String head, Scope scope, int depth) {
    return Fragment.of(head, block(scope.inner(), 1 + below(3), depth - 1));
  }

  private Fragment statement(Scope scope, int depth) {
    int kind = below(20);
    if (kind < 5) {
      return declaration(scope);
    }
    if (kind < 12 || depth <= 0) {
      return change(scope);
    }
    return switch (kind) {
      case 12, 13 -> branch(scope, depth);
      case 14, 15, 16 -> loop(scope, depth);
      case 17 -> choice(scope, depth);
      case 18 -> attempt(scope, depth);
      default -> rare(scope, depth);
    };
  }

  private Fragment rare(Scope scope, int depth) {
    String head =
        templates.pick(
            List.of("synchronized ($CELL)", "try (Guard $1 = new Guard($CELL, $b))"), scope, 1, "");
    if (head != null && templates.chance(0.5)) {
      return inner(head, scope, depth);
    }
    return loops > 0 && templates.chance(0.3)
        ? Fragment.of(
            "if (" + templates.condition(scope) + ")",
            List.of(line("return " + templates.bounded(scope, 1) + ";")))
        : attempt(scope, depth);
  }

  private Fragment declaration(Scope scope) {
    Kind kind = templates.chance(0.2) ? Kind.DOUBLE : Kind.values()[below(Kind.values().length)];
    String initial = templates.initial(kind, scope, 1 + below(2));
    if (initial == null) {
      kind = Kind.DOUBLE;
      initial = templates.value(scope, 2);
    }
    boolean fixed = templates.chance(0.6);
    String name = templates.fresh(kind.name().toLowerCase(java.util.Locale.ROOT));
    scope.declare(kind, name, fixed);
    return line((fixed ? "final " : "") + kind.type + " " + name + " = " + initial + ";");
  }

  /** An assignment or a call. */
  private Fragment change(Scope scope) {
    String call = templates.chance(0.1) ? templates.pick(calls, scope, 2, "") : null;
    if (call != null) {
      return line(call);
    }
    for (int attempt = 0; attempt < 6; attempt++) {
      Scope.Variable variable = scope.any();
      String text =
          variable == null
              ? null
              : templates.pick(variable.kind().change, scope, 2, variable.name());
      if (text != null) {
        return line(text);
      }
    }
    String name = templates.fresh("double");
    String initial = templates.value(scope, 3);
    scope.declare(Kind.DOUBLE, name, false);
    return line("double " + name + " = " + initial + ";");
  }

  private Fragment branch(Scope scope, int depth) {
    Fragment then = inner("if (" + templates.condition(scope) + ")", scope, depth);
    return templates.chance(0.5)
        ? then
        : new Fragment("", List.of(then, inner("else", scope, depth)), "");
  }

  private Fragment loop(Scope scope, int depth) {
    String label = templates.fresh("loop");
    String index = templates.fresh("i");
    String element = templates.fresh("element");
    String over = loopOver(scope);
    int times = 2 + below(3);
    Scope inner =
        over == null
            ? scope.inner().declare(Kind.INT, index, false)
            : scope.inner().declare(Kind.DOUBLE, element, true);
    labels.add(label);
    loops++;
    List<Fragment> body = new ArrayList<>(block(inner, 1 + below(3), depth - 1));
    if (templates.chance(0.5)) {
      Scope outer = over == null ? scope.inner().declare(Kind.INT, index, false) : scope;
      body.add(
          below(body.size() + 1),
          Fragment.of("if (" + templates.condition(outer) + ")", List.of(line(jump()))));
    }
    loops--;
    labels.removeLast();
    String count = "int " + index + " = 0; " + label + ": ";
    if (over != null) {
      return Fragment.of(label + ": for (double " + element + " : " + over + ")", body);
    }
    return switch (below(4)) {
      case 0 -> new Fragment(count + "while (" + index + "++ < " + times + ") {", body, "}");
      case 1 -> new Fragment(count + "do {", body, "} while (++" + index + " < " + times + ");");
      default ->
          Fragment.of(
              "%s: for (int %s = 0; %s < %d; %s++)".formatted(label, index, index, times, index),
              body);
    };
  }

  /** What a loop may run over, or null for a loop that counts. */
  private @Nullable String loopOver(Scope scope) {
    return templates.chance(0.7)
        ? null
        : templates.pick(
            List.of("$ARRAY", "$GRID[$r]", "new Steps($e, 3)", "List.of($b, $b)"), scope, 1, "");
  }

  private String jump() {
    return templates.one("break", "continue")
        + (templates.chance(0.4) ? " " + labels.get(below(labels.size())) : "")
        + ";";
  }

  private Fragment choice(Scope scope, int depth) {
    String expression =
        templates.chance(0.5)
            ? templates.pick(
                List.of(
                    "$=DOUBLE += switch ($z % 4) { case 0 -> $d; case 1, 2 -> { double $1 = $d;"
                        + " yield Math.sin($1) * $1; } default -> $b; };",
                    "$=DOUBLE = switch (Mode.values()[$z % 3]) { case PLUS -> $d; case TIMES -> $d;"
                        + " case MIX -> $b; };",
                    "$=DOUBLE = switch ($CELL) { case Sub $1 when $1.z > $k -> $1.z * $b;"
                        + " case Sub $2 -> $2.k; case Cell $3 -> $3.w; };"),
                scope,
                2,
                "")
            : null;
    if (expression != null) {
      return line(expression);
    }
    List<Fragment> cases = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      cases.add(line("case " + i + ":"));
      cases.add(inner("", scope, depth));
      if (templates.chance(0.6)) {
        cases.add(line("break;"));
      }
    }
    cases.add(line("default:"));
    cases.add(inner("", scope, depth));
    return Fragment.of("switch (" + templates.integer(scope) + ")", cases);
  }

  private Fragment attempt(Scope scope, int depth) {
    List<Fragment> body = new ArrayList<>(block(scope.inner(), 1 + below(3), depth - 1));
    String thrower = templates.pick(THROWERS, scope, 2, "");
    body.add(below(body.size() + 1), line(thrower == null ? ";" : thrower));
    List<Fragment> parts = new ArrayList<>(List.of(Fragment.of("try", body)));
    boolean cleans = templates.chance(0.4);
    if (!cleans || templates.chance(0.7)) {
      parts.addAll(handlers(scope, depth));
    }
    if (cleans) {
      parts.add(Fragment.of("finally", block(scope.inner(), 1 + below(2), depth - 1)));
    }
    return new Fragment("", parts, "");
  }

  private List<Fragment> handlers(Scope scope, int depth) {
    String oops = templates.fresh("oops");
    boolean own = templates.chance(0.6);
    List<Fragment> handler = new ArrayList<>();
    String use = templates.fill("$=DOUBLE += " + oops + ".by * $e;", scope, 1, "");
    if (own && use != null) {
      handler.add(line(use));
    }
    handler.addAll(block(scope.inner(), 1, depth - 1));
    if (own && templates.chance(0.15)) {
      handler.add(line("throw " + templates.one(oops, "new Oops(" + oops + ".by * 0.5)") + ";"));
    }
    String type = own ? "Oops" : templates.one("RuntimeException", "Oops | ArithmeticException");
    List<Fragment> handlers = new ArrayList<>();
    handlers.add(Fragment.of("catch (" + type + " " + oops + ")", handler));
    if (own && templates.chance(0.6)) {
      handlers.add(
          Fragment.of("catch (RuntimeException " + oops + ")", block(scope.inner(), 1, depth - 1)));
    }
    return handlers;
  }
}

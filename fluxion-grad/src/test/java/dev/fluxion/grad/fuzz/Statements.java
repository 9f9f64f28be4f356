package dev.fluxion.grad.fuzz;

import dev.fluxion.testing.Fragment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Random statements. */
final class Statements {
  private final Values values;
  private final boolean top;
  private final List<String> labels = new ArrayList<>();
  private int loops;

  /**
   * @param top whether this is the main method, which may use every class and method
   */
  Statements(Values values, boolean top) {
    this.values = values;
    this.top = top;
  }

  private static Fragment line(String text) {
    return Fragment.of(text);
  }

  private int below(int bound) {
    return values.below(bound);
  }

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
    if (kind < 6) {
      return declaration(scope);
    }
    if (kind < 13 || depth <= 0) {
      return change(scope);
    }
    return switch (kind) {
      case 13, 14 -> branch(scope, depth);
      case 15, 16 -> loop(scope, depth);
      case 17 -> choice(scope, depth);
      case 18 -> attempt(scope, depth);
      default ->
          values.chance(0.4)
              ? inner("synchronized (" + lock(scope) + ")", scope, depth)
              : values.chance(0.3) && loops > 0
                  ? Fragment.of(
                      "if (" + values.condition(scope) + ")",
                      List.of(line("return " + values.bounded(scope, 1) + ";")))
                  : attempt(scope, depth);
    };
  }

  private String lock(Scope scope) {
    String cell = scope.any(Type.CELL);
    String array = scope.any(Type.ARRAY);
    return cell != null ? cell : array != null ? array : "Shape.class";
  }

  private Fragment declaration(Scope scope) {
    Type type = Type.values()[below(Type.values().length)];
    if (!top && (type == Type.CELL || type == Type.CELLS)) {
      type = Type.DOUBLE;
    }
    if (type == Type.INT || values.chance(0.2)) {
      type = Type.DOUBLE;
    }
    String initial =
        switch (type) {
          case DOUBLE -> values.value(scope, 2);
          case BOXED -> values.bounded(scope, 1);
          case INT -> "0";
          case ARRAY -> array(scope);
          case GRID ->
              values.chance(0.5)
                  ? "new double[3][4]"
                  : "{"
                      + array(scope, false)
                      + ", "
                      + array(scope, false)
                      + ", "
                      + array(scope, false)
                      + "}";
          case CELL -> cell(scope);
          case CELLS -> "{" + cell(scope) + ", " + cell(scope) + ", " + cell(scope) + "}";
          case POINT -> point(scope);
          case LIST ->
              "new ArrayList<>(List.of("
                  + values.bounded(scope, 1)
                  + ", "
                  + values.value(scope, 1)
                  + "))";
          case DEQUE -> "new ArrayDeque<>(List.of(" + values.bounded(scope, 1) + "))";
          case MAP ->
              "new "
                  + values.one("HashMap", "TreeMap", "LinkedHashMap")
                  + "<>(Map.of("
                  + below(4)
                  + ", "
                  + values.bounded(scope, 1)
                  + "))";
          case POINTS -> "new ArrayList<>(List.of(" + point(scope) + ", " + point(scope) + "))";
          case OPERATOR ->
              values.chance(0.3)
                  ? operatorBlock(scope)
                  : values.chance(0.2)
                      ? "Math::" + values.one("sin", "cos", "tanh")
                      : values.lambda(scope, 2);
          case FUNCTION -> values.lambda(scope, 2);
        };
    boolean fixed = values.chance(0.6);
    String name = values.fresh(type.name().substring(0, 1).toLowerCase(Locale.ROOT));
    scope.declare(type, name, fixed);
    return line((fixed ? "final " : "") + type.text + " " + name + " = " + initial + ";");
  }

  private String operatorBlock(Scope scope) {
    String array = scope.captured().any(Type.ARRAY);
    String cell = scope.captured().any(Type.CELL);
    Scope inner = scope.captured();
    String parameter = values.fresh("t");
    inner.declare(Type.DOUBLE, parameter, true);
    String effect =
        array != null
            ? array + "[" + below(4) + "] += " + values.bounded(inner, 1) + ";"
            : cell != null ? cell + ".v = " + values.bounded(inner, 1) + ";" : "";
    return parameter + " -> { " + effect + " return " + values.bounded(inner, 1) + "; }";
  }

  private String array(Scope scope) {
    return array(scope, true);
  }

  private String array(Scope scope, boolean initializer) {
    String other = scope.any(Type.ARRAY);
    String grid = scope.any(Type.GRID);
    if (other != null && values.chance(0.5)) {
      return values.one(
          other,
          other,
          other + ".clone()",
          "Arrays.copyOf(" + other + ", 4)",
          "Arrays.stream(" + other + ").map(" + values.lambda(scope, 1) + ").toArray()");
    }
    if (grid != null && values.chance(0.4)) {
      return grid + "[" + values.row(scope) + "]" + values.one("", ".clone()");
    }
    String elements =
        "{"
            + values.value(scope, 1)
            + ", "
            + values.value(scope, 1)
            + ", "
            + values.constant()
            + ", "
            + values.value(scope, 0)
            + "}";
    return values.chance(0.2)
        ? "new double[4]"
        : initializer ? elements : "new double[] " + elements;
  }

  private String cell(Scope scope) {
    String other = scope.any(Type.CELL);
    if (other != null && values.chance(0.35)) {
      return other;
    }
    String row = scope.any(Type.CELLS);
    if (row != null && values.chance(0.35)) {
      return row + "[" + values.row(scope) + "]";
    }
    return "new "
        + values.one("Cell", "Sub")
        + "("
        + values.value(scope, 1)
        + ", "
        + values.value(scope, 1)
        + ")";
  }

  private String point(Scope scope) {
    String other = scope.any(Type.POINT);
    if (other != null && values.chance(0.5)) {
      return values.chance(0.3) ? other : other + ".with(" + values.value(scope, 1) + ")";
    }
    return "new Point(" + values.value(scope, 1) + ", " + values.value(scope, 1) + ")";
  }

  /** An assignment or a call. */
  private Fragment change(Scope scope) {
    for (int attempt = 0; attempt < 6; attempt++) {
      Type type = Type.values()[below(Type.values().length)];
      String name =
          switch (type) {
            case DOUBLE, INT, BOXED, POINT, OPERATOR, FUNCTION -> scope.assignable(type);
            default -> scope.any(type);
          };
      String statement = name == null ? null : change(scope, type, name);
      if (statement != null) {
        return line(statement);
      }
    }
    String name = values.fresh("d");
    String initial = values.value(scope, 3);
    scope.declare(Type.DOUBLE, name, false);
    return line("double " + name + " = " + initial + ";");
  }

  private @Nullable String change(Scope scope, Type type, String name) {
    String value = values.bounded(scope, 2);
    String index = values.index(scope);
    String row = values.row(scope);
    String each = values.fresh("each");
    return switch (type) {
      case INT -> null;
      case DOUBLE, BOXED ->
          values.one(
              name + " = " + value + ";",
              name + " += " + value + ";",
              name + " = 0.5 * " + name + " + " + value + ";",
              name + " *= " + value + ";",
              name + " /= 1.5 + " + value + ";");
      case ARRAY -> arrayChange(scope, name, index, value);
      case GRID -> {
        String other = scope.any(Type.GRID);
        String array = scope.any(Type.ARRAY);
        yield switch (below(6)) {
          case 0, 1 -> name + "[" + row + "][" + index + "] += " + value + ";";
          case 2 -> name + "[" + row + "][" + index + "] = " + value + ";";
          case 3 -> {
            String held = values.fresh("s");
            yield "{ double[] "
                + held
                + " = "
                + name
                + "[0]; "
                + name
                + "[0] = "
                + name
                + "[2]; "
                + name
                + "[2] = "
                + held
                + "; }";
          }
          case 4 -> array == null ? null : name + "[" + row + "] = " + array + ";";
          default -> name + "[" + row + "] = " + other + "[" + values.row(scope) + "].clone();";
        };
      }
      case CELL -> {
        String other = scope.any(Type.CELL);
        yield switch (below(9)) {
          case 0 -> name + ".v = " + value + ";";
          case 1 -> name + ".w += " + value + ";";
          case 2 -> name + ".data[" + index + "] -= " + value + ";";
          case 3 -> name + ".add(" + value + ");";
          case 4 -> name + ".next = " + other + ";";
          case 5 -> "if (" + name + ".next != null) " + name + ".next.w = " + value + ";";
          case 6 ->
              scope.any(Type.ARRAY) instanceof String array && top
                  ? name + ".data = " + array + ";"
                  : null;
          case 7 -> name + ".v *= " + value + ";";
          default ->
              scope.assignable(Type.CELL) instanceof String target && top
                  ? target + " = " + cell(scope) + ";"
                  : null;
        };
      }
      case CELLS -> {
        String cells = name + "[" + row + "]";
        yield switch (below(4)) {
          case 0 -> cells + ".add(" + value + ");";
          case 1 -> cells + ".v = " + value + ";";
          case 2 -> cells + " = " + cell(scope) + ";";
          default ->
              "for (Cell "
                  + each
                  + " : "
                  + name
                  + ") "
                  + each
                  + ".w *= "
                  + values.bounded(scope, 1)
                  + ";";
        };
      }
      case POINT -> name + " = " + point(scope) + ";";
      case LIST -> {
        String at = "(" + index + ") % " + name + ".size()";
        yield switch (below(7)) {
          case 0, 1 -> name + ".add(" + value + ");";
          case 2 -> name + ".set(" + at + ", " + value + ");";
          case 3 -> "if (" + name + ".size() > 1) " + name + ".remove(" + below(2) + ");";
          case 4 -> name + ".replaceAll(" + values.lambda(scope, 1) + ");";
          case 5 ->
              scope.assignable(Type.DOUBLE) instanceof String target
                  ? "for (double "
                      + each
                      + " : "
                      + name
                      + ") { "
                      + target
                      + " = "
                      + target
                      + " * 0.5 + "
                      + each
                      + "; }"
                  : null;
          default -> "Collections." + values.one("reverse", "sort") + "(" + name + ");";
        };
      }
      case DEQUE ->
          values.one(
              name + ".addLast(" + value + ");",
              name + ".push(" + value + ");",
              "if (" + name + ".size() > 1) " + name + ".pollFirst();",
              "if ("
                  + name
                  + ".size() > 1) "
                  + name
                  + ".addLast("
                  + name
                  + ".pop() * "
                  + values.constant()
                  + ");");
      case MAP ->
          switch (below(6)) {
            case 0 -> name + ".put(" + index + ", " + value + ");";
            case 1 -> name + ".merge(" + index + ", " + value + ", Double::sum);";
            case 2 ->
                name
                    + ".computeIfAbsent("
                    + index
                    + ", "
                    + each
                    + " -> "
                    + values.bounded(scope.captured(), 1)
                    + ");";
            case 3 ->
                name + ".merge(" + index + ", " + value + ", (" + each + "p, " + each + "q) -> "
                    + each + "p * " + each + "q);";
            case 4 ->
                "for (Map.Entry<Integer, Double> "
                    + each
                    + " : "
                    + name
                    + ".entrySet()) "
                    + each
                    + ".setValue(Math.sin("
                    + each
                    + ".getValue()) * "
                    + value
                    + ");";
            default ->
                scope.assignable(Type.DOUBLE) instanceof String target
                    ? "for (int "
                        + each
                        + " : "
                        + name
                        + ".keySet()) "
                        + target
                        + " += "
                        + each
                        + " * Math.sin("
                        + name
                        + ".get("
                        + each
                        + "));"
                    : null;
          };
      case POINTS -> {
        String at = "(" + index + ") % " + name + ".size()";
        yield values.one(
            name + ".add(" + point(scope) + ");",
            name + ".set(" + at + ", " + point(scope) + ");",
            name + ".set(" + at + ", " + name + ".get(0).with(" + value + "));");
      }
      // the platform's andThen hands bare numbers on, which is refused
      case OPERATOR -> name + " = " + values.lambda(scope, 1) + ";";
      case FUNCTION ->
          values.one(
              name + " = " + values.lambda(scope, 1) + ";",
              name + " = " + name + ".andThen(" + values.lambda(scope, 1) + ");");
    };
  }

  private @Nullable String arrayChange(Scope scope, String name, String index, String value) {
    String other = scope.any(Type.ARRAY);
    String each = values.fresh("each");
    String element = name + "[" + index + "]";
    return switch (below(top ? 11 : 9)) {
      case 0, 1 -> element + " = " + value + ";";
      case 2 -> element + " += " + value + ";";
      case 3 -> element + " *= " + value + ";";
      case 4 -> {
        String held = values.fresh("s");
        yield "{ double "
            + held
            + " = "
            + element
            + "; "
            + element
            + " = "
            + other
            + "[2]; "
            + other
            + "[2] = "
            + held
            + "; }";
      }
      case 5 ->
          "System.arraycopy("
              + name
              + ", "
              + below(2)
              + ", "
              + other
              + ", "
              + below(2)
              + ", "
              + (1 + below(3))
              + ");";
      case 6 ->
          "Arrays.fill(" + name + ", " + below(2) + ", " + (2 + below(3)) + ", " + value + ");";
      case 7 -> {
        String array = scope.assignable(Type.ARRAY);
        if (array == null) {
          yield null;
        }
        yield array + " = " + array(scope, false) + ";";
      }
      case 8 ->
          "Arrays.setAll("
              + name
              + ", "
              + each
              + " -> "
              + values.bounded(scope.captured(), 1)
              + " * "
              + each
              + ");";
      case 9 -> element + " = change(" + other + ", " + value + ");";
      default -> {
        String target = scope.assignable(Type.DOUBLE);
        if (target == null) {
          yield null;
        }
        yield target + " += change(" + name + ", " + values.value(scope, 1) + ");";
      }
    };
  }

  private Fragment branch(Scope scope, int depth) {
    Fragment then = inner("if (" + values.condition(scope) + ")", scope, depth);
    return values.chance(0.5)
        ? then
        : new Fragment("", List.of(then, inner("else", scope, depth)), "");
  }

  private Fragment loop(Scope scope, int depth) {
    Scope inner = scope.inner();
    String index = values.fresh("i");
    String label = values.fresh("loop");
    int times = 2 + below(3);
    labels.add(label);
    loops++;
    String labelled = label + ": ";
    List<Fragment> body = new ArrayList<>();
    Fragment result;
    int kind = below(4);
    String element = values.fresh("e");
    String array = scope.any(Type.ARRAY);
    if (kind == 1 && array != null) {
      inner.declare(Type.DOUBLE, element, true);
    } else {
      inner.declare(Type.INT, index, false);
    }
    body.addAll(block(inner, 1 + below(3), depth - 1));
    if (values.chance(0.5)) {
      body.add(
          below(body.size() + 1),
          Fragment.of(
              "if ("
                  + values.condition(kind == 1 && array != null ? scope : indexed(scope, index))
                  + ")",
              List.of(line(jump()))));
    }
    if (kind == 0 || (kind == 1 && array == null)) {
      result =
          Fragment.of(
              labelled
                  + "for (int "
                  + index
                  + " = 0; "
                  + index
                  + " < "
                  + times
                  + "; "
                  + index
                  + "++)",
              body);
    } else if (kind == 1) {
      result = Fragment.of(labelled + "for (double " + element + " : " + array + ")", body);
    } else if (kind == 2) {
      result =
          new Fragment(
              "int " + index + " = 0; " + labelled + "while (" + index + "++ < " + times + ") {",
              body,
              "}");
    } else {
      result =
          new Fragment(
              "int " + index + " = 0; " + labelled + "do {",
              body,
              "} while (++" + index + " < " + times + ");");
    }
    loops--;
    labels.removeLast();
    return result;
  }

  private static Scope indexed(Scope scope, String index) {
    Scope inner = scope.inner();
    inner.declare(Type.INT, index, false);
    return inner;
  }

  private String jump() {
    return values.one("break", "continue")
        + (values.chance(0.4) ? " " + labels.get(below(labels.size())) : "")
        + ";";
  }

  private Fragment choice(Scope scope, int depth) {
    String target = scope.assignable(Type.DOUBLE);
    String cell = scope.any(Type.CELL);
    String q = values.fresh("q");
    String sub = values.fresh("sub");
    if (target != null && cell != null && values.chance(0.2)) {
      return line(
          target
              + " = switch ("
              + cell
              + ") { case Sub "
              + sub
              + " -> "
              + sub
              + ".z * "
              + values.bounded(scope, 1)
              + "; case Cell "
              + sub
              + " -> "
              + sub
              + ".w; };");
    }
    if (target != null && values.chance(0.5)) {
      return line(
          target
              + " += switch ("
              + values.integer(scope)
              + " % 4) { case 0 -> "
              + values.value(scope, 1)
              + "; case 1, 2 -> { double "
              + q
              + " = "
              + values.value(scope, 1)
              + "; yield Math.sin("
              + q
              + ") * "
              + q
              + "; } default -> "
              + values.bounded(scope, 1)
              + "; };");
    }
    List<Fragment> cases = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      cases.add(line("case " + i + ":"));
      cases.add(inner("", scope, depth));
      if (values.chance(0.6)) {
        cases.add(line("break;"));
      }
    }
    cases.add(line("default:"));
    cases.add(inner("", scope, depth));
    return Fragment.of("switch (" + values.integer(scope) + ")", cases);
  }

  private Fragment attempt(Scope scope, int depth) {
    Scope inner = scope.inner();
    List<Fragment> body = new ArrayList<>(block(inner, 1 + below(3), depth - 1));
    body.add(below(body.size() + 1), thrower(scope));
    String target = scope.assignable(Type.DOUBLE);
    Scope caught = scope.inner();
    boolean own = values.chance(0.6);
    String oops = values.fresh("oops");
    List<Fragment> handler = new ArrayList<>();
    if (own && target != null) {
      handler.add(line(target + " += " + oops + ".by * " + values.value(caught, 1) + ";"));
    }
    handler.addAll(block(caught, 1, depth - 1));
    List<Fragment> parts = new ArrayList<>(List.of(Fragment.of("try", body)));
    String caughtType = own ? "Oops" : values.one("RuntimeException", "Oops | ArithmeticException");
    parts.add(Fragment.of("catch (" + caughtType + " " + oops + ")", handler));
    if (own && values.chance(0.5)) {
      parts.add(
          Fragment.of("catch (RuntimeException " + oops + ")", block(scope.inner(), 1, depth - 1)));
    }
    if (values.chance(0.4)) {
      parts.add(Fragment.of("finally", block(scope.inner(), 1 + below(2), depth - 1)));
    }
    return new Fragment("", parts, "");
  }

  private Fragment thrower(Scope scope) {
    String target = scope.assignable(Type.DOUBLE);
    String array = scope.any(Type.ARRAY);
    String cell = scope.any(Type.CELL);
    int kind = below(top ? 6 : 2);
    if (kind == 1 && array != null) {
      return line(array + "[" + values.integer(scope) + "] = " + values.bounded(scope, 1) + ";");
    }
    if (kind == 2 && target != null) {
      return line(
          target + " += risky(" + values.value(scope, 1) + ", " + values.integer(scope) + ");");
    }
    if ((kind == 3 || kind == 5) && target != null && array != null && cell != null) {
      return line(
          target + " = riskier(" + array + ", " + cell + ", " + values.bounded(scope, 1) + ");");
    }
    if (kind == 4 && cell != null) {
      return line(cell + ".next.v = " + values.bounded(scope, 1) + ";");
    }
    return Fragment.of(
        "if (" + values.condition(scope) + ")",
        List.of(line("throw new Oops(" + values.bounded(scope, 1) + ");")));
  }
}

package dev.fluxion.ir.corpus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Random expressions, in parentheses wherever that may matter. */
final class Expressions {
  private static final String[] INTS = {
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "31",
    "32",
    "255",
    "-128",
    "65536",
    "1000003",
    "Integer.MAX_VALUE",
    "Integer.MIN_VALUE"
  };
  private static final String[] LONGS = {
    "0L", "1L", "-1L", "5L", "63L", "4294967296L", "Long.MAX_VALUE", "Long.MIN_VALUE"
  };
  private static final String[] FLOATS = {
    "0f",
    "-0f",
    "1f",
    "-1.5f",
    "0.1f",
    "3e38f",
    "1e-45f",
    "Float.NaN",
    "Float.POSITIVE_INFINITY",
    "2147483648f"
  };
  private static final String[] DOUBLES = {
    "0.0",
    "-0.0",
    "1.0",
    "-2.5",
    "0.1",
    "1e308",
    "4.9e-324",
    "Double.NaN",
    "Double.NEGATIVE_INFINITY",
    "9.3e18",
    "3.0"
  };
  private static final String[] COMPARISONS = {"<", "<=", ">", ">=", "==", "!="};

  private final Scope scope;

  Expressions(Scope scope) {
    this.scope = scope;
  }

  private String one(String... choices) {
    return choices[scope.below(choices.length)];
  }

  String of(Type type, int depth) {
    return switch (type) {
      case INT, LONG, FLOAT, DOUBLE -> number(type, depth);
      case BYTE, SHORT, CHAR -> small(type, depth);
      case BOOLEAN -> condition(depth);
      default -> reference(type, depth);
    };
  }

  private String leaf(Type type) {
    String variable = scope.chance(75) ? scope.variable(type, false) : null;
    if (variable != null) {
      return variable;
    }
    return switch (type) {
      case INT -> scope.chance(15) && !scope.inLambda ? "count" : one(INTS);
      case LONG -> one(LONGS);
      case FLOAT -> one(FLOATS);
      case DOUBLE -> scope.chance(15) && !scope.inLambda ? "total" : one(DOUBLES);
      case BOOLEAN -> one("true", "false");
      default -> "(" + type.source + ") " + one(INTS);
    };
  }

  private String number(Type type, int depth) {
    if (depth <= 0) {
      return leaf(type);
    }
    int next = depth - 1;
    return switch (scope.below(20)) {
      case 0, 1, 2, 3, 4 -> arithmetic(type, next);
      case 5 -> "(" + one("-", "+") + " " + of(type, next) + ")";
      case 6, 7 -> convert(type, next);
      case 8 -> choose(type, next);
      case 9, 10 -> element(type, next);
      case 11 -> field(type);
      case 12, 13 -> call(type, next);
      case 14 -> mathematics(type, next);
      case 15 -> assignment(type, next);
      case 16 -> object(type, next);
      case 17 -> choice(type, next);
      default -> leaf(type);
    };
  }

  private String arithmetic(Type type, int depth) {
    boolean floating = type.isFloating();
    String operator =
        floating
            ? one("+", "-", "*", "/", "%")
            : one("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>", "+", "-", "*");
    Type right = type;
    if (operator.contains("<") || operator.contains(">")) {
      right = scope.chance(30) ? Type.LONG : Type.INT;
    }
    String divisor = of(right, depth);
    if (!floating && (operator.equals("/") || operator.equals("%")) && scope.chance(80)) {
      divisor = "(" + divisor + " | 1)";
    }
    String left =
        type == Type.INT && scope.chance(20)
            ? of(scope.pick(new Type[] {Type.BYTE, Type.SHORT, Type.CHAR}), depth)
            : of(type, depth);
    return "(" + left + " " + operator + " " + divisor + ")";
  }

  private String convert(Type type, int depth) {
    return "((" + type.source + ") " + of(scope.pick(Type.NUMBERS), depth) + ")";
  }

  private String small(Type type, int depth) {
    if (depth <= 0) {
      return leaf(type);
    }
    return switch (scope.below(5)) {
      case 0 -> element(type, depth - 1);
      case 1 -> field(type);
      case 2 -> assignment(type, depth - 1);
      default -> convert(type, depth - 1);
    };
  }

  private String choose(Type type, int depth) {
    return "(" + condition(depth) + " ? " + of(type, depth) + " : " + of(type, depth) + ")";
  }

  /** An index that is nearly always inside. */
  private String index(String array, int depth) {
    String index = of(Type.INT, depth);
    return scope.chance(92)
        ? "(" + index + " & 0x7fffffff) % " + array + ".length"
        : "(" + index + " & 7)";
  }

  String elementOf(Type element, int depth) {
    String array = scope.variable(element.array(), false);
    if (array == null && element == Type.DOUBLE) {
      String matrix = scope.variable(Type.MATRIX, false);
      if (matrix != null) {
        String row = matrix + "[" + index(matrix, depth) + "]";
        return row + "[" + one("0", "1") + "]";
      }
    }
    return array == null ? "" : array + "[" + index(array, depth) + "]";
  }

  private String element(Type type, int depth) {
    String element = elementOf(type, depth);
    if (!element.isEmpty()) {
      return element;
    }
    String array = scope.variable(scope.pick(Type.ARRAYS), false);
    return type == Type.INT && array != null ? array + ".length" : leaf(type);
  }

  String fieldOf(Type type) {
    boolean isInCell = type == Type.INT || type == Type.DOUBLE || type == Type.SHORT;
    String cell = isInCell && scope.chance(50) ? scope.variable(Type.CELL, false) : null;
    if (cell != null) {
      return cell + "." + type.field();
    }
    String node = scope.variable(Type.NODE, false);
    String path = scope.chance(10) ? ".next." : ".";
    return node == null ? "" : node + path + type.field();
  }

  private String field(Type type) {
    String field = fieldOf(type);
    if (!field.isEmpty()) {
      return field;
    }
    return !scope.isStatic && type == Type.DOUBLE && !scope.inLambda
        ? one("this.own", "own")
        : leaf(type);
  }

  /** A call of a method of the class, or of an own one of a node or shape. */
  String call(Type type, int depth) {
    List<Scope.Method> fitting = new ArrayList<>();
    for (Scope.Method method : scope.methods) {
      if (method.result() == type && (method.isStatic() || !scope.isStatic)) {
        fitting.add(method);
      }
    }
    if (fitting.isEmpty() || scope.chance(40)) {
      return object(type, depth);
    }
    Scope.Method method = fitting.get(scope.below(fitting.size()));
    List<String> arguments = new ArrayList<>();
    for (Type parameter : method.parameters()) {
      arguments.add(of(parameter, Math.min(depth, 1)));
    }
    String receiver = method.isStatic() || scope.chance(50) ? "" : "this.";
    return receiver + method.name() + "(" + String.join(", ", arguments) + ")";
  }

  private String object(Type type, int depth) {
    String node = scope.variable(Type.NODE, false);
    String shape = scope.variable(Type.SHAPE, false);
    String duo = scope.chance(60) ? scope.variable(Type.DUO, false) : null;
    if (duo != null && type == Type.INT) {
      return duo + ".i()";
    }
    if (duo != null && type == Type.DOUBLE) {
      return scope.chance(70) ? duo + ".d()" : duo + ".area(" + of(Type.DOUBLE, depth) + ")";
    }
    if (type == Type.DOUBLE) {
      if (node != null && scope.chance(40)) {
        return node + ".shift(" + of(Type.DOUBLE, depth) + ")";
      }
      return shape == null
          ? "new Pair(" + of(Type.INT, depth) + ", " + of(Type.DOUBLE, depth) + ").d()"
          : shape + ".area(" + of(Type.DOUBLE, depth) + ")";
    }
    if (type == Type.INT) {
      if (shape != null && scope.chance(60)) {
        return one(shape + ".corners()", "Shape.doubled(" + shape + ".corners())");
      }
      return scope.chance(50)
          ? "new Secret(" + of(Type.INT, depth) + ").hidden"
          : "(\"n\" + " + of(scope.pick(Type.PRIMITIVES), depth) + ").length()";
    }
    return leaf(type);
  }

  private String mathematics(Type type, int depth) {
    String x = of(type, depth);
    return switch (scope.below(4)) {
      case 0 -> "Math.max(" + x + ", " + of(type, depth) + ")";
      case 1 -> "Math.min(" + x + ", " + of(type, depth) + ")";
      case 2 -> "Math.abs(" + x + ")";
      default -> type == Type.DOUBLE ? "Math.sqrt(" + x + ")" : "(" + x + " * 3)";
    };
  }

  private String assignment(Type type, int depth) {
    String target = target(type, depth);
    if (target == null) {
      return leaf(type);
    }
    return switch (scope.below(4)) {
      case 0 -> "(" + target + one("++", "--") + ")";
      case 1 -> "(" + one("++", "--") + target + ")";
      case 2 ->
          "(" + target + one(" += ", " -= ", " *= ") + of(scope.pick(Type.NUMBERS), depth) + ")";
      default -> "(" + target + " = " + of(type, depth) + ")";
    };
  }

  /** What can be assigned, or null. */
  @Nullable String target(Type type, int depth) {
    String target = null;
    if (scope.inLambda) {
      return null;
    }
    int way = scope.below(10);
    if (way < 2) {
      target = elementOf(type, depth);
    } else if (way < 4) {
      target = fieldOf(type);
    } else if (way == 4 && type == Type.INT) {
      target = "count";
    } else if (way == 4 && type == Type.DOUBLE) {
      target = "total";
    }
    return target == null || target.isEmpty() ? scope.variable(type, true) : target;
  }

  private String choice(Type type, int depth) {
    if (scope.chance(50)) {
      String shape = scope.variable(Type.SHAPE, false);
      if (shape != null) {
        String pair = scope.name("p");
        String square = scope.name("q");
        return "(switch ("
            + shape
            + ") { case Pair "
            + pair
            + " when "
            + pair
            + ".i() > 0 -> "
            + of(type, depth)
            + "; case Pair(int a_, double b_) -> ("
            + type.source
            + ") (a_ + b_); case Square "
            + square
            + " -> ("
            + type.source
            + ") "
            + square
            + ".side(); })";
      }
    }
    String name = scope.name("y");
    return "(switch ("
        + of(Type.INT, depth)
        + " & 7) { case 0, 3 -> "
        + of(type, depth)
        + "; case 5 -> { "
        + (scope.inLambda ? "" : "count++; ")
        + type.source
        + " "
        + name
        + " = "
        + of(type, depth)
        + "; yield "
        + name
        + "; } default -> "
        + of(type, depth)
        + "; })";
  }

  String condition(int depth) {
    if (depth <= 0) {
      return leaf(Type.BOOLEAN);
    }
    int next = depth - 1;
    return switch (scope.below(12)) {
      case 0, 1, 2, 3 -> {
        Type type = scope.pick(Type.NUMBERS);
        yield "(" + of(type, next) + " " + one(COMPARISONS) + " " + of(type, next) + ")";
      }
      case 4 -> "(" + condition(next) + one(" && ", " || ") + condition(next) + ")";
      case 5 -> "(" + condition(next) + one(" & ", " | ", " ^ ", " == ") + condition(next) + ")";
      case 6, 7 -> "!" + "(" + condition(next) + ")";
      case 8 -> test(next);
      case 9 -> choose(Type.BOOLEAN, next);
      case 10 -> scope.chance(50) ? element(Type.BOOLEAN, next) : field(Type.BOOLEAN);
      default -> call(Type.BOOLEAN, next);
    };
  }

  private String test(int depth) {
    String node = scope.variable(Type.NODE, false);
    String shape = scope.variable(Type.SHAPE, false);
    Type local = scope.chance(50) ? Type.DUO : Type.CELL;
    String own = scope.chance(40) ? scope.variable(local, false) : null;
    if (own != null) {
      return "(" + own + one(" == ", " != ") + (scope.chance(50) ? "null" : of(local, depth)) + ")";
    }
    if (node != null && scope.chance(60)) {
      return switch (scope.below(4)) {
        case 0 -> "(" + node + ".next == null)";
        case 1 -> "(" + node + one(" == ", " != ") + of(Type.NODE, depth) + ")";
        case 2 -> "(" + node + " instanceof Leaf)";
        default -> "(" + node + ".next != null && " + node + ".next.z)";
      };
    }
    if (shape != null) {
      String name = scope.name("s");
      return "("
          + shape
          + " instanceof Pair "
          + name
          + " && "
          + name
          + ".d() "
          + one(COMPARISONS)
          + " "
          + of(Type.DOUBLE, depth)
          + ")";
    }
    return "(" + of(Type.STRING, depth) + ").equals(" + of(Type.STRING, depth) + ")";
  }

  private String reference(Type type, int depth) {
    String variable = scope.chance(65) ? scope.variable(type, false) : null;
    if (variable != null) {
      return variable;
    }
    int next = Math.max(0, depth - 1);
    return switch (type) {
      case NODE ->
          scope.chance(50)
              ? "new Node(" + of(Type.INT, next) + ", " + of(Type.DOUBLE, next) + ")"
              : "new Leaf(" + of(Type.INT, next) + ", " + of(Type.DOUBLE, next) + ")";
      case SHAPE ->
          scope.chance(50)
              ? "new Pair(" + of(Type.INT, next) + ", " + of(Type.DOUBLE, next) + ")"
              : "new Square(" + of(Type.FLOAT, next) + ")";
      case DUO -> "new Duo(" + of(Type.INT, next) + ", " + of(Type.DOUBLE, next) + ")";
      case CELL -> "new Cell(" + of(Type.INT, next) + ", " + of(Type.DOUBLE, next) + ")";
      case STRING -> "(" + one("\"a\"", "\"b\"", "\"a\" + " + of(Type.INT, next)) + ")";
      case MATRIX ->
          scope.chance(50)
              ? "new double[3][2]"
              : "new double[][] {{" + of(Type.DOUBLE, next) + ", 1}, {2, 3}}";
      default -> array(type, next);
    };
  }

  private String array(Type type, int depth) {
    String element = type.element().source;
    if (scope.chance(50)) {
      return "new " + element + "[" + (2 + scope.below(4)) + "]";
    }
    List<String> elements = new ArrayList<>();
    for (int i = 2 + scope.below(3); i > 0; i--) {
      elements.add(of(type.element(), depth));
    }
    return "new " + element + "[] {" + String.join(", ", elements) + "}";
  }
}

package dev.fluxion.grad.fuzz;

import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Random expressions that are smooth and stay small. */
final class Values {
  private final RandomGenerator random;
  private int names;

  Values(RandomGenerator random) {
    this.random = random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  String one(String... among) {
    return among[random.nextInt(among.length)];
  }

  String fresh(String prefix) {
    return prefix + names++;
  }

  String constant() {
    return String.format(Locale.ROOT, "%.2f", 0.1 + 1.4 * random.nextDouble());
  }

  /** An index of an array with four elements. */
  String index(Scope scope) {
    String variable = scope.any(Type.INT);
    return variable == null || chance(0.4)
        ? String.valueOf(below(4))
        : "(" + variable + " + " + below(3) + ") & 3";
  }

  /** An index of a grid with three rows. */
  String row(Scope scope) {
    String variable = scope.any(Type.INT);
    return variable == null || chance(0.5) ? String.valueOf(below(3)) : variable + " % 3";
  }

  String integer(Scope scope) {
    String variable = scope.any(Type.INT);
    return variable == null || chance(0.3)
        ? "(" + value(scope, 0) + " > " + constant() + " ? " + below(4) + " : " + below(4) + ")"
        : "(" + variable + " + " + below(4) + ")";
  }

  String condition(Scope scope) {
    String variable = scope.any(Type.INT);
    return switch (below(variable == null ? 4 : 7)) {
      case 0, 1 -> value(scope, 1) + " < " + constant();
      case 2 -> value(scope, 1) + " > " + value(scope, 1);
      case 3 -> value(scope, 1) + " > 0.2 && " + value(scope, 1) + " < 0.9";
      case 4 -> variable + " % 2 == " + below(2);
      case 5 -> variable + " == " + below(3);
      default -> variable + " > " + below(2) + " || " + value(scope, 0) + " > 0.5";
    };
  }

  /** A value that is bounded whatever the variables hold. */
  String bounded(Scope scope, int depth) {
    return one("Math.sin", "Math.tanh", "Math.cos") + "(" + value(scope, depth) + ")";
  }

  String value(Scope scope, int depth) {
    if (depth <= 0) {
      return leaf(scope);
    }
    return switch (below(14)) {
      case 0, 1 -> "(" + value(scope, depth - 1) + " + " + value(scope, depth - 1) + ")";
      case 2 -> "(" + value(scope, depth - 1) + " - " + value(scope, depth - 1) + ")";
      case 3, 4 -> "(" + value(scope, depth - 1) + " * " + value(scope, depth - 1) + ")";
      case 5 ->
          "(" + value(scope, depth - 1) + " / (2 + Math.sin(" + value(scope, depth - 1) + ")))";
      case 6 -> one("Math.sin", "Math.cos", "Math.tanh") + "(" + value(scope, depth - 1) + ")";
      case 7 -> "Math.sqrt(1 + square(" + value(scope, depth - 1) + "))";
      case 8 -> "Math.exp(Math.sin(" + value(scope, depth - 1) + "))";
      case 9 ->
          "("
              + condition(scope)
              + " ? "
              + value(scope, depth - 1)
              + " : "
              + value(scope, depth - 1)
              + ")";
      case 10 -> "helper(" + value(scope, depth - 1) + ", " + value(scope, depth - 1) + ")";
      case 11 -> "-(" + value(scope, depth - 1) + ")";
      case 12 -> "power(" + integer(scope) + ", " + value(scope, depth - 1) + ")";
      default -> compound(scope, depth - 1);
    };
  }

  private String leaf(Scope scope) {
    if (chance(0.15)) {
      return constant();
    }
    String object = chance(0.4) ? member(scope) : null;
    if (object != null) {
      return object;
    }
    String variable = scope.any(Type.DOUBLE);
    return variable == null ? constant() : variable;
  }

  /** Something read from an object or array, or null. */
  private @Nullable String member(Scope scope) {
    Type type = Type.values()[below(Type.values().length)];
    String name = scope.any(type);
    if (name == null) {
      return null;
    }
    return switch (type) {
      case DOUBLE, BOXED -> name;
      case INT -> "0.1 * " + name;
      case ARRAY -> name + "[" + index(scope) + "]";
      case GRID -> name + "[" + row(scope) + "][" + index(scope) + "]";
      case CELL -> name + one(".v", ".w", ".data[" + index(scope) + "]");
      case CELLS -> name + "[" + row(scope) + "]" + one(".v", ".w");
      case POINT -> name + one(".a()", ".b()");
      case LIST -> name + ".get(" + index(scope) + " % " + name + ".size())";
      case DEQUE -> name + one(".peekFirst()", ".peekLast()");
      case MAP -> name + ".getOrDefault(" + index(scope) + ", " + constant() + ")";
      case POINTS ->
          name + ".get(" + index(scope) + " % " + name + ".size())" + one(".a()", ".b()");
      case OPERATOR -> "Math.sin(" + name + ".applyAsDouble(" + constant() + "))";
      case FUNCTION -> "Math.sin(" + name + ".apply(" + constant() + "))";
    };
  }

  /** A call of a method or of a library. */
  private String compound(Scope scope, int depth) {
    for (int attempt = 0; attempt < 4; attempt++) {
      Type type = Type.values()[below(Type.values().length)];
      String name = scope.any(type);
      if (name == null) {
        continue;
      }
      String k = fresh("k");
      switch (type) {
        case ARRAY -> {
          return switch (below(5)) {
            case 0 -> "sum(" + name + ")";
            case 1 -> "Arrays.stream(" + name + ").map(" + lambda(scope, 1) + ").sum() / 4";
            case 2 ->
                "IntStream.range(0, 4).mapToDouble("
                    + k
                    + " -> "
                    + (scope.captured().any(Type.ARRAY) instanceof String fixed
                        ? fixed + "[" + k + "] * "
                        : "")
                    + value(scope.captured(), 1)
                    + ").sum() / 4";
            case 3 ->
                "Arrays.stream("
                    + name
                    + ").reduce("
                    + constant()
                    + ", ("
                    + k
                    + "p, "
                    + k
                    + "q) -> "
                    + k
                    + "p * 0.5 + "
                    + k
                    + "q)";
            default -> "DoubleStream.of(" + name + ").limit(3).average().orElse(0)";
          };
        }
        case CELL -> {
          return "Math.sin("
              + name
              + "."
              + one("area", "twice", "add")
              + "("
              + value(scope, depth)
              + "))";
        }
        case CELLS -> {
          return "Math.sin("
              + name
              + "["
              + row(scope)
              + "]."
              + one("area", "add")
              + "("
              + value(scope, depth)
              + "))";
        }
        case POINT -> {
          return "Math.sin(" + name + one(".at(", ".moved(1, ") + value(scope, depth) + ")" + ")";
        }
        case LIST -> {
          return name
              + ".stream().mapToDouble("
              + k
              + " -> "
              + k
              + ").map("
              + lambda(scope, 1)
              + ").sum() / 9";
        }
        case POINTS -> {
          return name
              + ".stream().mapToDouble("
              + k
              + " -> "
              + k
              + ".at("
              + value(scope.captured(), 1)
              + ")).sum() / 9";
        }
        case OPERATOR -> {
          return "Math.sin(" + name + ".applyAsDouble(" + value(scope, depth) + "))";
        }
        case FUNCTION -> {
          return "Math.sin(" + name + ".apply(" + value(scope, depth) + "))";
        }
        default -> {}
      }
    }
    return value(scope, depth);
  }

  /** A lambda from a double to a double. */
  String lambda(Scope scope, int depth) {
    Scope inner = scope.captured();
    String parameter = fresh("t");
    inner.declare(Type.DOUBLE, parameter, true);
    return parameter + " -> " + bounded(inner, depth);
  }
}

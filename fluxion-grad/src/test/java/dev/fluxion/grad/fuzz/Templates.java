package dev.fluxion.grad.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills templates of Java text at random.
 *
 * <p>{@code $n} is the variable that a template is about, {@code $N} the same if it may be
 * assigned; {@code $d} an expression, {@code $e} a short one, {@code $b} a bounded one, {@code $k}
 * a constant, {@code $c} a condition, {@code $i} an index of an array, {@code $r} one of a grid's
 * rows, {@code $z} some integer, {@code $m} a constant one; {@code $1} a new name; {@code $l} a
 * lambda from number to number, {@code $f} what its body may be, {@code $f1} the same with {@code
 * $1} as its parameter; {@code $ARRAY} a variable of a kind, {@code $=ARRAY} one that may be
 * assigned, {@code $!ARRAY} one that a lambda may capture, {@code $+ARRAY} an expression that makes
 * one.
 */
final class Templates {
  private static final int TRIES = 6;
  private static final List<String> VALUES =
      List.of(
          "($d + $d)",
          "($d + $d)",
          "($d - $d)",
          "($d * $d)",
          "($d * $d)",
          "($d / (2 + Math.sin($d)))",
          "Math.sin($d)",
          "Math.cos($d)",
          "Math.tanh($d)",
          "Math.sqrt(1 + square($d))",
          "Math.exp(Math.sin($d))",
          "Math.log(1.5 + square($d))",
          "Math.pow(1.5 + Math.sin($d), $e)",
          "Math.hypot($d, 0.5)",
          "Math.atan2($d, 1.5 + square($e))",
          "Math.fma($e, $d, $e)",
          "($c ? $d : $d)",
          "helper($d, $d)",
          "-($d)",
          "power($z, $d)",
          "gentle($d)",
          "Mode.values()[$z % 3].apply($d, $e)",
          "even($m, $d)",
          "(int) (3 * $e) * 0.2 * $d",
          "horner($e, $k, $e, $e)");
  private static final List<String> CONDITIONS =
      List.of(
          "$e < $k",
          "$e < $k",
          "$e > $e",
          "$e > 0.2 && $e < 0.9",
          "$INT % 2 == $m % 2",
          "$INT == $m",
          "($INT > $m % 2 || $e > 0.5)",
          "($z & 1) == 0",
          "!($e <= $k)",
          "gcd($z + 4, 6) == 2 ^ $e > $k");
  private static final List<String> INTEGERS =
      List.of(
          "($e > $k ? $m : $m)", "($INT + $m)", "($INT * 3 >> 1)", "(int) (2 + 2 * Math.sin($e))");

  private final RandomGenerator random;
  private final Pattern forbidden;
  private int names;

  /**
   * @param forbidden what no template that is used may contain
   */
  Templates(RandomGenerator random, String forbidden) {
    this.random = random;
    this.forbidden = Pattern.compile(forbidden);
  }

  RandomGenerator random() {
    return random;
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

  /** One of some templates, filled; null if none can be. */
  @Nullable String pick(List<String> templates, Scope scope, int depth, String self) {
    for (int i = 0; i < TRIES && !templates.isEmpty(); i++) {
      String template = templates.get(below(templates.size()));
      String text = forbidden.matcher(template).find() ? null : fill(template, scope, depth, self);
      if (text != null) {
        return text;
      }
    }
    return null;
  }

  String value(Scope scope, int depth) {
    if (depth > 0) {
      Scope.Variable variable = chance(0.35) ? scope.any() : null;
      String text =
          variable == null
              ? pick(VALUES, scope, depth, "")
              : pick(variable.kind().call, scope, depth, variable.name());
      if (text != null) {
        return variable == null ? text : "(" + text + ")";
      }
    }
    if (chance(0.1)) {
      return constant();
    }
    Scope.Variable variable = chance(0.5) ? scope.any() : null;
    String text = variable == null ? null : pick(variable.kind().read, scope, 0, variable.name());
    String number =
        text == null ? scope.any(Kind.DOUBLE) : text.contains(" * ") ? "(" + text + ")" : text;
    return number == null ? constant() : number;
  }

  /** A value that is bounded whatever the variables hold. */
  String bounded(Scope scope, int depth) {
    return one("Math.sin", "Math.tanh", "Math.cos") + "(" + value(scope, depth) + ")";
  }

  String condition(Scope scope) {
    String text = pick(CONDITIONS, scope, 1, "");
    return text == null ? value(scope, 0) + " < " + constant() : text;
  }

  String integer(Scope scope) {
    String text = pick(INTEGERS, scope, 1, "");
    return text == null ? String.valueOf(below(4)) : text;
  }

  /** An expression that makes a value of a kind, or null. */
  @Nullable String initial(Kind kind, Scope scope, int depth) {
    return pick(kind.initial, scope, depth, "");
  }

  private String index(Scope scope, int bound) {
    String variable = scope.any(Kind.INT);
    return variable == null || chance(0.4)
        ? String.valueOf(below(bound))
        : "(" + variable + " + " + below(3) + ") % " + bound;
  }

  private String lambda(Scope scope, int depth) {
    String parameter = fresh("t");
    Scope inner = scope.captured().declare(Kind.DOUBLE, parameter, true);
    return parameter + " -> " + bounded(inner, depth);
  }

  /** The text that a template stands for; null if it names a variable that is not there. */
  @Nullable String fill(String template, Scope scope, int depth, String self) {
    StringBuilder text = new StringBuilder();
    String[] local = new String[10];
    int at = 0;
    for (int dollar = template.indexOf('$'); dollar >= 0; dollar = template.indexOf('$', at)) {
      text.append(template, at, dollar);
      int end = dollar + 2;
      char c = template.charAt(dollar + 1);
      String part;
      if (Character.isDigit(c)) {
        part = local(local, c);
      } else if (c == 'f') {
        Scope inner = scope.captured();
        if (end < template.length() && Character.isDigit(template.charAt(end))) {
          inner.declare(Kind.DOUBLE, local(local, template.charAt(end++)), true);
        }
        part = bounded(inner, 1);
      } else if (c == 'N') {
        part = scope.isAssignable(self) ? self : null;
      } else if (Character.isLowerCase(c)) {
        part = part(c, scope, depth, self);
      } else {
        int start = Character.isLetter(c) ? dollar + 1 : dollar + 2;
        for (end = start; end < template.length(); end++) {
          if (!Character.isUpperCase(template.charAt(end))) {
            break;
          }
        }
        Kind kind = Kind.valueOf(template.substring(start, end));
        part =
            switch (c) {
              case '=' -> scope.assignable(kind);
              case '!' -> scope.captured().any(kind);
              case '+' -> initial(kind, scope, Math.min(depth, 1));
              default -> scope.any(kind);
            };
      }
      if (part == null) {
        return null;
      }
      text.append(part);
      at = end;
    }
    return text.append(template, at, template.length()).toString();
  }

  private String local(String[] names, char digit) {
    int index = digit - '0';
    if (names[index] == null) {
      names[index] = fresh("v");
    }
    return names[index];
  }

  private String part(char what, Scope scope, int depth, String self) {
    return switch (what) {
      case 'n' -> self;
      case 'd' -> value(scope, depth - 1);
      case 'e' -> value(scope, below(4) == 0 ? Math.min(1, depth) : 0);
      case 'b' -> bounded(scope, Math.max(1, depth - 1));
      case 'k' -> constant();
      case 'c' -> condition(scope);
      case 'i' -> index(scope, 4);
      case 'r' -> index(scope, 3);
      case 'z' -> integer(scope);
      case 'm' -> String.valueOf(below(4));
      case 'l' -> lambda(scope, 1);
      default -> throw new IllegalArgumentException("$" + what);
    };
  }
}

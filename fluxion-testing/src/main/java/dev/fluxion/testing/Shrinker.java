package dev.fluxion.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Finds a small program that still fails: statements are left out, or replaced by what is inside
 * them, and expressions by constants or by their parts, as long as the program fails.
 */
public final class Shrinker {
  private static final List<String> CONSTANTS = List.of("0", "1", "0.5", "true", "false");

  /** What ends every loop. */
  private static final List<String> COUNTING = List.of("fuel", "++");

  private final Predicate<Fragment> fails;
  private Fragment best;
  private int attempts;

  private Shrinker(Fragment program, Predicate<Fragment> fails, int attempts) {
    this.best = program;
    this.fails = fails;
    this.attempts = attempts;
  }

  /** A small program that fails, after at most so many attempts. */
  public static Fragment shrink(Fragment program, Predicate<Fragment> fails, int attempts) {
    Shrinker shrinker = new Shrinker(program, fails, attempts);
    Fragment before;
    do {
      before = shrinker.best;
      shrinker.leaveOut(program, UnaryOperator.identity());
      shrinker.simplify(shrinker.best, UnaryOperator.identity());
      program = shrinker.best;
    } while (shrinker.best != before);
    return shrinker.best;
  }

  private boolean accept(Fragment candidate) {
    if (attempts-- <= 0 || !fails.test(candidate)) {
      return false;
    }
    best = candidate;
    return true;
  }

  /** Gives the part as it is afterwards. */
  private Fragment leaveOut(Fragment part, UnaryOperator<Fragment> whole) {
    Fragment now = part;
    for (int chunk = Math.max(1, now.children().size()); chunk > 0; chunk /= 2) {
      for (int at = now.children().size() - chunk; at >= 0; at -= chunk) {
        Fragment less = now.replace(at, at + chunk, List.of());
        if (accept(whole.apply(less))) {
          now = less;
        }
      }
    }
    for (int i = now.children().size() - 1; i >= 0; i--) {
      Fragment child = now.children().get(i);
      if (!child.children().isEmpty()) {
        Fragment opened = now.replace(i, i + 1, child.children());
        if (accept(whole.apply(opened))) {
          now = opened;
          i += child.children().size();
          continue;
        }
      }
      Fragment current = now;
      int index = i;
      Fragment smaller =
          leaveOut(child, inner -> whole.apply(current.replace(index, index + 1, List.of(inner))));
      now = now.replace(i, i + 1, List.of(smaller));
    }
    return now;
  }

  private Fragment simplify(Fragment part, UnaryOperator<Fragment> whole) {
    Fragment now = part;
    for (int at = 0; at < now.head().length(); at++) {
      int end = expressionEnd(now.head(), at);
      String inside = end < 0 ? "" : now.head().substring(at, end);
      if (inside.length() < 2 || COUNTING.stream().anyMatch(inside::contains)) {
        continue;
      }
      for (String simpler : simplerThan(inside)) {
        String text = now.head().substring(0, at) + simpler + now.head().substring(end);
        if (text.length() < now.head().length() && accept(whole.apply(now.withHead(text)))) {
          now = now.withHead(text);
          at--;
          break;
        }
      }
    }
    for (int i = 0; i < now.children().size(); i++) {
      Fragment current = now;
      int index = i;
      Fragment smaller =
          simplify(
              now.children().get(i),
              inner -> whole.apply(current.replace(index, index + 1, List.of(inner))));
      now = now.replace(i, i + 1, List.of(smaller));
    }
    return now;
  }

  /** Constants, and what is between the operators and commas. */
  private static List<String> simplerThan(String expression) {
    List<String> simpler = new ArrayList<>(CONSTANTS);
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= expression.length(); i++) {
      char c = i == expression.length() ? ',' : expression.charAt(i);
      depth += c == '(' || c == '{' ? 1 : c == ')' || c == '}' ? -1 : 0;
      if (depth == 0 && ",+-*/?:&|".indexOf(c) >= 0) {
        String operand = expression.substring(start, i).strip();
        if (!operand.isEmpty() && operand.length() < expression.length()) {
          simpler.add(operand);
          simpler.add(
              expression.substring(i).length() > 1 ? expression.substring(i + 1).strip() : operand);
        }
        start = i + 1;
      }
    }
    return simpler;
  }

  /** The end of an expression that starts at a position; -1 if none does. */
  private static int expressionEnd(String text, int start) {
    boolean starts =
        start > 0
            && (text.charAt(start - 1) == '('
                || text.startsWith("= ", start - 2)
                || text.startsWith("return ", start - 7));
    int depth = 0;
    for (int i = start; starts && i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' || c == '{' ? 1 : 0;
      if (depth == 0 && (c == ')' || c == ';' || c == '}')) {
        return i;
      }
      depth -= c == ')' || c == '}' ? 1 : 0;
    }
    return -1;
  }
}

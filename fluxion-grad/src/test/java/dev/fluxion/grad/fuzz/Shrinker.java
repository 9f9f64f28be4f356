package dev.fluxion.grad.fuzz;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Finds a small program that still fails: statements are left out, or replaced by what is inside
 * them, and expressions in parentheses by constants, as long as the program fails.
 */
final class Shrinker {
  private static final List<String> CONSTANTS = List.of("0", "1", "0.5", "true", "false");

  private final Predicate<Fragment> fails;
  private Fragment best;
  private int attempts;

  private Shrinker(Fragment program, Predicate<Fragment> fails, int attempts) {
    this.best = program;
    this.fails = fails;
    this.attempts = attempts;
  }

  /** A small program that fails, after at most so many attempts. */
  static Fragment shrink(Fragment program, Predicate<Fragment> fails, int attempts) {
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
    for (int open = now.head().indexOf('('); open >= 0; open = now.head().indexOf('(', open + 1)) {
      int close = closing(now.head(), open);
      String inside = close < 0 ? "" : now.head().substring(open + 1, close);
      if (inside.length() < 2 || inside.contains("++")) {
        continue; // counting is what ends every loop
      }
      for (String constant : CONSTANTS) {
        String text = now.head().substring(0, open + 1) + constant + now.head().substring(close);
        if (text.length() < now.head().length() && accept(whole.apply(now.withHead(text)))) {
          now = now.withHead(text);
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

  private static int closing(String text, int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      if (text.charAt(i) == '(') {
        depth++;
      } else if (text.charAt(i) == ')' && --depth == 0) {
        return i;
      }
    }
    return -1;
  }
}

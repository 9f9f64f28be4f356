package dev.fluxion.grad;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Removes operations of a kind whose results nothing reads, and what only they read. */
final class Unused {
  private Unused() {}

  /**
   * The body without them.
   *
   * @param isMeant which operations do nothing but give a result
   * @param between what is done to the body each time that some were removed
   */
  static Body remove(Body body, Predicate<Op> isMeant, UnaryOperator<Body> between) {
    Body now = body;
    while (true) {
      Set<Value> used = now.used();
      boolean[] changed = {false};
      Body next =
          now.transform(
              (copy, op) -> {
                if (isMeant.test(op) && !used.contains(op.result())) {
                  changed[0] = true;
                } else {
                  copy.keep(op);
                }
              });
      if (!changed[0]) {
        return now;
      }
      now = between.apply(next);
    }
  }
}

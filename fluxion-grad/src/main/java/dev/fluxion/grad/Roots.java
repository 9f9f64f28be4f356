package dev.fluxion.grad;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.util.Objects;

/**
 * Squares under roots, as in norms: where the sum of the squares is zero, the slope of the root is
 * infinite and that of each square is zero, and their product has to be zero too.
 */
final class Roots {
  /** How far back the factors of a square are looked at. */
  private static final int DEPTH = 4;

  private final Plan plan;
  private final boolean any;

  Roots(Body body, Plan plan) {
    this.plan = plan;
    this.any =
        body.blocks().stream()
            .flatMap(block -> block.ops().stream())
            .anyMatch(op -> op instanceof Op.Call call && call.method().name().equals("sqrt"));
  }

  /** Whether a product is a square, and there are roots under which it may be. */
  boolean mayBeOver(Op.Binary product) {
    return any && areAlike(product.left(), product.right(), DEPTH);
  }

  /** Whether two values come of the same reads and arithmetic. */
  private boolean areAlike(Value left, Value right, int depth) {
    if (left == right) {
      return true;
    }
    Op one = plan.definition(left);
    Op other = plan.definition(right);
    if (one == null || other == null || depth == 0) {
      return false;
    }
    return switch (one) {
      case Op.Constant a -> other instanceof Op.Constant b && Objects.equals(a.value(), b.value());
      case Op.LoadElement a ->
          other instanceof Op.LoadElement b
              && areAlike(a.array(), b.array(), depth - 1)
              && areAlike(a.index(), b.index(), depth - 1);
      case Op.LoadField a ->
          other instanceof Op.LoadField b
              && a.field().equals(b.field())
              && a.receiver() != null
              && b.receiver() != null
              && areAlike(a.receiver(), b.receiver(), depth - 1);
      case Op.Negate a ->
          other instanceof Op.Negate b && areAlike(a.operand(), b.operand(), depth - 1);
      case Op.Binary a ->
          other instanceof Op.Binary b
              && a.operator() == b.operator()
              && areAlike(a.left(), b.left(), depth - 1)
              && areAlike(a.right(), b.right(), depth - 1);
      default -> false;
    };
  }
}

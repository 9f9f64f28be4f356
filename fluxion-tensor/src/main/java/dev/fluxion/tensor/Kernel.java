package dev.fluxion.tensor;

import dev.fluxion.grad.GradientException;
import dev.fluxion.grad.Pointwise;
import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * A function of the user's own, or a derivative of one, ready to be applied to tensors: loops, and
 * what the function captured that takes part as a constant.
 */
final class Kernel {
  private final KernelCode code;
  private final @Nullable Object[] constants;

  private Kernel(KernelCode code, @Nullable Object[] constants) {
    this.code = code;
    this.constants = constants;
  }

  /**
   * Whether a function can be put into a loop.
   *
   * @param isDerived whether the loop's derivative is wanted too
   */
  @Primitive(TupleRules.class)
  static boolean isThere(ScalarFunction f, boolean isDerived) {
    KernelCode code = Pointwise.isReadable(f) ? code(f) : null;
    if (code == null || !isDerived) {
      return code != null;
    }
    try {
      code.pullback();
      return true;
    } catch (GradientException _) { // element by element it may go, or is refused with its line
      return false;
    }
  }

  /** The kernel of a function that can be put into a loop. */
  @Primitive(TupleRules.class)
  static Kernel around(ScalarFunction f) {
    KernelCode code = code(f);
    if (code == null) {
      throw new IllegalArgumentException("there is no loop for " + f);
    }
    return new Kernel(code, Pointwise.constants(f));
  }

  private static @Nullable KernelCode code(ScalarFunction f) {
    return Pointwise.of(f)
        .map(functions -> functions.loops(KernelCode.class, KernelCode::of))
        .orElse(null);
  }

  @Primitive(TupleRules.class)
  Kernel pullback() {
    return new Kernel(code.pullback(), constants);
  }

  @Primitive(TupleRules.class)
  Kernel pushforward() {
    return new Kernel(code.pushforward(), constants);
  }

  Tuple run(Tuple xs) {
    return code.run(constants, xs);
  }

  /**
   * Sets the elements of the first tensor to the result, or returns false where that cannot be done
   * in place.
   *
   * @param numbers what the function captured
   */
  boolean update(Tuple numbers, Tuple xs) {
    return code.update(constants, numbers, xs);
  }
}

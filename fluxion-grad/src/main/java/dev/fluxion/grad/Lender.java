package dev.fluxion.grad;

import dev.fluxion.grad.Fuser.Callee;
import dev.fluxion.grad.runtime.Loans;

/**
 * Lends memory to derivatives, for a type whose objects are large. The type names it by {@link
 * LentBy}.
 *
 * <p>What a derivative computes on its way is dead when it is done, unless something else has got
 * hold of it: it was put into an object, given to code that is not followed, or is the gradient.
 * The code of derivatives says so of each such object by {@link #keep}; the memory of all others
 * goes back to the lender, to be used again.
 *
 * <p>While a derivative makes a call that {@link #lends}, {@link Loans#current} takes what is lent
 * on its thread; it is the derivative's own when the call has returned.
 */
public interface Lender {
  /**
   * Whether a call keeps nothing: when it has returned, neither what it was given nor what was lent
   * while it ran is to be found anywhere but in its result.
   */
  boolean lends(Callee callee);

  /** Says that an object of the type may be read after the derivative has ended. */
  void keep(Object object);
}

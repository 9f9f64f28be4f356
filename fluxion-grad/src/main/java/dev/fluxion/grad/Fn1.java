package dev.fluxion.grad;

import java.io.Serializable;

/**
 * A function of one argument; serializable, so that a lambda's code can be found.
 *
 * @param <A> the argument's type
 * @param <R> the result's type
 */
@FunctionalInterface
public interface Fn1<A, R> extends Serializable {
  /** The function's value. */
  R apply(A a);
}

package dev.fluxion.grad;

import java.io.Serializable;

/**
 * A function of three arguments; serializable, so that a lambda's code can be found.
 *
 * @param <A> the first argument's type
 * @param <B> the second argument's type
 * @param <C> the third argument's type
 * @param <R> the result's type
 */
@FunctionalInterface
public interface Fn3<A, B, C, R> extends Serializable {
  /** The function's value. */
  R apply(A a, B b, C c);
}

package dev.fluxion.grad;

import java.io.Serializable;

/**
 * A function of four arguments; serializable, so that a lambda's code can be found.
 *
 * @param <A> the first argument's type
 * @param <B> the second argument's type
 * @param <C> the third argument's type
 * @param <D> the fourth argument's type
 * @param <R> the result's type
 */
@FunctionalInterface
public interface Fn4<A, B, C, D, R> extends Serializable {
  /** The function's value. */
  R apply(A a, B b, C c, D d);
}

package dev.fluxion.grad;

/**
 * The gradients in two arguments.
 *
 * @param first the gradient in the first argument
 * @param second the gradient in the second argument
 * @param <A> the first argument's type
 * @param <B> the second argument's type
 */
public record Pair<A, B>(A first, B second) {}

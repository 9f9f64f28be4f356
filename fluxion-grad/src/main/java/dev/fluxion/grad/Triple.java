package dev.fluxion.grad;

/**
 * The gradients in three arguments.
 *
 * @param first the gradient in the first argument
 * @param second the gradient in the second argument
 * @param third the gradient in the third argument
 * @param <A> the first argument's type
 * @param <B> the second argument's type
 * @param <C> the third argument's type
 */
public record Triple<A, B, C>(A first, B second, C third) {}

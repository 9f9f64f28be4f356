package dev.fluxion.grad;

/**
 * A function's value and its gradient.
 *
 * @param value the value
 * @param gradient the gradient, of the same type and shape as the argument
 * @param <T> the argument's type
 */
public record ValueAndGradient<T>(double value, T gradient) {}

package dev.fluxion.grad;

/**
 * A function's value and how it changes when the argument does.
 *
 * @param value the value
 * @param tangent the directional derivative, of the same type and shape as the value
 * @param <R> the value's type
 */
public record ValueAndTangent<R>(R value, R tangent) {}

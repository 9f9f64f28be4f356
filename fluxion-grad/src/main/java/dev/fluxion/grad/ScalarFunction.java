package dev.fluxion.grad;

import java.io.Serializable;

/** A function of numbers: a {@link Scalar1}, {@link Scalar2} or {@link Scalar3}. */
public interface ScalarFunction extends Serializable {}

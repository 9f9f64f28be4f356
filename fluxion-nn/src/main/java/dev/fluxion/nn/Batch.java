package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * Inputs and what is to be learnt for them.
 *
 * @param x the inputs, batch first
 * @param y a target for each: {@code int[]} labels, or a tensor, batch first
 * @param <Y> the type of the targets
 */
public record Batch<Y>(Tensor x, Y y) {}

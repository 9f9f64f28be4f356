package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;

/**
 * What an optimiser makes of a derivative.
 *
 * @param change what is subtracted from the parameter
 * @param state the optimiser's state for this parameter's next step
 * @param <S> the type of the state
 */
public record Step<S>(Tensor change, S state) {}

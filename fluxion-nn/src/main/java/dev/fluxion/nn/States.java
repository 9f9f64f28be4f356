package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * An optimiser's states: one for each parameter that it has met, by the parameter's identity.
 *
 * @param <S> the type of a state
 */
public final class States<S> {
  private final Map<Tensor, S> states = new IdentityHashMap<>();

  /** No states: every parameter will start afresh. */
  public States() {}

  S of(Tensor parameter, Optimiser<S> optimiser) {
    return states.computeIfAbsent(parameter, optimiser::init);
  }

  void put(Tensor parameter, S state) {
    states.put(parameter, state);
  }
}

package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.io.Serializable;

/**
 * What training lowers: a function of a model and a batch.
 *
 * @param <M> the type of the model
 * @param <B> the type of a batch
 */
@FunctionalInterface
public interface Loss<M, B> extends Serializable {
  /** The loss, a tensor with one element. */
  Tensor apply(M model, B batch);
}

package dev.fluxion.nn;

import dev.fluxion.tensor.Tensor;
import java.io.Serializable;

/** A function from tensor to tensor; a record with weights and an {@code apply} is a layer. */
@FunctionalInterface
public interface Layer extends Serializable {
  /** The layer's output for an input, batch first. */
  Tensor apply(Tensor x);
}

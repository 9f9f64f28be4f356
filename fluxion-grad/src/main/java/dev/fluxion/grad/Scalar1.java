package dev.fluxion.grad;

import java.io.Serializable;

/** A function of a double; serializable, so that a lambda's code can be found. */
@FunctionalInterface
public interface Scalar1 extends Serializable {
  /** The function's value. */
  double apply(double x);
}

package dev.fluxion.grad;

import java.io.Serializable;

/** A function of two doubles; serializable, so that a lambda's code can be found. */
@FunctionalInterface
public interface Scalar2 extends Serializable {
  /** The function's value. */
  double apply(double x, double y);
}

package dev.fluxion.grad;

import java.io.Serializable;

/** A function of three doubles; serializable, so that a lambda's code can be found. */
@FunctionalInterface
public interface Scalar3 extends Serializable {
  /** The function's value. */
  double apply(double x, double y, double z);
}

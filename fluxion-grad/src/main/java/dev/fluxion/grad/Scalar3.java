package dev.fluxion.grad;

/** A function of three doubles; serializable, so that a lambda's code can be found. */
@FunctionalInterface
public interface Scalar3 extends ScalarFunction {
  /** The function's value. */
  double apply(double x, double y, double z);
}

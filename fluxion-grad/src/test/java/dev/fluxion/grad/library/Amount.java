package dev.fluxion.grad.library;

/** A class whose methods are those of one that only its package sees, which they return. */
public class Amount extends Quantity<Amount> {
  /** So much. */
  public Amount(double value) {
    super(value);
  }

  @Override
  Amount of(double value) {
    return new Amount(value);
  }
}

abstract class Quantity<Q extends Quantity<Q>> {
  private double value;

  Quantity(double value) {
    this.value = value;
  }

  abstract Q of(double value);

  public Q times(double factor) {
    return of(value * factor);
  }

  @SuppressWarnings("unchecked")
  public Q grow(double factor) {
    value *= factor;
    return (Q) this;
  }

  public double value() {
    return value;
  }
}

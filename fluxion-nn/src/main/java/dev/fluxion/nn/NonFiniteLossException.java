package dev.fluxion.nn;

/** A loss that is not a number, or infinite: says where, and what to try. */
public final class NonFiniteLossException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  NonFiniteLossException(String message) {
    super(message);
  }
}

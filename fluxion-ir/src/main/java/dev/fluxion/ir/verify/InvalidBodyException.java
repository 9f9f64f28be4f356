package dev.fluxion.ir.verify;

/** Says which body breaks a rule, in which block and operation, and which rule it is. */
public final class InvalidBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidBodyException(String message) {
    super(message);
  }
}

package dev.fluxion.grad;

/** Says what cannot be differentiated, where in the user's code, and what to do about it. */
public final class GradientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A problem, written for the user. */
  public GradientException(String message) {
    super(message);
  }

  /** A problem, written for the user, and what caused it. */
  public GradientException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.fluxion.ir;

/**
 * A comparison of two numbers, or ({@link #EQ} and {@link #NE} only) of two references.
 *
 * <p>On floating-point numbers it is IEEE 754's, as of Java's operators: with a NaN all are false
 * but {@code NE}, and {@code -0.0} equals {@code 0.0}. So {@code !(a < b)} is not {@code a >= b};
 * the lifter keeps the comparison and exchanges the branches.
 */
public enum Comparison {
  /** Equal. */
  EQ,
  /** Not equal. */
  NE,
  /** Less. */
  LT,
  /** Less or equal. */
  LE,
  /** Greater. */
  GT,
  /** Greater or equal. */
  GE;

  /**
   * The comparison that holds of two integers or references just when this one does not. Of
   * floating-point numbers that is so only where neither is NaN.
   */
  public Comparison negated() {
    return switch (this) {
      case EQ -> NE;
      case NE -> EQ;
      case LT -> GE;
      case GE -> LT;
      case GT -> LE;
      case LE -> GT;
    };
  }
}

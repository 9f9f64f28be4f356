package dev.fluxion.grad.library;

/** Seen in this package only; others hold it as a {@link Whole}. */
class Part {
  /** A number. */
  protected double number;
}

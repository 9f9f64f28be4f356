package dev.fluxion.grad.runtime;

/** Gives numbers until there are no more. */
interface Source {
  boolean hasNext();

  double next();
}

package dev.fluxion.bench;

/** A piece of work with fixed inputs, made anew for every measurement. */
public interface Workload {
  /**
   * Does the work for the first time and gives the number by which results are compared: that of
   * the peers for the same work.
   */
  double check();

  /** Does the work once; the result is returned so that none of it is optimised away. */
  Object run();
}

package dev.fluxion.grad.runtime;

import java.lang.invoke.MethodHandle;

/** The derivative of the method that a receiver's class chose: pushed on the tape by the call. */
public final class Target {
  /** Runs the method and keeps what the reverse half reads. */
  public final MethodHandle forward;

  /** The reverse half. */
  public final MethodHandle reverse;

  /** The two halves of a derivative. */
  public Target(MethodHandle forward, MethodHandle reverse) {
    this.forward = forward;
    this.reverse = reverse;
  }
}

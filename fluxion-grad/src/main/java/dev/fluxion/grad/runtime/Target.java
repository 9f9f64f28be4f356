package dev.fluxion.grad.runtime;

import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

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

  /** Runs the method with its arguments, their shadows and the tape. */
  public @Nullable Object forward(@Nullable Object[] arguments) throws Throwable {
    return forward.invokeWithArguments(arguments);
  }

  /** Runs the reverse half with the tape and the cotangent. */
  void reverse(Object[] arguments) throws Throwable {
    reverse.invokeWithArguments(arguments);
  }
}

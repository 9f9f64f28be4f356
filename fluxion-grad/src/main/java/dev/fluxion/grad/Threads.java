package dev.fluxion.grad;

import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import java.util.Timer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinTask;

/** Code that the platform runs on another thread, where a derivative would be lost. */
final class Threads {
  private Threads() {}

  /** Whether a method may hand what it is given over to another thread. */
  static boolean handOver(MethodRef method, Class<?> owner) {
    if (CompletionStage.class.isAssignableFrom(owner)) {
      return method.name().endsWith("Async");
    }
    return Thread.class.isAssignableFrom(owner)
        || Thread.Builder.class.isAssignableFrom(owner)
        || Executor.class.isAssignableFrom(owner)
        || ForkJoinTask.class.isAssignableFrom(owner)
        || Timer.class.isAssignableFrom(owner);
  }

  static GradientException refusal(Op op, Class<?> owner, String method) {
    return new GradientException(
        "cannot differentiate "
            + op.location()
            + ": "
            + owner.getSimpleName()
            + "."
            + method
            + " runs code that depends on the arguments on another thread, where its derivative is"
            + " not followed; call it on this one, or wrap what it takes in Grad.stopGradient if"
            + " the derivative is zero");
  }
}

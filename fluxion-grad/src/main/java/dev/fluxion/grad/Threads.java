package dev.fluxion.grad;

import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.SubmissionPublisher;

/** Code that the platform runs on another thread, where a derivative would be lost. */
final class Threads {
  private static final List<String> STARTING =
      List.of(
          "execute",
          "externalSubmit",
          "fork",
          "invoke",
          "lazySubmit",
          "quietlyInvoke",
          "schedule",
          "start",
          "submit");

  private Threads() {}

  /**
   * Whether a method may hand what it is given over to another thread, and is not one that a
   * derivative calls in a {@link Serial} form.
   */
  static boolean handOver(MethodRef method, Class<?> owner) {
    boolean isAsynchronous =
        CompletionStage.class.isAssignableFrom(owner) && method.name().endsWith("Async");
    boolean isStarting =
        (Thread.class.isAssignableFrom(owner)
                || Thread.Builder.class.isAssignableFrom(owner)
                || Executor.class.isAssignableFrom(owner)
                || ForkJoinTask.class.isAssignableFrom(owner)
                || Timer.class.isAssignableFrom(owner))
            && STARTING.stream().anyMatch(method.name()::startsWith);
    return (isAsynchronous || isStarting || SubmissionPublisher.class.isAssignableFrom(owner))
        && !Serial.replaces(method, owner);
  }

  static GradientException refusal(Op op, Class<?> owner, String method) {
    return new GradientException(
        "cannot differentiate "
            + op.location()
            + ": "
            + owner.getSimpleName()
            + "."
            + method
            + " "
            + OBSTACLE
            + ", or wrap what it takes in Grad.stopGradient if the derivative is zero");
  }

  /** What is the matter with such a method. */
  static final String OBSTACLE =
      "runs code that depends on the arguments on another thread in a way that is not followed;"
          + " submit a Callable or Runnable to an ExecutorService, or call it on this thread";
}

package dev.fluxion.grad.runtime;

import dev.fluxion.grad.GradientException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the platform's methods do that run code on other threads, but on this one and at once: so
 * they are called in derivatives, whose sweeps need an order of all that happens.
 *
 * <p>It is one of the orders in which the threads might have run. A task that has to wait for what
 * comes later cannot be run so.
 */
public final class Tasks {
  private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

  private Tasks() {}

  private static void run(Runnable task) {
    int depth = enter();
    try {
      task.run();
    } finally {
      leave(depth);
    }
  }

  /** Begins a task that runs here; gives what {@link #leave} takes. */
  static int enter() {
    int depth = DEPTH.get();
    DEPTH.set(depth + 1);
    return depth;
  }

  /** Ends a task. */
  static void leave(int depth) {
    DEPTH.set(depth);
  }

  /** Refuses to wait, in a task that runs here, for what only comes when it has ended. */
  static void refuseToWait(String where) {
    if (DEPTH.get() > 0) {
      throw new GradientException(
          "cannot differentiate a task that waits at a "
              + where
              + " for other threads: in a derivative it runs when it is submitted, to its end, and"
              + " they wait for it; let it finish by itself");
    }
  }

  static void refuseWhenShut(Executor executor) {
    if (isShut(executor)) {
      throw new RejectedExecutionException(executor + " has been shut down");
    }
  }

  private static boolean isShut(Executor executor) {
    return executor instanceof ExecutorService service && service.isShutdown();
  }

  /** Runs tasks in place of an executor, as long as that would. */
  private static final class Here extends AbstractExecutorService {
    private final Executor executor;

    Here(Executor executor) {
      this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
      refuseWhenShut(executor);
      Tasks.run(task);
    }

    @Override
    public boolean isShutdown() {
      return isShut(executor);
    }

    @Override
    public boolean isTerminated() {
      return executor instanceof ExecutorService service && service.isTerminated();
    }

    @Override
    public void shutdown() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      throw new UnsupportedOperationException();
    }
  }

  // ---------------------------------------------------------------- executors

  /** {@code Executor.execute}; what the task throws is its thread's matter. */
  public static void execute(Executor executor, Runnable task) {
    new Here(executor).execute(() -> runUncaught(Thread.currentThread(), task));
  }

  /** {@code ExecutorService.submit}. */
  public static <T> Future<T> submit(ExecutorService executor, Callable<T> task) {
    return new Here(executor).submit(task);
  }

  /** {@code ExecutorService.submit}. */
  public static Future<?> submit(ExecutorService executor, Runnable task) {
    return new Here(executor).submit(task);
  }

  /** {@code ExecutorService.submit}. */
  public static <T> Future<T> submit(ExecutorService executor, Runnable task, T result) {
    return new Here(executor).submit(task, result);
  }

  /** {@code ForkJoinPool.submit}. */
  public static <T> ForkJoinTask<T> submit(ForkJoinPool executor, Callable<T> task) {
    return done(executor, ForkJoinTask.adapt(task));
  }

  /** {@code ForkJoinPool.submit}. */
  public static ForkJoinTask<?> submit(ForkJoinPool executor, Runnable task) {
    return done(executor, ForkJoinTask.adapt(task));
  }

  private static <T> ForkJoinTask<T> done(ForkJoinPool executor, ForkJoinTask<T> task) {
    new Here(executor).execute(task::quietlyInvoke);
    return task;
  }

  // ---------------------------------------------------------------- futures

  /** {@code CompletableFuture.supplyAsync}. */
  public static <T> CompletableFuture<T> supplyAsync(Supplier<T> supplier) {
    return CompletableFuture.supplyAsync(supplier, Tasks::run);
  }

  /** {@code CompletableFuture.supplyAsync}. */
  public static <T> CompletableFuture<T> supplyAsync(Supplier<T> supplier, Executor executor) {
    return CompletableFuture.supplyAsync(supplier, new Here(executor));
  }

  /** {@code CompletableFuture.runAsync}. */
  public static CompletableFuture<Void> runAsync(Runnable task) {
    return CompletableFuture.runAsync(task, Tasks::run);
  }

  /** {@code CompletableFuture.runAsync}. */
  public static CompletableFuture<Void> runAsync(Runnable task, Executor executor) {
    return CompletableFuture.runAsync(task, new Here(executor));
  }

  /** {@code CompletableFuture.completeAsync}. */
  public static <T> CompletableFuture<T> completeAsync(
      CompletableFuture<T> future, Supplier<? extends T> supplier) {
    return future.completeAsync(supplier, Tasks::run);
  }

  /** {@code CompletableFuture.completeAsync}. */
  public static <T> CompletableFuture<T> completeAsync(
      CompletableFuture<T> future, Supplier<? extends T> supplier, Executor executor) {
    return future.completeAsync(supplier, new Here(executor));
  }

  /** A new {@code ExecutorCompletionService}. */
  public static <T> ExecutorCompletionService<T> newExecutorCompletionService(Executor executor) {
    return new ExecutorCompletionService<>(new Here(executor));
  }

  // ---------------------------------------------------------------- threads

  /** Refuses a thread that has run, as the platform does; and one whose task is not seen. */
  static void refuseToStart(Thread thread) {
    if (thread.getState() != Thread.State.NEW) {
      throw new IllegalThreadStateException();
    }
  }

  /** {@code Thread.startVirtualThread}. */
  public static Thread startVirtualThread(Runnable task) {
    Thread thread = Thread.ofVirtual().unstarted(task);
    runUncaught(thread, task);
    return thread;
  }

  /** {@code Thread.Builder.start}. */
  public static Thread start(Thread.Builder builder, Runnable task) {
    Thread thread = builder.unstarted(task);
    runUncaught(thread, task);
    return thread;
  }

  /** {@code Thread.join}. */
  public static boolean join(Thread thread, Duration time) {
    return true;
  }

  private static void runUncaught(Thread thread, Runnable task) {
    try {
      run(task);
    } catch (Throwable e) {
      Adjoints.refuse(e);
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}

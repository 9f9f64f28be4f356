package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.GradientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;
import org.jspecify.annotations.Nullable;

/**
 * The methods that start tasks which divide themselves, in plain Java. Where they are followed by a
 * derivative a task runs when it is forked, see {@link Tasks}, and keeps its result; joining it
 * then only asks for that.
 */
public final class Forks {
  private Forks() {}

  /** In a derivative a call of this is one of {@code RecursiveTask.compute}. */
  public static @Nullable Object compute(RecursiveTask<Object> task) {
    return task.invoke();
  }

  /** In a derivative a call of this is one of {@code RecursiveAction.compute}. */
  public static void compute(RecursiveAction action) {
    action.invoke();
  }

  private static void run(ForkJoinTask<Object> task) {
    if (task.isDone()) {
      return;
    }
    ForkJoinTask<?> any = task; // of which only some give a result
    int depth = Tasks.enter();
    try {
      if (task instanceof RecursiveTask<Object> recursive) {
        task.complete(compute(recursive));
      } else if (any instanceof RecursiveAction action) {
        compute(action);
        task.complete(null);
      } else {
        throw refusal(task);
      }
    } catch (Throwable e) {
      Adjoints.refuse(e);
      task.completeExceptionally(e);
    } finally {
      Tasks.leave(depth);
    }
  }

  private static GradientException refusal(Object task) {
    return new GradientException(
        "cannot differentiate the task "
            + task.getClass().getName()
            + ", which may run on another thread; extend RecursiveTask or RecursiveAction");
  }

  // ---------------------------------------------------------------- tasks

  /** {@code ForkJoinTask.fork}. */
  public static ForkJoinTask<Object> fork(ForkJoinTask<Object> task) {
    if (!Grad.isTraining()) {
      return task.fork();
    }
    run(task);
    return task;
  }

  /** {@code ForkJoinTask.invoke}. */
  public static @Nullable Object invoke(ForkJoinTask<Object> task) {
    if (!Grad.isTraining()) {
      return task.invoke();
    }
    run(task);
    return task.join();
  }

  /** {@code ForkJoinTask.quietlyInvoke}. */
  public static void quietlyInvoke(ForkJoinTask<Object> task) {
    if (Grad.isTraining()) {
      run(task);
    } else {
      task.quietlyInvoke();
    }
  }

  /** {@code ForkJoinTask.invokeAll}. */
  public static void invokeAll(ForkJoinTask<Object> first, ForkJoinTask<Object> second) {
    if (Grad.isTraining()) {
      run(first);
      run(second);
      first.join();
      second.join();
    } else {
      ForkJoinTask.invokeAll(first, second);
    }
  }

  /** {@code ForkJoinTask.invokeAll}. */
  @SuppressWarnings("unchecked") // what they compute is theirs alone to know
  public static void invokeAll(ForkJoinTask<?>[] tasks) {
    if (Grad.isTraining()) {
      for (ForkJoinTask<?> task : tasks) {
        run((ForkJoinTask<Object>) task);
      }
      for (ForkJoinTask<?> task : tasks) {
        task.join();
      }
    } else {
      ForkJoinTask.invokeAll(tasks);
    }
  }

  /** {@code ForkJoinTask.invokeAll}. */
  public static Collection<ForkJoinTask<Object>> invokeAll(Collection<ForkJoinTask<Object>> tasks) {
    if (!Grad.isTraining()) {
      return ForkJoinTask.invokeAll(tasks);
    }
    List<ForkJoinTask<Object>> all = new ArrayList<>(tasks);
    for (ForkJoinTask<Object> task : all) {
      run(task);
    }
    for (ForkJoinTask<Object> task : all) {
      task.join();
    }
    return tasks;
  }

  // ---------------------------------------------------------------- pools

  /** {@code ForkJoinPool.invoke}. */
  public static @Nullable Object invoke(ExecutorService pool, ForkJoinTask<Object> task) {
    if (!Grad.isTraining()) {
      return ((ForkJoinPool) pool).invoke(task);
    }
    Tasks.refuseWhenShut(pool);
    run(task);
    return task.join();
  }

  /** {@code ForkJoinPool.submit}. */
  public static ForkJoinTask<Object> submit(ExecutorService pool, ForkJoinTask<Object> task) {
    if (!Grad.isTraining()) {
      return ((ForkJoinPool) pool).submit(task);
    }
    Tasks.refuseWhenShut(pool);
    run(task);
    return task;
  }

  /** {@code ForkJoinPool.execute}. */
  public static void execute(ExecutorService pool, ForkJoinTask<Object> task) {
    if (Grad.isTraining()) {
      Tasks.refuseWhenShut(pool);
      run(task);
    } else {
      ((ForkJoinPool) pool).execute(task);
    }
  }
}

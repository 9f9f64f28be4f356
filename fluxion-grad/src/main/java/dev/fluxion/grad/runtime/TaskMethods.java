package dev.fluxion.grad.runtime;

import dev.fluxion.grad.Grad;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Methods that need care where tasks run one after another, in plain Java: those that take
 * functions in a collection, of which each must be seen when it is submitted, and those that wait.
 */
public final class TaskMethods {
  private TaskMethods() {}

  /** {@code ExecutorService.invokeAll}. */
  public static <T> List<Future<T>> invokeAll(
      ExecutorService executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> task : tasks) {
      futures.add(executor.submit(task));
    }
    for (Future<T> future : futures) {
      finish(future);
    }
    return futures;
  }

  private static void finish(Future<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException | CancellationException e) {
      return; // the future says so to whoever asks it
    }
  }

  /** {@code ExecutorService.invokeAll}. */
  public static <T> List<Future<T>> invokeAll(
      ExecutorService executor,
      Collection<? extends Callable<T>> tasks,
      long timeout,
      TimeUnit unit)
      throws InterruptedException {
    return invokeAll(executor, tasks);
  }

  /** {@code ExecutorService.invokeAny}: the first of the tasks that succeeds. */
  public static <T> Object invokeAny(
      ExecutorService executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    @Nullable ExecutionException last = null;
    for (Callable<T> task : tasks) {
      try {
        return executor.submit(task).get();
      } catch (ExecutionException e) {
        last = e;
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("no tasks");
    }
    throw last;
  }

  /**
   * {@code Thread.start}, of a subclass too: it runs here, to its end, and what it throws is the
   * thread's matter.
   */
  public static void start(Thread thread) {
    if (!Grad.isTraining()) {
      thread.start();
      return;
    }
    Tasks.refuseToStart(thread);
    int depth = Tasks.enter();
    try {
      ((Runnable) thread).run();
    } catch (Throwable e) {
      Adjoints.refuse(e);
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    } finally {
      Tasks.leave(depth);
    }
  }

  // ---------------------------------------------------------------- waiting for other threads
  // by methods that are not replaced by these

  /** {@code CountDownLatch.await}. */
  public static void await(CountDownLatch latch) throws InterruptedException {
    if (latch.getCount() > 0) {
      Tasks.refuseToWait("CountDownLatch");
    }
    boolean _ = latch.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** {@code CyclicBarrier.await}. */
  public static int await(CyclicBarrier barrier)
      throws InterruptedException, BrokenBarrierException {
    if (barrier.getNumberWaiting() + 1 < barrier.getParties()) {
      Tasks.refuseToWait("CyclicBarrier");
    }
    try {
      return barrier.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code Semaphore.acquire}. */
  public static void acquire(Semaphore semaphore) throws InterruptedException {
    if (semaphore.availablePermits() == 0) {
      Tasks.refuseToWait("Semaphore");
    }
    boolean _ = semaphore.tryAcquire(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** {@code Object.wait}. */
  @SuppressWarnings("WaitNotInLoop") // the caller's matter
  public static void wait(Object monitor) throws InterruptedException {
    Tasks.refuseToWait("monitor");
    monitor.wait(0);
  }

  /** {@code Condition.await}. */
  @SuppressWarnings("WaitNotInLoop") // the caller's matter
  public static void await(Condition condition) throws InterruptedException {
    Tasks.refuseToWait("Condition");
    boolean _ = condition.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** {@code Condition.awaitUninterruptibly}. */
  @SuppressWarnings("WaitNotInLoop") // the caller's matter
  public static void awaitUninterruptibly(Condition condition) {
    Tasks.refuseToWait("Condition");
    boolean isInterrupted = false;
    boolean isOver = false;
    while (!isOver) {
      try {
        boolean _ = condition.await(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        isOver = true;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** {@code Phaser.arriveAndAwaitAdvance}. */
  public static int arriveAndAwaitAdvance(Phaser phaser) {
    if (phaser.getUnarrivedParties() > 1) {
      Tasks.refuseToWait("Phaser");
    }
    return phaser.awaitAdvance(phaser.arrive());
  }

  /** {@code Exchanger.exchange}. */
  public static @Nullable Object exchange(Exchanger<Object> exchanger, Object given)
      throws InterruptedException {
    Tasks.refuseToWait("Exchanger");
    try {
      return exchanger.exchange(given, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code LockSupport.park}. */
  public static void park() {
    Tasks.refuseToWait("LockSupport.park");
    LockSupport.parkNanos(Long.MAX_VALUE);
  }

  /** {@code BlockingQueue.take}. */
  public static @Nullable Object take(BlockingQueue<?> queue) throws InterruptedException {
    if (queue.isEmpty()) {
      Tasks.refuseToWait("BlockingQueue");
    }
    return queue.poll(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }

  /** {@code BlockingQueue.put}. */
  public static void put(BlockingQueue<Object> queue, Object element) throws InterruptedException {
    if (queue.remainingCapacity() == 0) {
      Tasks.refuseToWait("BlockingQueue");
    }
    boolean _ = queue.offer(element, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
  }
}

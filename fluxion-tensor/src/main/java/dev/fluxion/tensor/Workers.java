package dev.fluxion.tensor;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread for each core but that of the caller, which do the pieces of one job at a time.
 *
 * <p>Operations on tensors follow each other within microseconds, and to wake a thread that sleeps
 * takes several: so a thread that has nothing to do looks for work a short while before it sleeps.
 * A caller that finds the threads at work for another does all its pieces itself.
 */
final class Workers {
  private static final long AWAKE_NANOS = 50_000;
  private static final int LOOKS = 64;

  private final ReentrantLock use = new ReentrantLock();
  private final Worker[] workers;
  private volatile @Nullable Job job;

  Workers(int count) {
    workers = new Worker[count];
    for (int i = 0; i < count; i++) {
      workers[i] = new Worker(i);
    }
  }

  /** Pieces that are taken one by one, and how many are not done. */
  private static final class Job {
    final Parallel.Piece work;
    final int count;
    final Thread caller = Thread.currentThread();
    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger left;
    private int failed = Integer.MAX_VALUE;
    private @Nullable Throwable failure;

    Job(int count, Parallel.Piece work) {
      this.count = count;
      this.work = work;
      this.left = new AtomicInteger(count);
    }

    /** Does pieces as long as there are any that nobody has taken. */
    void take() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        try {
          work.run(i);
        } catch (Throwable e) {
          failed(i, e);
        }
        if (left.decrementAndGet() == 0 && Thread.currentThread() != caller) {
          LockSupport.unpark(caller);
        }
      }
    }

    /** Of several failures the first piece's counts, whichever came first. */
    private synchronized void failed(int piece, Throwable e) {
      if (piece < failed) {
        failed = piece;
        failure = e;
      }
    }

    /** Waits for the pieces that others are at. */
    void join() {
      long until = System.nanoTime() + AWAKE_NANOS;
      while (left.get() > 0) {
        Thread.onSpinWait();
        if (System.nanoTime() > until) {
          LockSupport.park(this);
        }
      }
    }

    synchronized void rethrow() {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
    }
  }

  /** Runs the pieces 0, 1, … here and on the workers, and returns when all are done. */
  void run(int count, Parallel.Piece work) {
    if (use.isHeldByCurrentThread() || !use.tryLock()) {
      for (int i = 0; i < count; i++) {
        work.run(i);
      }
      return;
    }
    try {
      Job mine = new Job(count, work);
      job = mine;
      for (int i = 0; i < Math.min(count - 1, workers.length); i++) {
        workers[i].wake();
      }
      mine.take();
      mine.join();
      mine.rethrow();
    } finally {
      job = null;
      use.unlock();
    }
  }

  private final class Worker implements Runnable {
    private final Thread thread;
    private volatile boolean isAsleep;
    private boolean isStarted;

    Worker(int index) {
      thread = new Thread(null, this, "fluxion-worker-" + (index + 1), 0, false);
      thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
      thread.setDaemon(true);
    }

    /** Called by one thread at a time. */
    void wake() {
      if (!isStarted) {
        isStarted = true;
        thread.start();
      } else if (isAsleep) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      while (true) {
        work();
        isAsleep = true;
        if (!isWork()) { // looked for once more when the callers know that this one sleeps
          LockSupport.park(Workers.this);
        }
        isAsleep = false;
      }
    }

    private boolean isWork() {
      Job found = job;
      return found != null && found.next.get() < found.count;
    }

    /** Does what there is to do until there has been nothing for a while. */
    private void work() {
      long until = System.nanoTime() + AWAKE_NANOS;
      while (System.nanoTime() < until) {
        for (int i = 0; i < LOOKS && !isWork(); i++) {
          Thread.onSpinWait();
        }
        Job found = job;
        if (found != null && isWork()) {
          found.take();
          until = System.nanoTime() + AWAKE_NANOS;
        }
      }
    }
  }
}

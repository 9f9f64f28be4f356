package dev.fluxion.tensor;

import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;

/**
 * Shares out work to the machine's cores. How work is cut never depends on timing, so results have
 * the same bits every time.
 */
final class Parallel {
  /** OpenBLAS has room for the work of so many threads. */
  private static final int MOST = 64;

  static final int CORES = Math.min(MOST, Runtime.getRuntime().availableProcessors());

  private Parallel() {}

  /** Work on the indices from one up to, not including, another. */
  interface Range {
    void run(int from, int to);
  }

  /** Cuts the indices into at most one piece a core, none smaller than the grain. */
  static void ranges(int size, int grain, Range work) {
    int pieces = Math.clamp(size / Math.max(1, grain), 1, CORES);
    if (pieces == 1) {
      work.run(0, size);
      return;
    }
    tasks(
        pieces,
        piece ->
            work.run(
                (int) ((long) size * piece / pieces), (int) ((long) size * (piece + 1) / pieces)));
  }

  /** A numbered piece of work. */
  interface Piece {
    void run(int index);
  }

  /** Runs the pieces 0, 1, … and returns when all are done. */
  static void tasks(int count, Piece work) {
    if (count == 1 || CORES == 1) {
      for (int i = 0; i < count; i++) {
        work.run(i);
      }
      return;
    }
    ForkJoinTask<?>[] forked = new ForkJoinTask<?>[count];
    for (int i = 1; i < count; i++) {
      forked[i] = new Task(work, i).fork();
    }
    Throwable failure = null;
    try {
      work.run(0);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (int i = count - 1; i > 0; i--) {
      forked[i].quietlyJoin();
      failure = failure == null ? forked[i].getException() : failure;
    }
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  private static final class Task extends RecursiveAction {
    private static final long serialVersionUID = 1L;

    private final transient Piece work;
    private final int index;

    Task(Piece work, int index) {
      this.work = work;
      this.index = index;
    }

    @Override
    protected void compute() {
      work.run(index);
    }
  }
}

package dev.fluxion.tensor;

/**
 * Shares out work to the machine's cores. How work is cut never depends on timing, so results have
 * the same bits every time.
 */
final class Parallel {
  /** OpenBLAS has room for the work of so many threads. */
  private static final int MOST = 64;

  static final int CORES = Math.min(MOST, Runtime.getRuntime().availableProcessors());

  private static final Workers WORKERS = new Workers(CORES - 1);

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
    } else {
      WORKERS.run(count, work);
    }
  }
}

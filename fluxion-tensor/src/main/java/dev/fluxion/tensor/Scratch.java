package dev.fluxion.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Native memory that a library is lent for a call. It is kept for later calls, and all of it
 * together stays below a limit.
 */
final class Scratch implements AutoCloseable {
  /** In bytes: a cache line, and the widest vector. */
  static final long ALIGNMENT = 64;

  private static final Pool POOL =
      new Pool(Long.getLong("fluxion.memory.native", Runtime.getRuntime().maxMemory()));

  private final Pool pool;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  private Scratch(Pool pool, long bytes) {
    this.pool = pool;
    this.memory = arena.allocate(bytes, ALIGNMENT);
  }

  /** At least so many bytes, aligned to 64. */
  static Scratch of(long bytes) {
    return POOL.lend(Math.max(bytes, ALIGNMENT));
  }

  MemorySegment memory() {
    return memory;
  }

  /** Gives it back to the pool. */
  @Override
  public void close() {
    pool.takeBack(this);
  }

  static long live() {
    return POOL.live();
  }

  static long peak() {
    return POOL.peak();
  }

  static long limit() {
    return POOL.limit;
  }

  /** Memory of which some is lent and the rest is kept. */
  static final class Pool {
    private final long limit;
    private final Deque<Scratch> kept = new ArrayDeque<>();
    private long live;
    private long peak;

    Pool(long limit) {
      this.limit = limit;
    }

    /** Waits for others when there would be too much. */
    synchronized Scratch lend(long bytes) {
      if (bytes > limit) {
        throw new IllegalStateException(
            "a native call needs "
                + Memory.text(bytes)
                + " to work in, and may have "
                + Memory.text(limit)
                + "; raise -Dfluxion.memory.native, in bytes, or compute in smaller batches");
      }
      while (true) {
        Scratch last = kept.poll();
        if (last != null && last.memory.byteSize() >= bytes) {
          return last;
        }
        if (last != null) { // memory only grows
          free(last);
        } else if (live + bytes <= limit) {
          Scratch made = new Scratch(this, bytes);
          live += bytes;
          peak = Math.max(peak, live);
          return made;
        } else {
          try {
            wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for native memory", e);
          }
        }
      }
    }

    private synchronized void takeBack(Scratch scratch) {
      kept.push(scratch);
      notifyAll();
    }

    private void free(Scratch scratch) {
      live -= scratch.memory.byteSize();
      scratch.arena.close();
    }

    synchronized long live() {
      return live;
    }

    synchronized long peak() {
      return peak;
    }
  }
}

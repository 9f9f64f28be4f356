package dev.fluxion.tensor;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop with vector instructions that is used once it is fast.
 *
 * <p>Until C2 has compiled such a loop, each vector is an object, and a loop over single elements
 * is a hundred times as fast. It gives the same bits, so the loop starts as such a one. When it has
 * done some work, a thread beside runs the vector form on elements of its own until that is fast.
 * Where C2 gives up on a loop, it stays as it is.
 */
final class GradualLoop {
  /** How many elements a trial runs for. */
  static final int TRIAL = 192;

  /** Whether loops are used at once, as tests do. */
  static volatile boolean isImmediate =
      System.getProperty("fluxion.vector", "on").equals("immediate");

  /** After so many elements a loop is worth being compiled. */
  private static final long WORTH = 1 << 17;

  /** So many trials make C2 compile a loop; after that there is waiting, for a minute at most. */
  private static final int TRIALS = 620;

  private static final int WAITS = 6000;

  private static final long FAST = TRIAL * 60L; // ns

  private static final ScheduledExecutorService THREAD =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fluxion-loops").factory());

  private final Supplier<@Nullable MethodHandle> maker;
  private volatile @Nullable MethodHandle loop;
  private volatile boolean isBegun;
  private long done; // by several threads, so that some may be forgotten

  /** Runs a loop for as many elements as a trial has. */
  interface Trial {
    void run(MethodHandle loop);
  }

  GradualLoop(Supplier<@Nullable MethodHandle> maker) {
    this.maker = maker;
  }

  /**
   * The loop, or null where its elements are to be taken one by one.
   *
   * @param count how many elements there are this time
   */
  @Nullable MethodHandle get(int count, Trial trial) {
    MethodHandle found = loop;
    if (found != null || isBegun) {
      return found;
    }
    done += count;
    if (isImmediate) {
      found = maker.get();
      loop = found;
      isBegun = found == null;
    } else if (done > WORTH) {
      begin(trial);
    }
    return found;
  }

  private synchronized void begin(Trial trial) {
    if (!isBegun) {
      isBegun = true;
      THREAD.execute(() -> prepare(trial));
    }
  }

  private void prepare(Trial trial) {
    MethodHandle made = maker.get();
    if (made != null) {
      for (int i = 0; i < TRIALS; i++) {
        trial.run(made);
      }
      await(made, trial, WAITS);
    }
  }

  private void await(MethodHandle made, Trial trial, int more) {
    for (int i = 0; i < 4; i++) {
      long start = System.nanoTime();
      trial.run(made);
      if (System.nanoTime() - start < FAST) {
        loop = made;
        return;
      }
    }
    if (more > 0) {
      ScheduledFuture<?> _ =
          THREAD.schedule(() -> await(made, trial, more - 1), 10, TimeUnit.MILLISECONDS);
    }
  }
}

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
 * done some work, a thread beside calls the vector form until C2 compiles it and it is fast: some
 * calls for elements of its own, which tell C2 that there are some, and many for none at all, which
 * count as well and take no time. Where C2 gives up on a loop, it stays as it is.
 */
final class GradualLoop {
  /** How many elements a trial runs for at most. */
  static final int TRIAL = 192;

  /** Whether loops are used at once, as tests do. */
  static volatile boolean isImmediate =
      System.getProperty("fluxion.vector", "on").equals("immediate");

  /** After so many elements a loop is worth being compiled. */
  private static final long WORTH = 1 << 17;

  /** After so many calls C1 has compiled a loop, so that it counts what the loop does. */
  private static final int FIRST_CALLS = 400;

  /** So many trials tell what a loop does. */
  private static final int TRIALS = 6;

  /** So many calls make C2 compile a loop, if it has not much else to do. */
  private static final int CALLS = 6000;

  /** How often there is waiting, for a minute in all at most. */
  private static final int WAITS = 6000;

  private static final long FAST = TRIAL * 60L; // ns
  private static final long SLOW = 10 * FAST;

  private static final ScheduledExecutorService THREAD =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fluxion-loops").factory());

  private final Supplier<@Nullable MethodHandle> maker;
  private volatile @Nullable MethodHandle loop;
  private volatile boolean isBegun;
  private long done; // by several threads, so that some may be forgotten

  /** Runs a loop for some elements, at most those that a trial has. */
  interface Trial {
    void run(MethodHandle loop, int count);
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
      call(made, trial, FIRST_CALLS, 0);
      later(
          () -> {
            call(made, trial, TRIALS, TRIAL);
            await(made, trial, WAITS);
          });
    }
  }

  private static void call(MethodHandle made, Trial trial, int times, int count) {
    for (int i = 0; i < times; i++) {
      trial.run(made, count);
    }
  }

  private void await(MethodHandle made, Trial trial, int more) {
    long time = SLOW - 1;
    for (int i = 0; i < 4 && time < SLOW; i++) {
      long start = System.nanoTime();
      trial.run(made, TRIAL);
      time = System.nanoTime() - start;
      if (time < FAST) {
        loop = made;
        return;
      }
    }
    if (more > 0) {
      call(made, trial, CALLS, 0);
      later(() -> await(made, trial, more - 1));
    }
  }

  private static void later(Runnable work) {
    ScheduledFuture<?> _ = THREAD.schedule(work, 10, TimeUnit.MILLISECONDS);
  }
}

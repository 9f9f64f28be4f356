package dev.fluxion.grad;

import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** How much memory a value holds on to. */
final class HeldMemory {
  private HeldMemory() {}

  /**
   * How many bytes become free with what a supplier makes.
   *
   * <p>It makes it on a thread of its own, as a thread keeps the tape of earlier derivatives, as
   * large as it has become, for the next; and the median of three is told, as what runs beside it
   * takes and frees memory too.
   */
  static long by(Supplier<?> maker) {
    long[] measured = LongStream.generate(() -> once(maker)).limit(3).toArray();
    Arrays.sort(measured);
    return measured[1];
  }

  private static long once(Supplier<?> maker) {
    var measurement =
        new FutureTask<>(
            () -> {
              @Nullable Object[] made = {maker.get()};
              long with = used();
              made[0] = null;
              return with - used();
            });
    Thread.ofPlatform().start(measurement);
    try {
      return measurement.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The serial collector leaves some of the dead where they lie but in each fourth collection. */
  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }
}

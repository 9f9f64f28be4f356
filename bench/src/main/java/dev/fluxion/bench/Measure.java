package dev.fluxion.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures one workload in this JVM and prints a {@link Measurement}: started by {@link Bench} once
 * for each.
 */
final class Measure {
  /** Short work is timed by the batch of this length, so that the clock's own cost vanishes. */
  private static final double BATCH_MS = 1;

  private static final int MOST_BATCHES = 2000;

  @SuppressWarnings("unused") // written, so that no result is dead
  private static volatile @Nullable Object sink;

  private Measure() {}

  /** Arguments: the workload, the system and the seconds to warm up and then to measure. */
  public static void main(String[] arguments) {
    Rows.Row row = Rows.ALL.get(arguments[0]);
    String system = arguments[1];
    Supplier<Workload> maker =
        system.equals("hand") ? Objects.requireNonNull(row.hand()) : row.fluxion();
    System.out.println(
        measure(arguments[0], system, maker, Double.parseDouble(arguments[2])).toJson());
  }

  static Measurement measure(String name, String system, Supplier<Workload> maker, double seconds) {
    long start = System.nanoTime();
    Workload work = maker.get();
    double check = work.check();
    double first = milliseconds(start);
    int batch = warmUp(work, seconds);
    List<Double> times = new ArrayList<>();
    long begin = System.nanoTime();
    while (times.size() < 3
        || (milliseconds(begin) < seconds * 1e3 && times.size() < MOST_BATCHES)) {
      times.add(time(work, batch));
    }
    return new Measurement(
        name,
        system,
        Statistics.median(times),
        Statistics.min(times),
        first,
        (long) times.size() * batch,
        check);
  }

  /** Runs the work until the compilers are done with it; gives the number of runs in a batch. */
  private static int warmUp(Workload work, double seconds) {
    long begin = System.nanoTime();
    int batch = 1;
    for (int i = 0; i < 5 || milliseconds(begin) < seconds * 1e3; i++) {
      double once = time(work, batch);
      batch = (int) Math.clamp(Math.ceil(BATCH_MS / once), 1, 1e6);
    }
    return batch;
  }

  /** Milliseconds for the work once. */
  private static double time(Workload work, int batch) {
    long begin = System.nanoTime();
    for (int i = 0; i < batch; i++) {
      sink = work.run();
    }
    return milliseconds(begin) / batch;
  }

  private static double milliseconds(long since) {
    return (System.nanoTime() - since) / 1e6;
  }
}

package dev.fluxion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The row {@code start}: {@code fluxion run Start.java} as a whole, from the start of the process
 * to its end. The first run, which {@code first_ms} tells of, has to compile the program; later
 * ones find it compiled.
 */
final class StartUp {
  private static final int FEWEST = 7;
  private static final int MOST = 101;

  private StartUp() {}

  static Measurement measure(Path root, double seconds) throws IOException, InterruptedException {
    Path programs = Files.createTempDirectory("fluxion-start");
    try {
      ProcessBuilder builder =
          Processes.builder(
              List.of(
                  root.resolve("bin/fluxion").toString(),
                  "run",
                  root.resolve("bench/programs/Start.java").toString()));
      builder.environment().put("FLUXION_PROGRAMS", programs.toString());
      List<Double> times = new ArrayList<>();
      double check = launch(builder, times);
      double first = times.removeFirst();
      long begin = System.nanoTime();
      while (times.size() < FEWEST
          || (System.nanoTime() - begin < seconds * 1e9 && times.size() < MOST)) {
        double again = launch(builder, times);
        if (again != check) {
          throw new IOException("the program printed " + check + ", then " + again);
        }
      }
      return new Measurement(
          Rows.START,
          "fluxion",
          Statistics.median(times),
          Statistics.min(times),
          first,
          times.size(),
          check);
    } finally {
      delete(programs);
    }
  }

  private static double launch(ProcessBuilder builder, List<Double> times)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Processes.Result result = Processes.run(builder);
    times.add((System.nanoTime() - begin) / 1e6);
    if (result.code() != 0 || result.lines().isEmpty()) {
      throw new IOException(
          "the program failed with exit code " + result.code() + ": " + result.errors());
    }
    return Double.parseDouble(result.lines().getLast());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package dev.fluxion.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows that are whole processes: {@code start} is {@code fluxion run Start.java} from the start
 * of the process to its end; {@code first} is what {@code fluxion run First.java} says that the
 * first gradient of a method of 200 lines took, of several the one that took longest. The first
 * run, which {@code first_ms} tells of, has to compile the program; later ones find it compiled.
 */
final class StartUp {
  private static final int FEWEST = 7;
  private static final int MOST = 101;

  private static final List<String> METHODS = List.of("orbits", "rates", "cells");

  private StartUp() {}

  /** Whether a row is one of these. */
  static boolean has(String row) {
    return row.equals(Rows.START) || row.equals(Rows.FIRST);
  }

  static Measurement measure(String row, Path root, double seconds)
      throws IOException, InterruptedException {
    Path programs = Files.createTempDirectory("fluxion-start");
    try {
      List<ProcessBuilder> builders = new ArrayList<>();
      if (row.equals(Rows.START)) {
        builders.add(builder(root, programs, "Start.java"));
      } else {
        for (String method : METHODS) {
          builders.add(builder(root, programs, "First.java", method));
        }
      }
      List<Double> times = new ArrayList<>();
      double check = launch(builders, times);
      double first = times.removeFirst();
      long begin = System.nanoTime();
      while (times.size() < FEWEST
          || (System.nanoTime() - begin < seconds * 1e9 && times.size() < MOST)) {
        double again = launch(builders, times);
        if (again != check) {
          throw new IOException("the program printed " + check + ", then " + again);
        }
      }
      return new Measurement(
          row,
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

  private static ProcessBuilder builder(
      Path root, Path programs, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("bin/fluxion").toString());
    command.add("run");
    command.add(root.resolve("bench/programs").resolve(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = Processes.builder(command);
    builder.environment().put("FLUXION_PROGRAMS", programs.toString());
    return builder;
  }

  /** Runs the programs one after another and adds the longest time; gives the sum of results. */
  private static double launch(List<ProcessBuilder> builders, List<Double> times)
      throws IOException, InterruptedException {
    double longest = 0;
    double sum = 0;
    for (ProcessBuilder builder : builders) {
      List<Double> time = new ArrayList<>();
      sum += launch(builder, time);
      longest = Math.max(longest, time.getFirst());
    }
    times.add(longest);
    return sum;
  }

  private static double launch(ProcessBuilder builder, List<Double> times)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Processes.Result result = Processes.run(builder);
    double whole = (System.nanoTime() - begin) / 1e6;
    if (result.code() != 0 || result.lines().isEmpty()) {
      throw new IOException(
          "the program failed with exit code " + result.code() + ": " + result.errors());
    }
    boolean saysItself = result.lines().size() > 1;
    times.add(saysItself ? Double.parseDouble(result.lines().getFirst()) : whole);
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

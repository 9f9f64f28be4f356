package dev.fluxion.bench;

import dev.fluxion.bench.Options.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code fluxion bench}: measures workloads, each in a fresh JVM with this one's flags, in turn
 * with the same work in other systems, and compares results and times.
 */
final class Bench {
  private final Options options;
  private final Path root;
  private final PrintStream out;
  private final PrintStream err;
  private boolean failed;

  Bench(Options options, Path root, PrintStream out, PrintStream err) {
    this.options = options;
    this.root = root;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      Path root = Path.of(System.getProperty("fluxion.root", "")).toAbsolutePath();
      Bench bench = new Bench(Options.parse(List.of(arguments)), root, out, System.err);
      System.exit(bench.run() ? 0 : 1);
    } catch (UsageException e) {
      System.err.println("fluxion bench: " + e.getMessage());
      System.exit(2);
    }
  }

  /** Measures all rows asked for; whether all went well. */
  boolean run() throws IOException, InterruptedException, UsageException {
    String python = options.peers();
    Peers peers = python == null ? null : Peers.find(python, options.script(), root);
    for (String name : options.names()) {
      Map<String, List<Measurement>> bySystem = new LinkedHashMap<>();
      Peers rivals = Rows.hasPeers(name) ? peers : null;
      for (int round = 0; round < (rivals != null ? options.rounds() : 1); round++) {
        ours(name, "fluxion", bySystem);
        if (options.hand() && Rows.ALL.containsKey(name) && Rows.ALL.get(name).hand() != null) {
          ours(name, "hand", bySystem);
        }
        if (rivals != null) {
          for (String system : Peers.SYSTEMS) {
            theirs(rivals, name, system, bySystem);
          }
        }
      }
      if (agree(name, bySystem) && rivals != null) {
        compare(name, bySystem);
      }
    }
    return !failed;
  }

  private void ours(String name, String system, Map<String, List<Measurement>> bySystem)
      throws IOException, InterruptedException {
    try {
      Measurement measured =
          StartUp.has(name)
              ? StartUp.measure(name, root, options.seconds())
              : inFreshJvm(name, system);
      record(measured, bySystem);
    } catch (IOException e) {
      fail(name + ": " + system + " failed: " + e.getMessage());
    }
  }

  private Measurement inFreshJvm(String name, String system)
      throws IOException, InterruptedException {
    Processes.Result result =
        Processes.run(
            Processes.builder(
                Processes.java(Measure.class, name, system, Double.toString(options.seconds()))));
    result.errors().forEach(err::println);
    if (result.code() != 0 || result.lines().isEmpty()) {
      throw new IOException("its JVM ended with exit code " + result.code());
    }
    return Measurement.parse(result.lines().getLast())
        .orElseThrow(() -> new IOException("its JVM printed " + result.lines()));
  }

  private void theirs(
      Peers peers, String name, String system, Map<String, List<Measurement>> bySystem)
      throws IOException, InterruptedException {
    switch (peers.measure(Rows.peersName(name), system, options.seconds())) {
      case Peers.Measured answer -> record(answer.measurement(), bySystem);
      case Peers.Missing answer ->
          err.println(name + ": " + system + " gave no time: " + answer.reason());
    }
  }

  private void record(Measurement measured, Map<String, List<Measurement>> bySystem) {
    out.println(measured.toJson());
    bySystem.computeIfAbsent(measured.system(), _ -> new ArrayList<>()).add(measured);
  }

  /** Refuses the row if there is no result of ours, or one differs from it. */
  private boolean agree(String name, Map<String, List<Measurement>> bySystem) {
    List<Measurement> ours = bySystem.getOrDefault("fluxion", List.of());
    if (ours.isEmpty() || StartUp.has(name)) {
      return false;
    }
    double tolerance = Rows.ALL.get(name).tolerance();
    double check = ours.getFirst().check();
    boolean agree = true;
    for (List<Measurement> measurements : bySystem.values()) {
      for (Measurement other : measurements) {
        double difference = Statistics.relativeDifference(check, other.check());
        if (!(difference <= tolerance)) {
          fail(
              String.format(
                  Locale.ROOT,
                  "%s: refused, since results differ: fluxion computed %s, %s %s"
                      + " (relative difference %.1e, at most %.0e is allowed)",
                  name,
                  check,
                  other.system(),
                  other.check(),
                  difference,
                  tolerance));
          agree = false;
        }
      }
    }
    return agree;
  }

  /** Says how our time compares with the best peer's. */
  private void compare(String name, Map<String, List<Measurement>> bySystem) {
    String best = null;
    double bestMs = Double.POSITIVE_INFINITY;
    for (String system : Peers.SYSTEMS) {
      if (bySystem.containsKey(system) && ms(bySystem.get(system)) < bestMs) {
        best = system;
        bestMs = ms(bySystem.get(system));
      }
    }
    if (best == null) {
      fail(name + ": no peer gave a time, so there is nothing to compare with");
      return;
    }
    String ratio = String.format(Locale.ROOT, "%.4g", ms(bySystem.get("fluxion")) / bestMs);
    out.println(
        options.json()
            ? "{\"workload\": \"%s\", \"ratio\": %s, \"best_peer\": \"%s\"}"
                .formatted(name, ratio, best)
            : name + " " + ratio + " " + best);
  }

  private static double ms(List<Measurement> measurements) {
    return Statistics.median(measurements.stream().map(Measurement::ms).toList());
  }

  private void fail(String message) {
    err.println(message);
    failed = true;
  }
}

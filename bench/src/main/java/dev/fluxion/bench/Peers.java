package dev.fluxion.bench;

import dev.fluxion.bench.Options.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Other systems that do the same work, through a script for their Python.
 *
 * @param python the interpreter
 * @param script the script; it prints a {@link Measurement} for {@code NAME --with SYSTEM --seconds
 *     S}
 */
record Peers(String python, Path script) {
  static final List<String> SYSTEMS = List.of("torch", "jax");

  /** What a peer said: a measurement, or why there is none. */
  sealed interface Answer {}

  record Measured(Measurement measurement) implements Answer {}

  record Missing(String reason) implements Answer {}

  /** The peers, if there are an interpreter and a script. */
  static Peers find(String python, @Nullable Path named, Path root)
      throws UsageException, IOException, InterruptedException {
    String variable = System.getenv("FLUXION_PEERS");
    Path script = named;
    if (script == null) {
      script =
          variable != null && !variable.isEmpty()
              ? Path.of(variable)
              : root.resolveSibling("shared").resolve("peers").resolve("peers.py");
    }
    if (!Files.isRegularFile(script)) {
      throw new UsageException(
          "the script that runs the peers is not at "
              + script
              + "; say where with --peers-script FILE or the variable FLUXION_PEERS");
    }
    try {
      Processes.Result version = Processes.run(new ProcessBuilder(python, "--version"));
      if (version.code() != 0) {
        throw new UsageException(python + " --version failed: give a Python with --peers");
      }
    } catch (IOException e) {
      throw new UsageException("the Python of the peers cannot be run: " + e.getMessage());
    }
    return new Peers(python, script);
  }

  Answer measure(String name, String system, double seconds)
      throws IOException, InterruptedException {
    Processes.Result result =
        Processes.run(
            Processes.builder(
                List.of(
                    python,
                    script.toString(),
                    name,
                    "--with",
                    system,
                    "--seconds",
                    String.format(Locale.ROOT, "%s", seconds))));
    for (String line : result.lines()) {
      if (Measurement.parse(line).orElse(null) instanceof Measurement measurement) {
        return new Measured(measurement);
      }
      Map<String, String> fields = Measurement.fields(line);
      if (fields.containsKey("error")) {
        return new Missing(fields.get("error"));
      }
    }
    return new Missing(
        result.code() == 0
            ? "it has no such workload"
            : "exit code "
                + result.code()
                + (result.errors().isEmpty() ? "" : ": " + result.errors().getLast()));
  }
}

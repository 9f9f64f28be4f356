package dev.fluxion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.bench.Options.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measuring in fresh JVMs, in turn with peers. The peers are a shell script that prints what the
 * test wants.
 */
class BenchTest {
  private static final double CHECK = 267.80334944767577;

  @TempDir Path folder;

  private record Outcome(boolean good, List<String> lines, String errors) {}

  private Path script(String torch, String jax) throws Exception {
    return Files.writeString(
        folder.resolve("peers.sh"),
        "case \"$3\" in\ntorch) %s ;;\njax) %s ;;\nesac\n".formatted(torch, jax));
  }

  private static String says(String system, double ms, double check) {
    return String.format(
        Locale.ROOT,
        "echo '{\"workload\": \"pow\", \"system\": \"%s\", \"ms\": %s, \"min_ms\": 1,"
            + " \"first_ms\": 1, \"runs\": 3, \"check\": %s}'",
        system,
        ms,
        check);
  }

  private Outcome run(@Nullable Path script, String... arguments) throws Exception {
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(List.of("--seconds", "0.02"));
    if (script != null) {
      all.addAll(List.of("--peers", "bash", "--peers-script", script.toString()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    boolean good =
        new Bench(Options.parse(all), folder, new PrintStream(out), new PrintStream(err)).run();
    return new Outcome(
        good,
        out.toString(StandardCharsets.UTF_8).lines().toList(),
        err.toString(StandardCharsets.UTF_8));
  }

  private static List<String> systems(Outcome outcome) {
    return outcome.lines().stream()
        .flatMap(line -> Measurement.parse(line).map(Measurement::system).stream())
        .toList();
  }

  @Test
  void aRowIsMeasuredInItsOwnJvm() throws Exception {
    Outcome outcome = run(null, "pow", "--hand");
    assertTrue(outcome.good(), outcome.errors());
    assertEquals(List.of("fluxion", "hand"), systems(outcome));
    for (String line : outcome.lines()) {
      Measurement measurement = Measurement.parse(line).orElseThrow();
      assertEquals("pow", measurement.workload());
      assertEquals(CHECK, measurement.check(), CHECK * 1e-12);
      assertTrue(measurement.ms() > 0 && measurement.minMs() <= measurement.ms(), line);
      assertTrue(measurement.firstMs() > 0 && measurement.runs() >= 3, line);
    }
  }

  @Test
  void systemsTakeTurnsAndTheBestPeerIsNamed() throws Exception {
    Outcome outcome = run(script(says("torch", 4, CHECK), says("jax", 2, CHECK)), "pow", "--json");
    assertTrue(outcome.good(), outcome.errors());
    assertEquals(List.of("fluxion", "torch", "jax", "fluxion", "torch", "jax"), systems(outcome));
    String last = outcome.lines().getLast();
    assertTrue(
        last.matches("\\{\"workload\": \"pow\", \"ratio\": [-+.0-9eE]+, \"best_peer\": \"jax\"}"),
        last);
    double ours =
        Statistics.median(
            outcome.lines().stream()
                .flatMap(line -> Measurement.parse(line).stream())
                .filter(measurement -> measurement.system().equals("fluxion"))
                .map(Measurement::ms)
                .toList());
    double ratio = Double.parseDouble(Measurement.fields(last).get("ratio"));
    assertEquals(ours / 2, ratio, ratio * 1e-3);
  }

  @Test
  void theLastLineIsTextUnlessJsonIsAskedFor() throws Exception {
    Outcome outcome =
        run(script(says("torch", 1, CHECK), says("jax", 2, CHECK)), "pow", "--rounds", "1");
    assertTrue(outcome.lines().getLast().matches("pow [-+.0-9eE]+ torch"), outcome.toString());
  }

  @Test
  void aRowWhoseResultsDifferIsRefused() throws Exception {
    Outcome outcome =
        run(
            script(says("torch", 1, CHECK), says("jax", 2, CHECK * (1 + 1e-8))),
            "pow",
            "--rounds",
            "1");
    assertFalse(outcome.good());
    assertTrue(outcome.errors().contains("pow: refused, since results differ"), outcome.errors());
    assertEquals(List.of("fluxion", "torch", "jax"), systems(outcome));
    assertEquals(3, outcome.lines().size(), "no ratio is printed");
  }

  @Test
  void aPeerThatFailsIsNamedAndTheOtherCompared() throws Exception {
    Outcome outcome =
        run(
            script(
                "echo '{\"workload\": \"pow\", \"system\": \"torch\", \"error\": \"no torch\"}'",
                says("jax", 2, CHECK)),
            "pow",
            "--rounds",
            "1");
    assertTrue(outcome.good(), outcome.errors());
    assertTrue(outcome.errors().contains("pow: torch gave no time: no torch"), outcome.errors());
    assertTrue(outcome.lines().getLast().endsWith(" jax"), outcome.toString());
  }

  @Test
  void withoutAnyPeerThereIsNothingToCompare() throws Exception {
    Outcome outcome = run(script("exit 3", ":"), "pow", "--rounds", "1");
    assertFalse(outcome.good());
    assertTrue(outcome.errors().contains("torch gave no time: exit code 3"), outcome.errors());
    assertTrue(outcome.errors().contains("jax gave no time: it has no such"), outcome.errors());
    assertTrue(outcome.errors().contains("no peer gave a time"), outcome.errors());
  }

  @Test
  void aMissingScriptOrPythonIsSaid() {
    UsageException script =
        assertThrows(UsageException.class, () -> run(folder.resolve("none.py"), "pow"));
    assertTrue(script.getMessage().contains("--peers-script"), script.getMessage());
    UsageException python =
        assertThrows(
            UsageException.class,
            () ->
                new Bench(
                        Options.parse(
                            List.of(
                                "pow",
                                "--peers",
                                folder.resolve("no-python").toString(),
                                "--peers-script",
                                script(":", ":").toString())),
                        folder,
                        System.out,
                        System.err)
                    .run());
    assertTrue(python.getMessage().contains("cannot be run"), python.getMessage());
  }

  @Test
  void settingsForOldLibrariesAreNotPassedOn() throws Exception {
    ProcessBuilder builder = Processes.builder(List.of("bash", "-c", "env"));
    assertFalse(builder.environment().containsKey("OPENBLAS_CORETYPE"));
    assertFalse(builder.environment().containsKey("OPENBLAS_L2_SIZE"));
    assertTrue(builder.environment().containsKey("PATH"));
  }
}

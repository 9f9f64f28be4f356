package dev.fluxion.grad.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.fluxion.testing.Fragment;
import dev.fluxion.testing.Shrinker;
import dev.fluxion.testing.SourceCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Gradients of random programs are what forward mode, differences and the interpreter say; values
 * are those of plain calls; second derivatives are symmetric and what differences say.
 *
 * <p>Batches of programs are tried on all cores. Other programs come from another seed, and more
 * from another number: {@code -Dfluxion.fuzz.seed=7 -Dfluxion.fuzz.programs=20000}. With {@code
 * -Dfluxion.fuzz.failures=5} so many different failures are shown, not the first alone. A run that
 * was ended goes on with {@code -Dfluxion.fuzz.from=60000}.
 */
class RandomProgramsTest {
  private static final long SEED = Long.getLong("fluxion.fuzz.seed", 2026);
  private static final int PROGRAMS = Integer.getInteger("fluxion.fuzz.programs", 2000);
  private static final int FROM = Integer.getInteger("fluxion.fuzz.from", 0);
  private static final int FAILURES = Integer.getInteger("fluxion.fuzz.failures", 1);
  private static final int BATCH = 250;
  private static final int ATTEMPTS = 1500;

  /** A long run says after so many programs how far it is. */
  private static final int PART = 5000;

  private final Map<Trial.Outcome, Integer> counts = new EnumMap<>(Trial.Outcome.class);
  private final Map<String, Integer> refusals = new TreeMap<>();
  private int compared;
  private int skipped;
  private final Map<String, String> failures = new LinkedHashMap<>();

  private static Fragment program(int index) {
    return ProgramGenerator.generate("C" + index, SEED * 1_000_003 + index);
  }

  private static Fragment library(int index) {
    return Library.generate(SEED * 1_000_003 + index / BATCH);
  }

  private static Trial.Depth depth(int index) {
    return switch (index % 8) {
      case 0, 4 -> Trial.Depth.AGAIN;
      case 2 -> Trial.Depth.SECOND;
      default -> Trial.Depth.FIRST;
    };
  }

  private static Trial trial(
      SourceCompiler compiler, int index, Fragment library, Fragment program) {
    ClassLoader loader =
        compiler.compile(
            Map.of("generated.Programs", library.text(), "generated.C" + index, program.text()));
    return trial(loader, index, library.text(), program.text());
  }

  /** What a program calls may compute in float, too, which shows where that is rough. */
  private static Trial trial(ClassLoader loader, int index, String library, String program) {
    boolean isFloat = computesInFloat(program);
    Trial trial = Trial.of(loader, "C" + index, isFloat, depth(index));
    return trial.outcome() == Trial.Outcome.DIFFERS && !isFloat && computesInFloat(library)
        ? Trial.of(loader, "C" + index, true, depth(index))
        : trial;
  }

  private static boolean computesInFloat(String text) {
    return text.contains("float)") || text.contains("float[");
  }

  @Test
  void gradientsAgree() throws IOException {
    IntStream.range(FROM / BATCH, Math.ceilDiv(PROGRAMS, BATCH)).parallel().forEach(this::tryBatch);
    System.out.printf(
        "seed %d: %s; %d derivatives compared with differences, %d skipped; refused: %s%n",
        SEED, counts, compared, skipped, refusals);
    if (!failures.isEmpty()) {
      fail(String.join("\n", failures.values()));
    }
    int refused = counts.getOrDefault(Trial.Outcome.REFUSED, 0);
    int rough = counts.getOrDefault(Trial.Outcome.ROUGH, 0);
    assertTrue(refused * 50 <= PROGRAMS, () -> "many programs were refused: " + refusals);
    assertTrue(rough * 10 <= PROGRAMS, () -> "many programs could not be compared: " + rough);
    assertTrue(
        skipped * 10 <= skipped + compared, () -> "many derivatives were skipped: " + skipped);
  }

  /** Programs of one batch share their library's fields, so they are tried one after the other. */
  private void tryBatch(int batch) {
    int from = batch * BATCH;
    int to = Math.min(PROGRAMS, from + BATCH);
    try (SourceCompiler compiler = new SourceCompiler()) {
      tryBatch(compiler, from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tryBatch(SourceCompiler compiler, int from, int to) {
    Map<String, String> sources = new LinkedHashMap<>();
    String library = library(from).text();
    sources.put("generated.Programs", library);
    for (int index = from; index < to; index++) {
      sources.put("generated.C" + index, program(index).text());
    }
    ClassLoader loader;
    try {
      loader = compiler.compile(sources);
    } catch (SourceCompiler.SourceException e) {
      throw new AssertionError("seed " + SEED + ", programs from " + from + ": no Java", e);
    }
    for (int index = from; index < to && mayGoOn(); index++) {
      Trial trial = trial(loader, index, library, sources.get("generated.C" + index));
      if (count(trial)) {
        String smallest = shrunk(compiler, index, trial);
        synchronized (this) {
          failures.putIfAbsent(trial.kind(), smallest);
        }
      }
    }
  }

  private synchronized boolean mayGoOn() {
    return failures.size() < FAILURES;
  }

  /** Counts a trial, and says whether it failed in a way that is new. */
  private synchronized boolean count(Trial trial) {
    counts.merge(trial.outcome(), 1, Integer::sum);
    int tried = counts.values().stream().mapToInt(Integer::intValue).sum();
    if (tried % PART == 0) {
      System.out.printf("seed %d: %d programs tried: %s%n", SEED, tried, counts);
    }
    compared += trial.compared();
    skipped += trial.skipped();
    if (trial.outcome() == Trial.Outcome.REFUSED) {
      refusals.merge(trial.kind(), 1, Integer::sum);
    }
    return trial.outcome() == Trial.Outcome.DIFFERS && !failures.containsKey(trial.kind());
  }

  /**
   * The failure and the smallest program found that fails so, with what it needs of the library.
   */
  private static String shrunk(SourceCompiler compiler, int index, Trial trial) {
    String kind = trial.kind();
    Fragment library = library(index);
    Fragment program =
        Shrinker.shrink(
            program(index),
            candidate -> fails(() -> trial(compiler, index, library, candidate), kind),
            ATTEMPTS);
    Fragment rest =
        Shrinker.shrink(
            library,
            candidate -> fails(() -> trial(compiler, index, candidate, program), kind),
            ATTEMPTS / 2);
    String found = "seed " + SEED + ", class C" + index + ": " + trial.detail();
    return found + "\n" + program.text() + rest.text();
  }

  private interface Attempt {
    Trial make();
  }

  private static boolean fails(Attempt attempt, String kind) {
    try {
      return attempt.make().kind().equals(kind);
    } catch (SourceCompiler.SourceException e) {
      return false;
    }
  }

  /** The trial of a class whose method f is this. */
  private static Trial trial(String f, Trial.Depth depth) throws IOException {
    Fragment program =
        Fragment.of(
            "package generated; import dev.fluxion.grad.*; public class Small",
            List.of(
                Fragment.of("static double hidden;"),
                Fragment.of("public static Scalar2 scalar() { return Small::f; }"),
                Fragment.of(
                    "public static Fn1<double[], Double> vector() { return v -> f(v[0], v[1]); }"),
                Fragment.of(
                    "public static Fn1<double[], double[]> wide()"
                        + " { return v -> new double[] {f(v[0], v[1])}; }"),
                Fragment.of(f)));
    try (SourceCompiler compiler = new SourceCompiler()) {
      ClassLoader loader = compiler.compile(Map.of("generated.Small", program.text()));
      return Trial.of(loader, "Small", computesInFloat(f), depth);
    }
  }

  @Test
  void aGradientThatIsNotTheSlopeIsFound() throws IOException {
    List<String> wrong =
        new ArrayList<>(
            List.of(
                "static double f(double x, double y) { return x * Grad.stopGradient(y); }",
                "static double f(double x, double y) { hidden += 1; return x * y * hidden; }"));
    for (Trial.Depth depth : Trial.Depth.values()) {
      for (String f : wrong) {
        assertEquals(Trial.Outcome.DIFFERS, trial(f, depth).outcome(), f);
      }
      String right = "static double f(double x, double y) { return x * Math.sin(y); }";
      assertEquals(new Trial(Trial.Outcome.AGREES, "", 4, 0), trial(right, depth));
    }
  }

  @Test
  void differencesThatStepIntoAnExceptionTellNothing() throws IOException {
    String f =
        "static double f(double x, double y) {"
            + " if (x < 0.3711299) { throw new IllegalStateException(); } return x * x * y; }";
    for (Trial.Depth depth : Trial.Depth.values()) {
      assertEquals(Trial.Outcome.AGREES, trial(f, depth).outcome(), depth.name());
    }
  }

  /** With the long steps of floats both differences agree across a bend near the point. */
  @Test
  void differencesAcrossABendTellNothing() throws IOException {
    String f =
        "static double f(double x, double y) {"
            + " return 10 * x + 0.7 * Math.abs(x - 0.3717) + (float) (y * y); }";
    assertEquals(Trial.Outcome.AGREES, trial(f, Trial.Depth.FIRST).outcome());
  }
}

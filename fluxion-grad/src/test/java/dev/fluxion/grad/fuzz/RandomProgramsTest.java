package dev.fluxion.grad.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.fluxion.testing.Fragment;
import dev.fluxion.testing.Shrinker;
import dev.fluxion.testing.SourceCompiler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Gradients of random programs are what differences and forward mode say, and are the same when
 * asked for again; values are those of plain calls.
 *
 * <p>Other programs come from another seed, and more from another number: {@code
 * -Dfluxion.fuzz.seed=7 -Dfluxion.fuzz.programs=2000}.
 */
class RandomProgramsTest {
  private static final long SEED = Long.getLong("fluxion.fuzz.seed", 2026);
  private static final int PROGRAMS = Integer.getInteger("fluxion.fuzz.programs", 300);
  private static final int BATCH = 50;
  private static final int ATTEMPTS = 1500;

  private static Fragment program(int index) {
    return ProgramGenerator.generate("C" + index, SEED * 1_000_003 + index);
  }

  private static String name(int index) {
    return "generated.C" + index;
  }

  @Test
  void gradientsAgree() throws IOException {
    Map<Trial.Outcome, Integer> counts = new EnumMap<>(Trial.Outcome.class);
    Map<String, Integer> refusals = new TreeMap<>();
    try (SourceCompiler compiler = new SourceCompiler()) {
      for (int from = 0; from < PROGRAMS; from += BATCH) {
        int to = Math.min(PROGRAMS, from + BATCH);
        Map<String, String> sources = new LinkedHashMap<>();
        for (int index = from; index < to; index++) {
          sources.put(name(index), program(index).text());
        }
        ClassLoader loader = compiler.compile(sources);
        for (int index = from; index < to; index++) {
          Trial trial = Trial.of(loader, "C" + index);
          counts.merge(trial.outcome(), 1, Integer::sum);
          if (trial.outcome() == Trial.Outcome.REFUSED) {
            refusals.merge(trial.kind(), 1, Integer::sum);
          }
          if (trial.outcome() == Trial.Outcome.DIFFERS) {
            Fragment small = shrink(compiler, index, trial);
            fail(
                "seed " + SEED + ", class C" + index + ": " + trial.detail() + "\n" + small.text());
          }
        }
      }
    }
    System.out.println("seed " + SEED + ": " + counts + ", refused: " + refusals);
    int refused = counts.getOrDefault(Trial.Outcome.REFUSED, 0);
    int rough = counts.getOrDefault(Trial.Outcome.ROUGH, 0);
    assertTrue(refused * 12 <= PROGRAMS, () -> "many programs were refused: " + refusals);
    assertTrue(rough * 10 <= PROGRAMS, () -> "many programs could not be compared: " + rough);
  }

  private static Fragment shrink(SourceCompiler compiler, int index, Trial trial) {
    return Shrinker.shrink(
        program(index),
        candidate -> {
          try {
            ClassLoader loader = compiler.compile(Map.of(name(index), candidate.text()));
            return Trial.of(loader, "C" + index).kind().equals(trial.kind());
          } catch (SourceCompiler.SourceException e) {
            return false;
          }
        },
        ATTEMPTS);
  }

  /** The trial of a class whose method f is this. */
  private static Trial trial(String f) throws IOException {
    Fragment program =
        Fragment.of(
            "package generated; import dev.fluxion.grad.*; public class Small",
            List.of(
                Fragment.of("static double hidden;"),
                Fragment.of("public static Scalar2 scalar() { return Small::f; }"),
                Fragment.of(
                    "public static Fn1<double[], Double> vector() { return v -> f(v[0], v[1]); }"),
                Fragment.of(f)));
    try (SourceCompiler compiler = new SourceCompiler()) {
      return Trial.of(compiler.compile(Map.of("generated.Small", program.text())), "Small");
    }
  }

  @Test
  void aGradientThatIsNotTheSlopeIsFound() throws IOException {
    List<String> wrong =
        new ArrayList<>(
            List.of(
                "static double f(double x, double y) { return x * Grad.stopGradient(y); }",
                "static double f(double x, double y) { hidden += 1; return x * y * hidden; }"));
    for (String f : wrong) {
      assertEquals(Trial.Outcome.DIFFERS, trial(f).outcome(), f);
    }
    assertEquals(
        Trial.Outcome.AGREES,
        trial("static double f(double x, double y) { return x * Math.sin(y); }").outcome());
    assertEquals(
        Trial.Outcome.REFUSED,
        trial("static double f(double x, double y) { hidden = x; return x * y; }").outcome());
  }
}

package dev.fluxion.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The micro-benchmarks were generated and run; how fast is not tested. */
class SmokeTest {
  @Test
  void aBenchmarkRuns() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("MatrixProductBenchmark")
                    .param("size", "4")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(10))
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    assertEquals(1, results.size());
    assertTrue(results.iterator().next().getPrimaryResult().getScore() > 0);
  }

  @Test
  void everyFreshSubjectIsAnotherClassWithTheSameGradient() {
    assertNotSame(Subject.fresh(), Subject.fresh());
    double h = 1e-5;
    double expected = (Subject.energy(1.5 + h, 20) - Subject.energy(1.5 - h, 20)) / (2 * h);
    assertEquals(expected, Grad.gradient(Subject.freshFunction(), 1.5), 1e-6);
  }
}

package dev.fluxion.roundtrip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.roundtrip.LibraryTrial.Limits;
import dev.fluxion.roundtrip.LibraryTrial.Subject;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hipparchus, a mathematics library that knows nothing of Fluxion, passes its own tests when all of
 * its methods have been lifted and emitted again.
 *
 * <p>By default these are the tests of two packages; with {@code -Dfluxion.proof=whole}, which the
 * Maven profile {@code long} sets, all of them.
 */
class HipparchusTest {
  private static final boolean WHOLE = System.getProperty("fluxion.proof", "").equals("whole");
  private static final String SAMPLE = "org\\.hipparchus\\.(complex|fraction)\\..*";

  @TempDir Path folder;

  private static Path jar(String ending) {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.contains("hipparchus-core-") && entry.endsWith(ending + ".jar")) {
        return Path.of(entry);
      }
    }
    throw new AssertionError("no jar of hipparchus-core" + ending + " on the class path");
  }

  @Test
  void ownTestsPassWhenReEmitted() throws Exception {
    Path tests = jar("-tests");
    Path library = Path.of(tests.toString().replace("-tests.jar", ".jar"));
    Subject subject =
        new Subject(
            List.of(library),
            List.of(tests),
            List.of(),
            WHOLE ? ".*" : SAMPLE,
            WHOLE ? List.of() : List.of("-XX:TieredStopAtLevel=1"),
            new Limits(Duration.ofMinutes(WHOLE ? 60 : 10), Duration.ofMinutes(5)));
    LibraryTrial trial = LibraryTrial.run(subject, folder, _ -> {});
    assertEquals(List.of(), trial.left());
    assertEquals(6795, trial.methods());
    assertTrue(trial.agrees(), trial::toString);
    long passed = trial.original().count("passed");
    assertTrue(passed > (WHOLE ? 5000 : 400), passed + " passed");
    assertEquals(passed, trial.reEmitted().count("passed"));
    System.out.println(passed + " tests of hipparchus-core passed on it and on it re-emitted");
  }
}

package dev.fluxion.examples;

import static dev.fluxion.examples.Checkout.BEGUN;
import static dev.fluxion.examples.Checkout.date;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.examples.Checkout.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** When the launcher takes what Maven built, and when it has it build again. */
@Execution(ExecutionMode.CONCURRENT)
class BuildsTest {
  @TempDir private Path folder;
  private Checkout checkout;

  @BeforeEach
  void layOut() throws IOException {
    checkout = Checkout.in(folder);
  }

  private void assertBuilds(boolean expected, String why) throws Exception {
    String program = Checkout.script(checkout.work(), "program", "").toString();
    Path maven = checkout.maven("exit 1");
    Outcome outcome =
        checkout.launch(checkout.idleJdk(), maven, checkout.launcher(), "run", program);
    Outcome failed =
        new Outcome(
            1,
            "",
            """
            building Fluxion …
            mvn -B -q -ntp -Dstyle.color=never -Dmaven.test.skip=true -pl fluxion -am package
            fluxion: the build failed, as Maven says above
            """);
    assertEquals(expected ? failed : new Outcome(0, "ran\n", ""), outcome, why);
  }

  @Test
  void whatMavenBuiltIsTaken() throws Exception {
    assertBuilds(false, "as it was laid out");
    date(checkout.file("fluxion-ir/src/main/Source.java"), 0);
    Path other = Files.createDirectories(checkout.file("fluxion-roundtrip/src/main"));
    Files.createFile(other.resolve("Source.java"));
    assertBuilds(false, "a module changed that is not on the class path");
    Files.writeString(checkout.target("fluxion-ir", "build.begun"), BEGUN.plusSeconds(20) + "\n");
    date(checkout.target("fluxion-ir", "build.begun"), 30);
    date(checkout.jar("fluxion-ir"), 30);
    date(checkout.target("fluxion-ir", "runtime.path"), 30);
    assertBuilds(false, "a module was built alone, of the same sources");
    date(checkout.file("fluxion-ir/src/main/Source.java"), 15);
    assertBuilds(true, "and of others than those that the rest was compiled with");
  }

  @Test
  void whatChangesAfterABuildBeganIsBuiltAgain() throws Exception {
    for (String file :
        List.of(
            "pom.xml", "fluxion/pom.xml", "fluxion-ir/src/main/Source.java", "fluxion/src/main")) {
      date(checkout.file(file), 1); // which is before the jars were made
      assertBuilds(true, file);
      date(checkout.file(file), -1);
      assertBuilds(false, file + " as it was");
    }
  }

  @Test
  void anInterruptedBuildDoesNotCount() throws Exception {
    for (String module : List.of("fluxion", "fluxion-grad")) {
      Path jar = checkout.jar(module);
      date(checkout.target(module, "build.begun"), 30);
      assertBuilds(true, module + " had no new jar yet");
      date(jar, 31);
      assertBuilds(true, module + " had a jar that was maybe being written");
      date(checkout.target(module, "runtime.path"), 32);
      assertBuilds(false, module + " came to the end");
      for (Path file : List.of(jar, checkout.target(module, "build.begun"))) {
        Path aside = Files.move(file, checkout.work().resolve("aside"));
        assertBuilds(true, file + " is missing");
        Files.move(aside, file);
      }
    }
    Files.delete(checkout.target("fluxion", "runtime.path"));
    assertBuilds(true, "no class path");
  }

  @Test
  void partsOfAnotherCheckoutDoNotCount() throws Exception {
    Path path = checkout.target("fluxion", "runtime.path");
    Path installed =
        Files.copy(checkout.jar("fluxion-ir"), checkout.work().resolve("fluxion-ir-1.0.jar"));
    Path own = checkout.jar("fluxion-ir");
    String changed = Files.readString(path).replace(own.toString(), installed.toString());
    Files.writeString(path, changed);
    assertBuilds(true, "what Maven installed is of sources that nobody knows");
  }
}

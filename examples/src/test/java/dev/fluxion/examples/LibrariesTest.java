package dev.fluxion.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.examples.Checkout.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher gives programs the libraries that they ask for in lines such as "//DEPS a:b:1". */
@Execution(ExecutionMode.CONCURRENT)
class LibrariesTest {
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final Path EXAMPLES = Checkout.ROOT.resolve("examples");
  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency><groupId>(.*?)</groupId><artifactId>(.*?)</artifactId>"
              + "<version>(.*?)</version></dependency>");

  @TempDir private Path folder;
  private Checkout checkout;

  @BeforeEach
  void layOut() throws IOException {
    checkout = Checkout.in(folder);
  }

  static List<String> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .sorted()
          .toList();
    }
  }

  /** The jars of these libraries among those that the examples' module has. */
  private static List<String> jars(List<String> libraries) {
    return libraries.stream()
        .map(
            library -> {
              String[] parts = library.split(":", -1);
              String name = parts[1] + "-" + parts[2] + ".jar";
              return Checkout.libraries()
                  .filter(jar -> Path.of(jar).endsWith(name))
                  .findFirst()
                  .orElseThrow(() -> new AssertionError("examples/pom.xml has no " + library));
            })
        .toList();
  }

  /** What the launcher has Maven fetch for a program, in the order in which it asks for it. */
  private List<String> fetched(String program) throws Exception {
    Path asked = checkout.work().resolve("asked.xml");
    Path maven = checkout.maven("cp pom.xml '" + asked + "'; exit 1");
    Outcome outcome =
        checkout.launch(checkout.idleJdk(), maven, checkout.launcher(), "run", program);
    List<String> libraries = new ArrayList<>();
    if (Files.exists(asked)) {
      Matcher dependency = DEPENDENCY.matcher(Files.readString(asked));
      while (dependency.find()) {
        libraries.add(dependency.group(1) + ":" + dependency.group(2) + ":" + dependency.group(3));
      }
      String named = String.join(" ", libraries);
      assertTrue(outcome.err().contains("Maven did not find " + named + ","), outcome.err());
    }
    return libraries;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesAskForWhatTheyImport(String example) throws Exception {
    Path file = EXAMPLES.resolve(example);
    List<String> libraries = fetched(file.toString());
    List<String> words =
        Files.readAllLines(file).stream()
            .filter(line -> line.matches("\\W*DEPS\\b.*"))
            .map(line -> line.replaceFirst("\\W*DEPS", "").strip())
            .toList();
    assertEquals(words, libraries);
    jars(libraries);
    for (String library : List.of("org.hipparchus", "org.ejml")) {
      boolean imported = Files.readString(file).contains("import " + library + ".");
      boolean named = libraries.stream().anyMatch(each -> each.startsWith(library + ":"));
      assertTrue(named || !imported, example + " imports " + library + " and does not ask for it");
    }
  }

  @Test
  void severalLinesAndSpacesAreTaken() throws Exception {
    Path program = checkout.work().resolve("Asks.java");
    Files.writeString(
        program,
        """
        //DEPS a:b:1 a.b:c-d:2.0
        // DEPS e:f:3
        /// DEPS not:this:1
        // It has DEPS not:that:1
        void main() {}
        """);
    assertEquals(List.of("a:b:1", "a.b:c-d:2.0", "e:f:3"), fetched(program.toString()));
    Files.writeString(program, "// DEPS a:b\nvoid main() {}\n");
    String refused =
        "fluxion: Asks.java asks for a:b; what a library is called is group:artifact:version\n";
    assertEquals(new Outcome(1, "", refused), checkout.fluxion("run", "Asks.java"));
  }

  /** Maven's part done by a script, that knows where these tests have the libraries from. */
  @Test
  void whatWasFetchedIsOnTheClassPathAndFetchedOnce() throws Exception {
    String example = EXAMPLES.resolve("Matrices.java").toString();
    String path =
        jars(List.of("org.ejml:ejml-ddense:0.44.0", "org.hipparchus:hipparchus-core:4.0.1"))
            .stream()
            .collect(Collectors.joining(File.pathSeparator));
    String core = Checkout.libraries().filter(jar -> jar.contains("ejml-core")).findFirst().get();
    Path maven =
        checkout.maven(
            "for word in \"$@\"; do case \"$word\" in -Dmdep.outputFile=*)"
                + " echo '"
                + path
                + File.pathSeparator
                + core
                + "' >\"${word#*=}\" ;; esac; done");
    Outcome first = checkout.launch(JDK, maven, checkout.launcher(), "run", example);
    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().contains("off by"), first.out());
    assertTrue(first.err().contains("build-classpath"), first.err());
    assertEquals(new Outcome(0, first.out(), ""), checkout.fluxion("run", example));
  }

  /** Everything as users have it: Maven fetches. */
  @ParameterizedTest
  @ValueSource(strings = {"Fit", "Greeks", "Matrices", "Trajectory"})
  @EnabledIfSystemProperty(named = "fluxion.fetch", matches = "true")
  void examplesRunWithWhatMavenFetches(String example) throws Exception {
    String program = EXAMPLES.resolve(example + ".java").toString();
    Outcome outcome = checkout.launch(JDK, checkout.work(), checkout.launcher(), "run", program);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(!outcome.out().isEmpty(), outcome.err());
  }
}

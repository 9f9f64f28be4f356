package dev.fluxion.roundtrip;

import dev.fluxion.ir.roundtrip.RoundTrip.LeftMethod;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The tests of a library on the library as it is and as re-emitted.
 *
 * <p>Where the two runs differ, the test classes concerned are run again on both: a test that goes
 * differently from run to run on one and the same code says nothing, is not counted, and is listed
 * apart.
 *
 * @param original the results on the library as it is
 * @param reEmitted the results on the re-emitted library
 * @param methods how many methods of the library have code
 * @param left those left as they were
 * @param differences a description of each test that went differently
 * @param unstable a description of each test that is different from run to run
 */
public record LibraryTrial(
    TestResults original,
    TestResults reEmitted,
    int methods,
    List<LeftMethod> left,
    List<String> differences,
    List<String> unstable) {
  /** How often what differs is run again, for some differences come with a small chance. */
  private static final int TIMES_AGAIN = 2;

  /**
   * How long tests may take.
   *
   * @param all after which no more tests are run on a form of the library
   * @param one after which a single test is stopped
   */
  public record Limits(Duration all, Duration one) {}

  /**
   * What to try.
   *
   * @param libraries the jars to re-emit
   * @param tests jars or directories with JUnit 3, 4 or 5 tests
   * @param others what else is on the class path
   * @param testClasses a regular expression for the full names of the test classes to run
   * @param flags of the virtual machines
   * @param limits how long tests may take
   */
  public record Subject(
      List<Path> libraries,
      List<Path> tests,
      List<Path> others,
      String testClasses,
      List<String> flags,
      Limits limits) {}

  /** Whether all tests were run and went the same way on both. */
  public boolean agrees() {
    return differences.isEmpty() && original.trouble().isEmpty() && reEmitted.trouble().isEmpty();
  }

  /** Both forms of a library and what was found on the way. */
  private record Forms(
      List<Path> original, List<Path> reEmitted, int methods, List<LeftMethod> left) {}

  /**
   * Re-emits a library and runs its tests on both forms.
   *
   * @param folder where the re-emitted jars, the results and the output of the tests go
   * @param progress is told what is going on
   */
  public static LibraryTrial run(Subject subject, Path folder, Consumer<String> progress)
      throws IOException, InterruptedException {
    progress.accept("re-emitting the library");
    Forms forms = forms(subject, folder);
    TestProcess process = new TestProcess(folder, subject.flags, subject.limits);
    List<Path> before = classPath(forms.original, subject);
    List<Path> after = classPath(forms.reEmitted, subject);
    List<String> every = List.of(subject.testClasses);
    progress.accept("running the tests on the library as it is");
    TestResults first = process.run("original", before, subject.tests, every);
    progress.accept("running the tests on the library re-emitted");
    TestResults second = process.run("re-emitted", after, subject.tests, every);
    boolean isComplete = first.trouble().isEmpty() && second.trouble().isEmpty();
    List<String> different = new ArrayList<>(first.differences(second));
    List<String> unstable = new ArrayList<>();
    if (!isComplete) { // what was not run says nothing
      different.removeIf(test -> !first.has(test) || !second.has(test));
    }
    for (int again = 1; again <= TIMES_AGAIN && !different.isEmpty(); again++) {
      progress.accept("running again what differs");
      List<String> patterns = patterns(different);
      TestResults firstAgain =
          process.run("original-again-" + again, before, subject.tests, patterns);
      TestResults secondAgain =
          process.run("re-emitted-again-" + again, after, subject.tests, patterns);
      for (String test : List.copyOf(different)) {
        boolean isStable =
            first.of(test).agreesWith(firstAgain.of(test))
                && !first.of(test).agreesWith(secondAgain.of(test));
        if (!isStable) {
          different.remove(test);
          unstable.add(test);
        }
      }
    }
    return new LibraryTrial(
        first.without(unstable),
        second.without(unstable),
        forms.methods,
        forms.left,
        describe(different, first, second),
        describe(unstable, first, second));
  }

  private static Forms forms(Subject subject, Path folder) throws IOException {
    List<Path> original = new ArrayList<>();
    List<Path> reEmitted = new ArrayList<>();
    List<LeftMethod> left = new ArrayList<>();
    int methods = 0;
    List<Path> all = new ArrayList<>(subject.libraries);
    all.addAll(subject.others);
    int number = 0;
    for (Path library : subject.libraries) {
      number++;
      String name = library.getFileName().toString();
      Path target = Files.createDirectories(folder.resolve("re-emitted")).resolve(name);
      if (reEmitted.contains(target)) {
        target = target.resolveSibling(number + "-" + name);
      }
      Path open = library;
      if (JarRoundTrip.isClosed(library)) {
        open = Files.createDirectories(folder.resolve("original")).resolve(target.getFileName());
        JarRoundTrip.copy(library, open);
      }
      JarRoundTrip trip = JarRoundTrip.write(library, target, all);
      methods += trip.methods();
      left.addAll(trip.left());
      original.add(open);
      reEmitted.add(target);
    }
    return new Forms(original, reEmitted, methods, List.copyOf(left));
  }

  private static List<String> patterns(List<String> tests) {
    TreeSet<String> classes = new TreeSet<>();
    for (String test : tests) {
      TestResults.testClass(test).ifPresent(name -> classes.add(Pattern.quote(name) + "(\\$.*)?"));
    }
    return classes.isEmpty() ? List.of(".*") : List.copyOf(classes);
  }

  private static List<String> describe(List<String> tests, TestResults first, TestResults second) {
    return tests.stream()
        .map(
            test ->
                test + "\n    original: " + first.of(test) + "\n    re-emitted: " + second.of(test))
        .toList();
  }

  /**
   * The library comes first, so that nothing else can stand for it, then the tests and JUnit. A
   * newer Hamcrest than the one of JUnit 4 goes before it.
   */
  private static List<Path> classPath(List<Path> libraries, Subject subject) throws IOException {
    List<Path> path = new ArrayList<>(libraries);
    path.addAll(subject.tests);
    List<Path> own = own();
    path.addAll(own.stream().filter(jar -> !isHamcrest(jar)).toList());
    path.addAll(subject.others);
    for (Path library : subject.libraries) {
      path.addAll(JarRoundTrip.needed(library));
    }
    path.addAll(own.stream().filter(LibraryTrial::isHamcrest).toList());
    return path;
  }

  private static boolean isHamcrest(Path jar) {
    return jar.getFileName().toString().startsWith("hamcrest-");
  }

  /** JUnit and this program's own classes, from the class path or module path it runs with. */
  private static List<Path> own() {
    List<Path> own = new ArrayList<>();
    for (String property : List.of("jdk.module.path", "java.class.path")) {
      for (String entry : System.getProperty(property, "").split(File.pathSeparator, -1)) {
        Path path = Path.of(entry).toAbsolutePath();
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        boolean isNeeded =
            name.startsWith("junit-")
                || name.startsWith("opentest4j-")
                || name.startsWith("apiguardian-")
                || name.startsWith("hamcrest-core-1.")
                || Files.exists(path.resolve("dev/fluxion/roundtrip/TestRunner.class"))
                || name.startsWith("fluxion-roundtrip");
        if (!entry.isEmpty() && isNeeded) {
          own.add(path);
        }
      }
    }
    return own;
  }
}

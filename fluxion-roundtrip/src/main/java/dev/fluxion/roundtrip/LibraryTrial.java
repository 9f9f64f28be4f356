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
import java.util.regex.Pattern;

/**
 * The tests of a library on the library as it is and as re-emitted.
 *
 * <p>Where the two runs differ, the test classes concerned are run once more on both: a test that
 * goes differently from run to run on one and the same code says nothing and is listed apart.
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

  /**
   * What to try.
   *
   * @param libraries the jars to re-emit
   * @param tests jars or directories with JUnit 3, 4 or 5 tests
   * @param others what else is on the class path
   * @param testClasses a regular expression for the full names of the test classes to run
   * @param flags of the virtual machines
   * @param limit after which a virtual machine is stopped
   */
  public record Subject(
      List<Path> libraries,
      List<Path> tests,
      List<Path> others,
      String testClasses,
      List<String> flags,
      Duration limit) {}

  /** Whether all tests were run and went the same way on both. */
  public boolean agrees() {
    return differences.isEmpty() && original.trouble().isEmpty() && reEmitted.trouble().isEmpty();
  }

  /**
   * Re-emits a library and runs its tests on both forms.
   *
   * @param folder where the re-emitted jars, the results and the output of the tests go
   */
  public static LibraryTrial run(Subject subject, Path folder)
      throws IOException, InterruptedException {
    List<Path> reEmitted = new ArrayList<>();
    List<LeftMethod> left = new ArrayList<>();
    int methods = 0;
    List<Path> all = new ArrayList<>(subject.libraries);
    all.addAll(subject.others);
    Path jars = Files.createDirectories(folder.resolve("re-emitted"));
    for (Path library : subject.libraries) {
      Path target = jars.resolve(library.getFileName().toString());
      JarRoundTrip trip = JarRoundTrip.write(library, target, all);
      methods += trip.methods();
      left.addAll(trip.left());
      reEmitted.add(target);
    }
    TestProcess process = new TestProcess(folder, subject.flags, subject.limit);
    List<Path> before = classPath(subject.libraries, subject);
    List<Path> after = classPath(reEmitted, subject);
    List<String> every = List.of(subject.testClasses);
    TestResults first = process.run("original", before, subject.tests, every);
    TestResults second = process.run("re-emitted", after, subject.tests, every);
    List<String> differences = new ArrayList<>();
    List<String> unstable = new ArrayList<>();
    List<String> different = first.differences(second);
    boolean isComplete = first.trouble().isEmpty() && second.trouble().isEmpty();
    if (!different.isEmpty() && isComplete) {
      List<String> again = patterns(different);
      TestResults firstAgain = process.run("original-again", before, subject.tests, again);
      TestResults secondAgain = process.run("re-emitted-again", after, subject.tests, again);
      for (String test : different) {
        boolean isStable =
            first.of(test).agreesWith(firstAgain.of(test))
                && !first.of(test).agreesWith(secondAgain.of(test));
        (isStable ? differences : unstable).add(describe(test, first, second));
      }
    } else {
      different.forEach(test -> differences.add(describe(test, first, second)));
    }
    return new LibraryTrial(first, second, methods, left, differences, unstable);
  }

  private static List<String> patterns(List<String> tests) {
    TreeSet<String> classes = new TreeSet<>();
    for (String test : tests) {
      TestResults.testClass(test).ifPresent(name -> classes.add(Pattern.quote(name) + "(\\$.*)?"));
    }
    return classes.isEmpty() ? List.of(".*") : List.copyOf(classes);
  }

  private static String describe(String test, TestResults first, TestResults second) {
    return test + "\n    original: " + first.of(test) + "\n    re-emitted: " + second.of(test);
  }

  /** The library comes first, so that nothing else can stand for it, then the tests and JUnit. */
  private static List<Path> classPath(List<Path> libraries, Subject subject) {
    List<Path> path = new ArrayList<>(libraries);
    path.addAll(subject.tests);
    path.addAll(own());
    path.addAll(subject.others);
    return path;
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

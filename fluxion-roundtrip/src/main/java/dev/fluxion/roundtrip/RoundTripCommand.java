package dev.fluxion.roundtrip;

import dev.fluxion.ir.roundtrip.RoundTrip.LeftMethod;
import dev.fluxion.roundtrip.LibraryTrial.Limits;
import dev.fluxion.roundtrip.LibraryTrial.Subject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The command {@code fluxion roundtrip}. */
public final class RoundTripCommand {
  private static final int MOST_NAMES = 8;
  private static final String USAGE =
      """
      usage: fluxion roundtrip --jar LIBRARY.jar --tests TESTS.jar [--with MORE.jar …]

      Lifts every method of the library, emits it again, and runs the library's JUnit 3, 4 or 5
      tests on both forms. The status is 0 when all tests go the same way, else 1.

        --jar JAR            a library to re-emit; may be repeated
        --tests JAR          a jar or directory with the library's tests; may be repeated
        --with JAR …         jars or directories that the library or its tests need
        --classes REGEX      only test classes whose full name matches
        --time-limit SECONDS after which no more tests are run on a form (default 1800)
        --test-limit SECONDS after which a single test is stopped and the others go on (default 300)
        --jvm FLAG           a flag for the virtual machines of the tests; may be repeated
        --keep DIRECTORY     where to leave the re-emitted jars and the tests' output
      """;

  private RoundTripCommand() {}

  /** Runs the command and ends the virtual machine with its status. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream progress = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), out, progress));
  }

  /** A mistake in the command line. */
  private static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }

  /** Runs the command; gives 0 when the results agree, 1 when not, 2 when it was not understood. */
  static int run(List<String> arguments, PrintStream out, PrintStream progress)
      throws IOException, InterruptedException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (UsageException e) {
      out.println("fluxion roundtrip: " + e.getMessage());
      out.print(USAGE);
      return 2;
    }
    Path keep = options.keep;
    Path folder =
        keep == null
            ? Files.createTempDirectory("fluxion-roundtrip")
            : Files.createDirectories(keep).toRealPath();
    try {
      LibraryTrial trial =
          LibraryTrial.run(options.subject, folder, text -> progress.println(text + " …"));
      print(trial, out);
      return trial.agrees() && trial.original().count("passed") > 0 ? 0 : 1;
    } finally {
      if (keep == null) {
        TestProcess.delete(folder);
      }
    }
  }

  private static void print(LibraryTrial trial, PrintStream out) {
    print("original", trial.original(), out);
    print("re-emitted", trial.reEmitted(), out);
    int again = trial.methods() - trial.left().size();
    out.println("methods: " + again + " of " + trial.methods() + " re-emitted");
    for (LeftMethod method : trial.left()) {
      out.println("  left as it was: " + method.method() + ": " + method.reason());
    }
    if (!trial.unstable().isEmpty()) {
      out.println(
          "tests that differ from run to run on the same code, and so say nothing and are not"
              + " counted: "
              + trial.unstable().size());
      trial.unstable().forEach(test -> out.println("  " + test));
    }
    if (!trial.differences().isEmpty()) {
      out.println("tests that differ: " + trial.differences().size());
      trial.differences().forEach(test -> out.println("  " + test));
    }
    Set<String> missing = new TreeSet<>(trial.original().missing());
    missing.addAll(trial.reEmitted().missing());
    if (!missing.isEmpty()) {
      out.println(
          "classes that were not found, so that tests failed or could not be loaded; give what has"
              + " them with --with: "
              + some(missing));
    }
    if (trial.original().outcomes().isEmpty() && trial.original().trouble().isEmpty()) {
      out.println("no tests were found: are they JUnit tests, and is all they need given?");
    }
  }

  private static String some(Set<String> names) {
    String some = String.join(", ", names.stream().limit(MOST_NAMES).toList());
    int others = names.size() - MOST_NAMES;
    return others > 0 ? some + " and " + others + " more" : some;
  }

  private static void print(String name, TestResults results, PrintStream out) {
    long others = results.count("skipped") + results.count("aborted");
    out.println(
        name
            + ": "
            + results.count("passed")
            + " passed, "
            + results.count("failed")
            + " failed"
            + (others == 0 ? "" : ", " + others + " skipped"));
    List<String> unloaded = results.tests(TestRunner.UNLOADED);
    if (!unloaded.isEmpty()) {
      String test = unloaded.getFirst();
      out.println(
          "  classes of the tests that cannot be used: "
              + unloaded.size()
              + ", for instance "
              + test
              + " "
              + results.of(test));
    }
    results.trouble().ifPresent(text -> out.println("  not all tests were run: " + text));
  }

  private record Options(Subject subject, @Nullable Path keep) {
    static Options parse(List<String> arguments) throws UsageException {
      List<Path> libraries = new ArrayList<>();
      List<Path> tests = new ArrayList<>();
      List<Path> others = new ArrayList<>();
      List<String> flags = new ArrayList<>();
      String classes = ".*";
      long seconds = 1800;
      long secondsOfOne = 300;
      Path keep = null;
      String option = "";
      for (int i = 0; i < arguments.size(); i++) {
        String word = arguments.get(i);
        boolean isOption = word.startsWith("--") && !option.equals("--jvm");
        if (isOption) {
          option = word;
          if (i + 1 == arguments.size()) {
            throw new UsageException(word + " needs a value");
          }
          continue;
        }
        switch (option) {
          case "--jar" -> libraries.add(jar(word));
          case "--tests" -> tests.add(jarOrDirectory(word));
          case "--with" -> others.add(existing(word));
          case "--classes" -> classes = pattern(word);
          case "--time-limit" -> seconds = seconds(option, word);
          case "--test-limit" -> secondsOfOne = seconds(option, word);
          case "--keep" -> keep = Path.of(word);
          case "--jvm" -> flags.add(word);
          default -> throw new UsageException("what is " + option + " " + word + "?");
        }
        if (option.equals("--jvm")) {
          option = "";
        }
      }
      if (libraries.isEmpty() || tests.isEmpty()) {
        throw new UsageException("it needs a library's --jar and its --tests");
      }
      Limits limits = new Limits(Duration.ofSeconds(seconds), Duration.ofSeconds(secondsOfOne));
      return new Options(new Subject(libraries, tests, others, classes, flags, limits), keep);
    }

    private static Path existing(String file) throws UsageException {
      Path path = Path.of(file).toAbsolutePath();
      if (!Files.exists(path)) {
        throw new UsageException("there is no file " + file);
      }
      return path;
    }

    private static Path jarOrDirectory(String file) throws UsageException {
      return Files.isDirectory(existing(file)) ? existing(file) : jar(file);
    }

    private static Path jar(String file) throws UsageException {
      Path path = existing(file);
      if (Files.isDirectory(path)) {
        throw new UsageException(file + " is a directory; a library is given as a jar");
      }
      try {
        new ZipFile(path.toFile()).close();
        return path;
      } catch (IOException e) {
        throw new UsageException(file + " cannot be read as a jar: " + e.getMessage());
      }
    }

    private static String pattern(String text) throws UsageException {
      try {
        return Pattern.compile(text).pattern();
      } catch (PatternSyntaxException e) {
        throw new UsageException("--classes is no regular expression: " + e.getMessage());
      }
    }

    private static long seconds(String option, String text) throws UsageException {
      try {
        long seconds = Long.parseLong(text);
        if (seconds > 0) {
          return seconds;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new UsageException(option + " takes a number of seconds and not " + text);
    }
  }
}

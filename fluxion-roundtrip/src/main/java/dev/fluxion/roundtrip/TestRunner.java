package dev.fluxion.roundtrip;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program of the virtual machine that runs a library's tests: finds the test classes of jars or
 * directories and writes a line before and after each test, so that a crash leaves what was known.
 */
final class TestRunner {
  /** The first word of the line that each virtual machine begins with. */
  static final String BEGIN = "begin";

  /** The first word of the line that ends a complete file of results. */
  static final String END = "end";

  /** The first word of the line that says that a test, or a class of tests, begins. */
  static final String START = "start";

  /** The first word of the line that says that a class of tests went well beside its tests. */
  static final String FINISH = "finish";

  /** The first word of the line that names a class that was not found. */
  static final String MISSING = "missing";

  /** The first word of the line of a class that cannot be loaded, or that JUnit objects to. */
  static final String UNLOADED = "not loaded";

  private TestRunner() {}

  /**
   * Runs tests.
   *
   * @param arguments where the results are added, a file with a regular expression for the names of
   *     test classes in each line, a file with the names of test classes to leave out, and the jars
   *     or directories with the tests
   */
  public static void main(String[] arguments) throws IOException {
    List<Path> roots = new ArrayList<>();
    for (String root : Arrays.asList(arguments).subList(3, arguments.length)) {
      roots.add(Path.of(root));
    }
    List<Pattern> patterns = new ArrayList<>();
    for (String pattern : Files.readAllLines(Path.of(arguments[1]))) {
      patterns.add(Pattern.compile(pattern));
    }
    Set<String> begun = new HashSet<>(Files.readAllLines(Path.of(arguments[2])));
    // not a channel, which a test that leaves its thread interrupted would close
    try (FileOutputStream file = new FileOutputStream(arguments[0], true);
        PrintWriter results =
            new PrintWriter(new OutputStreamWriter(file, StandardCharsets.UTF_8), true)) {
      results.println(BEGIN);
      TestClasses classes = TestClasses.find(roots, patterns);
      Writer writer = new Writer(results);
      boolean isFirst = begun.isEmpty();
      if (isFirst) {
        classes.broken().forEach(writer::unloaded);
      }
      List<Class<?>> rest =
          classes.loaded().stream()
              .filter(type -> !begun.contains(TestClasses.outermost(type).getName()))
              .toList();
      Launcher launcher = LauncherFactory.create();
      TestPlan plan =
          Discovery.find(
              launcher,
              rest,
              (type, e) -> {
                if (isFirst) {
                  writer.unloaded(type.getName(), e);
                }
              });
      launcher.execute(plan, writer);
      results.println(END);
    }
    Runtime.getRuntime().halt(0); // tests may leave threads behind, and hooks that wait for them
  }

  private static final class Writer implements TestExecutionListener {
    private final PrintWriter results;

    Writer(PrintWriter results) {
      this.results = results;
    }

    void unloaded(String name, Throwable thrown) {
      write(UNLOADED, "[class:" + name + "]", thrown);
    }

    private void write(String first, TestIdentifier test, @Nullable Throwable thrown) {
      write(first, test.getUniqueId(), thrown);
    }

    private synchronized void write(String first, String test, @Nullable Throwable thrown) {
      String kind = thrown == null ? "" : thrown.getClass().getName();
      String message = thrown == null ? "" : oneLine(String.valueOf(thrown.getMessage()));
      if (thrown != null) {
        MissingClasses.behind(thrown).forEach(name -> results.println(MISSING + "\t" + name));
      }
      results.println(String.join("\t", first, oneLine(test), kind, message));
    }

    private static String oneLine(String text) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < Math.min(text.length(), 2000); i++) {
        char c = text.charAt(i);
        if (Character.isISOControl(c) || Character.isSurrogate(c)) {
          line.append("\\u").append(Integer.toHexString(c));
        } else {
          line.append(c);
        }
      }
      return line.toString();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
      if (TestResults.testClass(test.getUniqueId()).isPresent()) {
        write(START, test, null);
      }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      write("skipped", test, null);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String word =
          switch (result.getStatus()) {
            case SUCCESSFUL -> test.isTest() ? "passed" : FINISH;
            case ABORTED -> "aborted";
            case FAILED -> "failed";
          };
      write(word, test, result.getThrowable().orElse(null));
    }
  }
}

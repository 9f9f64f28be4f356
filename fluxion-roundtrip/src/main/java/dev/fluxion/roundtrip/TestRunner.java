package dev.fluxion.roundtrip;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program of the virtual machine that runs a library's tests: finds the test classes of jars or
 * directories and writes a line before and after each test, so that a crash leaves what was known.
 */
final class TestRunner {
  /** The first word of the line that ends a complete file of results. */
  static final String END = "end";

  /** The first word of the line that says which test is running. */
  static final String START = "start";

  /** The first word of the line of a class that cannot be loaded. */
  static final String UNLOADED = "not loaded";

  private TestRunner() {}

  /**
   * Runs tests.
   *
   * @param arguments where the results go, a file with a regular expression for the names of test
   *     classes in each line, and the jars or directories with the tests
   */
  public static void main(String[] arguments) throws IOException {
    List<Path> roots = new ArrayList<>();
    for (String root : Arrays.asList(arguments).subList(2, arguments.length)) {
      roots.add(Path.of(root));
    }
    List<Pattern> patterns = new ArrayList<>();
    for (String pattern : Files.readAllLines(Path.of(arguments[1]))) {
      patterns.add(Pattern.compile(pattern));
    }
    try (PrintWriter results =
        new PrintWriter(Files.newBufferedWriter(Path.of(arguments[0])), true)) {
      TestClasses classes = TestClasses.find(roots, patterns);
      Writer writer = new Writer(results);
      classes.broken().forEach((name, e) -> writer.write(UNLOADED, "[class:" + name + "]", e));
      List<DiscoverySelector> selectors = new ArrayList<>();
      classes.loaded().forEach(type -> selectors.add(DiscoverySelectors.selectClass(type)));
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
      LauncherFactory.create().execute(request, writer);
      results.println(END);
    }
    System.exit(0); // tests may leave threads behind
  }

  private static final class Writer implements TestExecutionListener {
    private final PrintWriter results;

    Writer(PrintWriter results) {
      this.results = results;
    }

    private void write(String first, TestIdentifier test, @Nullable Throwable thrown) {
      write(first, test.getUniqueId(), thrown);
    }

    synchronized void write(String first, String test, @Nullable Throwable thrown) {
      String kind = thrown == null ? "" : thrown.getClass().getName();
      String message = thrown == null ? "" : oneLine(String.valueOf(thrown.getMessage()));
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
      if (test.isTest()) {
        write(START, test, null);
      }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      write("skipped", test, null);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      boolean isSuccess = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
      if (test.isTest() || !isSuccess) {
        String word =
            switch (result.getStatus()) {
              case SUCCESSFUL -> "passed";
              case ABORTED -> "aborted";
              case FAILED -> "failed";
            };
        write(word, test, result.getThrowable().orElse(null));
      }
    }
  }
}

package dev.fluxion.roundtrip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tests of a library gave in one virtual machine.
 *
 * @param outcomes for each test how it went, by JUnit's identifier without what changes from run to
 *     run; for test classes, too, when something outside of their tests failed
 * @param trouble why not all tests were run, in prose, if so
 */
public record TestResults(Map<String, Outcome> outcomes, Optional<String> trouble) {
  private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{4,8}\\b");
  private static final Pattern TEST_CLASS = Pattern.compile("\\[(?:class|runner):([^\\]]+)\\]");

  /**
   * How a test went.
   *
   * @param status {@code passed}, {@code failed}, {@code aborted} (an assumption did not hold),
   *     {@code skipped}, or {@code not loaded} for a class of which some other class is missing
   * @param exception the class of what was thrown, or empty
   * @param message its message, which is for people and does not count as a difference
   */
  public record Outcome(String status, String exception, String message) {
    /** Whether the other went the same way. */
    public boolean agreesWith(Outcome other) {
      return status.equals(other.status) && exception.equals(other.exception);
    }

    @Override
    public String toString() {
      if (exception.isEmpty()) {
        return status;
      }
      String text = message.length() > 300 ? message.substring(0, 300) + " …" : message;
      return status + " with " + exception + ": " + text;
    }
  }

  private static final Outcome MISSING = new Outcome("not run", "", "");

  /** How many tests have a status. */
  public long count(String status) {
    return tests(status).size();
  }

  /** The tests that have a status. */
  public List<String> tests(String status) {
    return outcomes.keySet().stream().filter(test -> of(test).status.equals(status)).toList();
  }

  /** How a test went; one that nothing is known of was not run. */
  public Outcome of(String test) {
    return outcomes.getOrDefault(test, MISSING);
  }

  /** The tests that went differently in two runs, in the order of the first. */
  public List<String> differences(TestResults other) {
    Map<String, Outcome> all = new LinkedHashMap<>(outcomes);
    all.putAll(other.outcomes);
    List<String> different = new ArrayList<>();
    for (String test : all.keySet()) {
      if (!of(test).agreesWith(other.of(test))) {
        different.add(test);
      }
    }
    return different;
  }

  /** The name of the class that a test belongs to, or empty when the identifier does not say. */
  static Optional<String> testClass(String test) {
    Matcher matcher = TEST_CLASS.matcher(test);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /**
   * Reads the lines that {@link TestRunner} wrote.
   *
   * @param ending how the virtual machine ended, in prose
   */
  static TestResults read(Path file, String ending) throws IOException {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    String running = "";
    boolean isComplete = false;
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      String[] words = line.split("\t", -1);
      switch (words[0]) {
        case TestRunner.END -> isComplete = true;
        case TestRunner.START -> running = words[1];
        default -> {
          if (words.length == 4) {
            put(outcomes, IDENTITY.matcher(words[1]).replaceAll("@…"), words);
          }
        }
      }
    }
    Optional<String> trouble =
        isComplete
            ? Optional.empty()
            : Optional.of(ending + (running.isEmpty() ? "" : ", the last test was " + running));
    return new TestResults(outcomes, trouble);
  }

  /** Tests whose names differ in nothing but an identity get numbers in their order. */
  private static void put(Map<String, Outcome> outcomes, String test, String[] words) {
    String name = test;
    for (int i = 2; outcomes.containsKey(name); i++) {
      name = test + " (" + i + ")";
    }
    outcomes.put(name, new Outcome(words[0], words[2], words[3]));
  }
}

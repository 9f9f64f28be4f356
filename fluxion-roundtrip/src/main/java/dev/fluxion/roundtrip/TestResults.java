package dev.fluxion.roundtrip;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tests of a library gave.
 *
 * @param outcomes for each test how it went, by JUnit's identifier without what changes from run to
 *     run; for test classes, too, when something outside of their tests failed
 * @param missing the names of classes that were needed and not found
 * @param trouble why not all tests were run, in prose, if so
 */
public record TestResults(
    Map<String, Outcome> outcomes, Set<String> missing, Optional<String> trouble) {
  /** What stands for the exception when a test ended its virtual machine. */
  private static final String ENDED = "the end of its virtual machine";

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

  /** Whether it is known how a test went. */
  boolean has(String test) {
    return outcomes.containsKey(test);
  }

  /** The results of the other tests. */
  TestResults without(List<String> tests) {
    Map<String, Outcome> others = new LinkedHashMap<>(outcomes);
    tests.forEach(others::remove);
    return new TestResults(others, missing, trouble);
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

  /** The same with a trouble. */
  TestResults withTrouble(String text) {
    return new TestResults(outcomes, missing, Optional.of(text));
  }

  /**
   * Reads the lines that {@link TestRunner} wrote.
   *
   * @param ending how the virtual machine ended, in prose
   */
  static TestResults read(Path file, String ending) throws IOException {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    Set<String> missing = new TreeSet<>();
    boolean isComplete = false;
    for (String[] words : lines(file)) {
      switch (words[0]) {
        case TestRunner.END -> isComplete = true;
        case TestRunner.MISSING -> missing.add(words[1]);
        default -> {
          if (words.length == 4 && !isEvent(words[0])) {
            put(outcomes, IDENTITY.matcher(words[1]).replaceAll("@…"), words);
          }
        }
      }
    }
    String running = running(file);
    Optional<String> trouble =
        isComplete
            ? Optional.empty()
            : Optional.of(ending + (running.isEmpty() ? "" : ", the last test was " + running));
    return new TestResults(outcomes, missing, trouble);
  }

  private static List<String[]> lines(Path file) throws IOException {
    List<String[]> lines = new ArrayList<>();
    if (Files.exists(file)) { // read as bytes: the last character may be cut off
      new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> lines.add(line.split("\t", -1)));
    }
    return lines;
  }

  private static boolean isEvent(String word) {
    return word.equals(TestRunner.START) || word.equals(TestRunner.FINISH);
  }

  /** The test, or the class between its tests, that had begun and not ended, or nothing. */
  private static String running(Path file) throws IOException {
    Deque<String> running = new ArrayDeque<>();
    for (String[] words : lines(file)) {
      switch (words[0]) {
        case TestRunner.BEGIN -> running.clear();
        case TestRunner.START -> running.push(words[1]);
        default -> running.remove(words.length == 4 ? words[1] : "");
      }
    }
    return running.isEmpty() ? "" : running.element();
  }

  /** The names of the test classes that were begun. */
  static Set<String> begun(Path file) throws IOException {
    Set<String> classes = new TreeSet<>();
    for (String[] words : lines(file)) {
      if (words[0].equals(TestRunner.START)) {
        testClass(words[1]).ifPresent(classes::add);
      }
    }
    return classes;
  }

  /** Adds to a file of results that what was running failed, for its virtual machine ended. */
  static void end(Path file, String ending) throws IOException {
    String running = running(file);
    if (!running.isEmpty()) {
      String line = String.join("\t", "failed", running, ENDED, ending);
      Files.writeString(file, "\n" + line + "\n", StandardOpenOption.APPEND);
    }
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

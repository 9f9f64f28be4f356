package dev.fluxion.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for.
 *
 * @param names the workloads; all when none is named
 * @param peers the Python that has the peers, or null to measure Fluxion alone
 * @param script what runs the workloads in the peers, or null for the usual place
 * @param json whether all lines of the output are JSON
 * @param hand whether hand-written adjoints are measured too
 * @param seconds how long each is warmed up and then measured
 * @param rounds how often all systems take their turn
 */
record Options(
    List<String> names,
    @Nullable String peers,
    @Nullable Path script,
    boolean json,
    boolean hand,
    double seconds,
    int rounds) {
  static final String USAGE =
      "usage: fluxion bench NAME… [--peers PYTHON] [--peers-script FILE] [--json] [--hand]"
          + " [--seconds S] [--rounds N]";

  /** Something that the user asked for that cannot be done. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }

  static Options parse(List<String> arguments) throws UsageException {
    List<String> names = new ArrayList<>();
    String peers = null;
    Path script = null;
    boolean json = false;
    boolean hand = false;
    double seconds = 5;
    int rounds = 2;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--json" -> json = true;
        case "--hand" -> hand = true;
        case "--peers" -> peers = value(arguments, ++i);
        case "--peers-script" -> script = Path.of(value(arguments, ++i));
        case "--seconds" -> seconds = positive(arguments, ++i);
        case "--rounds" -> rounds = (int) Math.ceil(positive(arguments, ++i));
        default -> {
          if (argument.startsWith("-")) {
            throw new UsageException("unknown option " + argument + "\n" + USAGE);
          }
          if (!Rows.names().contains(argument)) {
            throw new UsageException(
                "no row is named " + argument + "; the rows are " + String.join(" ", Rows.names()));
          }
          if (!names.contains(argument)) {
            names.add(argument);
          }
        }
      }
    }
    return new Options(
        names.isEmpty() ? Rows.names() : names, peers, script, json, hand, seconds, rounds);
  }

  private static String value(List<String> arguments, int index) throws UsageException {
    if (index >= arguments.size()) {
      throw new UsageException(arguments.get(index - 1) + " needs a value\n" + USAGE);
    }
    return arguments.get(index);
  }

  private static double positive(List<String> arguments, int index) throws UsageException {
    String text = value(arguments, index);
    try {
      double number = Double.parseDouble(text);
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new UsageException(
        arguments.get(index - 1) + " needs a positive number, not " + text + "\n" + USAGE);
  }
}

package dev.fluxion.bench;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a workload took in a system; printed as one line of JSON, which is also what the script
 * of the peers prints.
 *
 * @param workload the workload's name
 * @param system {@code fluxion}, {@code hand}, {@code torch} or {@code jax}
 * @param ms the median, in milliseconds for the work once
 * @param minMs the least
 * @param firstMs from nothing to the first result, compiling included
 * @param runs how often was measured
 * @param check the number that results are compared by
 */
record Measurement(
    String workload,
    String system,
    double ms,
    double minMs,
    double firstMs,
    long runs,
    double check) {
  private static final Pattern FIELD =
      Pattern.compile("\"(\\w+)\":\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^,}\\s]+)");

  String toJson() {
    return String.format(
        Locale.ROOT,
        "{\"workload\": \"%s\", \"system\": \"%s\", \"ms\": %s, \"min_ms\": %s, \"first_ms\": %s,"
            + " \"runs\": %d, \"check\": %s}",
        workload,
        system,
        rounded(ms),
        rounded(minMs),
        rounded(firstMs),
        runs,
        number(check));
  }

  /** A number to a nanosecond's precision. */
  private static String rounded(double ms) {
    return number(Math.round(ms * 1e6) / 1e6);
  }

  /** A number as JSON has it: there is none for what is not finite. */
  static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  /** The fields of a flat JSON object; strings without their quotes. */
  static Map<String, String> fields(String line) {
    Map<String, String> fields = new HashMap<>();
    Matcher matcher = FIELD.matcher(line);
    while (matcher.find()) {
      String value = matcher.group(2);
      boolean isText = value.startsWith("\"");
      fields.put(matcher.group(1), isText ? value.substring(1, value.length() - 1) : value);
    }
    return fields;
  }

  /** The measurement on a line of JSON; empty if the line tells of something else. */
  static Optional<Measurement> parse(String line) {
    Map<String, String> fields = fields(line);
    if (!line.startsWith("{") || !fields.containsKey("ms")) {
      return Optional.empty();
    }
    return Optional.of(
        new Measurement(
            fields.getOrDefault("workload", ""),
            fields.getOrDefault("system", ""),
            number(fields, "ms"),
            number(fields, "min_ms"),
            number(fields, "first_ms"),
            (long) number(fields, "runs"),
            number(fields, "check")));
  }

  private static double number(Map<String, String> fields, String name) {
    String text = fields.getOrDefault(name, "null");
    return text.equals("null") ? Double.NaN : Double.parseDouble(text);
  }
}

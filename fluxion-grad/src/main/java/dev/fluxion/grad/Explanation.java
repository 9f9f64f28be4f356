package dev.fluxion.grad;

import java.util.ArrayList;
import java.util.List;

/**
 * What the derivative of a function is made of, as {@link Fluxion#explain} finds it. Printed, it is
 * a report to read; its parts are for tools.
 *
 * @param methods the function itself, then the methods that it calls and that have a derivative of
 *     their own because they are not small enough to become part of it
 */
public record Explanation(List<Method> methods) {
  /**
   * A method and its derivative.
   *
   * @param title the method, and where it is
   * @param code the method after inlining and simplification; an asterisk marks what carries
   *     derivatives
   * @param activity which values carry derivatives, and why the others do not
   * @param forward the forward sweep: the method, which keeps what the reverse sweep reads
   * @param reverse the reverse sweep: {@code d(x)} is the adjoint of {@code x}
   * @param independent the loops whose iterations the forward sweep reverses as they run, since
   *     none depends on another: what is kept is that of one iteration
   * @param kept what goes from the forward to the reverse sweep
   * @param recomputed what the reverse sweep reads and computes again
   * @param callees the calls that derivatives go through, and those that they do not
   */
  public record Method(
      String title,
      String code,
      List<String> activity,
      String forward,
      String reverse,
      List<String> independent,
      List<KeptValue> kept,
      List<String> recomputed,
      List<Callee> callees) {

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append(title).append('\n').append("=".repeat(title.length())).append('\n');
      section(text, "The method, inlined and simplified (* carries a derivative)", code);
      section(text, "What carries a derivative", lines(activity));
      section(text, "Calls", Explanation.table(callees.stream().map(Callee::row).toList()));
      section(text, "Forward sweep", forward);
      section(text, "Reverse sweep (d(x) is the adjoint of x)", reverse);
      section(text, "Reversed in the forward sweep", lines(independent));
      section(
          text,
          "Kept for the reverse sweep",
          kept.isEmpty()
              ? "  nothing\n"
              : Explanation.table(kept.stream().map(KeptValue::row).toList()));
      section(text, "Computed again in the reverse sweep", lines(recomputed));
      return text.toString();
    }

    private static String lines(List<String> lines) {
      return String.join("", lines.stream().map(line -> "  " + line + "\n").toList());
    }

    private static void section(StringBuilder text, String title, String content) {
      if (!content.isEmpty()) {
        text.append('\n').append(title).append('\n').append(content);
      }
    }
  }

  /**
   * A value that is kept.
   *
   * @param name the value, as the listings call it
   * @param type its type
   * @param line where it is computed, or 0
   * @param extent how often: once a call, or once an iteration of which loop, and whether only
   *     until that iteration's adjoint runs
   * @param reason what reads it in the reverse sweep
   */
  public record KeptValue(String name, String type, int line, String extent, String reason) {
    private List<String> row() {
      return List.of(name, type, line > 0 ? "line " + line : "", extent, reason);
    }
  }

  /**
   * A call.
   *
   * @param name the method called
   * @param line where
   * @param derivative how its derivative is found, or why it has none
   */
  public record Callee(String name, int line, String derivative) {
    private List<String> row() {
      return List.of(name, line > 0 ? "line " + line : "", derivative);
    }
  }

  /** The report: all methods, one after the other. */
  @Override
  public String toString() {
    return String.join("\n", methods.stream().map(Method::toString).toList());
  }

  /** Rows with columns below each other. */
  private static String table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        if (i == widths.size()) {
          widths.add(0);
        }
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        if (widths.get(i) > 0) {
          line.append("  ").append(row.get(i));
          line.append(" ".repeat(widths.get(i) - row.get(i).length()));
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}

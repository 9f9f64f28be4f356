package dev.fluxion.ir;

/**
 * Where an operation comes from in the user's source.
 *
 * @param file the source file's name, such as {@code Digits.java}
 * @param method the class and method, such as {@code Digits.loss}
 * @param line the line, or 0 when the class file does not tell
 */
public record Location(String file, String method, int line) {
  /** The location of code that no source line stands for. */
  public static final Location NONE = new Location("", "", 0);

  @Override
  public String toString() {
    return method + "(" + file + (line > 0 ? ":" + line : "") + ")";
  }
}

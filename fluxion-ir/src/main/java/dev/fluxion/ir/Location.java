package dev.fluxion.ir;

import org.jspecify.annotations.Nullable;

/**
 * Where an operation comes from in the user's source.
 *
 * @param file the source file's name, such as {@code Digits.java}
 * @param method the class and method, such as {@code Digits.loss}
 * @param line the line, or 0 when the class file does not tell
 * @param caller the call in whose place the operation is, where its method became part of another
 */
public record Location(String file, String method, int line, @Nullable Location caller) {
  /** The location of code that no source line stands for. */
  public static final Location NONE = new Location("", "", 0);

  /** A place in a method that is called by its name, if at all. */
  public Location(String file, String method, int line) {
    this(file, method, line, null);
  }

  /** The same place, in a body that is in the place of a call. */
  public Location within(Location call) {
    if (line == 0 || call.line == 0) {
      return this; // which no stack trace shows
    }
    return new Location(file, method, line, caller == null ? call : caller.within(call));
  }

  @Override
  public String toString() {
    return method + "(" + file + (line > 0 ? ":" + line : "") + ")";
  }
}

package dev.fluxion.ir.text;

/** Says where a text is not a body, and why. */
public final class SyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int line;
  private final int column;

  SyntaxException(int line, int column, String reason) {
    super("line " + line + ", column " + column + ": " + reason);
    this.line = line;
    this.column = column;
  }

  /** The line, from 1. */
  public int line() {
    return line;
  }

  /** The column, from 1. */
  public int column() {
    return column;
  }
}

package dev.fluxion.ir.text;

import java.util.ArrayList;
import java.util.List;

/** Splits text into tokens. */
final class Lexer {
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineStart;

  /** What a token is. */
  enum TokenKind {
    /** A word, or what is between backquotes. */
    NAME,
    /** A number. */
    NUMBER,
    /** What is between double quotes. */
    STRING,
    /** {@code %} and a number. */
    VALUE,
    /** {@code ^} and a number. */
    BLOCK,
    /** A punctuation mark. */
    MARK,
    /** What follows {@code //} on a line. */
    COMMENT,
    /** After the last token. */
    END
  }

  /**
   * A token.
   *
   * @param text without quotes and escapes
   * @param quoted whether the name was in backquotes, so that it is no keyword
   */
  record Token(TokenKind kind, String text, boolean quoted, int line, int column) {
    boolean is(String word) {
      return (kind == TokenKind.NAME || kind == TokenKind.MARK) && !quoted && text.equals(word);
    }
  }

  private Lexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n') {
        at++;
        line++;
        lineStart = at;
      } else if (Character.isWhitespace(c)) {
        at++;
      } else {
        next(c);
      }
    }
    add(TokenKind.END, at, "the end of the text", false);
  }

  private void next(char c) {
    int start = at;
    if (text.startsWith("//", at)) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
      add(TokenKind.COMMENT, start, text.substring(start + 2, at).strip(), false);
    } else if (c == '"' || c == '`') {
      String content = quoted(c);
      add(c == '"' ? TokenKind.STRING : TokenKind.NAME, start, content, true);
    } else if (c == '%' || c == '^') {
      do {
        at++;
      } while (at < text.length() && Character.isDigit(text.charAt(at)));
      add(c == '%' ? TokenKind.VALUE : TokenKind.BLOCK, start, text.substring(start, at), false);
    } else if (c == '-' || Character.isDigit(c)) {
      at++;
      while (at < text.length() && isNumberPart()) {
        at++;
      }
      add(TokenKind.NUMBER, start, text.substring(start, at), false);
    } else if (text.startsWith("<init>", at) || text.startsWith("<clinit>", at)) {
      at = text.indexOf('>', at) + 1;
      add(TokenKind.NAME, start, text.substring(start, at), false);
    } else if (text.startsWith("::", at)) {
      at += 2;
      add(TokenKind.MARK, start, "::", false);
    } else if (Names.isStart(text.codePointAt(at))) {
      while (at < text.length() && Names.isPart(text.codePointAt(at))) {
        at += Character.charCount(text.codePointAt(at));
      }
      add(TokenKind.NAME, start, text.substring(start, at), false);
    } else if ("(){}[],:=@*#".indexOf(c) >= 0) {
      at++;
      add(TokenKind.MARK, start, String.valueOf(c), false);
    } else {
      throw error("unexpected character `" + c + "`");
    }
  }

  private boolean isNumberPart() {
    char c = text.charAt(at);
    return Character.isLetterOrDigit(c)
        || c == '.'
        || c == '#'
        || ((c == '-' || c == '+') && text.charAt(at - 1) == 'E');
  }

  private String quoted(char quote) {
    StringBuilder content = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
      char c = text.charAt(at++);
      content.append(c == '\\' ? escaped() : c);
    }
    if (at >= text.length() || text.charAt(at) != quote) {
      throw error("the line ends before the closing " + quote);
    }
    at++;
    return content.toString();
  }

  private char escaped() {
    if (at >= text.length()) {
      throw error("the text ends in an escape");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '\\', '"', '`' -> c;
      case 'u' -> hexadecimal();
      default -> throw error("unknown escape \\" + c);
    };
  }

  private char hexadecimal() {
    try {
      char result = (char) Integer.parseInt(text, at, at + 4, 16);
      at += 4;
      return result;
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw error("\\u is followed by four hexadecimal digits");
    }
  }

  private void add(TokenKind kind, int start, String content, boolean quoted) {
    tokens.add(new Token(kind, content, quoted, line, start - lineStart + 1));
  }

  private SyntaxException error(String reason) {
    return new SyntaxException(line, at - lineStart + 1, reason);
  }
}

package dev.fluxion.ir.text;

import dev.fluxion.ir.Location;
import dev.fluxion.ir.text.Lexer.Token;
import dev.fluxion.ir.text.Lexer.TokenKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;

/** A position in the tokens of a text, and how to go on from there: past names and types. */
final class Tokens {
  private final List<Token> tokens;
  private int at;

  Tokens(String text) {
    this.tokens = Lexer.tokens(text);
  }

  /** The token that comes next, comments left out. */
  Token peek() {
    while (tokens.get(at).kind() == TokenKind.COMMENT) {
      at++;
    }
    return tokens.get(at);
  }

  Token next() {
    Token token = peek();
    if (token.kind() != TokenKind.END) {
      at++;
    }
    return token;
  }

  /** Whether the token after the next one is a mark. */
  boolean isFollowedBy(String mark) {
    peek();
    int after = at + 1;
    return after < tokens.size() && tokens.get(after).is(mark);
  }

  boolean accept(String word) {
    boolean found = peek().is(word);
    if (found) {
      at++;
    }
    return found;
  }

  void expect(String word) {
    Token token = next();
    if (!token.is(word)) {
      throw error(token, "expected " + word + " but found " + token.text());
    }
  }

  Token expect(TokenKind kind, String what) {
    Token token = next();
    if (token.kind() != kind) {
      throw error(token, "expected " + what + " but found " + token.text());
    }
    return token;
  }

  static SyntaxException error(Token token, String reason) {
    return new SyntaxException(token.line(), token.column(), reason);
  }

  /** The location that a comment on the next token's line tells. */
  Location location(String method) {
    int line = peek().line();
    for (int i = at; i < tokens.size() && tokens.get(i).line() == line; i++) {
      if (tokens.get(i).kind() == TokenKind.COMMENT) {
        Matcher matcher = Printer.LOCATION.matcher(tokens.get(i).text());
        if (matcher.matches()) {
          return new Location(
              matcher.group(1),
              matcher.group(3) == null ? method : matcher.group(3),
              matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)));
        }
      }
    }
    return Location.NONE;
  }

  String name() {
    return expect(TokenKind.NAME, "a name").text();
  }

  int integer() {
    Token token = expect(TokenKind.NUMBER, "an integer");
    try {
      return Integer.parseInt(token.text());
    } catch (NumberFormatException e) {
      throw error(token, token.text() + " is no int");
    }
  }

  ClassDesc type() {
    Token token = expect(TokenKind.NAME, "a type");
    ClassDesc primitive = token.quoted() ? null : Names.PRIMITIVES.get(token.text());
    try {
      ClassDesc type =
          primitive != null
              ? primitive
              : ClassDesc.ofDescriptor("L" + token.text().replace('.', '/') + ";");
      while (peek().is("[")) {
        next();
        expect("]");
        type = type.arrayType();
      }
      return type;
    } catch (IllegalArgumentException e) {
      throw error(token, "there can be no type " + token.text());
    }
  }

  MethodTypeDesc signature() {
    List<ClassDesc> parameters = list("(", ")", this::type);
    return MethodTypeDesc.of(type(), parameters);
  }

  /** Things between brackets, separated by commas. */
  <T> List<T> list(String open, String close, Supplier<T> one) {
    List<T> all = new ArrayList<>();
    expect(open);
    if (!accept(close)) {
      do {
        all.add(one.get());
      } while (accept(","));
      expect(close);
    }
    return all;
  }
}

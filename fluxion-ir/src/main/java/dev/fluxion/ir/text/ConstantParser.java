package dev.fluxion.ir.text;

import dev.fluxion.ir.text.Lexer.Token;
import dev.fluxion.ir.text.Lexer.TokenKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads constants and call sites. */
final class ConstantParser {
  private final Tokens tokens;

  ConstantParser(Tokens tokens) {
    this.tokens = tokens;
  }

  @Nullable ConstantDesc constant() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case STRING -> token.text();
      case NUMBER -> number(token, token.text());
      case NAME ->
          switch (token.text()) {
            case "null" -> null;
            case "NaN", "NaNf" ->
                tokens.accept("#") ? notUsual(token) : number(token, token.text());
            case "Infinity", "Infinityf" -> number(token, token.text());
            case "class" -> tokens.type();
            case "type" -> tokens.signature();
            case "handle" -> handle();
            case "dynamic" -> dynamic(token);
            case "object" ->
                throw Tokens.error(
                    token,
                    "a live object ("
                        + tokens.name()
                        + ") cannot be written as text, so this body can be read by people only");
            default -> throw Tokens.error(token, "unknown constant " + token.text());
          };
      default -> throw Tokens.error(token, "expected a constant but found " + token.text());
    };
  }

  private static ConstantDesc number(Token token, String text) {
    String digits = text.substring(0, text.length() - 1);
    try {
      if (text.endsWith("L")) {
        return Long.valueOf(digits);
      }
      if (text.endsWith("f")) {
        return Float.valueOf(digits);
      }
      boolean isFloating = text.contains(".") || text.contains("E") || text.contains("N");
      if (isFloating || text.contains("Infinity")) {
        return Double.valueOf(text);
      }
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw Tokens.error(token, text + " is no number of any type");
    }
  }

  /** A NaN with its bits. */
  private ConstantDesc notUsual(Token token) {
    Token bits = tokens.next();
    try {
      return token.text().endsWith("f")
          ? (ConstantDesc) Float.intBitsToFloat(Integer.parseUnsignedInt(bits.text(), 16))
          : (ConstantDesc) Double.longBitsToDouble(Long.parseUnsignedLong(bits.text(), 16));
    } catch (NumberFormatException e) {
      throw Tokens.error(bits, "expected the bits of a NaN but found " + bits.text());
    }
  }

  private DirectMethodHandleDesc handle() {
    Token token = tokens.expect(TokenKind.NAME, "the kind of a method handle");
    DirectMethodHandleDesc.Kind kind;
    try {
      kind = DirectMethodHandleDesc.Kind.valueOf(token.text().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Tokens.error(token, "there are no method handles of kind " + token.text());
    }
    ClassDesc owner = tokens.type();
    tokens.expect("::");
    String name = tokens.name();
    String descriptor =
        tokens.accept(":")
            ? tokens.type().descriptorString()
            : tokens.signature().descriptorString();
    try {
      return MethodHandleDesc.of(kind, owner, name, descriptor);
    } catch (IllegalArgumentException e) {
      throw Tokens.error(token, e.getMessage());
    }
  }

  private ConstantDesc dynamic(Token token) {
    String name = tokens.name();
    tokens.expect(":");
    ClassDesc type = tokens.type();
    tokens.expect("by");
    DirectMethodHandleDesc bootstrap = bootstrap();
    try {
      return DynamicConstantDesc.ofCanonical(bootstrap, name, type, arguments());
    } catch (IllegalArgumentException e) {
      throw Tokens.error(token, e.getMessage());
    }
  }

  private DirectMethodHandleDesc bootstrap() {
    Token token = tokens.peek();
    DirectMethodHandleDesc usual = Bootstraps.of(token.text());
    if (usual == null) {
      return handle();
    }
    tokens.next();
    return usual;
  }

  private ConstantDesc[] arguments() {
    List<ConstantDesc> arguments = tokens.list("{", "}", this::constant);
    return arguments.toArray(ConstantDesc[]::new);
  }

  /** A call site, whose bootstrap method may be left out if it is this one. */
  DynamicCallSiteDesc site(@Nullable String unsaid) {
    Token token = tokens.peek();
    String name = tokens.name();
    MethodTypeDesc type = tokens.signature();
    DirectMethodHandleDesc bootstrap;
    if (tokens.accept("by") || unsaid == null) {
      bootstrap = bootstrap();
    } else {
      bootstrap = Bootstraps.of(unsaid);
    }
    if (bootstrap == null) {
      throw Tokens.error(token, "the call site has no bootstrap method");
    }
    try {
      return DynamicCallSiteDesc.of(bootstrap, name, type, arguments());
    } catch (IllegalArgumentException e) {
      throw Tokens.error(token, e.getMessage());
    }
  }
}

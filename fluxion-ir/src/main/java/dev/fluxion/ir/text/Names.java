package dev.fluxion.ir.text;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Names and types as they are written. */
final class Names {
  static final Map<String, ClassDesc> PRIMITIVES =
      List.of("boolean", "byte", "char", "short", "int", "long", "float", "double", "void").stream()
          .collect(Collectors.toMap(name -> name, Names::primitive));

  /** Words that would be taken for something else where a name is expected. */
  private static final Set<String> RESERVED = Set.of("static", "interface");

  private Names() {}

  private static ClassDesc primitive(String name) {
    return ClassDesc.ofDescriptor(
        switch (name) {
          case "boolean" -> "Z";
          case "long" -> "J";
          default -> name.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
        });
  }

  /** Whether a character may follow the first one of a name without quotes. */
  static boolean isPart(int c) {
    return (Character.isJavaIdentifierPart(c) && !Character.isIdentifierIgnorable(c))
        || c == '.'
        || c == '-';
  }

  /** Whether a character may be the first of a name without quotes. */
  static boolean isStart(int c) {
    return Character.isJavaIdentifierStart(c);
  }

  /** A name, in backquotes unless it is a word. */
  static String name(String name) {
    if (name.equals("<init>") || name.equals("<clinit>")) {
      return name;
    }
    boolean plain =
        !name.isEmpty()
            && isStart(name.codePointAt(0))
            && name.codePoints().allMatch(Names::isPart)
            && !RESERVED.contains(name);
    return plain ? name : quoted(name, '`');
  }

  /** A string between two quotes, on one line, in plain characters where these are readable. */
  static String quoted(String text, char quote) {
    StringBuilder result = new StringBuilder().append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> result.append("\\n");
        case '\t' -> result.append("\\t");
        case '\r' -> result.append("\\r");
        case '\\' -> result.append("\\\\");
        default -> {
          if (c == quote) {
            result.append('\\').append(c);
          } else if (c < ' ' || c > '~') {
            result.append("\\u%04x".formatted((int) c));
          } else {
            result.append(c);
          }
        }
      }
    }
    return result.append(quote).toString();
  }

  /** A type as Java writes it. */
  static String type(ClassDesc type) {
    ClassDesc component = type.componentType();
    if (component != null) {
      return type(component) + "[]";
    }
    if (type.isPrimitive()) {
      return type.displayName();
    }
    String descriptor = type.descriptorString();
    String name = descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    return PRIMITIVES.containsKey(name) ? quoted(name, '`') : name(name);
  }

  /** Parameter types in parentheses. */
  static String parameters(MethodTypeDesc type) {
    return type.parameterList().stream()
        .map(Names::type)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** Parameter types in parentheses, then the result's type. */
  static String signature(MethodTypeDesc type) {
    return parameters(type) + " " + type(type.returnType());
  }
}

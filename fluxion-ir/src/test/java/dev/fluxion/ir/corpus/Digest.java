package dev.fluxion.ir.corpus;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that can be seen of a value, as text: numbers to the bit, though all NaNs are one. */
final class Digest {
  private Digest() {}

  static void write(@Nullable Object value, StringBuilder text) {
    write(value, text, new ArrayList<>());
  }

  private static void write(@Nullable Object value, StringBuilder text, List<Object> path) {
    switch (value) {
      case null -> text.append("null");
      case String string -> text.append('"').append(string).append('"');
      case Double number -> text.append(number).append('d');
      case Float number -> text.append(number).append('f');
      case Character character -> text.append("char ").append((int) character);
      case Number number ->
          text.append(number.getClass().getSimpleName()).append(' ').append(number);
      case Boolean truth -> text.append(truth);
      default -> {
        for (int i = 0; i < path.size(); i++) {
          if (path.get(i) == value) {
            text.append('^').append(path.size() - i);
            return;
          }
        }
        if (path.size() > 6) {
          text.append('~');
          return;
        }
        path.add(value);
        inside(value, text, path);
        path.removeLast();
      }
    }
  }

  private static void inside(Object value, StringBuilder text, List<Object> path) {
    text.append(value.getClass().getSimpleName()).append('{');
    if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        write(Array.get(value, i), text.append(' '), path);
      }
    } else {
      for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            try {
              write(field.get(value), text.append(' ').append(field.getName()).append('='), path);
            } catch (IllegalAccessException e) {
              throw new IllegalStateException(e);
            }
          }
        }
      }
    }
    text.append('}');
  }
}

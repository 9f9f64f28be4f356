package dev.fluxion.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Objects;

/**
 * Copies a class for each function that its loops are to run.
 *
 * <p>A loop that calls a function through an interface is fast only while it sees a single
 * function. A copy of its class sees one for ever, and as a constant, so C2 inlines it and turns
 * the loop into vector instructions.
 */
final class Template {
  private Template() {}

  /** A copy of a class with a constructor without parameters, whose {@link #data} is the object. */
  static <T> T copy(Class<?> template, Object data, Class<T> type) {
    String file = template.getName().substring(template.getPackageName().length() + 1) + ".class";
    try (InputStream in = Objects.requireNonNull(template.getResourceAsStream(file), file)) {
      MethodHandles.Lookup lookup =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(
                  in.readAllBytes(), data, true, MethodHandles.Lookup.ClassOption.NESTMATE);
      return type.cast(lookup.lookupClass().getDeclaredConstructor().newInstance());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot copy " + template, e);
    }
  }

  /** What a copy was made for. */
  static <T> T data(MethodHandles.Lookup copy, Class<T> type) {
    try {
      return Objects.requireNonNull(MethodHandles.classData(copy, "_", type));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}

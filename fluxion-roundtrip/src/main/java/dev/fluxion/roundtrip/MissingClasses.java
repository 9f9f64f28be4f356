package dev.fluxion.roundtrip;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The classes that were not found, which mostly are those of jars that were not given. */
final class MissingClasses {
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$.]*\\.[\\p{L}\\p{N}_$]+");
  private static final int MAX_CAUSES = 20;

  private MissingClasses() {}

  /** The names of classes for whose lack something was thrown, and that are lacking. */
  static Set<String> behind(Throwable thrown) {
    Set<String> names = new TreeSet<>();
    Throwable at = thrown;
    for (int i = 0; at != null && i < MAX_CAUSES; i++) {
      String message = at.getMessage();
      if (message != null && isAboutClasses(at)) {
        String name = message.replace('/', '.').trim();
        if (NAME.matcher(name).matches() && isMissing(name)) {
          names.add(name);
        }
      }
      at = at.getCause();
    }
    return names;
  }

  private static boolean isAboutClasses(Throwable thrown) {
    return thrown instanceof NoClassDefFoundError || thrown instanceof ClassNotFoundException;
  }

  private static boolean isMissing(String name) {
    return ClassLoader.getSystemResource(name.replace('.', '/') + ".class") == null;
  }
}

package dev.fluxion.roundtrip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Nested;

/**
 * The classes of jars and directories in which there may be tests.
 *
 * @param loaded those that could be loaded; none of them is initialised
 * @param broken what went wrong with the others, by their names: classes that they need are missing
 */
record TestClasses(List<Class<?>> loaded, Map<String, Throwable> broken) {
  /** The classes whose names match one of the patterns. */
  static TestClasses find(List<Path> roots, List<Pattern> patterns) throws IOException {
    List<Class<?>> loaded = new ArrayList<>();
    Map<String, Throwable> broken = new TreeMap<>();
    for (Path root : roots) {
      for (String name : names(root)) {
        if (patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches())) {
          try {
            loaded.add(load(name));
          } catch (ClassNotFoundException | LinkageError | RuntimeException e) {
            broken.put(name, e);
          }
        }
      }
    }
    return new TestClasses(loaded, broken);
  }

  /** JUnit asks classes for their methods, and a class of which that fails would stop it. */
  @SuppressWarnings("ReturnValueIgnored") // whether they can be had is the question
  private static Class<?> load(String name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name, false, TestClasses.class.getClassLoader());
    for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
      at.getDeclaredMethods();
      at.getDeclaredConstructors();
      at.getDeclaredFields();
    }
    type.getMethods();
    type.getDeclaredClasses();
    type.getAnnotations();
    return type;
  }

  /** The class whose test a class is: that around a nested one, else itself. */
  static Class<?> outermost(Class<?> type) {
    Class<?> at = type;
    while (at.isAnnotationPresent(Nested.class) && at.getEnclosingClass() != null) {
      at = at.getEnclosingClass();
    }
    return at;
  }

  private static List<String> names(Path root) throws IOException {
    if (Files.isDirectory(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        return names(files.map(file -> root.relativize(file).toString().replace('\\', '/')));
      }
    }
    try (ZipFile jar = new ZipFile(root.toFile())) {
      return names(jar.stream().map(entry -> entry.getName()));
    }
  }

  private static List<String> names(Stream<String> files) {
    return files
        .filter(file -> file.endsWith(".class") && !file.startsWith("META-INF/"))
        .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
        .filter(name -> !name.endsWith("module-info") && !name.endsWith("package-info"))
        .sorted()
        .toList();
  }
}

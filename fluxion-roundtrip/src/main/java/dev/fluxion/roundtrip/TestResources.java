package dev.fluxion.roundtrip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files that tests read. Many tests look for them not on the class path but where they are in
 * the library's sources, from the directory in which its build runs the tests.
 */
final class TestResources {
  private static final Path IN_SOURCES = Path.of("src", "test", "resources");

  private TestResources() {}

  /** Puts what is no class in the tests' jars and directories where builds have it. */
  static void unpack(List<Path> tests, Path workingDirectory) throws IOException {
    Path target = workingDirectory.resolve(IN_SOURCES);
    Files.createDirectories(target);
    Files.createDirectories(workingDirectory.resolve("target")); // where many tests write
    for (Path root : tests) {
      if (Files.isDirectory(root)) {
        copy(root, target);
      } else {
        unpack(root, target);
      }
    }
  }

  private static void unpack(Path jar, Path target) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      Enumeration<? extends ZipEntry> entries = file.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        Path place = target.resolve(entry.getName()).normalize();
        if (!entry.isDirectory() && isResource(entry.getName()) && place.startsWith(target)) {
          try (InputStream in = file.getInputStream(entry)) {
            put(in, place);
          }
        }
      }
    }
  }

  private static void copy(Path root, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (isResource(name)) {
          try (InputStream in = Files.newInputStream(file)) {
            put(in, target.resolve(name));
          }
        }
      }
    }
  }

  private static boolean isResource(String name) {
    return !name.endsWith(".class") && !name.startsWith("META-INF/MANIFEST");
  }

  private static void put(InputStream in, Path place) throws IOException {
    Files.createDirectories(place.getParent());
    if (!Files.exists(place)) { // the first one counts, as on the class path
      Files.copy(in, place);
    }
  }
}

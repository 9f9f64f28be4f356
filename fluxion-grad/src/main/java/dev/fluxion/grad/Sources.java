package dev.fluxion.grad;

import dev.fluxion.ir.Location;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The source files of classes, where they can be found: beside the classes on the class path, in
 * the folders that Maven and Gradle use, under the working directory, under the folders of the
 * system property {@code fluxion.sources}, and the program of the source launcher itself.
 */
final class Sources {
  private static final List<String> FOLDERS =
      List.of("", "src/main/java", "src/test/java", "src", "examples");

  private final Class<?> host;
  private final Map<String, List<String>> files = new HashMap<>();

  private Sources(Class<?> host) {
    this.host = host;
  }

  /** The sources of a class and the others of its package. */
  static Sources of(Class<?> host) {
    return new Sources(host);
  }

  /** The text of a line, without what is around it; null if it is not found. */
  @Nullable String line(Location location) {
    List<String> lines = files.computeIfAbsent(location.file(), this::read);
    int index = location.line() - 1;
    return index < 0 || index >= lines.size() ? null : lines.get(index).strip();
  }

  private List<String> read(String file) {
    try {
      String text = find(file);
      return text == null ? List.of() : text.lines().toList();
    } catch (IOException | UncheckedIOException | InvalidPathException e) {
      return List.of(); // what cannot be read is not shown
    }
  }

  private @Nullable String find(String file) throws IOException {
    String inPackage = host.getPackageName().replace('.', '/') + "/" + file;
    try (InputStream in = host.getResourceAsStream(file)) {
      if (in != null) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    for (Path root : roots()) {
      if (Files.isRegularFile(root) && root.endsWith(file)) {
        return Files.readString(root); // the source launcher's program
      }
      for (String folder : FOLDERS) {
        for (String name : new String[] {inPackage, file}) {
          Path path = root.resolve(folder).resolve(name);
          String text = Files.isRegularFile(path) ? Files.readString(path) : null;
          if (text != null && isOfPackage(text)) {
            return text;
          }
        }
      }
    }
    return null;
  }

  private boolean isOfPackage(String text) {
    String name = host.getPackageName();
    return name.isEmpty()
        ? !Pattern.compile("^package\\s", Pattern.MULTILINE).matcher(text).find()
        : Pattern.compile("^package\\s+" + Pattern.quote(name) + "\\s*;", Pattern.MULTILINE)
            .matcher(text)
            .find();
  }

  private List<Path> roots() {
    List<Path> roots = new ArrayList<>();
    String given = System.getProperty("fluxion.sources", "");
    for (String folder : given.split(Pattern.quote(java.io.File.pathSeparator), -1)) {
      if (!folder.isEmpty()) {
        roots.add(Path.of(folder));
      }
    }
    CodeSource code = host.getProtectionDomain().getCodeSource();
    if (code != null && code.getLocation() != null) {
      try {
        Path classes = Path.of(code.getLocation().toURI());
        roots.add(classes);
        for (Path at = classes.getParent(); at != null && roots.size() < 8; at = at.getParent()) {
          if (Files.exists(at.resolve("pom.xml")) || Files.exists(at.resolve("build.gradle"))) {
            roots.add(at);
            break;
          }
        }
      } catch (URISyntaxException | RuntimeException e) {
        // not a place in a file system
      }
    }
    roots.add(Path.of(""));
    return roots;
  }
}

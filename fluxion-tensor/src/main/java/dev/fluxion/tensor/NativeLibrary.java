package dev.fluxion.tensor;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;

/**
 * Native libraries that lie as resources in jars on the class path or module path, unpacked once to
 * a directory of the user's cache that carries their version.
 *
 * <p>A file is written beside its place and renamed, so that two processes that start together
 * never see half of one; its size is compared with the resource's on every start.
 */
final class NativeLibrary {
  private NativeLibrary() {}

  /** The directory of files that belong together, unpacked, or nothing when the first is absent. */
  static Optional<Path> unpack(String version, String folder, String... files) throws IOException {
    Path directory = cache().resolve(version);
    for (String file : files) {
      Optional<URL> resource = resource(folder + "/" + file);
      if (resource.isPresent()) {
        place(directory.resolve(file), resource.get());
      } else if (file.equals(files[0])) {
        return Optional.empty(); // of the others, not every platform's jar has all
      }
    }
    return Optional.of(directory);
  }

  private static void place(Path target, URL resource) throws IOException {
    URLConnection connection = resource.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      if (Files.isRegularFile(target) && Files.size(target) == connection.getContentLengthLong()) {
        return;
      }
      Files.createDirectories(target.getParent());
      String name = target.getFileName().toString();
      Path part = Files.createTempFile(target.getParent(), name, ".part");
      try {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        try {
          Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
          Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  private static Path cache() {
    String chosen = System.getProperty("fluxion.cache", System.getenv("FLUXION_CACHE"));
    if (chosen != null) {
      return Path.of(chosen);
    }
    String shared = System.getenv("XDG_CACHE_HOME");
    Path base =
        shared != null && !shared.isEmpty()
            ? Path.of(shared)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("fluxion");
  }

  private static Optional<URL> resource(String name) throws IOException {
    URL found = ClassLoader.getSystemResource(name);
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (found == null && loader != null) {
      found = loader.getResource(name);
    }
    return found == null ? onModulePath(name) : Optional.of(found);
  }

  /** A jar of natives is a module that nothing requires, so it is looked for by hand. */
  private static Optional<URL> onModulePath(String name) throws IOException {
    String path = System.getProperty("jdk.module.path", "");
    for (String entry : path.split(File.pathSeparator, -1)) {
      if (entry.isEmpty()) {
        continue;
      }
      for (ModuleReference module : modules(entry)) {
        if (module.descriptor().name().startsWith("org.bytedeco.")) {
          try (ModuleReader reader = module.open()) {
            Optional<URI> found = reader.find(name);
            if (found.isPresent()) {
              return Optional.of(found.get().toURL());
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Set<ModuleReference> modules(String entry) {
    try {
      return ModuleFinder.of(Path.of(entry)).findAll();
    } catch (FindException _) { // something else on the path than a module, not ours to report
      return Set.of();
    }
  }
}

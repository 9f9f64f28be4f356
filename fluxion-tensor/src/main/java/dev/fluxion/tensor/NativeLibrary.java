package dev.fluxion.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

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
      Optional<byte[]> content = resource(folder + "/" + file);
      if (content.isEmpty()) {
        if (file.equals(files[0])) {
          return Optional.empty();
        }
        continue; // not every platform's jar has every library of the compiler's
      }
      place(directory.resolve(file), content.get());
    }
    return Optional.of(directory);
  }

  private static void place(Path target, byte[] content) throws IOException {
    if (Files.isRegularFile(target) && Files.size(target) == content.length) {
      return;
    }
    Files.createDirectories(target.getParent());
    Path part = Files.createTempFile(target.getParent(), target.getFileName().toString(), ".part");
    try {
      Files.write(part, content);
      try {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException _) {
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
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

  private static Optional<byte[]> resource(String name) throws IOException {
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
      if (in != null) {
        return Optional.of(in.readAllBytes());
      }
    }
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader != null) {
      try (InputStream in = loader.getResourceAsStream(name)) {
        if (in != null) {
          return Optional.of(in.readAllBytes());
        }
      }
    }
    return onModulePath(name);
  }

  /** A jar of natives is a module that nothing requires, so it is looked for by hand. */
  private static Optional<byte[]> onModulePath(String name) throws IOException {
    String path = System.getProperty("jdk.module.path", "");
    for (String entry : path.split(java.io.File.pathSeparator, -1)) {
      if (entry.isEmpty()) {
        continue;
      }
      for (ModuleReference module : ModuleFinder.of(Path.of(entry)).findAll()) {
        if (!module.descriptor().name().startsWith("org.bytedeco.")) {
          continue;
        }
        try (ModuleReader reader = module.open()) {
          Optional<InputStream> found = reader.open(name);
          if (found.isPresent()) {
            try (InputStream in = found.get()) {
              return Optional.of(in.readAllBytes());
            }
          }
        }
      }
    }
    return Optional.empty();
  }
}

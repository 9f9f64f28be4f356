package dev.fluxion.roundtrip;

import dev.fluxion.ir.roundtrip.RoundTrip;
import dev.fluxion.ir.roundtrip.RoundTrip.LeftMethod;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassHierarchyResolver;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A jar whose classes have all gone through the {@link RoundTrip}, those of its multi-release
 * versions too. Resources are kept; signatures, which cannot hold any more, are dropped.
 *
 * @param classes how many class files the jar has
 * @param methods how many methods of them have code
 * @param left the methods left as they were
 */
public record JarRoundTrip(int classes, int methods, List<LeftMethod> left) {
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/(SIG-.*|[^/]+\\.(SF|RSA|DSA|EC))", Pattern.CASE_INSENSITIVE);
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  /** What becomes of the bytes of a class file. */
  @FunctionalInterface
  private interface ClassFiles {
    byte[] again(String name, byte[] classFile);
  }

  /**
   * Writes a jar again.
   *
   * @param jar the jar to read
   * @param target the jar to write
   * @param others jars whose classes the jar's classes may extend
   */
  public static JarRoundTrip write(Path jar, Path target, List<Path> others) throws IOException {
    List<Path> all = new ArrayList<>(others);
    all.add(0, jar);
    try (URLClassLoader loader = loader(all)) {
      Run run = new Run(ClassHierarchyResolver.ofResourceParsing(loader).cached());
      copy(jar, target, run);
      return new JarRoundTrip(run.classes, run.methods, List.copyOf(run.left));
    }
  }

  /**
   * Writes a jar again with its class files as they are, as open as the other one: not signed or
   * sealed, which would keep tests out of its packages.
   */
  static void copy(Path jar, Path target) throws IOException {
    copy(jar, target, (_, classFile) -> classFile);
  }

  /** Whether a jar is signed or sealed. */
  static boolean isClosed(Path jar) throws IOException {
    try (ZipFile source = new ZipFile(jar.toFile())) {
      if (source.stream().anyMatch(entry -> SIGNATURE.matcher(entry.getName()).matches())) {
        return true;
      }
      ZipEntry manifest = source.getEntry(MANIFEST);
      return manifest != null && opened(read(source, manifest)).isPresent();
    }
  }

  private static final class Run implements ClassFiles {
    private final ClassHierarchyResolver hierarchy;
    private int classes;
    private int methods;
    private final List<LeftMethod> left = new ArrayList<>();

    Run(ClassHierarchyResolver hierarchy) {
      this.hierarchy = hierarchy;
    }

    @Override
    public byte[] again(String name, byte[] classFile) {
      classes++;
      try {
        RoundTrip trip = RoundTrip.of(classFile, hierarchy);
        methods += trip.methods();
        left.addAll(trip.left());
        return trip.classFile();
      } catch (IllegalArgumentException e) {
        methods++; // it is not known how many, but what is left is one of them
        left.add(new LeftMethod(name, "its class file cannot be read: " + e.getMessage()));
        return classFile;
      }
    }
  }

  private static void copy(Path jar, Path target, ClassFiles classes) throws IOException {
    try (ZipFile source = new ZipFile(jar.toFile());
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(target));
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(Deflater.BEST_SPEED);
      Set<String> written = new HashSet<>();
      Enumeration<? extends ZipEntry> entries = source.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName();
        if (SIGNATURE.matcher(name).matches() || !written.add(name)) {
          continue;
        }
        byte[] bytes = read(source, entry);
        if (name.toUpperCase(Locale.ROOT).equals(MANIFEST)) {
          bytes = opened(bytes).orElse(bytes);
        } else if (name.endsWith(".class")) {
          bytes = classes.again(name, bytes);
        }
        ZipEntry copy = new ZipEntry(name);
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(bytes);
        out.closeEntry();
      }
    }
  }

  private static URLClassLoader loader(List<Path> jars) throws MalformedURLException {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    return new URLClassLoader("round trip", urls, ClassLoader.getPlatformClassLoader());
  }

  private static byte[] read(ZipFile source, ZipEntry entry) throws IOException {
    try (InputStream in = source.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  /** A manifest without digests and without seals, or empty if it has none. */
  private static Optional<byte[]> opened(byte[] bytes) throws IOException {
    Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
    boolean changed = manifest.getMainAttributes().keySet().removeIf(JarRoundTrip::isSeal);
    for (Attributes attributes : manifest.getEntries().values()) {
      changed |= attributes.keySet().removeIf(key -> isSeal(key) || isDigest(key));
    }
    if (!changed) {
      return Optional.empty();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return Optional.of(out.toByteArray());
  }

  private static boolean isDigest(Object key) {
    return key.toString().toUpperCase(Locale.ROOT).contains("-DIGEST");
  }

  private static boolean isSeal(Object key) {
    return key.equals(Attributes.Name.SEALED);
  }

  /** The jars that a jar's manifest names as those it needs, as far as there are such files. */
  static List<Path> needed(Path jar) throws IOException {
    List<Path> needed = new ArrayList<>();
    try (ZipFile source = new ZipFile(jar.toFile())) {
      ZipEntry entry = source.getEntry(MANIFEST);
      if (entry != null) {
        Manifest manifest = new Manifest(new ByteArrayInputStream(read(source, entry)));
        String names = manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        for (String name : names == null ? new String[0] : names.trim().split("\\s+", -1)) {
          Path file = file(jar, name);
          if (file != null && Files.exists(file)) {
            needed.add(file);
          }
        }
      }
    }
    return needed;
  }

  private static @Nullable Path file(Path jar, String name) {
    try {
      return Path.of(jar.toUri().resolve(name));
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return null; // not a place in this file system
    }
  }
}

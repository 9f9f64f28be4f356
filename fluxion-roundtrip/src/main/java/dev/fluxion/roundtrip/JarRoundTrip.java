package dev.fluxion.roundtrip;

import dev.fluxion.ir.roundtrip.RoundTrip;
import dev.fluxion.ir.roundtrip.RoundTrip.LeftMethod;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassHierarchyResolver;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

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
    try (URLClassLoader loader = loader(all);
        ZipFile source = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(target);
        ZipOutputStream out = new ZipOutputStream(file)) {
      ClassHierarchyResolver hierarchy = ClassHierarchyResolver.ofResourceParsing(loader).cached();
      int classes = 0;
      int methods = 0;
      List<LeftMethod> left = new ArrayList<>();
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
          bytes = withoutDigests(bytes);
        } else if (name.endsWith(".class")) {
          classes++;
          try {
            RoundTrip trip = RoundTrip.of(bytes, hierarchy);
            bytes = trip.classFile();
            methods += trip.methods();
            left.addAll(trip.left());
          } catch (IllegalArgumentException e) {
            left.add(new LeftMethod(name, "its class file cannot be read: " + e.getMessage()));
          }
        }
        ZipEntry copy = new ZipEntry(name);
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(bytes);
        out.closeEntry();
      }
      return new JarRoundTrip(classes, methods, List.copyOf(left));
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

  private static byte[] withoutDigests(byte[] bytes) throws IOException {
    Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
    boolean changed = false;
    for (Attributes attributes : manifest.getEntries().values()) {
      changed |=
          attributes
              .keySet()
              .removeIf(key -> key.toString().toUpperCase(Locale.ROOT).contains("-DIGEST"));
    }
    if (!changed) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }
}

package dev.fluxion.roundtrip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.lift.Lifter;
import dev.fluxion.ir.roundtrip.RoundTrip;
import dev.fluxion.ir.structure.Structuring;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The libraries of Kotlin and Scala, as their compilers emit them: all of their methods are lifted,
 * structured, and emitted again, and programs that use them print the same.
 *
 * <p>By default these are one class file in 20; with {@code -Dfluxion.proof=whole}, which the Maven
 * profile {@code long} sets, all. What the programs load is always re-emitted.
 */
class OtherLanguagesTest {
  private static final boolean WHOLE = System.getProperty("fluxion.proof", "").equals("whole");
  private static final int STEP = WHOLE ? 1 : 20;

  private static Path jar(String name) {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (path.getFileName().toString().matches(name + "-[0-9.]+\\.jar")) {
        return path;
      }
    }
    throw new AssertionError("no jar of " + name + " on the class path");
  }

  @ParameterizedTest
  @CsvSource({"kotlin-stdlib, 9000", "scala3-library_3, 2500", "scala-library, 40000"})
  void methodsAreReEmittedAndStructured(String name, int least) throws IOException {
    int methods = 0;
    int seen = 0;
    List<Object> failures = new ArrayList<>();
    try (ZipFile jar = new ZipFile(jar(name).toFile())) {
      List<? extends ZipEntry> files =
          jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
      for (ZipEntry entry : files) {
        byte[] file = jar.getInputStream(entry).readAllBytes();
        List<MethodModel> found =
            ClassFile.of().parse(file).methods().stream()
                .filter(method -> method.code().isPresent())
                .toList();
        seen += found.size();
        if (methods * STEP >= seen) { // enough of those that were seen
          continue;
        }
        RoundTrip trip = RoundTrip.of(file);
        methods += trip.methods();
        failures.addAll(trip.left());
        for (MethodModel method : found) {
          try {
            Structuring.of(Lifter.lift(method));
          } catch (RuntimeException e) {
            failures.add(entry.getName() + ", " + method.methodName() + ": " + e);
          }
        }
      }
    }
    System.out.println(methods + " methods of " + name + " re-emitted and structured");
    assertEquals(List.of(), failures);
    assertTrue(methods > least / STEP, methods + " methods");
  }

  /** Defines the classes of some packages itself, re-emitted. */
  private static final class ReEmitting extends ClassLoader {
    private final List<String> packages;
    private final Set<String> defined = new HashSet<>();

    ReEmitting(List<String> packages) {
      super(OtherLanguagesTest.class.getClassLoader());
      this.packages = packages;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null || packages.stream().noneMatch(name::startsWith)) {
          return known != null ? known : super.loadClass(name, resolve);
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          if (in == null) {
            throw new ClassNotFoundException(name);
          }
          RoundTrip trip = RoundTrip.of(in.readAllBytes());
          assertEquals(List.of(), trip.left());
          defined.add(name);
          return defineClass(name, trip.classFile(), 0, trip.classFile().length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"KotlinExercise, kotlin., 100", "ScalaExercise, scala., 200"})
  void programsPrintTheSame(String program, String library, int least) throws Exception {
    String name = OtherLanguagesTest.class.getPackageName() + "." + program;
    ReEmitting loader = new ReEmitting(List.of(library, name));
    Callable<?> original = program(name, OtherLanguagesTest.class.getClassLoader());
    Callable<?> again = program(name, loader);
    assertEquals(original.call(), again.call());
    assertTrue(loader.defined.size() > least, loader.defined.size() + " classes");
  }

  private static Callable<?> program(String name, ClassLoader loader)
      throws ReflectiveOperationException {
    return Class.forName(name, true, loader)
        .asSubclass(Callable.class)
        .getConstructor()
        .newInstance();
  }
}

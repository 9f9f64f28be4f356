package dev.fluxion.roundtrip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on small libraries with tests that pass, fail, differ, crash and hang. */
class RoundTripCommandTest {
  private static final String LIBRARY =
      """
      package lib;

      public class Lib {
        public static int twice(int x) {
          return x < 0 ? Math.negateExact(-x) * 2 : x + x;
        }

        public static String resource() throws java.io.IOException {
          try (java.io.InputStream in = Lib.class.getResourceAsStream("text.txt")) {
            return new String(in.readAllBytes());
          }
        }
      }
      """;

  private static final String JUPITER =
      """
      package lib;

      import org.junit.jupiter.api.*;
      import org.junit.jupiter.params.*;
      import org.junit.jupiter.params.provider.*;

      class LibTest {
        @Test void passes() throws Exception {
          Assertions.assertEquals("kept", Lib.resource());
        }
        @Test void fails() {
          Assertions.assertEquals(5, Lib.twice(2));
        }
        @ParameterizedTest @ValueSource(ints = {1, -2}) void many(int n) {
          Assertions.assertEquals(n * 2, Lib.twice(n));
        }
        @Test void looksIntoThePlatform() throws Exception {
          java.lang.reflect.Field hash = String.class.getDeclaredField("hash");
          hash.setAccessible(true);
          Assertions.assertEquals(0, hash.get(new String("")));
        }
        @Test @Disabled void disabled() {}
      }
      """;

  private static final String VINTAGE =
      """
      package lib;

      public class OldTest {
        @org.junit.Test public void four() {
          org.junit.Assert.assertEquals(4, Lib.twice(2));
        }
        public static class ThreeTest extends junit.framework.TestCase {
          public void testThree() {
            assertEquals(6, Lib.twice(3));
          }
        }
      }
      """;

  private static final String UNEQUAL =
      """
      package lib;

      class UnequalTest {
        @org.junit.jupiter.api.Test void differs() {
          String place = Lib.class.getProtectionDomain().getCodeSource().getLocation().toString();
          org.junit.jupiter.api.Assertions.assertFalse(place.contains("re-emitted"));
        }
        @org.junit.jupiter.api.Test void changes() {
          org.junit.jupiter.api.Assertions.assertTrue(System.nanoTime() % 2 == 0, "odd time");
        }
      }
      """;

  @TempDir Path folder;

  private record Said(int status, String text) {}

  private Path classes(String name, List<String> sources, Path... classPath) throws IOException {
    Path sourceFolder = Files.createDirectories(folder.resolve(name + "-source"));
    Path target = Files.createDirectories(folder.resolve(name));
    List<Path> files = new ArrayList<>();
    for (String source : sources) {
      String type = source.replaceAll("(?s).*?\\bclass (\\w+).*", "$1");
      files.add(Files.writeString(sourceFolder.resolve(type + ".java"), source));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String path =
        String.join(":", Stream.of(classPath).map(Path::toString).toList())
            + ":"
            + System.getProperty("java.class.path");
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-proc:none", "-d", target.toString(), "-cp", path);
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjectsFromPaths(files))
              .call();
      assertTrue(compiled, messages::toString);
    }
    return target;
  }

  private Path jar(Path classes) throws IOException {
    Path jar = folder.resolve(classes.getFileName() + ".jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream out = new ZipOutputStream(file);
        Stream<Path> all = Files.walk(classes)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
        out.write(Files.readAllBytes(path));
      }
    }
    return jar;
  }

  private Path library() throws IOException {
    Path classes = classes("library", List.of(LIBRARY));
    Files.writeString(classes.resolve("lib/text.txt"), "kept");
    Files.createDirectories(classes.resolve("META-INF/versions/9/lib"));
    Files.copy(
        classes.resolve("lib/Lib.class"), classes.resolve("META-INF/versions/9/lib/Lib.class"));
    Files.writeString(classes.resolve("META-INF/SIGNED.SF"), "signature");
    Files.writeString(classes.resolve("META-INF/SIGNED.RSA"), "signature");
    Files.writeString(
        classes.resolve("META-INF/MANIFEST.MF"),
        "Manifest-Version: 1.0\nMulti-Release: true\nSealed: true\n\nName: lib/Lib.class\nSHA-256-Digest: x\n\n");
    return jar(classes);
  }

  private Said roundTrip(Path library, Path tests, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--jar", library.toString()));
    arguments.addAll(List.of("--tests", tests.toString(), "--jvm", "-XX:TieredStopAtLevel=1"));
    arguments.addAll(List.of(more));
    return roundTrip(arguments);
  }

  private static Said roundTrip(List<String> arguments) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    PrintStream progress = new PrintStream(OutputStream.nullOutputStream(), false);
    int status = RoundTripCommand.run(arguments, out, progress);
    return new Said(status, bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void resultsThatAgree() throws Exception {
    Path library = library();
    Path tests = jar(classes("tests", List.of(JUPITER, VINTAGE), library));
    Path keep = folder.resolve("keep");
    Said said = roundTrip(library, tests, "--keep", keep.toString());
    assertEquals(
        """
        original: 6 passed, 1 failed, 1 skipped
        re-emitted: 6 passed, 1 failed, 1 skipped
        methods: 6 of 6 re-emitted
        """,
        said.text);
    assertEquals(0, said.status);
    try (ZipFile again = new ZipFile(keep.resolve("re-emitted/library.jar").toFile())) {
      assertNull(again.getEntry("META-INF/SIGNED.SF"));
      assertNull(again.getEntry("META-INF/SIGNED.RSA"));
      String manifest =
          new String(
              again.getInputStream(again.getEntry("META-INF/MANIFEST.MF")).readAllBytes(),
              StandardCharsets.UTF_8);
      assertTrue(manifest.contains("Multi-Release: true"), manifest);
      assertFalse(manifest.contains("Digest"), manifest);
      assertFalse(manifest.contains("Sealed"), manifest);
    }
  }

  @Test
  void resultsThatDiffer() throws Exception {
    Path library = library();
    Path tests = classes("tests", List.of(JUPITER, UNEQUAL), library);
    Said said = roundTrip(library, tests);
    assertEquals(1, said.status, said.text);
    String differing = said.text.substring(said.text.indexOf("tests that differ: "));
    assertTrue(differing.contains("UnequalTest]/[method:differs()]"), said.text);
    assertTrue(differing.contains("original: passed\n    re-emitted: failed"), said.text);
    assertFalse(differing.contains("LibTest"), said.text);
  }

  /** A test that ends its virtual machine or hangs fails, and the classes after it are run. */
  @Test
  void crashesAndHangsAreFailures() throws Exception {
    Path library = library();
    String crash =
        """
        package lib;
        class CrashTest {
          @org.junit.jupiter.api.Test void ends() {
            System.exit(7);
          }
          @org.junit.jupiter.api.Nested class Inner {
            @org.junit.jupiter.api.Test void isNotRun() {}
          }
        }
        """;
    String hang =
        """
        package lib;
        class HangTest {
          @org.junit.jupiter.api.Test void hangs() throws Exception {
            Thread.currentThread().interrupt(); // what was written before stays
            while (true) {
              try {
                Thread.sleep(1_000_000);
              } catch (InterruptedException e) {
                continue;
              }
            }
          }
        }
        """;
    Path tests = classes("tests", List.of(crash, hang, JUPITER, VINTAGE), library);
    Path keep = folder.resolve("keep");
    Said said = roundTrip(library, tests, "--test-limit", "5", "--keep", keep.toString());
    assertEquals(
        """
        original: 6 passed, 3 failed, 1 skipped
        re-emitted: 6 passed, 3 failed, 1 skipped
        methods: 6 of 6 re-emitted
        """,
        said.text);
    assertEquals(0, said.status);
    String results = Files.readString(keep.resolve("re-emitted-results.txt"));
    assertTrue(results.contains("ended with status 7"), results);
    assertTrue(results.contains("took more than 5 seconds"), results);
  }

  @Test
  void whatKeepsTestsFromBeingRunIsReported() throws Exception {
    Path library = library();
    String endless =
        """
        package lib;
        class EndlessTest {
          @org.junit.jupiter.api.Test void hangs() throws Exception {
            System.out.println("last words");
            Thread.sleep(1_000_000);
          }
        }
        """;
    Path tests = classes("tests", List.of(endless), library);
    Said hung = roundTrip(library, tests, "--time-limit", "10");
    assertEquals(1, hung.status);
    assertTrue(hung.text.contains("stopped after 10 seconds"), hung.text);
    assertTrue(hung.text.contains("[method:hangs()]"), hung.text);
    assertTrue(hung.text.contains("last words"), hung.text);
    Said refused = roundTrip(library, tests, "--jvm", "-XX:NoSuchFlag");
    assertEquals(1, refused.status);
    assertTrue(refused.text.contains("Unrecognized VM option 'NoSuchFlag'"), refused.text);
  }

  /** Tests that read files where their sources have them find what is in their jar. */
  @Test
  void filesOfTheTests() throws Exception {
    Path library = library();
    String reading =
        """
        package lib;
        import java.nio.file.*;
        class ReadingTest {
          @org.junit.jupiter.api.Test void reads() throws Exception {
            String text = Files.readString(Path.of("src/test/resources/lib/data.txt"));
            org.junit.jupiter.api.Assertions.assertEquals("data", text);
            Files.writeString(Path.of("target/out.txt"), text);
          }
        }
        """;
    Path tests = classes("tests", List.of(reading), library);
    Files.writeString(Files.createDirectories(tests.resolve("lib")).resolve("data.txt"), "data");
    Said said = roundTrip(library, tests);
    assertTrue(said.text.startsWith("original: 1 passed, 0 failed\n"), said.text);
    Said ofJar = roundTrip(library, jar(tests));
    assertTrue(ofJar.text.startsWith("original: 1 passed, 0 failed\n"), ofJar.text);
  }

  /** What differs is run again all the same, for time that runs out may be why. */
  @Test
  void whatDiffersWhenTimeRunsOutIsRunAgain() throws Exception {
    Path library = library();
    String changing =
        """
        package lib;
        class ChangingTest {
          @org.junit.jupiter.api.Test void failsOnce() throws Exception {
            var mark = java.nio.file.Path.of(System.getProperty("mark"));
            if (!java.nio.file.Files.exists(mark)) {
              java.nio.file.Files.createFile(mark);
              throw new IllegalStateException();
            }
          }
        }
        """;
    String endless =
        """
        package lib;
        class EndlessTest {
          @org.junit.jupiter.api.Test void hangs() throws Exception {
            Thread.sleep(1_000_000);
          }
        }
        """;
    Path tests = classes("tests", List.of(changing, endless), library);
    String mark = "-Dmark=" + folder.resolve("mark");
    Said said = roundTrip(library, tests, "--time-limit", "10", "--jvm", mark);
    assertTrue(said.text.contains("stopped after 10 seconds"), said.text);
    assertTrue(said.text.contains("differ from run to run on the same code"), said.text);
    assertFalse(said.text.contains("tests that differ:"), said.text);
  }

  /** A test class that needs what is not there does not keep the others from being run. */
  @Test
  void missingClassesAreReported() throws Exception {
    Path library = library();
    String needy =
        """
        package lib;
        public class NeedyTest {
          static class Missing {}
          @org.junit.Test public void never() {}
          void needs(Missing missing) {}
        }
        """;
    String calling =
        """
        package lib;
        public class CallingTest {
          @org.junit.Test public void calls() {
            new Lacking();
          }
        }
        class Lacking {}
        """;
    String around =
        """
        package lib;
        public class AroundTest {
          @org.junit.jupiter.api.Test public void isNotRun() {}
          @org.junit.jupiter.api.Nested class Inner extends Lacking {}
        }
        """;
    Path tests = classes("tests", List.of(needy, calling, around, JUPITER, VINTAGE), library);
    Files.delete(tests.resolve("lib/NeedyTest$Missing.class"));
    Files.delete(tests.resolve("lib/Lacking.class"));
    Said said = roundTrip(library, tests);
    assertEquals(0, said.status, said.text);
    assertTrue(said.text.contains("original: 6 passed, 2 failed, 1 skipped\n"), said.text);
    assertTrue(said.text.contains("classes of the tests that cannot be used: 3,"), said.text);
    assertTrue(said.text.contains("NoClassDefFoundError: lib/Lacking"), said.text);
    String names = "with --with: lib.Lacking, lib.NeedyTest$Missing\n";
    assertTrue(said.text.contains(names), said.text);
  }

  @Test
  void methodsThatAreLeftAreListed() throws Exception {
    Path classes = classes("library", List.of(LIBRARY));
    Files.createDirectories(classes.resolve("lib"));
    Files.writeString(classes.resolve("lib/text.txt"), "kept");
    byte[] old =
        ClassFile.of()
            .build(
                ClassDesc.of("lib.Old"),
                builder ->
                    builder
                        .withVersion(48, 0)
                        .withMethodBody(
                            "routine",
                            MethodTypeDesc.of(ConstantDescs.CD_void),
                            ClassFile.ACC_STATIC,
                            code -> {
                              var routine = code.newLabel();
                              code.with(
                                  DiscontinuedInstruction.JsrInstruction.of(Opcode.JSR, routine));
                              code.return_().labelBinding(routine).astore(0);
                              code.with(DiscontinuedInstruction.RetInstruction.of(Opcode.RET, 0));
                            }));
    Files.write(classes.resolve("lib/Old.class"), old);
    byte[] future = old.clone();
    future[7] = 99; // the version of the class file
    Files.write(classes.resolve("lib/Future.class"), future);
    Path library = jar(classes);
    Said said = roundTrip(library, classes("tests", List.of(VINTAGE), library));
    assertEquals(0, said.status, said.text);
    assertTrue(said.text.contains("methods: 3 of 5 re-emitted"), said.text);
    assertTrue(said.text.contains("left as it was: Old.routine()void: "), said.text);
    assertTrue(said.text.contains("subroutines (jsr, ret)"), said.text);
    assertTrue(said.text.contains("Unsupported class file version: 99"), said.text);
  }

  @Test
  void mistakesInTheCommandLine() throws Exception {
    assertEquals(2, roundTrip(List.of()).status);
    Said missing = roundTrip(List.of("--jar", "nowhere.jar", "--tests", "nowhere.jar"));
    assertEquals(2, missing.status);
    assertTrue(missing.text.contains("there is no file nowhere.jar"), missing.text);
    assertNotEquals(0, roundTrip(List.of("--jar")).status);
    Path directory = Files.createDirectories(folder.resolve("directory"));
    Said folders = roundTrip(directory, directory);
    assertEquals(2, folders.status);
    assertTrue(folders.text.contains("is a directory"), folders.text);
    Path text = Files.writeString(folder.resolve("text.jar"), "text");
    Said unreadable = roundTrip(text, directory);
    assertEquals(2, unreadable.status);
    assertTrue(unreadable.text.contains("text.jar cannot be read as a jar"), unreadable.text);
    Path library = library();
    Said nothing = roundTrip(library, library);
    assertEquals(1, nothing.status);
    assertTrue(nothing.text.contains("no tests were found"), nothing.text);
  }
}

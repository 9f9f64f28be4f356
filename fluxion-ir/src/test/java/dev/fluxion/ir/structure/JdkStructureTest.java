package dev.fluxion.ir.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.interpret.Interpreter;
import dev.fluxion.ir.interpret.StructuredInterpreter;
import dev.fluxion.ir.lift.Lifter;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The methods of the JDK have a structured form, and it does what they do.
 *
 * <p>By default these are one class file of {@code java.base} in 25; with {@code
 * -Dfluxion.proof=whole}, which the Maven profile {@code long} sets, all.
 */
class JdkStructureTest {
  private static final boolean WHOLE = System.getProperty("fluxion.proof", "").equals("whole");
  private static final int STEP = WHOLE ? 1 : 25;

  @Test
  void javaBaseIsStructured() throws IOException {
    Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
    List<Path> files;
    try (Stream<Path> all = Files.walk(base)) {
      files = all.filter(file -> file.toString().endsWith(".class")).sorted().toList();
    }
    List<String> failures = new ArrayList<>();
    int methods = 0;
    long lines = 0;
    for (int i = 0; i < files.size(); i += STEP) {
      for (MethodModel method : ClassFile.of().parse(Files.readAllBytes(files.get(i))).methods()) {
        if (method.code().isPresent()) {
          Body body = Lifter.lift(method);
          methods++;
          try {
            lines += StructuredText.of(Structuring.of(body)).lines().count();
          } catch (RuntimeException | StackOverflowError e) {
            failures.add(body.name() + ": " + e);
          }
        }
      }
    }
    System.out.println(methods + " methods of java.base in " + lines + " structured lines");
    assertEquals(List.of(), failures);
    assertTrue(methods > 50_000 / STEP, methods + " methods");
  }

  private static @Nullable Object call(
      boolean isStructured, Class<?> type, String name, String descriptor, Object... arguments)
      throws Throwable {
    MethodTypeDesc declared = MethodTypeDesc.ofDescriptor(descriptor);
    boolean isStatic = declared.parameterCount() == arguments.length;
    MethodTypeDesc all =
        isStatic
            ? declared
            : declared.insertParameterTypes(0, ClassDesc.ofDescriptor(type.descriptorString()));
    Body body = Lifter.lift(type, name, declared);
    Function function = new Function(name, all, type, () -> body);
    return isStructured
        ? new StructuredInterpreter().call(function, arguments)
        : new Interpreter().call(function, arguments);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void methodsOfTheJdkDoTheSame(boolean isStructured) throws Throwable {
    int[] sorted = {5, -2, 9, 0, 7, 7, -100, 31, 8};
    int[] expected = sorted.clone();
    Arrays.sort(expected);
    call(isStructured, Arrays.class, "sort", "([I)V", (Object) sorted);
    assertEquals(Arrays.toString(expected), Arrays.toString(sorted));
    assertEquals(
        -4,
        call(
            isStructured,
            Arrays.class,
            "binarySearch0",
            "([IIII)I",
            new int[] {1, 3, 5, 7},
            0,
            4,
            6));
    for (String text : List.of("-123456", "2147483647", "2147483648", "12x", "", "+7")) {
      assertEquals(
          outcome(() -> Integer.parseInt(text, 10)),
          outcome(
              () ->
                  call(
                      isStructured, Integer.class, "parseInt", "(Ljava/lang/String;I)I", text, 10)),
          text);
    }
    for (double x : new double[] {0.3, -1e300, 4e-320, Double.NaN, 1e17, -0.0}) {
      for (String name : List.of("ulp", "signum", "rint", "nextUp")) {
        assertEquals(
            StrictMath.class.getMethod(name, double.class).invoke(null, x),
            call(isStructured, StrictMath.class, name, "(D)D", x));
      }
      assertEquals(Math.round(x), call(isStructured, Math.class, "round", "(D)J", x));
    }
    String words = "the quick brown fox jumps over the lazy dog, and the dog does not mind";
    assertEquals(
        words.indexOf("dog,"),
        call(isStructured, String.class, "indexOf", "(Ljava/lang/String;)I", words, "dog,"));
    assertEquals(
        List.of(words.split(" ", 4)),
        List.of(
            (Object[])
                Objects.requireNonNull(
                    call(
                        isStructured,
                        String.class,
                        "split",
                        "(Ljava/lang/String;I)[Ljava/lang/String;",
                        words,
                        " ",
                        4))));
    assertEquals(
        words.strip().hashCode(), call(isStructured, String.class, "hashCode", "()I", words));
  }

  private interface Attempt {
    @Nullable Object run() throws Throwable;
  }

  private static String outcome(Attempt attempt) {
    try {
      return String.valueOf(attempt.run());
    } catch (Throwable e) {
      return e.toString();
    }
  }
}

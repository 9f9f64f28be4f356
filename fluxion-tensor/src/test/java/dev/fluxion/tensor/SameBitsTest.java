package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A function of elements gives the same bits wherever an element stands, in the interpreter, when
 * compiled, and without vector instructions.
 */
class SameBitsTest {
  private static final int SIZE = 333;

  @TestFactory
  List<DynamicTest> whereverAnElementStands() {
    List<DynamicTest> tests = new ArrayList<>();
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor x = SameBits.inputs(type, SIZE);
      SameBits.functions()
          .forEach((name, f) -> tests.add(dynamicTest(name + " of " + type, () -> pieces(f, x))));
    }
    return tests;
  }

  private static void pieces(UnaryOperator<Tensor> f, Tensor x) {
    Tensor whole = f.apply(x);
    for (int size : new int[] {1, 3, 16, 65, 100}) {
      for (int from = 0; from + size <= SIZE; from += size + 17) {
        Tensor piece = f.apply(x.slice(0, from, from + size));
        assertEquals(
            SameBits.text(whole.slice(0, from, from + size)),
            SameBits.text(piece),
            size + " from " + from + " on");
      }
    }
  }

  @Test
  void afterManyCalls() {
    String first = SameBits.all();
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor x = SameBits.inputs(type, 2000);
      SameBits.functions()
          .forEach(
              (name, f) -> {
                if (!name.startsWith("slope")) {
                  for (int i = 0; i < 60; i++) {
                    f.apply(x);
                  }
                }
              });
    }
    assertEquals(first, SameBits.all());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xint", "-Dfluxion.vector=off"})
  void withOtherOptions(String option) throws IOException, InterruptedException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                path,
                SameBits.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertEquals(SameBits.all(), text);
  }
}

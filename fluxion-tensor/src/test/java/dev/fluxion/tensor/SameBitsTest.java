package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.fluxion.grad.Grad;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A function of elements gives the same bits wherever an element stands, in the interpreter, when
 * compiled, and without vector instructions.
 */
@ExtendWith(VectorsAtOnce.class)
class SameBitsTest {
  private static final int SIZE = 333;

  @TestFactory
  List<DynamicTest> whereverAnElementStands() {
    List<DynamicTest> tests = new ArrayList<>();
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor x = SameBits.inputs(type, SIZE);
      SameBits.functions()
          .forEach((name, f) -> tests.add(dynamicTest(name + " of " + type, () -> pieces(f, x))));
      tests.add(dynamicTest("slope of map of " + type, () -> pieces(SameBitsTest::slope, x)));
    }
    return tests;
  }

  private static Tensor slope(Tensor x) {
    return Grad.gradient(v -> Tensor.map(SameBits::several, v).sum(), x);
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

  @ParameterizedTest
  @ValueSource(strings = {"exp", "sin", "map"})
  void afterManyCalls(String name) {
    UnaryOperator<Tensor> f = Objects.requireNonNull(SameBits.functions().get(name));
    Tensor x = SameBits.inputs(DType.FLOAT32, 509);
    String first = SameBits.text(f.apply(x));
    Tensor last = x;
    for (int i = 0; i <= 1500; i++) {
      last = f.apply(x);
    }
    assertEquals(first, SameBits.text(last));
  }

  @ParameterizedTest
  @CsvSource({"-Xint, immediate, FLOAT32", "-Xmixed, off, FLOAT64"})
  void withOtherOptions(String option, String vectors, DType type)
      throws IOException, InterruptedException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-Dfluxion.vector=" + vectors,
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                path,
                SameBits.class.getName(),
                type.name())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertEquals(SameBits.all(type), text);
  }
}

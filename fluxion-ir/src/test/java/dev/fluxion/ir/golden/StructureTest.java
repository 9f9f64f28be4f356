package dev.fluxion.ir.golden;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.lift.Lifter;
import dev.fluxion.ir.structure.Reducible;
import dev.fluxion.ir.structure.StructuredText;
import dev.fluxion.ir.structure.Structuring;
import dev.fluxion.ir.text.Parser;
import dev.fluxion.ir.text.Printer;
import dev.fluxion.ir.verify.Verifier;
import java.io.IOException;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The structured form of the methods of {@link Flows}, and of cycles with several entries. */
class StructureTest {
  private static final String BECOMES = "// becomes\n";

  static Stream<Method> flows() {
    return Arrays.stream(Flows.class.getDeclaredMethods()).filter(method -> !method.isSynthetic());
  }

  @ParameterizedTest
  @MethodSource("flows")
  void structures(Method method) throws IOException {
    MethodTypeDesc type =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .describeConstable()
            .orElseThrow();
    Body body = Lifter.lift(Flows.class, method.getName(), type);
    Golden.check("structure-" + method.getName() + ".txt", StructuredText.of(Structuring.of(body)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-entries", "resumed"})
  void splitsCyclesWithSeveralEntries(String name) throws IOException {
    String file = "reducible-" + name + ".txt";
    String text = Golden.read(file);
    int end = text.indexOf(BECOMES);
    String before = end < 0 ? text + "\n" : text.substring(0, end);
    Body body = Verifier.verify(Parser.parseAll(before, (_, _) -> null).get(0));
    Body split = Verifier.verify(Reducible.of(body));
    Golden.check(
        file,
        before + BECOMES + Printer.print(split) + "\n" + StructuredText.of(Structuring.of(body)));
  }
}

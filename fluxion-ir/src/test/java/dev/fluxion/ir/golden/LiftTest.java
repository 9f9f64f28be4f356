package dev.fluxion.ir.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.lift.Lifter;
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

/** What the methods of {@link Samples} are lifted to. */
class LiftTest {
  static Stream<String> samples() {
    return Arrays.stream(Samples.class.getDeclaredMethods())
        .filter(method -> !method.isSynthetic())
        .map(Method::getName)
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void lifts(String name) throws IOException {
    Method method =
        Arrays.stream(Samples.class.getDeclaredMethods())
            .filter(one -> one.getName().equals(name))
            .findFirst()
            .orElseThrow();
    MethodTypeDesc type =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .describeConstable()
            .orElseThrow();
    Body body = Verifier.verify(Lifter.lift(Samples.class, name, type));
    String text = Printer.print(body);
    Golden.check("lift-" + name + ".txt", text);
    assertEquals(text, Printer.print(Parser.parse(text)));
  }
}

package dev.fluxion.ir.golden;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.pass.DeadCode;
import dev.fluxion.ir.pass.Inline;
import dev.fluxion.ir.pass.LoopInvariants;
import dev.fluxion.ir.pass.Outline;
import dev.fluxion.ir.pass.ScalarReplacement;
import dev.fluxion.ir.pass.Simplify;
import dev.fluxion.ir.pass.ValueNumbering;
import dev.fluxion.ir.text.Parser;
import dev.fluxion.ir.text.Printer;
import dev.fluxion.ir.verify.Verifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What passes make of bodies: a file holds bodies, a line {@code // becomes}, and what the first of
 * them becomes. The others are what it calls, for inlining.
 */
class PassTest {
  private static final String BECOMES = "// becomes\n";

  private static void check(String name, UnaryOperator<Body> pass) throws IOException {
    String text = Golden.read(name);
    int end = text.indexOf(BECOMES);
    String before = end < 0 ? text + "\n" : text.substring(0, end);
    Body source = Parser.parseAll(before, (_, _) -> null).get(0);
    Body result = Verifier.verify(pass.apply(Verifier.verify(source)));
    Golden.check(name, before + BECOMES + Printer.print(result));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "constants",
        "identities",
        "decided-branch",
        "decided-switch",
        "jump-over",
        "repeated-parameter",
        "circular-parameters",
        "equal-constants-in-handler",
        "dead-loop-variable"
      })
  void simplifies(String name) throws IOException {
    check("simplify-" + name + ".txt", Simplify::simplify);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unused", "unused-parameters"})
  void removesDeadCode(String name) throws IOException {
    check("dead-code-" + name + ".txt", DeadCode::remove);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one-return", "two-returns", "void", "twice", "handled"})
  void inlines(String name) throws IOException {
    String file = "inline-" + name + ".txt";
    List<Body> callees = new ArrayList<>();
    String text = Golden.read(file);
    int end = text.indexOf(BECOMES);
    callees.addAll(
        Parser.parseAll(end < 0 ? text : text.substring(0, end), (_, _) -> null).subList(1, 2));
    check(
        file,
        body ->
            Inline.apply(
                body,
                op ->
                    op instanceof Op.Call call && call.method().name().equals("callee")
                        ? callees.get(0)
                        : null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repeated",
        "commutes",
        "branches",
        "lengths",
        "loads",
        "handler",
        "zeros",
        "division"
      })
  void numbersValues(String name) throws IOException {
    check(
        "number-" + name + ".txt",
        body -> ValueNumbering.apply(body, field -> !field.name().equals("changing")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pure", "nested", "length", "length-after-store", "division", "two-entries"})
  void hoists(String name) throws IOException {
    check("hoist-" + name + ".txt", LoopInvariants::hoist);
  }

  /** The bodies after the first are constructors, known by their parameters. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "straight",
        "loop",
        "swapped",
        "changed",
        "two-names",
        "escapes",
        "identity",
        "nested",
        "handler",
        "checked",
        "allocated"
      })
  void replacesObjects(String name) throws IOException {
    String file = "replace-" + name + ".txt";
    String text = Golden.read(file);
    int end = text.indexOf(BECOMES);
    List<Body> bodies = Parser.parseAll(end < 0 ? text : text.substring(0, end), (_, _) -> null);
    check(
        file,
        body ->
            Simplify.simplify(
                ScalarReplacement.apply(
                    body,
                    constructor ->
                        bodies.stream()
                            .skip(1)
                            .filter(code -> isOf(code, constructor))
                            .findFirst()
                            .orElse(null))));
  }

  private static boolean isOf(Body code, MethodRef constructor) {
    return code.type().parameterList().equals(constructor.argumentTypes());
  }

  /** The pieces, too, follow what they are pieces of. */
  @ParameterizedTest
  @ValueSource(strings = {"straight", "loop", "handler", "monitor"})
  void outlines(String name) throws IOException {
    String file = "outline-" + name + ".txt";
    String text = Golden.read(file);
    int end = text.indexOf(BECOMES);
    String before = end < 0 ? text + "\n" : text.substring(0, end);
    Body source = Verifier.verify(Parser.parseAll(before, (_, _) -> null).get(0));
    Outline outline = Outline.apply(source, PassTest.class, _ -> 20, 120);
    StringBuilder after = new StringBuilder(Printer.print(Verifier.verify(outline.body())));
    for (Function piece : outline.pieces()) {
      after.append('\n').append(Printer.print(Verifier.verify(piece.body())));
    }
    Golden.check(file, before + BECOMES + after);
  }
}

package dev.fluxion.ir.text;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.verify.Verifier;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Text and bodies stand for each other. */
class TextTest {
  private static final Function CALLEE =
      new Function(
          "Some.callee reverse",
          MethodTypeDesc.ofDescriptor("(D)D"),
          TextTest.class,
          () -> Parser.parse("func @f(%0: double) double {\n^0:\n  return %0\n}\n"));

  /** Every operation, terminator and kind of constant. */
  private static final String EVERYTHING =
      """
      func @Some.method(%0: double, %1: int, %2: long, %3: java.lang.Object, %4: int[], %5: java.lang.StringBuilder) double {
      ^0:
        %6: int = constant -7 // Some.java:1
        %7: long = constant -9223372036854775808L // Some.java
        %8: float = constant 1.0E-5f // Some.kt:3 in Other.method with spaces
        %9: double = constant -0.0
        %10: double = constant NaN
        %11: double = constant NaN#fff8000000000001
        %12: float = constant NaNf
        %13: float = constant NaNf#ffc00001
        %14: double = constant -Infinity
        %15: float = constant Infinityf
        %16: java.lang.String = constant "a\\"b\\\\c\\n\\t\\r\\u0000\\ud800\\u00fc `// x.y:1"
        %17: java.lang.Class = constant class java.util.Map$Entry[][]
        %18: java.lang.Class = constant class int
        %19: java.lang.invoke.MethodType = constant type (int, double[], java.lang.String) void
        %20: java.lang.invoke.MethodHandle = constant handle static java.lang.Math::max(double, double) double
        %21: java.lang.invoke.MethodHandle = constant handle interface_static java.util.List::of() java.util.List
        %22: java.lang.invoke.MethodHandle = constant handle constructor java.lang.StringBuilder::<init>(int) void
        %23: java.lang.invoke.MethodHandle = constant handle getter Some::`a field`: int
        %24: java.lang.invoke.MethodHandle = constant handle static_setter Some::x: double[]
        %25: java.lang.Object = constant dynamic invoke: java.lang.Object by free {1, "two"}
        %26: java.lang.String = constant null
        %27: double = neg %0
        %28: double = add %27 %9
        %29: double = rem %28 %10
        %30: long = shl %2 %1
        %31: int = ushr %1 %6
        %32: boolean = ne %3 %26
        %33: boolean = ge %28 %29
        %34: int = threeway -1 %28 %29
        %35: int = threeway 0 %30 %7
        %36: byte = convert %0
        %37: java.util.List = cast %3
        %38: boolean = instanceof int[] %3
        %39: double[][][] = newarray %1 %6
        %40: int = length %4
        %41: int = loadelement %4 %1
        storeelement %4 %1 %41
        %42: int = loadfield `Strange,Name`::x: int %3
        %43: java.io.PrintStream = loadfield static java.lang.System::out: java.io.PrintStream
        storefield Some::`interface`: int %3 %42
        storefield static Some::`two words`: int %42
        %44: double = call static java.lang.Math::max(double, double) double %0 %28
        %45: int = call interface java.util.List::size() int %37
        call virtual java.lang.StringBuilder::setLength(int) void %5 %45
        %46: java.util.List = call static interface java.util.List::of() java.util.List
        %47: int = call special interface Some$Inner::hashCode() int %3
        %48: java.lang.StringBuilder = new java.lang.StringBuilder(int) %1
        %49: java.util.function.DoubleUnaryOperator = lambda applyAsDouble(double) java.util.function.DoubleUnaryOperator {type (double) double, handle static java.lang.Math::max(double, double) double, type (double) double} %0
        %50: java.lang.Runnable = lambda run(java.lang.Object) java.lang.Runnable by altMetafactory {type () void, handle virtual java.lang.Object::notify() void, type () void, 5} %3
        %51: java.lang.String = invokedynamic makeConcatWithConstants(int) java.lang.String by makeConcatWithConstants {"\\u0001!"} %1
        invokedynamic strange(int) void by static Some::bootstrap(java.lang.invoke.MethodHandles$Lookup, java.lang.String, java.lang.invoke.MethodType, java.lang.Object[]) java.lang.invoke.CallSite {1L, 2.0f, NaN, class int} %1
        %52: double = apply @`Some.callee reverse`(double) double %0
        monitorenter %3
        branch ^1(%52, %1)
      ^1(%53: double, %54: int):
        catch java.lang.RuntimeException ^5(%54)
        catch * ^6
        %55: int = div %54 %6
        switch %55 {-3: ^2, 2147483647: ^4(%55), default: ^1(%53, %55)}
      ^2:
        cbranch %32 ^4(%54) ^3
      ^3:
        return %9
      ^4(%56: int):
        return %53
      ^5(%57: java.lang.RuntimeException, %58: int):
        throw %57
      ^6(%59: java.lang.Throwable):
        monitorexit %3
        return %0
      }
      """
          .replace(
              "by free",
              "by static"
                  + " java.lang.invoke.ConstantBootstraps::invoke(java.lang.invoke.MethodHandles$Lookup,"
                  + " java.lang.String, java.lang.Class, java.lang.invoke.MethodHandle,"
                  + " java.lang.Object[]) java.lang.Object");

  private static Body parse(String text) {
    return Parser.parse(
        text,
        (name, type) -> name.equals(CALLEE.name()) && type.equals(CALLEE.type()) ? CALLEE : null);
  }

  @Test
  void everythingPrintsAsItWasParsed() {
    Body body = Verifier.verify(parse(EVERYTHING));
    String text = Printer.print(body);
    assertEquals(EVERYTHING, text);
    assertEquals(text, Printer.print(parse(text)));
    Op last = body.entry().ops().get(body.entry().ops().size() - 2);
    assertSame(CALLEE, ((Op.Apply) last).function());
  }

  @Test
  void linesAreReadFromComments() {
    Body body = parse(EVERYTHING);
    List<Op> ops = body.entry().ops();
    assertEquals(new Location("Some.java", "Some.method", 1), ops.get(0).location());
    assertEquals(new Location("Some.java", "Some.method", 0), ops.get(1).location());
    assertEquals(new Location("Some.kt", "Other.method with spaces", 3), ops.get(2).location());
    assertEquals(Location.NONE, ops.get(3).location());
    assertTrue(!Printer.printWithoutLines(body).contains("//") || EVERYTHING.contains("`// x.y:1"));
  }

  @Test
  void bitsOfNumbersAreKept() {
    List<Op> ops = parse(EVERYTHING).entry().ops();
    List<Object> values = new ArrayList<>();
    for (Op op : ops.subList(3, 8)) {
      values.add(
          switch (((Op.Constant) op).value()) {
            case Double number -> Double.doubleToRawLongBits(number);
            case Float number -> Float.floatToRawIntBits(number);
            case null, default -> throw new AssertionError(op);
          });
    }
    assertEquals(
        List.of(Long.MIN_VALUE, 0x7ff8000000000000L, 0xfff8000000000001L, 0x7fc00000, 0xffc00001),
        values);
  }

  @Test
  void parsedBodiesRun() throws Throwable {
    MethodTypeDesc type = MethodTypeDesc.ofDescriptor("(I)D");
    String text =
        """
        // functions may be preceded by remarks
        func @sum(%n: int) double {\
        """;
    assertThrows(SyntaxException.class, () -> Parser.parse(text)); // values are numbers
    Body body =
        Parser.parse(
            """
            func @sum(%100: int) double {
            ^9:
              %1: int = constant 0   // no location
              %2: double = constant 0.0
              branch ^3(%1, %2)
            ^5(%8: double): return %8
            ^3(%4: int, %5: double):
              %6: boolean = lt %4 %100
              cbranch %6 ^4 ^5(%5)
            ^4:
              %9: double = convert %4 %10: double = add %5 %9
              %11: int = constant 1   %12: int = add %4 %11
              branch ^3(%12, %10)
            }\
            """);
    Verifier.verify(body);
    Function sum = new Function("sum", type, TextTest.class, () -> body);
    assertEquals(10.0, sum.handle(Compiler.INSTANCE).invoke(5));
    assertEquals(Printer.print(body), Printer.print(Parser.parse(Printer.print(body))));
  }

  @Test
  void severalBodiesFollowEachOther() {
    String one = "func @f(%0: int) int {\n^0:\n  return %0\n}\n";
    String two = "func @g() void {\n^0:\n  return\n}\n";
    List<Body> bodies = Parser.parseAll(one + two, (_, _) -> null);
    assertEquals(List.of("f", "g"), bodies.stream().map(Body::name).toList());
    assertEquals(one + two, Printer.print(bodies.get(0)) + Printer.print(bodies.get(1)));
  }

  @Test
  void liveObjectsAreForPeopleOnly() {
    Body.Builder builder = new Body.Builder("live", MethodTypeDesc.of(CD_void));
    builder.entry().constant(CD_Object, new ArrayList<>());
    builder.entry().constant(CD_Object, (Runnable) () -> {});
    builder.entry().returns(null);
    String text = Printer.print(builder.build());
    assertEquals(
        """
        func @live() void {
        ^0:
          %0: java.lang.Object = constant object java.util.ArrayList
          %1: java.lang.Object = constant object dev.fluxion.ir.text.TextTest$$Lambda
          return
        }
        """,
        text);
    SyntaxException e = assertThrows(SyntaxException.class, () -> Parser.parse(text));
    assertEquals(
        "line 3, column 35: a live object (java.util.ArrayList) cannot be written as text, so this"
            + " body can be read by people only",
        e.getMessage());
  }

  private static void refuses(String message, String code) {
    String text = "func @f(%0: int) int {\n^0:\n  " + code + "\n}\n";
    SyntaxException e = assertThrows(SyntaxException.class, () -> Parser.parse(text), text);
    assertEquals(message, e.getMessage());
  }

  @Test
  void errorsTellWhereAndWhat() {
    refuses("line 3, column 10: %1 is not defined above", "return %1");
    refuses("line 3, column 3: %0 is defined already", "%0: int = constant 1 return %0");
    refuses("line 3, column 13: there is no operation frobnicate", "%1: int = frobnicate %0");
    refuses("line 3, column 22: 12x is no number of any type", "%1: int = constant 12x");
    refuses("line 3, column 10: there is no block ^7", "branch ^7");
    refuses("line 3, column 3: add defines a value, which has no name here", "add %0 %0");
    refuses(
        "line 3, column 13: monitorexit defines no value", "%1: int = monitorexit %0 return %0");
    refuses("line 4, column 1: block ^0 is not at its end, but } follows", "%1: int = neg %0");
    refuses(
        "line 3, column 29: the line ends before the closing \"", "%1: X = constant \"unclosed");
    refuses("line 3, column 24: unknown escape \\q", "%1: X = constant \"a\\q\"");
    refuses("line 3, column 10: unexpected character `!`", "return !");
    refuses(
        "line 3, column 20: there is no function @g(int)int to apply",
        "%1: int = apply @g(int) int %0");
    refuses(
        "line 3, column 8: a call is static, virtual, interface or special, not dynamic",
        "call dynamic A::f() void");
    refuses("line 3, column 15: there can be no type A..f", "call static A..f() void");
    refuses(
        "line 3, column 22: 3000000000 is no number of any type", "%1: int = constant 3000000000");
    refuses("line 3, column 13: there is a block ^0 already", "return %0 ^0: return %0");
    SyntaxException unclosed =
        assertThrows(SyntaxException.class, () -> Parser.parse("func @f() void {\n^0: return\n"));
    assertEquals(
        "line 3, column 1: expected a block but found the end of the text", unclosed.getMessage());
    assertEquals(List.of(3, 1), List.of(unclosed.line(), unclosed.column()));
  }
}

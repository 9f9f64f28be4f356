package dev.fluxion.ir.interpret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.text.Parser;
import dev.fluxion.ir.verify.Verifier;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What bodies mean, by examples. */
@SuppressWarnings("UnusedVariable") // bodies read the fields by name
class InterpreterTest {
  private static final String SELF = "dev.fluxion.ir.interpret.InterpreterTest";
  private static int counter;

  private int hidden = 5;

  private static boolean holds(Object lock) {
    return Thread.holdsLock(lock);
  }

  private static double twice(double x) {
    return 2 * x;
  }

  private static byte low(byte b) {
    return b;
  }

  private static Function function(String text) {
    Body[] body = new Body[1];
    Parser.Resolver itself =
        (name, type) -> new Function(name, type, InterpreterTest.class, () -> body[0]);
    body[0] = Verifier.verify(Parser.parse(text.replace("Self", SELF), itself));
    return new Function(body[0].name(), body[0].type(), InterpreterTest.class, () -> body[0]);
  }

  private static @Nullable Object call(String text, @Nullable Object... arguments)
      throws Throwable {
    return new Interpreter().call(function(text), arguments);
  }

  @Test
  void edgesAssignAllParametersAtOnce() throws Throwable {
    String rotate =
        """
        func @rotate(%0: double, %1: double, %2: int) double {
        ^0:
          branch ^1(%0, %1, %2)
        ^1(%3: double, %4: double, %5: int):
          cbranch %5 ^2 ^3
        ^2:
          %6: int = constant 1
          %7: int = sub %5 %6
          branch ^1(%4, %3, %7)
        ^3:
          %8: double = constant 10.0
          %9: double = mul %3 %8
          %10: double = add %9 %4
          return %10
        }
        """;
    assertEquals(12.0, call(rotate, 1.0, 2.0, 4));
    assertEquals(21.0, call(rotate, 1.0, 2.0, 5));
  }

  @Test
  void intsAreCutWhereTypesAreNarrow() throws Throwable {
    assertEquals(
        (byte) -56,
        call(
            """
            func @cut(%0: int) byte {
            ^0:
              %1: byte = call static Self::low(byte) byte %0
              return %1
            }
            """,
            200));
    assertEquals(true, call("func @odd(%0: int) boolean {\n^0: return %0\n}", 3));
    assertEquals(false, call("func @odd(%0: int) boolean {\n^0: return %0\n}", 2));
    byte[] bytes = new byte[2];
    assertNull(
        call(
            "func @put(%0: byte[], %1: int) void {\n^0: storeelement %0 %1 %1 return\n}",
            bytes, 1));
    assertArrayEquals(new byte[] {0, 1}, bytes);
    assertEquals(
        'a', call("func @c(%0: double) char {\n^0: %1: char = convert %0 return %1\n}", 97.9));
  }

  @Test
  void comparisonsWithNaNAreFalse() throws Throwable {
    for (String comparison : List.of("lt", "le", "gt", "ge", "eq")) {
      String text =
          "func @c(%0: float, %1: float) boolean {\n^0: %2: boolean = "
              + comparison
              + " %0 %1 return %2\n}";
      assertEquals(false, call(text, Float.NaN, 1f), comparison);
    }
    String same =
        "func @c(%0: double, %1: double) boolean {\n^0: %2: boolean = eq %0 %1 return %2\n}";
    assertEquals(true, call(same, 0.0, -0.0));
    assertEquals(false, call(same, Double.NaN, Double.NaN));
    String order = "func @c(%0: double) int {\n^0: %1: int = threeway 1 %0 %0 return %1\n}";
    assertEquals(1, call(order, Double.NaN));
    assertEquals(0, call(order, 7.0));
  }

  @Test
  void exceptionsGoToTheFirstHandlerThatFits() throws Throwable {
    String text =
        """
        func @divide(%0: int, %1: int, %2: int[]) int {
        ^0:
          %3: int = constant -1
          branch ^1
        ^1:
          catch java.lang.ArithmeticException ^2(%3)
          catch * ^3
          %4: int = div %0 %1
          %5: int = loadelement %2 %4
          return %5
        ^2(%6: java.lang.ArithmeticException, %7: int):
          return %7
        ^3(%8: java.lang.Throwable):
          %9: boolean = instanceof java.lang.NullPointerException %8
          cbranch %9 ^4 ^5
        ^4:
          throw %8
        ^5:
          %10: int = constant -2
          return %10
        }
        """;
    int[] array = {7, 8};
    assertEquals(8, call(text, 3, 2, array));
    assertEquals(-1, call(text, 3, 0, array));
    assertEquals(-2, call(text, 9, 2, array));
    assertThrows(NullPointerException.class, () -> call(text, 1, 1, null));
  }

  @Test
  void monitorsAreHeldBetweenEnteringAndLeaving() throws Throwable {
    String text =
        """
        func @guard(%0: java.lang.Object, %1: int) boolean {
        ^0:
          monitorenter %0
          branch ^1
        ^1:
          catch * ^2
          monitorenter %0
          monitorexit %0
          %2: boolean = call static Self::holds(java.lang.Object) boolean %0
          %3: int = div %1 %1
          monitorexit %0
          return %2
        ^2(%4: java.lang.Throwable):
          monitorexit %0
          throw %4
        }
        """;
    Object lock = new Object();
    assertEquals(true, call(text, lock, 1));
    assertFalse(Thread.holdsLock(lock));
    assertThrows(ArithmeticException.class, () -> call(text, lock, 0));
    assertFalse(Thread.holdsLock(lock));
    assertThrows(NullPointerException.class, () -> call(text, null, 1));
    String unbalanced = "func @f(%0: java.lang.Object) void {\n^0: monitorexit %0 return\n}";
    assertThrows(IllegalMonitorStateException.class, () -> call(unbalanced, lock));
    String left = "func @f(%0: java.lang.Object) void {\n^0: monitorenter %0 return\n}";
    assertThrows(IllegalMonitorStateException.class, () -> call(left, lock));
    assertFalse(Thread.holdsLock(lock));
  }

  @Test
  void privateMembersOfTheHostAreInReach() throws Throwable {
    InterpreterTest receiver = new InterpreterTest();
    assertEquals(
        8.0,
        call(
            """
            func @touch(%0: Self) double {
            ^0:
              %1: int = loadfield Self::hidden: int %0
              %2: int = constant 1
              %3: int = sub %1 %2
              storefield Self::hidden: int %0 %3
              storefield static Self::counter: int %3
              %4: int = loadfield static Self::counter: int
              %5: double = convert %4
              %6: double = call static Self::twice(double) double %5
              return %6
            }
            """,
            receiver));
    assertEquals(4, receiver.hidden);
  }

  @Test
  void lambdasAreLinkedOnce() throws Throwable {
    Function make =
        function(
            """
            func @make() java.util.function.DoubleUnaryOperator {
            ^0:
              %0: java.util.function.DoubleUnaryOperator = lambda applyAsDouble() java.util.function.DoubleUnaryOperator {type (double) double, handle static Self::twice(double) double, type (double) double}
              return %0
            }
            """);
    Interpreter interpreter = new Interpreter();
    DoubleUnaryOperator f = (DoubleUnaryOperator) interpreter.call(make);
    assertTrue(f != null && f.applyAsDouble(3) == 6);
    assertSame(f, interpreter.call(make));
  }

  @Test
  void callSitesRunTheirBootstrapMethods() throws Throwable {
    assertEquals(
        "x=1.5!",
        call(
            """
            func @concat(%0: double) java.lang.String {
            ^0:
              %1: java.lang.String = invokedynamic makeConcatWithConstants(double) java.lang.String by makeConcatWithConstants {"x=\\u0001!"} %0
              return %1
            }
            """,
            1.5));
  }

  @Test
  void functionsApplyThemselves() throws Throwable {
    String factorial =
        """
        func @factorial(%0: long) long {
        ^0:
          %1: long = constant 1L
          %2: boolean = le %0 %1
          cbranch %2 ^1 ^2
        ^1:
          return %1
        ^2:
          %3: long = sub %0 %1
          %4: long = apply @factorial(long) long %3
          %5: long = mul %0 %4
          return %5
        }
        """;
    assertEquals(3628800L, call(factorial, 10L));
  }

  @Test
  void arraysOfArraysHaveTheirShapes() throws Throwable {
    Object array =
        call(
            """
            func @make(%0: int) double[][][] {
            ^0:
              %1: double[][][] = newarray %0 %0
              return %1
            }
            """,
            2);
    assertArrayEquals(new double[][][] {{null, null}, {null, null}}, (double[][][]) array);
    assertThrows(
        ArrayStoreException.class,
        () ->
            call(
                "func @f(%0: java.lang.Object[], %1: int) void {\n"
                    + "^0: storeelement %0 %1 %0 return\n}",
                new String[1], 0));
    assertThrows(
        ClassCastException.class,
        () ->
            call(
                "func @f(%0: java.lang.Object) java.lang.String {\n"
                    + "^0: %1: java.lang.String = cast %0 return %1\n}",
                5));
  }

  @Test
  void whatIsMissingIsAnErrorOfLinkage() {
    assertThrows(
        NoSuchMethodError.class,
        () -> call("func @f() void {\n^0: call static Self::missing() void return\n}"));
    assertThrows(
        NoClassDefFoundError.class,
        () -> call("func @f() void {\n^0: call static no.Such::method() void return\n}"));
    assertThrows(
        NoSuchFieldError.class,
        () -> call("func @f() int {\n^0: %0: int = loadfield static Self::none: int return %0\n}"));
  }
}

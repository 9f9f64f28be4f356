package dev.fluxion.ir.verify;

import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.pass.DeadCode;
import dev.fluxion.ir.text.Parser;
import java.lang.constant.MethodTypeDesc;
import org.junit.jupiter.api.Test;

/** Each rule, by a body that breaks it. */
class VerifierTest {
  private static void refuses(String message, Body body) {
    InvalidBodyException e =
        assertThrows(InvalidBodyException.class, () -> Verifier.verify(body), message);
    String first = e.getMessage().substring(0, e.getMessage().indexOf('\n'));
    assertEquals("the body f is not valid: " + message, first);
    assertTrue(e.getMessage().contains("func @f("), e.getMessage());
  }

  private static Body parse(String result, String code) {
    return Parser.parse(
        "func @f(%0: int, %1: double, %2: java.lang.Object, %3: double[], %4: long) "
            + result
            + " {\n^0:\n"
            + code
            + "}\n");
  }

  private static void refuses(String message, String code) {
    refuses(message, parse("int", code));
  }

  /** One operation of the entry block; its rule is broken. */
  private static void refusesOp(String rule, String op) {
    refuses("in block ^0, `" + op + "`: " + rule, op + " return %0\n");
  }

  @Test
  void validBodiesPass() {
    Body body = parse("int", "%5: int = add %0 %0 return %5");
    assertEquals(body, Verifier.verify(body));
    assertTrue(Verifier.isValid(body));
  }

  @Test
  void operandsAndResultsHaveTheirKinds() {
    refusesOp("the constant is not of the result's kind", "%5: int = constant 1L");
    refusesOp("the constant is not of the result's kind", "%5: java.lang.Object = constant 1");
    refusesOp("the constant is not of the result's kind", "%5: int = constant null");
    refusesOp("a reference is no number", "%5: int = neg %2");
    refusesOp("the result is of kind double, not int", "%5: double = neg %0");
    refusesOp("the right operand is of kind double, not int", "%5: int = add %0 %1");
    refusesOp("it works on integers only", "%5: double = xor %1 %1");
    refusesOp("the distance is of kind long, not int", "%5: long = shl %4 %4");
    refusesOp("the result is of kind int, not long", "%5: int = add %4 %4");
    refusesOp("the right operand is of kind int, not reference", "%5: boolean = eq %2 %0");
    refusesOp("a reference is no number", "%5: boolean = lt %2 %2");
    refusesOp("the result is of kind double, not int", "%5: double = lt %0 %0");
    refusesOp(
        "it compares longs, with 0, or floating-point numbers, with -1 or 1",
        "%5: int = threeway 0 %1 %1");
    refusesOp(
        "it compares longs, with 0, or floating-point numbers, with -1 or 1",
        "%5: int = threeway 1 %0 %0");
    refusesOp("numbers cannot be converted to Object", "%5: java.lang.Object = convert %0");
    refusesOp("numbers cannot be converted to boolean", "%5: boolean = convert %0");
    refusesOp("what is cast is of kind int, not reference", "%5: java.lang.String = cast %0");
    refusesOp("nothing is of a primitive type", "%5: boolean = instanceof int %2");
    refusesOp("what has a monitor is of kind int, not reference", "monitorenter %0");
    refuses(
        "in block ^0, `%5: void = neg %0`: the value %5 is void", "%5: void = neg %0 return %0");
  }

  @Test
  void arraysAndFieldsHoldWhatTheyHold() {
    refusesOp("it has no length", "%5: int[] = newarray");
    refusesOp("it has more lengths than its type has dimensions", "%5: int[] = newarray %0 %0");
    refusesOp("a length is of kind double, not int", "%5: int[] = newarray %1");
    refusesOp("a long is no array", "%5: int = length %4");
    refusesOp("the element is of kind int, not double", "%5: int = loadelement %3 %0");
    refusesOp("the index is of kind double, not int", "%5: double = loadelement %3 %1");
    refusesOp("the element is of kind int, not double", "storeelement %3 %0 %0");
    refusesOp("the receiver is of kind int, not reference", "%5: int = loadfield A::x: int %0");
    refusesOp("the field's value is of kind double, not int", "storefield static A::x: int %1");
  }

  @Test
  void callsPassWhatTheyShould() {
    refusesOp("it takes 1 arguments, not 2", "call static A::f(int) void %0 %0");
    refusesOp("argument 1 is of kind double, not int", "call static A::f(int) void %1");
    refusesOp("argument 1 is a double[], not a int[]", "call static A::f(int[]) void %3");
    refusesOp("argument 1 is of kind int, not reference", "call virtual A::f() void %0");
    refusesOp("its result has no name", "call static A::f() int");
    refusesOp("the result is of kind int, not void", "%5: int = call static A::f() void");
    refusesOp("the result is a B, not a A", "%5: B = new A()");
    refusesOp(
        "argument 1 is of kind int, not reference",
        "%5: java.lang.Runnable = lambda run(A) java.lang.Runnable {} %0");
  }

  @Test
  void edgesPassWhatTheirTargetsTake() {
    refuses(
        "in block ^0, `branch ^1(%0, %0)`: ^1 takes 1 arguments, not 2",
        "branch ^1(%0, %0) ^1(%5: int): return %5");
    refuses(
        "in block ^0, `branch ^1(%1)`: the argument %1 is of kind double, not int",
        "branch ^1(%1) ^1(%5: int): return %5");
    refuses(
        "in block ^0, `cbranch %1 ^1 ^1`: the condition is no int",
        "cbranch %1 ^1 ^1 ^1: return %0");
    refuses(
        "in block ^0, `switch %1 {default: ^1}`: the key is no int",
        "switch %1 {default: ^1} ^1: return %0");
    refuses(
        "in block ^0, `switch %0 {1: ^1, 1: ^1, default: ^1}`: two targets have the same label",
        "switch %0 {1: ^1, 1: ^1, default: ^1} ^1: return %0");
    refuses("in block ^0, an edge leads to the entry", "branch ^0");
    refuses("in block ^0, `throw %0`: a number cannot be thrown", "throw %0");
    refuses("in block ^0, `return %1`: the result is of kind double, not int", "return %1");
    refuses("in block ^0, `return`: the result is missing", "return");
    refuses(
        "in block ^0, `return %0`: the result is of kind int, not void",
        parse("void", "return %0"));
  }

  @Test
  void handlersTakeAnExceptionAndWhatWasThereBefore() {
    refuses(
        "in block ^1, `catch * ^2(%1)`: %1 is not defined on every path to the block's start",
        handlerThatGetsWhatItHandles());
    refuses(
        "in block ^0, `catch * ^1`: a handler's first parameter is the exception",
        "catch * ^1 return %0 ^1: return %0");
    refuses(
        "in block ^0, `catch int ^1`: a number is no exception",
        "catch int ^1 return %0 ^1(%5: java.lang.Throwable): return %0");
    refuses(
        "in block ^0, `catch * ^1`: ^1 takes 1 arguments, not 0",
        "catch * ^1 return %0 ^1(%5: java.lang.Throwable, %6: int): return %0");
    refuses(
        "in block ^1, `branch ^2(%2)`: ^2 handles exceptions: nothing jumps there",
        "branch ^1 ^1: catch * ^2 branch ^2(%2) ^2(%5: java.lang.Object): return %0");
  }

  /** A handler gets a value that the handled block defines. */
  private static Body handlerThatGetsWhatItHandles() {
    Body.Builder builder = new Body.Builder("f", MethodTypeDesc.of(CD_int, CD_int));
    BlockBuilder handled = builder.block();
    BlockBuilder handler = builder.block(CD_Throwable, CD_int);
    builder.entry().branch(handled.block());
    Value inside = handled.negate(builder.entry().block().parameters().get(0));
    handled.handler(new Block.Handler(null, Successor.to(handler.block(), inside)));
    handled.returns(inside);
    handler.returns(handler.block().parameters().get(1));
    return builder.build();
  }

  /** Nothing that a block defines is there in its handlers, though the block dominates them. */
  @Test
  void valuesOfAHandledBlockAreNotThereInItsHandlers() {
    refuses(
        "in block ^2, `return %5`: %5 is not defined on every path to its use",
        "branch ^1 ^1: catch * ^2 %5: int = neg %0 return %5 ^2(%6: java.lang.Throwable): return"
            + " %5");
    Verifier.verify(
        parse(
            "int",
            "%5: int = neg %0 branch ^1 ^1: catch * ^2 return %5 "
                + "^2(%6: java.lang.Throwable): return %5"));
  }

  @Test
  void definitionsDominateUses() {
    refuses(
        "in block ^3, `return %5`: %5 is not defined on every path to its use",
        "cbranch %0 ^1 ^2 ^1: %5: int = neg %0 branch ^3 ^2: branch ^3 ^3: return %5");
    Body.Builder builder = new Body.Builder("f", MethodTypeDesc.of(CD_int, CD_int));
    BlockBuilder entry = builder.entry();
    Value parameter = entry.block().parameters().get(0);
    Value later = new Value(CD_int);
    entry.arithmetic(Arithmetic.ADD, parameter, later);
    entry.add(new Op.Negate(later, parameter, Location.NONE));
    entry.returns(later);
    refuses(
        "in block ^0, `%1: int = add %0 %2`: %2 is not defined on every path to its use",
        builder.build());
  }

  @Test
  void valuesAreDefinedOnceAndSomewhere() {
    Body.Builder twice = new Body.Builder("f", MethodTypeDesc.of(CD_int, CD_int));
    Value parameter = twice.entry().block().parameters().get(0);
    twice.entry().add(new Op.Negate(parameter, parameter, Location.NONE));
    twice.entry().returns(parameter);
    refuses("in block ^0, `%0: int = neg %0`: the value %0 is defined twice", twice.build());
    Body.Builder never = new Body.Builder("f", MethodTypeDesc.of(CD_double));
    never.entry().returns(new Value(CD_double));
    refuses("in block ^0, `return %?`: %? is not defined on every path to its use", never.build());
  }

  @Test
  void parametersAreTheMethodsParameters() {
    Body.Builder builder = new Body.Builder("f", MethodTypeDesc.of(CD_void, CD_int));
    builder.entry().parameter(CD_int);
    builder.entry().returns(null);
    refuses(
        "in block ^0, its parameters are not those of " + MethodTypeDesc.of(CD_void, CD_int),
        builder.build());
  }

  /** Tests have assertions enabled, so nothing that is emitted or transformed escapes. */
  @Test
  void codeThatIsNotValidIsNotEmitted() {
    Body wrong = parse("int", "%5: boolean = lt %2 %2 return %5");
    Function function = new Function("f", wrong.type(), VerifierTest.class, () -> wrong);
    assertThrows(InvalidBodyException.class, () -> function.handle(Compiler.INSTANCE));
    assertThrows(InvalidBodyException.class, () -> DeadCode.remove(wrong));
  }
}

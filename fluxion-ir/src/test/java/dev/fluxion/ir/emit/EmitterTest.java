package dev.fluxion.ir.emit;

import static dev.fluxion.ir.emit.Code.branch;
import static dev.fluxion.ir.emit.Code.jump;
import static dev.fluxion.ir.emit.Code.link;
import static dev.fluxion.ir.emit.Code.parameter;
import static dev.fluxion.ir.emit.Code.to;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Numbers, control flow and slots of emitted code. */
class EmitterTest {
  private static final ClassDesc CD_RuntimeException = ClassDesc.of("java.lang.RuntimeException");
  private static final double[] NUMBERS = {-1, -0.0, 0.0, 2, Double.NaN, Double.NEGATIVE_INFINITY};

  private static @Nullable Object call(MethodHandle handle, @Nullable Object... arguments) {
    try {
      return handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      return e.getClass();
    }
  }

  private static boolean holds(Comparison comparison, double a, double b) {
    return switch (comparison) {
      case EQ -> a == b;
      case NE -> a != b;
      case LT -> a < b;
      case LE -> a <= b;
      case GT -> a > b;
      case GE -> a >= b;
    };
  }

  private static Object number(ClassDesc type, double number) {
    return switch (type.descriptorString()) {
      case "I" -> (int) number;
      case "J" -> (long) number;
      case "F" -> (float) number;
      default -> number;
    };
  }

  @Test
  void comparisonsBranchAndCountAlikeAlsoWithNaN() {
    for (ClassDesc type : List.of(CD_int, CD_long, CD_float, CD_double)) {
      for (Comparison comparison : Comparison.values()) {
        List<MethodHandle> forms = new ArrayList<>();
        for (int form = 0; form < 3; form++) {
          boolean falseFirst = form == 1;
          boolean asNumber = form == 2;
          forms.add(
              link(
                  CD_int,
                  List.of(type, type),
                  code -> {
                    BlockBuilder entry = code.entry();
                    Value holds = entry.compare(comparison, code.parameter(0), code.parameter(1));
                    if (asNumber) {
                      entry.returns(entry.arithmetic(Arithmetic.MUL, entry.constant(10), holds));
                      return;
                    }
                    BlockBuilder yes = code.block();
                    BlockBuilder no = code.block();
                    if (falseFirst) {
                      BlockBuilder other = code.block(CD_int);
                      branch(entry, holds, to(other, entry.constant(10)), to(no));
                      other.returns(parameter(other, 0));
                    } else {
                      branch(entry, holds, to(yes), to(no));
                      yes.returns(yes.constant(10));
                    }
                    no.returns(no.constant(0));
                  }));
        }
        for (double a : NUMBERS) {
          for (double b : NUMBERS) {
            Object left = number(type, a);
            Object right = number(type, b);
            int expected =
                holds(comparison, ((Number) left).doubleValue(), ((Number) right).doubleValue())
                    ? 10
                    : 0;
            for (MethodHandle form : forms) {
              assertEquals(
                  expected, call(form, left, right), () -> left + " " + comparison + " " + right);
            }
          }
        }
      }
    }
  }

  @Test
  void nullAndReferencesAreCompared() {
    for (Comparison comparison : new Comparison[] {Comparison.EQ, Comparison.NE}) {
      int ifEqual = comparison == Comparison.EQ ? 1 : 2;
      for (boolean withNull : new boolean[] {true, false}) {
        MethodHandle code =
            link(
                CD_int,
                List.of(CD_Object, CD_Object),
                c -> {
                  BlockBuilder entry = c.entry();
                  Value other = withNull ? entry.nullConstant(CD_Object) : c.parameter(1);
                  Value holds = entry.compare(comparison, c.parameter(0), other);
                  BlockBuilder yes = c.block();
                  BlockBuilder no = c.block();
                  branch(entry, holds, to(yes), to(no));
                  yes.returns(yes.constant(1));
                  no.returns(no.constant(2));
                });
        assertEquals(ifEqual, call(code, null, null));
        assertEquals(3 - ifEqual, call(code, "x", withNull ? "x" : "y"));
      }
    }
  }

  @Test
  void edgesAssignAllParametersAtOnce() {
    MethodHandle rotate =
        link(
            CD_double,
            List.of(CD_double, CD_double, CD_double, CD_int),
            code -> {
              BlockBuilder entry = code.entry();
              BlockBuilder head = code.block(CD_double, CD_double, CD_double, CD_int);
              BlockBuilder body = code.block();
              BlockBuilder end = code.block();
              jump(
                  entry,
                  head,
                  code.parameter(0),
                  code.parameter(1),
                  code.parameter(2),
                  code.parameter(3));
              Value a = parameter(head, 0);
              Value b = parameter(head, 1);
              Value c = parameter(head, 2);
              Value n = parameter(head, 3);
              branch(head, head.compare(Comparison.GT, n, head.constant(0)), to(body), to(end));
              Value less = body.arithmetic(Arithmetic.SUB, n, body.constant(1));
              jump(body, head, b, c, a, less);
              Value ten = end.constant(10.0);
              Value high =
                  end.arithmetic(Arithmetic.MUL, end.arithmetic(Arithmetic.MUL, a, ten), ten);
              Value low = end.arithmetic(Arithmetic.ADD, end.arithmetic(Arithmetic.MUL, b, ten), c);
              end.returns(end.arithmetic(Arithmetic.ADD, high, low));
            });
    assertEquals(123.0, call(rotate, 1.0, 2.0, 3.0, 0));
    assertEquals(231.0, call(rotate, 1.0, 2.0, 3.0, 1));
    assertEquals(312.0, call(rotate, 1.0, 2.0, 3.0, 5));
  }

  @Test
  void bothWaysOfABranchMayLeadToOneBlock() {
    MethodHandle maximum =
        link(
            CD_long,
            List.of(CD_long, CD_long),
            code -> {
              BlockBuilder end = code.block(CD_long);
              Value a = code.parameter(0);
              Value b = code.parameter(1);
              branch(
                  code.entry(), code.entry().compare(Comparison.LT, a, b), to(end, b), to(end, a));
              end.returns(parameter(end, 0));
            });
    assertEquals(7L, call(maximum, 3L, 7L));
    assertEquals(9L, call(maximum, 9L, 7L));
  }

  @Test
  void switchesAreDenseOrSparse() {
    for (List<Integer> labels :
        List.of(
            List.of(1, 2, 3),
            List.of(Integer.MIN_VALUE, 0, Integer.MAX_VALUE),
            List.of(900, -5, 40),
            List.<Integer>of())) {
      MethodHandle code =
          link(
              CD_int,
              List.of(CD_int),
              c -> {
                BlockBuilder end = c.block(CD_int);
                List<Successor> targets = new ArrayList<>();
                for (int i = 0; i < labels.size(); i++) {
                  BlockBuilder own = c.block();
                  own.returns(own.constant(i));
                  targets.add(i == 1 ? to(end, c.entry().constant(1)) : to(own));
                }
                Code.choose(
                    c.entry(), c.parameter(0), labels, targets, to(end, c.entry().constant(-1)));
                end.returns(parameter(end, 0));
              });
      for (int key : new int[] {1, 2, 3, 0, 900, -5, 40, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        assertEquals(labels.indexOf(key), call(code, key));
      }
    }
  }

  @Test
  void smallIntegersAreNarrowedByConversionsAndArrays() {
    for (ClassDesc small : List.of(CD_byte, CD_short, CD_char, CD_boolean)) {
      MethodHandle code =
          link(
              CD_int,
              List.of(CD_int),
              c -> {
                BlockBuilder b = c.entry();
                Value array = b.newArray(small.arrayType(), b.constant(3));
                b.storeElement(array, b.constant(1), c.parameter(0));
                b.returns(b.loadElement(array, b.constant(1)));
              });
      MethodHandle convert =
          link(
              CD_int,
              List.of(CD_double),
              c ->
                  c.entry()
                      .returns(
                          c.entry().convert(c.parameter(0), small == CD_boolean ? CD_int : small)));
      for (int number : new int[] {0, 1, -1, 200, 70000, Integer.MIN_VALUE}) {
        int expected =
            switch (small.descriptorString()) {
              case "B" -> (byte) number;
              case "S" -> (short) number;
              case "C" -> (char) number;
              default -> number & 1;
            };
        assertEquals(expected, call(code, number));
        assertEquals(small == CD_boolean ? number : expected, call(convert, (double) number));
      }
    }
  }

  @Test
  void arraysOfArraysAreMadeAtOnce() {
    ClassDesc matrix = CD_float.arrayType(2);
    MethodHandle code =
        link(
            matrix,
            List.of(CD_int, CD_int),
            c -> {
              Value result = new Value(matrix);
              c.entry()
                  .add(
                      new Op.NewArray(
                          result, List.of(c.parameter(0), c.parameter(1)), c.entry().location()));
              c.entry().returns(result);
            });
    assertArrayEquals(new float[2][3], (Object[]) call(code, 2, 3));
    assertEquals(NegativeArraySizeException.class, call(code, 2, -3));
  }

  @Test
  void handlersReadValuesFromBeforeTheBlock() {
    MethodHandle code =
        link(
            CD_double,
            List.of(CD_int, CD_double),
            c -> {
              BlockBuilder entry = c.entry();
              BlockBuilder body = c.block();
              BlockBuilder after = c.block(CD_double);
              BlockBuilder handler = c.block(CD_RuntimeException, CD_double);
              Value doubled = entry.arithmetic(Arithmetic.MUL, c.parameter(1), entry.constant(2.0));
              jump(entry, body);
              Code.handle(body, CD_RuntimeException, handler, doubled);
              Value quotient = body.arithmetic(Arithmetic.DIV, body.constant(100), c.parameter(0));
              jump(body, after, body.convert(quotient, CD_double));
              after.returns(parameter(after, 0));
              handler.returns(handler.negate(parameter(handler, 1)));
            });
    assertEquals(25.0, call(code, 4, 1.5));
    assertEquals(-3.0, call(code, 0, 1.5));
  }

  /** The value that only the handler reads may share its slot with what comes after the block. */
  @Test
  void movesAfterProtectedCodeAreNotProtected() {
    MethodHandle code =
        link(
            CD_int,
            List.of(CD_int, CD_Object),
            c -> {
              BlockBuilder entry = c.entry();
              BlockBuilder body = c.block();
              BlockBuilder after = c.block(CD_int, CD_int, CD_int);
              BlockBuilder handler = c.block(CD_Throwable);
              Value text = entry.cast(c.parameter(1), CD_String);
              jump(entry, body);
              Code.handle(body, null, handler);
              Value q = body.arithmetic(Arithmetic.DIV, body.constant(8), c.parameter(0));
              jump(body, after, q, q, q);
              Value sum =
                  after.arithmetic(Arithmetic.ADD, parameter(after, 0), parameter(after, 1));
              after.returns(after.arithmetic(Arithmetic.ADD, sum, parameter(after, 2)));
              Value length =
                  handler.call(
                      MethodRef.ofVirtual(CD_String, "length", MethodTypeDesc.of(CD_int)), text);
              jump(handler, after, length, length, length);
            });
    assertEquals(12, call(code, 2, "four"));
    assertEquals(6, call(code, 0, "in"));
  }

  @Test
  void thousandsOfValuesFit() {
    int count = 3000;
    MethodHandle code =
        link(
            CD_long,
            List.of(CD_long),
            c -> {
              BlockBuilder b = c.entry();
              List<Value> all = new ArrayList<>();
              for (int i = 0; i < count; i++) {
                Value last = all.isEmpty() ? c.parameter(0) : all.getLast();
                all.add(b.arithmetic(Arithmetic.ADD, last, b.constant((long) i % 7)));
              }
              Value sum = c.parameter(0);
              for (Value value : all) { // all of them live, in slots beyond 255
                sum = b.arithmetic(Arithmetic.XOR, sum, value);
              }
              b.returns(sum);
            });
    long last = 5;
    long expected = 5;
    for (int i = 0; i < count; i++) {
      last += i % 7;
      expected ^= last;
    }
    assertEquals(expected, call(code, 5L));
  }

  @Test
  void oneLongExpressionDoesNotOverflowTheOperandStack() {
    MethodHandle code =
        link(
            CD_int,
            List.of(CD_int),
            c -> {
              BlockBuilder b = c.entry();
              Value sum = c.parameter(0);
              for (int i = 0; i < 3000; i++) { // x - (x - (x - ...
                sum = b.arithmetic(Arithmetic.SUB, c.parameter(0), sum);
              }
              b.returns(sum);
            });
    assertEquals(9, call(code, 9));
  }
}

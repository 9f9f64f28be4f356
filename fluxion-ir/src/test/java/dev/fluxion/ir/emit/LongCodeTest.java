package dev.fluxion.ir.emit;

import static dev.fluxion.ir.emit.Code.branch;
import static dev.fluxion.ir.emit.Code.handle;
import static dev.fluxion.ir.emit.Code.jump;
import static dev.fluxion.ir.emit.Code.parameter;
import static dev.fluxion.ir.emit.Code.to;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.interpret.Interpreter;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long code is divided into methods that HotSpot compiles: of at most 8000 bytes. */
class LongCodeTest {
  private static final int LONGEST = 8000;

  private static void check(Consumer<Code> writer) throws Throwable {
    MethodTypeDesc type = MethodTypeDesc.of(CD_double, CD_double, CD_int);
    Function function = Code.function("code", Code.class, type, writer);
    List<MethodModel> methods = ClassFile.of().parse(Compiler.classFile(function)).methods();
    assertTrue(methods.size() > 1);
    for (MethodModel method : methods) {
      int length = method.findAttribute(Attributes.code()).orElseThrow().codeLength();
      assertTrue(length <= LONGEST, () -> method.methodName() + " has " + length + " bytes");
    }
    for (double x : new double[] {0.5, -3}) {
      assertEquals(
          new Interpreter().call(function, x, 5),
          function.handle(Compiler.INSTANCE).invokeWithArguments(x, 5));
    }
  }

  /** Some values of which each line reads two and adds one. */
  private static Value line(BlockBuilder b, List<Value> values, int i) {
    Value left = values.get(values.size() - 1 - i * 7 % Math.min(values.size(), 40));
    Value right = values.get(values.size() - 1 - i * 3 % Math.min(values.size(), 11));
    Value product = b.arithmetic(Arithmetic.MUL, left, b.constant(0.25 + i % 5));
    return b.arithmetic(i % 2 == 0 ? Arithmetic.ADD : Arithmetic.SUB, product, right);
  }

  @ParameterizedTest
  @ValueSource(ints = {1200, 3000, 9000})
  void straightCode(int lines) throws Throwable {
    check(
        c -> {
          List<Value> values = new ArrayList<>(List.of(c.parameter(0)));
          for (int i = 0; i < lines; i++) {
            values.add(line(c.entry(), values, i));
          }
          c.entry().returns(values.getLast());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 2000})
  void branchesInALoop(int branches) throws Throwable {
    check(
        c -> {
          BlockBuilder header = c.block(CD_double, CD_int);
          jump(c.entry(), header, c.parameter(0), c.parameter(1));
          Value sum = parameter(header, 0);
          Value count = parameter(header, 1);
          BlockBuilder exit = c.block();
          BlockBuilder at = c.block();
          Value isOver = header.compare(Comparison.LE, count, header.constant(0));
          branch(header, isOver, to(exit), to(at));
          exit.returns(sum);
          for (int i = 0; i < branches; i++) {
            BlockBuilder yes = c.block();
            BlockBuilder next = c.block(CD_double);
            Value scaled = at.arithmetic(Arithmetic.MUL, sum, at.constant(0.5 + i % 3));
            Value isSmall = at.compare(Comparison.LT, scaled, at.constant(1.0 * (i % 7)));
            branch(at, isSmall, to(yes), to(next, scaled));
            jump(yes, next, yes.arithmetic(Arithmetic.ADD, scaled, c.parameter(0)));
            at = next;
            sum = parameter(next, 0);
          }
          jump(at, header, sum, at.arithmetic(Arithmetic.SUB, count, at.constant(1)));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {400})
  void oneHandlerOfMuch(int lines) throws Throwable {
    check(
        c -> {
          BlockBuilder caught = c.block(CD_Throwable, CD_double);
          caught.returns(parameter(caught, 1));
          Value sum = c.parameter(0);
          BlockBuilder at = c.entry();
          for (int i = 0; i < lines; i++) {
            BlockBuilder next = c.block();
            jump(at, next);
            handle(next, null, caught, sum);
            Value divisor = next.arithmetic(Arithmetic.SUB, c.parameter(1), next.constant(i - 350));
            Value quotient = next.arithmetic(Arithmetic.DIV, next.constant(i), divisor);
            BlockBuilder after = c.block();
            jump(next, after);
            Value scaled = after.arithmetic(Arithmetic.MUL, sum, after.constant(0.75 + i % 2));
            sum = after.arithmetic(Arithmetic.ADD, scaled, after.convert(quotient, CD_double));
            at = after;
          }
          at.returns(sum);
        });
  }
}

package dev.fluxion.tensor;

import static dev.fluxion.ir.Arithmetic.ADD;
import static dev.fluxion.ir.Arithmetic.DIV;
import static dev.fluxion.ir.Arithmetic.MUL;
import static dev.fluxion.ir.Arithmetic.SUB;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.pass.Inline;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Loops of several operations on elements: what one hands on to the next stays in a register. They
 * give the bits that the operations give one after the other.
 */
final class FusedLoops {
  /** Writes what an operation gives for its operands. */
  private interface Formula {
    Value write(Code code, Value x, Value y);
  }

  private static final Map<Entrywise, Formula> ARITHMETIC =
      Map.ofEntries(
          Map.entry(Functions.NEG, (code, x, _) -> code.block.negate(x)),
          Map.entry(Functions.SQUARE, (code, x, _) -> code.of(x, MUL, x)),
          Map.entry(Functions.ABS, (code, x, _) -> code.math("abs", x)),
          Map.entry(Functions.SQRT, (code, x, _) -> code.root(x)),
          Map.entry(Functions.RECIPROCAL, (code, x, _) -> code.of(code.number(1), DIV, x)),
          Map.entry(Functions.RELU, (code, x, _) -> code.math("max", x, code.number(0))),
          Map.entry(Functions.PLUS, (code, x, y) -> code.of(x, ADD, y)),
          Map.entry(Functions.MINUS, (code, x, y) -> code.of(x, SUB, y)),
          Map.entry(Functions.TIMES, (code, x, y) -> code.of(x, MUL, y)),
          Map.entry(Functions.DIV, (code, x, y) -> code.of(x, DIV, y)),
          Map.entry(Functions.MAXIMUM, (code, x, y) -> code.math("max", x, y)),
          Map.entry(Functions.MINIMUM, (code, x, y) -> code.math("min", x, y)),
          Map.entry(
              Functions.SQUARE_BACK,
              (code, x, d) -> code.of(code.of(code.number(2), MUL, x), MUL, d)),
          Map.entry(
              Functions.SQRT_BACK,
              (code, y, d) -> code.of(code.of(code.number(0.5), MUL, d), DIV, y)),
          Map.entry(
              Functions.RSQRT_BACK,
              (code, y, d) ->
                  code.of(
                      code.of(code.number(-0.5), MUL, d),
                      MUL,
                      code.of(code.of(y, MUL, y), MUL, y))),
          Map.entry(
              Functions.EXPM1_BACK,
              (code, y, d) -> code.of(d, MUL, code.of(y, ADD, code.number(1)))),
          Map.entry(
              Functions.LOG1P_BACK,
              (code, x, d) -> code.of(d, DIV, code.of(code.number(1), ADD, x))),
          Map.entry(Functions.TAN_BACK, (code, y, d) -> code.of(d, MUL, code.oneAndSquare(ADD, y))),
          Map.entry(
              Functions.ATAN_BACK, (code, x, d) -> code.of(d, DIV, code.oneAndSquare(ADD, x))),
          Map.entry(
              Functions.TANH_BACK, (code, y, d) -> code.of(d, MUL, code.oneAndSquare(SUB, y))),
          Map.entry(
              Functions.SIGMOID_BACK,
              (code, y, d) -> code.of(d, MUL, code.of(y, MUL, code.of(code.number(1), SUB, y)))),
          Map.entry(Functions.ABS_BACK, (code, x, d) -> code.of(d, MUL, code.math("signum", x))));

  private static final Map<Recipe, GradualLoop> LOOPS = new ConcurrentHashMap<>();

  private FusedLoops() {}

  /**
   * What a loop does.
   *
   * @param operations on registers: first those of the inputs, then those of the outputs, then room
   * @param fixed the inputs, as bits, of which one element is that of all
   */
  record Recipe(
      List<Pieces.Operation> operations, int inputs, int outputs, DType type, long fixed) {
    /** The loop once it is fast; null for so few elements that a loop for each does better. */
    @Nullable GradualLoop loop(int count) {
      return count >= Elementwise.WORTH_VECTORS && isPossible() ? loop() : null;
    }

    /** Whether there may be a loop. */
    boolean isPossible() {
      return Vectors.ARE_THERE && inputs <= Long.SIZE;
    }

    /** The loop once it is fast. */
    GradualLoop loop() {
      return LOOPS.computeIfAbsent(this, one -> new GradualLoop(one::make));
    }

    private @Nullable MethodHandle make() {
      ClassDesc number = type == DType.FLOAT32 ? CD_float : CD_double;
      MethodTypeDesc ofNumbers = MethodTypeDesc.of(number, Collections.nCopies(inputs, number));
      List<Function> functions = new ArrayList<>();
      for (int i = 0; i < outputs; i++) {
        Body body = body(inputs + i, ofNumbers);
        if (body == null) {
          return null;
        }
        functions.add(new Function("fused", ofNumbers, FusedLoops.class, () -> body));
      }
      ElementFunctions elements =
          new ElementFunctions(
              List.of(), Collections.nCopies(inputs, false), functions, FusedLoops.class);
      Function loop = ElementLoop.ofLanes(elements, new KernelCode.LoopForm(type, fixed, true));
      return loop == null ? null : loop.handle(Compiler.INSTANCE);
    }

    /** What a register holds in the end, or null where vectors lack an operation. */
    private @Nullable Body body(int output, MethodTypeDesc ofNumbers) {
      Body.Builder builder = new Body.Builder("fused", ofNumbers);
      Code code = new Code(builder.entry(), type);
      List<@Nullable Value> registers = new ArrayList<>(builder.entry().block().parameters());
      for (Pieces.Operation operation : operations) {
        while (registers.size() <= operation.target()) {
          registers.add(null);
        }
        Value result =
            code.result(
                operation.function(),
                registers.get(operation.first()),
                registers.get(operation.second()));
        if (result == null) {
          return null;
        }
        registers.set(operation.target(), result);
      }
      builder.entry().returns(registers.get(output));
      return Inline.apply(
          builder.build(), op -> op instanceof Op.Apply part ? part.function().body() : null);
    }
  }

  /** A trial with elements of its own. */
  static GradualLoop.Trial trial(Recipe recipe) {
    int inputs = recipe.inputs;
    int outputs = recipe.outputs;
    DType type = recipe.type;
    return (loop, count) -> {
      Object elements =
          type == DType.FLOAT32 ? new float[GradualLoop.TRIAL] : new double[GradualLoop.TRIAL];
      Object[] read = new Object[inputs];
      Object[] written = new Object[outputs];
      Arrays.fill(read, elements);
      Arrays.fill(written, elements);
      VectorFunctions.run(loop, read, new int[inputs], written, 0, count);
    };
  }

  /** Code that is being written. */
  private record Code(BlockBuilder block, DType type) {
    private ClassDesc number() {
      return type == DType.FLOAT32 ? CD_float : CD_double;
    }

    @Nullable Value result(Entrywise function, Value x, Value y) {
      Formula formula = ARITHMETIC.get(function);
      if (formula != null) {
        return formula.write(this, x, y);
      }
      Function known = VectorFunctions.function(function, type);
      return known == null
          ? null
          : block.apply(known, function instanceof Unary ? List.of(x) : List.of(x, y));
    }

    Value number(double number) {
      return type == DType.FLOAT32 ? block.constant((float) number) : block.constant(number);
    }

    Value of(Value x, Arithmetic operator, Value y) {
      return block.arithmetic(operator, x, y);
    }

    /** {@code 1 + x x} or {@code 1 - x x}. */
    Value oneAndSquare(Arithmetic operator, Value x) {
      return of(number(1), operator, of(x, MUL, x));
    }

    Value math(String name, Value... operands) {
      MethodTypeDesc ofNumbers =
          MethodTypeDesc.of(number(), Collections.nCopies(operands.length, number()));
      return block.call(
          MethodRef.ofStatic(ClassDesc.of("java.lang.Math"), name, ofNumbers), operands);
    }

    /** In float32 the root of the number in double precision, rounded, is the root. */
    Value root(Value x) {
      return type == DType.FLOAT32
          ? block.convert(
              new Code(block, DType.FLOAT64).math("sqrt", block.convert(x, CD_double)), CD_float)
          : math("sqrt", x);
    }
  }
}

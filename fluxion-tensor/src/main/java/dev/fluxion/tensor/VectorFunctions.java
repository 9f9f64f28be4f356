package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.emit.Compiler;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The functions that C2 makes no vector instructions of by itself, written for {@link Vectorizing}:
 * in vectors they give the same bits as for one element.
 */
final class VectorFunctions {
  private static final Object[] NO_CONSTANTS = {};
  private static final double[] NO_NUMBERS = {};

  /** Writes a function: what it gives for its arguments, which are floats or doubles. */
  private interface Formula {
    void write(Code code, List<Value> arguments);
  }

  /** A function that is being written. */
  private record Code(Body.Builder builder, boolean isFloat32) {
    Value number(double number) {
      BlockBuilder entry = builder.entry();
      return isFloat32 ? entry.constant((float) number) : entry.constant(number);
    }

    Value called(String name, Value x) {
      return builder.entry().call(Elementary.method(name, isFloat32, 1), x);
    }

    Value product(Value x, Value y) {
      return builder.entry().arithmetic(Arithmetic.MUL, x, y);
    }

    void gives(Value result) {
      builder.entry().returns(result);
    }

    /** One of two values, as two others compare. */
    void chooses(Comparison comparison, Value x, Value y, Value ifTrue, Value ifFalse) {
      BlockBuilder holds = builder.block();
      BlockBuilder fails = builder.block();
      builder
          .entry()
          .branch(
              builder.entry().compare(comparison, x, y),
              Successor.to(holds.block()),
              Successor.to(fails.block()));
      holds.returns(ifTrue);
      fails.returns(ifFalse);
    }
  }

  private static final Map<Object, Formula> FORMULAS =
      Map.ofEntries(
          Map.entry(Functions.EXP, call("exp")),
          Map.entry(Functions.EXPM1, call("expm1")),
          Map.entry(Functions.LOG, call("log")),
          Map.entry(Functions.LOG1P, call("log1p")),
          Map.entry(Functions.SIN, call("sin")),
          Map.entry(Functions.COS, call("cos")),
          Map.entry(Functions.TANH, call("tanh")),
          Map.entry(Functions.SIGMOID, call("sigmoid")),
          Map.entry(Functions.SOFTPLUS, call("softplus")),
          Map.entry(Functions.ERF, call("erf")),
          Map.entry(Functions.GELU, call("gelu")),
          Map.entry(Functions.GREATER, truth(Comparison.GT)),
          Map.entry(Functions.GREATER_EQUAL, truth(Comparison.GE)),
          Map.entry(Functions.LESS, truth(Comparison.LT)),
          Map.entry(Functions.LESS_EQUAL, truth(Comparison.LE)),
          Map.entry(Functions.EQUAL, truth(Comparison.EQ)),
          Map.entry(
              Functions.RELU_BACK,
              (code, x) -> {
                Value zero = code.number(0);
                code.chooses(Comparison.LE, x.get(0), zero, zero, x.get(1));
              }),
          Map.entry(Functions.SIN_BACK, slope("cos")),
          Map.entry(
              Functions.COS_BACK,
              (code, x) ->
                  code.gives(
                      code.product(
                          code.builder.entry().negate(x.get(1)), code.called("sin", x.get(0))))),
          Map.entry(Functions.SOFTPLUS_BACK, slope("sigmoid")),
          Map.entry(Functions.ERF_BACK, slope("erfSlope")),
          Map.entry(Functions.GELU_BACK, slope("geluSlope")));

  /** Those that {@link DoubleMath} does not have. */
  private static final Set<Object> OF_FLOATS =
      Set.of(Functions.ERF, Functions.GELU, Functions.ERF_BACK, Functions.GELU_BACK);

  private VectorFunctions() {}

  private static Formula call(String name) {
    return (code, x) -> code.gives(code.called(name, x.get(0)));
  }

  private static Formula slope(String name) {
    return (code, x) -> code.gives(code.product(x.get(1), code.called(name, x.get(0))));
  }

  private static Formula truth(Comparison comparison) {
    return (code, x) ->
        code.chooses(comparison, x.get(0), x.get(1), code.number(1), code.number(0));
  }

  /** Whether vectors have a function of one or two numbers, for any type. */
  static boolean has(Object f) {
    return FORMULAS.containsKey(f);
  }

  /**
   * A loop of a function, or null where vectors do not have it for the type.
   *
   * @param fixed the arguments, as bits, of which there is only one for all elements
   */
  static @Nullable MethodHandle loop(Entrywise f, int arity, DType type, long fixed) {
    Function function = function(f, type);
    if (function == null) {
      return null;
    }
    ElementFunctions functions =
        new ElementFunctions(
            List.of(), Collections.nCopies(arity, false), List.of(function), VectorFunctions.class);
    KernelCode.LoopForm form = new KernelCode.LoopForm(type, fixed, true);
    return Objects.requireNonNull(ElementLoop.ofLanes(functions, form)).handle(Compiler.INSTANCE);
  }

  /** The code of a function, or null where vectors do not have it for the type. */
  static @Nullable Function function(Entrywise f, DType type) {
    Formula formula = FORMULAS.get(f);
    if (formula == null || (type == DType.FLOAT64 && OF_FLOATS.contains(f))) {
      return null;
    }
    int arity = f instanceof Unary ? 1 : 2;
    ClassDesc number = type == DType.FLOAT32 ? CD_float : CD_double;
    MethodTypeDesc ofNumbers = MethodTypeDesc.of(number, Collections.nCopies(arity, number));
    Body.Builder builder = new Body.Builder(f.name(), ofNumbers);
    formula.write(new Code(builder, type == DType.FLOAT32), builder.entry().block().parameters());
    Body body = builder.build();
    return new Function(f.name(), ofNumbers, VectorFunctions.class, () -> body);
  }

  /** Runs a loop for elements of arrays, from an index in each on. */
  static void run(MethodHandle loop, Object[] xs, int[] starts, Object[] ys, int to, int count) {
    try {
      loop.invokeExact(NO_CONSTANTS, NO_NUMBERS, xs, starts, ys, to, 0, count);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}

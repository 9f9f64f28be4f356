package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.Pointwise;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Inline;
import dev.fluxion.ir.pass.LoopInvariants;
import dev.fluxion.ir.pass.Simplify;
import dev.fluxion.ir.pass.ValueNumbering;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a loop over elements around functions of numbers, whose code stands in the loop.
 *
 * <p>The last step of a loop that takes several elements at once takes the last elements, though
 * some of them have been done: there must be as many as a step takes.
 *
 * <p>The loop takes the constants, the captured numbers, the arrays that are read and where in each
 * it starts, the arrays that are written, where in these it starts, and for how many elements it
 * runs.
 */
final class ElementLoop {
  private static final ClassDesc OBJECTS = CD_Object.arrayType();
  private static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(
          CD_void,
          OBJECTS,
          CD_double.arrayType(),
          OBJECTS,
          CD_int.arrayType(),
          OBJECTS,
          CD_int,
          CD_int);

  private final Pointwise functions;
  private final boolean[] isNumber;
  private final KernelCode.LoopForm form;
  private final Lanes lanes;
  private final Body.Builder builder = new Body.Builder("map", TYPE);
  private final BlockBuilder entry = builder.entry();
  private final ClassDesc element;
  private final Value numbers;
  private final Value inputs;
  private final Value starts;
  private final Value outputs;
  private final Value to;
  private final Value count;

  private ElementLoop(
      Pointwise functions, boolean[] isNumber, KernelCode.LoopForm form, Lanes lanes) {
    this.functions = functions;
    this.isNumber = isNumber;
    this.form = form;
    this.lanes = lanes;
    this.element = form.type() == DType.FLOAT32 ? CD_float : CD_double;
    List<Value> parameters = entry.block().parameters();
    this.numbers = parameters.get(1);
    this.inputs = parameters.get(2);
    this.starts = parameters.get(3);
    this.outputs = parameters.get(4);
    this.to = parameters.get(5);
    this.count = parameters.get(6);
  }

  /** A loop that takes the elements one by one. */
  static Function of(Pointwise functions, boolean[] isNumber, KernelCode.LoopForm form) {
    Body body = new ElementLoop(functions, isNumber, form, new OneLane()).body();
    return function(functions, optimized(body), functions.host());
  }

  /** A loop with vector instructions, or null where the functions have no such form. */
  static @Nullable Function ofVectors(
      Pointwise functions, boolean[] isNumber, KernelCode.LoopForm form) {
    try {
      Body body = new ElementLoop(functions, isNumber, form, new VectorLanes(form.type())).body();
      return function(functions, Simplify.simplify(body), ElementLoop.class);
    } catch (Vectorizing.NoVectorForm _) {
      return null;
    }
  }

  private static Function function(Pointwise functions, Body body, Class<?> host) {
    return new Function(functions.outputs().get(0).name(), TYPE, host, () -> body);
  }

  private static Body optimized(Body body) {
    Body inlined =
        Simplify.simplify(
            Inline.apply(body, op -> op instanceof Op.Apply a ? a.function().body() : null));
    return Simplify.simplify(LoopInvariants.hoist(ValueNumbering.apply(inlined)));
  }

  private Body body() {
    List<Value> arguments = constants();
    BlockBuilder header = builder.block(CD_int);
    BlockBuilder work = builder.block();
    BlockBuilder exit = builder.block();
    Value index = header.block().parameters().get(0);
    Value step = lanes.step(entry);
    Value last = entry.arithmetic(Arithmetic.SUB, count, step);
    Value at = lanes.start(work, index, last);
    int number = 0;
    int array = 0;
    for (boolean isOne : isNumber) {
      arguments.add(
          isOne
              ? lanes.number(entry, entry.loadElement(numbers, entry.constant(number++)))
              : input(array++, work, at));
    }
    List<Value> results = lanes.results(entry, work, functions.outputs(), arguments);
    Value written = work.arithmetic(Arithmetic.ADD, to, at);
    for (int i = 0; i < results.size(); i++) {
      lanes.store(work, array(outputs, i), written, results.get(i));
    }
    entry.branch(header.block(), entry.constant(0));
    header.branch(
        header.compare(Comparison.LT, index, count),
        Successor.to(work.block()),
        Successor.to(exit.block()));
    work.branch(header.block(), work.arithmetic(Arithmetic.ADD, index, step));
    exit.returns(null);
    return builder.build();
  }

  private List<Value> constants() {
    List<Value> constants = new ArrayList<>();
    for (ClassDesc type : functions.constants()) {
      int index = constants.size();
      constants.add(isUsed(index) ? constant(index, type) : unused(type));
    }
    return constants;
  }

  private boolean isUsed(int parameter) {
    return functions.outputs().stream()
        .map(Function::body)
        .anyMatch(body -> body.used().contains(body.parameters().get(parameter)));
  }

  /** What stands for a constant that no code reads, of whose class the loop may know nothing. */
  private Value unused(ClassDesc type) {
    return type.isPrimitive()
        ? entry.constant(type, SsaBuilder.zero(type))
        : entry.nullConstant(type);
  }

  private Value constant(int index, ClassDesc type) {
    Value object = entry.loadElement(entry.block().parameters().get(0), entry.constant(index));
    return type.isPrimitive()
        ? unboxed(object, type)
        : type.equals(CD_Object) ? object : entry.cast(object, type);
  }

  private Value unboxed(Value object, ClassDesc type) {
    String name = type.displayName();
    ClassDesc box =
        ClassDesc.of(
            "java.lang",
            switch (name) {
              case "int" -> "Integer";
              case "char" -> "Character";
              default -> Character.toUpperCase(name.charAt(0)) + name.substring(1);
            });
    return entry.call(
        MethodRef.ofVirtual(box, name + "Value", MethodTypeDesc.of(type)), entry.cast(object, box));
  }

  private Value array(Value arrays, int index) {
    return entry.cast(entry.loadElement(arrays, entry.constant(index)), element.arrayType());
  }

  /** What a function reads of an array: one element before the loop, or another each time. */
  private Value input(int index, BlockBuilder work, Value iteration) {
    Value array = array(inputs, index);
    Value start = entry.loadElement(starts, entry.constant(index));
    boolean isFixed = (form.fixed() >> index & 1) != 0;
    return isFixed
        ? lanes.number(entry, entry.loadElement(array, start))
        : lanes.load(work, array, work.arithmetic(Arithmetic.ADD, start, iteration));
  }
}

package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

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
 * <p>A loop that takes several elements at once leaves to one that takes them one by one what is
 * less than a step in the end, and steps with an element for which vectors have no form.
 *
 * <p>The loop takes the constants, the captured numbers, the arrays that are read and where in each
 * it starts, the arrays that are written, where in these it starts, and for which elements from
 * there it runs: from one up to another.
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
          CD_int,
          CD_int);

  private final ElementFunctions functions;
  private final KernelCode.LoopForm form;
  private final Body.Builder builder = new Body.Builder("map", TYPE);
  private final BlockBuilder entry = builder.entry();
  private final BlockBuilder header = builder.block(CD_int);
  private final BlockBuilder work = builder.block();
  private final Lanes lanes;
  private final ClassDesc element;
  private final List<Value> parameters = entry.block().parameters();
  private final Value numbers = parameters.get(1);
  private final Value inputs = parameters.get(2);
  private final Value starts = parameters.get(3);
  private final Value outputs = parameters.get(4);
  private final Value to = parameters.get(5);
  private final Value from = parameters.get(6);
  private final Value end = parameters.get(7);

  private ElementLoop(ElementFunctions functions, KernelCode.LoopForm form, Lanes.Maker lanes) {
    this.functions = functions;
    this.form = form;
    this.lanes = lanes.make(entry, work);
    this.element = element(form);
  }

  private static ClassDesc element(KernelCode.LoopForm form) {
    return form.type() == DType.FLOAT32 ? CD_float : CD_double;
  }

  /** A loop that calls the functions for the elements one by one. */
  static Function ofCalls(ElementFunctions functions, KernelCode.LoopForm form) {
    Body body = new ElementLoop(functions, form, CallingLane::new).body(null);
    return function(functions, optimized(body), functions.host());
  }

  /**
   * A loop with vector instructions if it is long, or else one that computes the same one by one;
   * null where the functions have no form for vectors.
   */
  static @Nullable Function ofLanes(ElementFunctions functions, KernelCode.LoopForm form) {
    try {
      Function one = oneByOne(functions, form);
      return form.isLong() ? ofVectors(functions, form, one) : one;
    } catch (Vectorizing.NoVectorForm _) {
      return null;
    }
  }

  private static Function oneByOne(ElementFunctions functions, KernelCode.LoopForm form) {
    Lanes.Maker lanes = (before, work) -> new OneLane(element(form), before, work);
    Body body = new ElementLoop(functions, form, lanes).body(null);
    return function(functions, Simplify.simplify(body), ElementLoop.class);
  }

  private static Function ofVectors(
      ElementFunctions functions, KernelCode.LoopForm form, Function oneByOne) {
    Lanes.Maker lanes = (before, work) -> new VectorLanes(form.type(), before, work);
    Body body = new ElementLoop(functions, form, lanes).body(oneByOne);
    return function(functions, Simplify.simplify(body), ElementLoop.class);
  }

  private static Function function(ElementFunctions functions, Body body, Class<?> host) {
    return new Function(functions.name(), TYPE, host, () -> body);
  }

  private static Body optimized(Body body) {
    Body inlined =
        Simplify.simplify(
            Inline.apply(body, op -> op instanceof Op.Apply a ? a.function().body() : null));
    return Simplify.simplify(LoopInvariants.hoist(ValueNumbering.apply(inlined)));
  }

  /**
   * The loop.
   *
   * @param rest the loop for what is left to one, or null where nothing is
   */
  private Body body(@Nullable Function rest) {
    List<Value> arguments = constants();
    Value index = header.block().parameters().get(0);
    Value step = lanes.step();
    int number = 0;
    int array = 0;
    for (boolean isOne : functions.isNumber()) {
      arguments.add(
          isOne
              ? lanes.number(entry.loadElement(numbers, entry.constant(number++)))
              : input(array++, index));
    }
    List<Value> results = lanes.results(functions.outputs(), arguments);
    Value written = work.arithmetic(Arithmetic.ADD, to, index);
    Value next = work.arithmetic(Arithmetic.ADD, index, step);
    BlockBuilder common = common(rest, index, next);
    for (int i = 0; i < results.size(); i++) {
      lanes.store(common, array(outputs, i), written, results.get(i));
    }
    common.branch(header.block(), next);
    Value past = entry.arithmetic(Arithmetic.SUB, step, entry.constant(1));
    Value bound = entry.arithmetic(Arithmetic.SUB, end, past); // behind where a step may start
    BlockBuilder exit = builder.block();
    entry.branch(header.block(), from);
    header.branch(
        header.compare(Comparison.LT, index, bound),
        Successor.to(work.block()),
        Successor.to(exit.block()));
    if (rest == null) {
      exit.returns(null);
      return builder.build();
    }
    BlockBuilder left = builder.block();
    BlockBuilder done = builder.block();
    exit.branch(
        exit.compare(Comparison.LT, index, end),
        Successor.to(left.block()),
        Successor.to(done.block()));
    run(rest, left, index, end);
    left.branch(done.block());
    done.returns(null);
    return builder.build();
  }

  /** Where a step goes on whose elements are not to be computed one by one. */
  private BlockBuilder common(@Nullable Function rest, Value index, Value next) {
    Value isExceptional = lanes.isExceptional();
    if (rest == null || isExceptional == null) {
      return work;
    }
    BlockBuilder rare = builder.block();
    BlockBuilder common = builder.block();
    work.branch(isExceptional, Successor.to(rare.block()), Successor.to(common.block()));
    run(rest, rare, index, next);
    rare.branch(header.block(), next);
    return common;
  }

  private void run(Function loop, BlockBuilder block, Value first, Value behind) {
    List<Value> arguments = new ArrayList<>(parameters.subList(0, 6));
    arguments.add(first);
    arguments.add(behind);
    block.apply(loop, arguments);
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
  private Value input(int index, Value iteration) {
    Value array = array(inputs, index);
    Value start = entry.loadElement(starts, entry.constant(index));
    boolean isFixed = (form.fixed() >> index & 1) != 0;
    return isFixed
        ? lanes.number(entry.loadElement(array, start))
        : lanes.load(array, work.arithmetic(Arithmetic.ADD, start, iteration));
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/**
 * Reads the numbers that a functional object captured into an array: the array's shadow is that of
 * the object's numbers, which stand in the same order there.
 */
final class CapturedNumbers implements Handwritten {
  private static final ClassDesc DOUBLES = CD_double.arrayType();
  private static final ClassDesc ADJOINTS = Adjoints.class.describeConstable().orElseThrow();
  private static final Types TYPES = Types.of(Pointwise.class);

  private final Function function;

  CapturedNumbers(Function function) {
    this.function = function;
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    return new Summaries.Summary(active.clone(), active[0]);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, TYPES));
    BlockBuilder block = forward.entry();
    List<Value> parameters = block.block().parameters();
    Value numbers = requireNonNull(block.apply(function, List.of(parameters.get(0))));
    if (result) {
      Value shadow = block.newArray(DOUBLES, block.arrayLength(numbers));
      Value tape = parameters.getLast();
      Kept.pushShadow(block, tape, parameters.get(1));
      Kept.pushShadow(block, tape, shadow);
      block.storeField(ForwardSweep.TAPE_SHADOW, tape, block.cast(shadow, CD_Object));
    }
    block.returns(numbers);

    Body.Builder reverse =
        new Body.Builder(
            function.name() + "'", Derivations.reverseType(function.type(), active, result, TYPES));
    block = reverse.entry();
    if (result) {
      Value tape = block.block().parameters().get(0);
      Value shadow = Kept.popShadow(block, tape, DOUBLES);
      Value object = Kept.popShadow(block, tape, CD_Object);
      MethodTypeDesc add = MethodTypeDesc.of(CD_void, CD_Object, DOUBLES);
      block.run(MethodRef.ofStatic(ADJOINTS, "addToNumbers", add), object, shadow);
    }
    block.returns(null);
    return new Adjoint.Bodies(forward.build(), reverse.build());
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    MethodTypeDesc type = Duals.type(function.type(), active, directions, TYPES);
    Body.Builder builder = new Body.Builder(function.name(), type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    Value numbers = requireNonNull(block.apply(function, List.of(parameters.get(0))));
    TangentCode code = new TangentCode(TYPES, parameters.getLast());
    code.at(block);
    MethodRef read =
        MethodRef.ofStatic(ADJOINTS, "numbers", MethodTypeDesc.of(DOUBLES, CD_Object, DOUBLES));
    for (int k = 0; result && k < directions; k++) {
      code.returns(block.call(read, parameters.get(1 + k), numbers), k);
    }
    block.returns(numbers);
    return builder.build();
  }

  /** Tells whether what it is asked for is being differentiated: true in derivatives only. */
  static final class Activity implements Handwritten {
    private final Function function;

    Activity(Function function) {
      this.function = function;
    }

    @Override
    public Summaries.Summary summary(boolean[] active, Statics statics) {
      return new Summaries.Summary(active.clone(), false);
    }

    @Override
    public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
      Body.Builder forward =
          new Body.Builder(
              function.name(), Derivations.forwardType(function.type(), active, TYPES));
      answer(forward.entry());
      return Adjoint.Bodies.withoutReverse(forward.build(), function, active, result, TYPES);
    }

    @Override
    public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
      Body.Builder builder =
          new Body.Builder(function.name(), Duals.type(function.type(), active, directions, TYPES));
      answer(builder.entry());
      return builder.build();
    }

    private static void answer(BlockBuilder block) {
      block.returns(block.constant(1));
    }
  }
}

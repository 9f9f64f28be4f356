package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The derivative of a function that keeps its arguments and is run again in the reverse sweep
 * (Griewank and Walther, "Evaluating Derivatives", 2008, chapter 12). A derivative of this
 * derivative keeps what it needs and runs once.
 *
 * @param function what has this derivative
 * @param plain the same function, derived from its body
 * @param isGuarded whether the function leaves exceptions in its last argument
 */
record Recomputing(Function function, Function plain, boolean isGuarded) implements Handwritten {
  static Recomputing of(Function function) {
    Function plain =
        new Function(function.name(), function.type(), function.host(), function::body);
    return new Recomputing(function, plain, false);
  }

  @Override
  public Recomputing guarded(Function guarded) {
    return new Recomputing(guarded, plain, true);
  }

  private Function inner() {
    return isGuarded ? Guarded.of(plain) : plain;
  }

  @Override
  public Summaries.Summary summary(boolean[] active) {
    return new Delegated(this::inner).summary(active);
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions) {
    return new Delegated(this::inner).dual(active, result, directions);
  }

  @Override
  public void give(Derived derived) {
    Handwritten.give(derived.forward(), new Delegated(() -> inner(derived).forward()));
    Handwritten.give(derived.reverse(), new Delegated(() -> inner(derived).reverse()));
  }

  private Derived inner(Derived derived) {
    return Derivations.of(inner(), derived.parameters(), derived.result());
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result) {
    Types types = Types.of(function.host());
    Derived inner = Derivations.of(inner(), active, result);
    Recomputation runs = new Recomputation(inner, types);
    return new Adjoint.Bodies(forward(runs, inner, types), reverse(runs, inner));
  }

  private Body forward(Recomputation runs, Derived inner, Types types) {
    MethodTypeDesc type = inner.forward().type();
    Body.Builder builder = new Body.Builder(function.name(), type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    int count = function.type().parameterCount();
    List<@Nullable Value> shadows = new ArrayList<>();
    int next = count;
    for (int i = 0; i < count; i++) {
      boolean isShadowed =
          inner.parameters()[i] && types.isShadowed(function.type().parameterType(i));
      shadows.add(isShadowed ? parameters.get(next++) : null);
    }
    MethodTypeDesc run =
        MethodTypeDesc.of(CD_Object, Types.OBJECTS, Types.OBJECTS, Derivations.TAPE);
    Value value =
        block.call(
            MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", run),
            block.constant(CD_MethodHandle, runs.forward()),
            array(block, parameters.subList(0, count)),
            array(block, shadows),
            parameters.getLast());
    returns(block, value, type.returnType());
    return builder.build();
  }

  private Body reverse(Recomputation runs, Derived inner) {
    MethodTypeDesc type = inner.reverse().type();
    Body.Builder builder = new Body.Builder(function.name() + "'", type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    Value cotangent =
        parameters.size() > 1
            ? block.cast(Conversions.convert(block, parameters.get(1), CD_Object), CD_Object)
            : block.nullConstant(CD_Object);
    Value only =
        block.call(
            MethodRef.ofVirtual(
                CD_MethodHandle,
                "invokeExact",
                MethodTypeDesc.of(CD_Object, Derivations.TAPE, CD_Object)),
            block.constant(CD_MethodHandle, runs.reverse()),
            parameters.get(0),
            cotangent);
    returns(block, only, type.returnType());
    return builder.build();
  }

  private static void returns(BlockBuilder block, Value value, ClassDesc type) {
    block.returns(type.equals(CD_void) ? null : Conversions.convert(block, value, type));
  }

  /** An array of values in boxes; null is null. */
  private static Value array(BlockBuilder block, List<? extends @Nullable Value> values) {
    Value array = block.newArray(Types.OBJECTS, block.constant(values.size()));
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      if (value != null) {
        block.storeElement(array, block.constant(i), Conversions.convert(block, value, CD_Object));
      }
    }
    return array;
  }
}

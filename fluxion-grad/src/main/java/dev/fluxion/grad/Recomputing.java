package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
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
 * @param step what an {@link Iteration} repeats, null of another function
 * @param isGuarded whether the function leaves exceptions in its last argument
 */
record Recomputing(Function function, Function plain, @Nullable Function step, boolean isGuarded)
    implements Handwritten {
  /** That of a function that runs again as a whole. */
  static Recomputing of(Function function) {
    return ofSteps(function, null);
  }

  /** That of an {@link Iteration}, whose function {@code next} runs again. */
  static Recomputing ofSteps(Function function, @Nullable Function step) {
    Function plain =
        new Function(function.name(), function.type(), function.host(), function::body);
    return new Recomputing(function, plain, step, false);
  }

  @Override
  public Recomputing guarded(Function guarded) {
    return new Recomputing(guarded, plain, step, true);
  }

  private Function inner() {
    return isGuarded ? Guarded.of(plain) : plain;
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    Summaries.Summary summary = new Delegated(this::inner).summary(active, statics);
    if (summary.reaches() || !summary.statics().isEmpty()) {
      throw new GradientException(
          "cannot run "
              + function.name()
              + " again for its gradient: it uses static fields with values that depend on the"
              + " arguments, which would change once more; pass these as arguments and results");
    }
    return summary;
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    return new Delegated(this::inner).dual(active, result, directions, statics);
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
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Derived inner = Derivations.of(inner(), active, result, Statics.REPEATED);
    Replay replay = replay(inner);
    return new Adjoint.Bodies(forward(replay, inner), reverse(replay, inner));
  }

  private Replay replay(Derived inner) {
    if (step == null) {
      return new Recomputation(new Sweeps(inner));
    }
    boolean[] active = inner.parameters().clone();
    active[Stepping.STATE] = true; // from the second one on, if the step makes it so
    Function one = isGuarded ? Guarded.of(step) : step;
    return new Stepping(new Sweeps(Derivations.of(one, active, true, Statics.REPEATED)));
  }

  private Body forward(Replay replay, Derived inner) {
    Types types = Types.of(function.host());
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
            block.constant(CD_MethodHandle, bound(replay, "forward", run)),
            array(block, parameters.subList(0, count)),
            array(block, shadows),
            parameters.getLast());
    returns(block, value, type.returnType());
    return builder.build();
  }

  private Body reverse(Replay replay, Derived inner) {
    MethodTypeDesc type = inner.reverse().type();
    Body.Builder builder = new Body.Builder(function.name() + "'", type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    Value cotangent =
        parameters.size() > 1
            ? block.cast(Conversions.convert(block, parameters.get(1), CD_Object), CD_Object)
            : block.nullConstant(CD_Object);
    MethodTypeDesc run = MethodTypeDesc.of(CD_Object, Derivations.TAPE, CD_Object);
    Value only =
        block.call(
            MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", run),
            block.constant(CD_MethodHandle, bound(replay, "reverse", run)),
            parameters.get(0),
            cotangent);
    returns(block, only, type.returnType());
    return builder.build();
  }

  /** A handle of a method of a replay. */
  private static MethodHandle bound(Replay replay, String method, MethodTypeDesc type) {
    try {
      return MethodHandles.lookup()
          .findVirtual(Replay.class, method, Methods.methodType(type, Replay.class))
          .bindTo(replay);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void returns(BlockBuilder block, Value value, ClassDesc type) {
    block.returns(Conversions.returned(block, value, type));
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

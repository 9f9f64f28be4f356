package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What a constructor hands to that of a class of the platform, as {@code super(elements)} does in a
 * subclass of a list. The object has been made with it already, and no code can make it once more:
 * only the shadows are told of, for what comes out of the object later.
 *
 * <p>A number cannot be told of, since it is put in a box there; nor can a function be wrapped that
 * the object has kept.
 */
final class SuperCall implements Handwritten {
  private final Function function;
  private final Op.Call call;
  private final Types types;

  private SuperCall(Function function, Op.Call call, Types types) {
    this.function = function;
    this.call = call;
    this.types = types;
  }

  /** Whether something may be handed over by which a derivative could be lost. */
  static boolean mayCarry(Op.Call call, Types types) {
    return call.method().type().parameterList().stream().anyMatch(types::mayCarry);
  }

  /** The function, of the object and the arguments, that stands for a call. */
  static Function function(Op.Call call, Types types) {
    MethodRef constructor = call.method();
    MethodTypeDesc type = constructor.type().insertParameterTypes(0, constructor.owner());
    String name = constructor.owner().displayName() + ".super";
    Function function =
        new Function(
            name,
            type,
            types.host(),
            () -> {
              Body.Builder builder = new Body.Builder(name, type);
              builder.entry().returns(null);
              return builder.build();
            });
    Handwritten.give(function, new SuperCall(function, call, types));
    return function;
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    Class<?> owner = types.resolve(call.method().owner(), call.location());
    boolean[] result = active.clone();
    for (int i = 1; i < active.length; i++) {
      Class<?> taken = parameter(i);
      boolean isTask = taken == Runnable.class || taken == Callable.class;
      if (active[i] || (isTask && !statics.isEmpty())) { // which a task may use
        check(owner, function.type().parameterType(i), isCalled(taken));
      }
      result[0] |= active[i];
    }
    for (int i = 1; i < active.length; i++) {
      boolean isPart = Foreign.isTransparent(owner) && carries(i) && !isCalled(parameter(i));
      result[i] = active[i] || (result[0] && isPart);
    }
    return new Summaries.Summary(result, false);
  }

  private Class<?> parameter(int index) {
    return types.resolve(function.type().parameterType(index), call.location());
  }

  /** Whether what an object of a type does could be lost; a comparator only compares. */
  private static boolean isCalled(Class<?> type) {
    return type != Comparator.class && Callback.of(type) != null;
  }

  private void check(Class<?> owner, ClassDesc type, boolean isFunction) {
    boolean isReference = types.isShadowed(type) && !types.isValue(type) && !type.isArray();
    if (isFunction || !isReference || !Foreign.isTransparent(owner)) {
      throw new GradientException(
          "cannot differentiate the constructor at "
              + call.location()
              + ": it hands "
              + (isFunction ? "a function" : "a value")
              + " that depends on the arguments to the constructor of its superclass "
              + owner.getSimpleName()
              + ", whose code belongs to the platform; keep it in a field of the subclass"
              + (isFunction ? ", and override the method that calls it" : "")
              + ", or wrap it in Grad.stopGradient");
    }
  }

  private boolean carries(int index) {
    return types.isShadowed(function.type().parameterType(index));
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, types));
    BlockBuilder block = forward.entry();
    List<Value> parameters = block.block().parameters();
    int shadow = active.length;
    for (int i = 0; i < active.length; i++) {
      if (active[i]) {
        announce(block, parameters.getLast(), parameters.get(i), parameters.get(shadow++));
      }
    }
    block.returns(null);
    return Adjoint.Bodies.withoutReverse(forward.build(), function, active, result, types);
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    Body.Builder builder =
        new Body.Builder(function.name(), Duals.type(function.type(), active, directions, types));
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    TangentCode code = new TangentCode(types, parameters.getLast());
    code.at(block);
    int shadow = active.length;
    for (int i = 0; i < active.length; i++) {
      for (int k = 0; active[i] && k < directions; k++) {
        announce(block, code.direction(k), parameters.get(i), parameters.get(shadow++));
      }
    }
    block.returns(null);
    return builder.build();
  }

  private static void announce(BlockBuilder block, Value carrier, Value primal, Value shadow) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, CD_Object, CD_Object);
    block.run(MethodRef.ofVirtual(carrier.type(), "announce", type), carrier, primal, shadow);
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.runtime.Called;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wraps objects that the platform's code calls back: the wrapper runs the dual of their method. Its
 * arguments and result are references, whose tangents are found by identity.
 */
final class DualCallback {
  private final Callback callback;
  private final DualDispatch active;
  private final DualDispatch passive;
  private final int directions;
  private final Function form;
  private final Function wrapper;

  DualCallback(Callback callback, int directions) {
    this.callback = callback;
    this.directions = directions;
    boolean[] withFunction = callback.carries().clone();
    withFunction[0] = true;
    this.active = dispatch(withFunction);
    this.passive = dispatch(callback.carries());
    MethodTypeDesc type = callback.reference().type().insertParameterTypes(0, CalledForm.CALLED);
    this.form = CalledForm.function(callback.type().getSimpleName(), type, this::follow);
    this.wrapper = CalledForm.wrapper(callback, selector(), DualCallback::called, form);
  }

  private DualDispatch dispatch(boolean[] pattern) {
    return new DualDispatch(
        new Calls.Target.Dispatched(callback.reference(), false),
        pattern,
        Carriers.mayCarry(callback.method().getReturnType()),
        directions,
        new Dispatch.Site(
            callback.statics(), ConstantArguments.NONE, true, CalledForm.types(), Callback.AT));
  }

  /**
   * The function that takes a function, its tangents in an array and the carrier of tangents, and
   * gives the object that the platform's code gets in its place.
   */
  Function wrapper() {
    return wrapper;
  }

  private MethodHandle selector() {
    return Choices.selector(this, MethodHandle.class, 3);
  }

  /** The dual of a function's method, or null when there is none to follow. */
  @Nullable MethodHandle select(
      @Nullable Object function, @Nullable Object shadows, Object tangents) {
    if (function == null || !callback.isWrapped(function, tangents)) {
      return null;
    }
    DualDispatch dispatch = shadows == null ? passive : active;
    Called inner = Called.of(function);
    return inner == null ? dispatch.select(function) : dispatch.selectForm(inner);
  }

  private static Value called(BlockBuilder block, List<Value> parameters, Value dual) {
    List<Value> arguments = new ArrayList<>(parameters);
    arguments.add(dual);
    arguments.add(block.nullConstant(ForwardSweep.CHOSEN));
    return block.construct(CalledForm.CONSTRUCTOR, arguments);
  }

  /** What is done when the function is called back. */
  private void follow(Body.Builder builder, BlockBuilder block) {
    List<Value> given = block.block().parameters();
    Value shadows = CalledForm.field(block, given.get(0), "shadow", CD_Object);
    BlockBuilder passively = builder.block();
    BlockBuilder actively = builder.block();
    block.branch(
        block.compare(Comparison.EQ, shadows, block.nullConstant(CD_Object)),
        Successor.to(passively.block()),
        Successor.to(actively.block()));
    follow(passively, given, null);
    follow(actively, given, shadows);
  }

  private void follow(BlockBuilder block, List<Value> given, @Nullable Value shadows) {
    Types types = CalledForm.types();
    Value carrier = CalledForm.field(block, given.get(0), "carrier", CD_Object);
    TangentCode code = new TangentCode(types, block.cast(carrier, Duals.TANGENTS));
    code.at(block);
    MethodRef check =
        MethodRef.ofVirtual(Duals.TANGENTS, "checkOwner", MethodTypeDesc.of(CD_void, CD_String));
    block.run(check, code.carrier(), block.constant(callback.type().getSimpleName()));
    List<Value> arguments = callback.arguments(block, given);
    if (shadows != null) {
      Value array = block.cast(shadows, Types.OBJECTS);
      ClassDesc type = types.shadow(callback.reference().owner());
      for (int k = 0; k < directions; k++) {
        arguments.add(code.cast(block.loadElement(array, block.constant(k)), type));
      }
    }
    Value name = block.constant(callback.type().getSimpleName());
    MethodRef find =
        MethodRef.ofVirtual(
            TangentCode.DIRECTION, "found", MethodTypeDesc.of(CD_Object, CD_Object, CD_String));
    for (int i = 1; i < given.size(); i++) {
      for (int k = 0; callback.carries()[i] && k < directions; k++) {
        Value found = block.call(find, code.direction(k), given.get(i), name);
        arguments.add(code.cast(found, types.shadow(given.get(i).type())));
      }
    }
    arguments.add(code.carrier());
    MethodTypeDesc type = (shadows == null ? passive : active).type();
    Value result = Callback.invoke(block, type, arguments);
    for (int k = 0; result != null && !result.type().isPrimitive() && k < directions; k++) {
      code.announce(result, code.returned(CD_Object, k), k);
    }
    block.returns(result);
  }
}

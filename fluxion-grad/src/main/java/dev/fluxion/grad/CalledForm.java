package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;

import dev.fluxion.grad.runtime.Called;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What stands between the platform's code and a function that it calls back, in a form that can be
 * derived like any other code: a derivative of a derivative follows the calls of the first one.
 */
final class CalledForm {
  static final ClassDesc CALLED = Called.class.describeConstable().orElseThrow();
  static final MethodRef CONSTRUCTOR =
      MethodRef.ofConstructor(
          CALLED, CD_Object, CD_Object, CD_Object, CD_MethodHandle, ForwardSweep.CHOSEN);
  private static final Types TYPES = Types.of(CalledForm.class);

  private CalledForm() {}

  /** A field of what is called. */
  static Value field(BlockBuilder block, Value called, String name, ClassDesc type) {
    return block.loadField(new FieldRef(CALLED, name, type, false), called);
  }

  /** A function without a derivative of its own, which is derived from this code. */
  static Function function(String name, MethodTypeDesc type, Code code) {
    return new Function(
        name,
        type,
        CalledForm.class,
        () -> {
          Body.Builder builder = new Body.Builder(name, type);
          code.write(builder, builder.entry());
          return builder.build();
        });
  }

  /** Writes a body. */
  interface Code {
    void write(Body.Builder builder, BlockBuilder block);
  }

  /**
   * The function that makes of a function, its shadow and the carrier what the platform gets.
   *
   * @param selector takes these three and gives the derivative, or null when there is none to
   *     follow
   * @param maker makes what is called of these three and the derivative
   * @param form what is done when that is called
   */
  static Function wrapper(Callback callback, MethodHandle selector, Maker maker, Function form) {
    String name = callback.type().getSimpleName();
    MethodTypeDesc type = MethodTypeDesc.of(CD_Object, CD_Object, CD_Object, CD_Object);
    Function proxy = Alias.of("proxy", CALLED, CD_Object, proxy(callback, form));
    return function(
        name,
        type,
        (builder, block) -> {
          List<Value> parameters = block.block().parameters();
          Value derivative = invoke(block, selector, parameters);
          BlockBuilder plain = builder.block();
          plain.returns(parameters.get(0));
          BlockBuilder wrapping = builder.block();
          Value none = block.nullConstant(derivative.type());
          block.branch(
              block.compare(Comparison.EQ, derivative, none),
              Successor.to(plain.block()),
              Successor.to(wrapping.block()));
          Value called = maker.make(wrapping, parameters, derivative);
          wrapping.returns(wrapping.apply(proxy, List.of(called)));
        });
  }

  /** Makes a {@link Called}. */
  interface Maker {
    Value make(BlockBuilder block, List<Value> parameters, Value derivative);
  }

  private static MethodHandle proxy(Callback callback, Function function) {
    MethodHandle handle = Derivations.handle(function);
    Handles.register(handle, function);
    Called.Form form = Called.Form.of(callback.type(), handle);
    try {
      return MethodHandles.lookup()
          .findVirtual(Called.Form.class, "proxy", MethodType.genericMethodType(1))
          .bindTo(form);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final Function UNWRAPPED;

  static {
    try {
      MethodHandle of =
          MethodHandles.lookup()
              .findStatic(Called.class, "of", MethodType.methodType(Called.class, Object.class))
              .asType(MethodType.genericMethodType(1));
      UNWRAPPED = Alias.of("called", CD_Object, CALLED, of);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The function that is run when a proxy's method is: takes the proxy, then the arguments. */
  static Function of(Called called, MethodTypeDesc type) {
    Function form = Objects.requireNonNull(Handles.function(called.form()));
    return function(
        form.name(),
        type,
        (_, block) -> {
          List<Value> arguments = new ArrayList<>(block.block().parameters());
          Value proxy = arguments.get(0);
          arguments.set(0, Objects.requireNonNull(block.apply(UNWRAPPED, List.of(proxy))));
          block.returns(block.apply(form, arguments));
        });
  }

  static Value invoke(BlockBuilder block, MethodHandle handle, List<Value> arguments) {
    List<Value> all = new ArrayList<>(arguments);
    all.add(0, block.constant(CD_MethodHandle, handle));
    return block.call(
        MethodRef.ofVirtual(
            CD_MethodHandle, "invokeExact", handle.type().describeConstable().orElseThrow()),
        all.toArray(new Value[0]));
  }

  /** A value as one of another type; the shadow of a reference stays as it is. */
  static Value cast(BlockBuilder block, Value value, ClassDesc type) {
    return value.type().equals(type) ? value : block.cast(value, type);
  }

  static Types types() {
    return TYPES;
  }
}

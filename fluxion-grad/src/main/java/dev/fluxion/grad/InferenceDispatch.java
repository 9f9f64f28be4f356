package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Called;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call in {@link InferenceCode} whose method the receiver's class chooses: finds what is made of
 * that method for each class once.
 */
final class InferenceDispatch {
  private static final MethodRef SELECT =
      MethodRef.ofVirtual(
          CD_MethodHandle, "invokeExact", MethodTypeDesc.of(CD_MethodHandle, CD_Object));

  private final MethodRef method;
  private final MethodTypeDesc type; // with the receiver
  private final Types types;
  private final Function plain;
  private final Choices<Chosen> choices = new Choices<>(receiver -> choose(receiver));

  /** The handle to call, and what keeps the function behind it alive. */
  private record Chosen(MethodHandle handle, Function function) {}

  private InferenceDispatch(MethodRef method, Types types) {
    this.method = method;
    this.type = method.type().insertParameterTypes(0, method.owner());
    this.types = types;
    this.plain = new Function(method.name(), type, types.host(), () -> call(method, type));
  }

  /** A call, and nothing else. */
  private static Body call(MethodRef method, MethodTypeDesc type) {
    Body.Builder builder = new Body.Builder(method.name(), type);
    BlockBuilder block = builder.entry();
    block.returns(block.call(method, block.block().parameters().toArray(new Value[0])));
    return builder.build();
  }

  /** Writes a call. */
  static void write(Body.Copy copy, Op.Call call, Types types) {
    InferenceDispatch dispatch = new InferenceDispatch(call.method(), types);
    BlockBuilder block = copy.block().at(call.location());
    Value receiver = copy.get(call.operands().get(0));
    Value selector = block.constant(CD_MethodHandle, dispatch.selector());
    List<Value> arguments = new ArrayList<>();
    arguments.add(block.call(SELECT, selector, receiver));
    arguments.addAll(call.operands());
    MethodRef invocation = MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", dispatch.type);
    copy.keep(new Op.Call(call.result(), invocation, arguments, call.location()));
  }

  private MethodHandle selector() {
    return Choices.selector(this, MethodHandle.class, 1);
  }

  MethodHandle select(@Nullable Object receiver) {
    Class<?> key = receiver == null ? void.class : receiver.getClass();
    return choices.ofClass(key, receiver).handle;
  }

  private Chosen choose(@Nullable Object receiver) {
    Function code = receiver == null ? null : code(receiver);
    Function chosen = code == null ? plain : InferenceCode.of(code).orElse(plain);
    MethodHandle handle =
        InferenceCode.handle(chosen).asType(Methods.methodType(type, types.host()));
    return new Chosen(handle, chosen);
  }

  /** The code that a receiver runs; null of what runs as it is. */
  private @Nullable Function code(Object receiver) {
    Class<?> owner = receiver.getClass();
    if (Carriers.isPlatform(owner) || Called.of(receiver) != null) {
      return null;
    }
    Declared declared = Methods.find(owner, method.name(), method.type());
    boolean isThere = declared != null && !Methods.has(declared, AccessFlag.ABSTRACT);
    if (owner.isHidden() && !isThere) {
      try {
        return Functional.method(receiver, type);
      } catch (GradientException _) { // it does not tell its code
        return null;
      }
    }
    return declared == null
            || !isThere
            || Carriers.isPlatform(declared.owner())
            || Rules.find(declared) != null
        ? null
        : Methods.function(declared);
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.MethodRef.Dispatch;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls what a lambda stands for, where the lambda itself is seen. */
final class LambdaCalls {
  private LambdaCalls() {}

  /** The method that does a lambda's work, or null if it is a constructor. */
  static @Nullable MethodRef implementation(Op.Lambda lambda) {
    DirectMethodHandleDesc handle = lambda.lambda().implementation();
    MethodTypeDesc type = MethodTypeDesc.ofDescriptor(handle.lookupDescriptor());
    Dispatch dispatch =
        switch (handle.kind()) {
          case STATIC, INTERFACE_STATIC -> Dispatch.STATIC;
          case VIRTUAL, SPECIAL -> Dispatch.VIRTUAL;
          case INTERFACE_VIRTUAL, INTERFACE_SPECIAL -> Dispatch.INTERFACE;
          default -> null;
        };
    return dispatch == null
        ? null
        : new MethodRef(
            dispatch, handle.owner(), handle.methodName(), type, handle.isOwnerInterface());
  }

  /** Whether a call is of a lambda's own method, not of one that its interface has besides. */
  static boolean isCalledBy(Op.Call call, Op.Lambda lambda) {
    return call.method().dispatch() == Dispatch.INTERFACE
        && call.method().name().equals(lambda.lambda().methodName())
        && call.method().type().equals(lambda.lambda().methodType())
        && implementation(lambda) != null;
  }

  /** Calls the implementation; the result is of the type wanted, null for void. */
  static @Nullable Value call(
      BlockBuilder block,
      MethodRef implementation,
      List<Value> captured,
      List<Value> arguments,
      ClassDesc wanted) {
    List<ClassDesc> types = implementation.argumentTypes();
    List<Value> all = new ArrayList<>(captured);
    for (Value argument : arguments) {
      all.add(Conversions.convert(block, argument, types.get(all.size())));
    }
    Value[] passed = all.toArray(new Value[0]);
    if (implementation.type().returnType().equals(CD_void)) {
      block.run(implementation, passed);
      return null;
    }
    Value result = block.call(implementation, passed);
    return Conversions.returned(block, result, wanted);
  }
}

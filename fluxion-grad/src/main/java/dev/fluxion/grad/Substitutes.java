package dev.fluxion.grad;

import dev.fluxion.grad.runtime.ArrayMethods;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.jspecify.annotations.Nullable;

/** Methods of the platform for which there is a version in plain Java to differentiate. */
final class Substitutes {
  private static final ClassDesc ARRAY_METHODS =
      ArrayMethods.class.describeConstable().orElseThrow();

  private Substitutes() {}

  /** The method to call instead, or null. */
  static @Nullable MethodRef find(MethodRef method) {
    String owner = method.owner().descriptorString();
    if (owner.equals("Ljava/util/Arrays;") || owner.equals("Ljava/util/Objects;")) {
      return declared(method.name(), method.type());
    }
    if (method.name().equals("clone") && method.owner().isArray()) {
      MethodTypeDesc type = MethodTypeDesc.of(method.type().returnType(), method.owner());
      return declared("clone", type.changeReturnType(method.type().returnType()));
    }
    return null;
  }

  private static @Nullable MethodRef declared(String name, MethodTypeDesc type) {
    for (MethodModel model : ClassFiles.of(ArrayMethods.class).orElseThrow().methods()) {
      if (model.methodName().equalsString(name)
          && model.methodType().equalsString(type.descriptorString())) {
        return MethodRef.ofStatic(ARRAY_METHODS, name, type);
      }
    }
    return null;
  }
}

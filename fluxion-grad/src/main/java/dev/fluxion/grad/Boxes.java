package dev.fluxion.grad;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Puts numbers in boxes and takes them out, as lambdas do between erased and actual types. */
final class Boxes {
  private Boxes() {}

  /** The value as one of a type. */
  static Value adapt(BlockBuilder block, Value value, ClassDesc type) {
    boolean isReference = value.kind() == Kind.REFERENCE;
    if (isReference && type.isPrimitive()) {
      ClassDesc box = box(type);
      Value boxed = value.type().equals(box) ? value : block.cast(value, box);
      String method = name(type) + "Value";
      return block.call(MethodRef.ofVirtual(box, method, MethodTypeDesc.of(type)), boxed);
    }
    if (!isReference && !type.isPrimitive()) {
      ClassDesc box = box(value.type());
      MethodTypeDesc valueOf = MethodTypeDesc.of(box, value.type());
      return block.call(MethodRef.ofStatic(box, "valueOf", valueOf), value);
    }
    if (value.type().equals(type)) {
      return value;
    }
    return isReference ? block.cast(value, type) : block.convert(value, type);
  }

  private static String name(ClassDesc primitive) {
    return primitive.displayName();
  }

  private static ClassDesc box(ClassDesc primitive) {
    String name =
        switch (name(primitive)) {
          case "int" -> "Integer";
          case "char" -> "Character";
          default -> Character.toUpperCase(name(primitive).charAt(0)) + name(primitive).substring(1);
        };
    return ClassDesc.of("java.lang", name);
  }
}

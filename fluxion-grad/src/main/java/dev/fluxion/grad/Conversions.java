package dev.fluxion.grad;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.jspecify.annotations.Nullable;

/** Conversions between what a functional interface's method and its implementation take. */
final class Conversions {
  private Conversions() {}

  /** A value as another type: cast, boxed, unboxed or widened, as a lambda's adapter does it. */
  static Value convert(BlockBuilder block, Value value, ClassDesc wanted) {
    ClassDesc given = value.type();
    if (given.equals(wanted)) {
      return value;
    }
    if (given.isPrimitive() && wanted.isPrimitive()) {
      boolean isSame = Kind.of(given) == Kind.of(wanted) && Kind.of(given) == Kind.INT;
      return isSame ? value : block.convert(value, wanted);
    }
    if (given.isPrimitive()) {
      ClassDesc box = box(given);
      return block.call(MethodRef.ofStatic(box, "valueOf", MethodTypeDesc.of(box, given)), value);
    }
    if (wanted.isPrimitive()) {
      ClassDesc primitive = primitive(given);
      ClassDesc from = primitive == null ? wanted : primitive;
      ClassDesc box = box(from);
      Value boxed = given.equals(box) ? value : block.cast(value, box);
      Value number =
          block.call(
              MethodRef.ofVirtual(box, from.displayName() + "Value", MethodTypeDesc.of(from)),
              boxed);
      return convert(block, number, wanted);
    }
    return block.cast(value, wanted);
  }

  /** What a body returns for a call's result; null where it or the call gives none. */
  static @Nullable Value returned(BlockBuilder block, @Nullable Value result, ClassDesc wanted) {
    return result == null || wanted.equals(ConstantDescs.CD_void)
        ? null
        : convert(block, result, wanted);
  }

  /** A value as a rule takes it: the receiver may be known as an interface only. */
  static Value fitting(BlockBuilder block, Value value, ClassDesc wanted, Types types) {
    boolean fits =
        value.kind() != Kind.REFERENCE
            || types
                .resolve(wanted, Location.NONE)
                .isAssignableFrom(types.resolve(value.type(), Location.NONE));
    return fits ? value : block.cast(value, wanted);
  }

  private static ClassDesc box(ClassDesc primitive) {
    return switch (primitive.descriptorString().charAt(0)) {
      case 'Z' -> ConstantDescs.CD_Boolean;
      case 'B' -> ConstantDescs.CD_Byte;
      case 'C' -> ConstantDescs.CD_Character;
      case 'S' -> ConstantDescs.CD_Short;
      case 'I' -> ConstantDescs.CD_Integer;
      case 'J' -> ConstantDescs.CD_Long;
      case 'F' -> ConstantDescs.CD_Float;
      default -> ConstantDescs.CD_Double;
    };
  }

  private static @Nullable ClassDesc primitive(ClassDesc box) {
    return switch (box.descriptorString()) {
      case "Ljava/lang/Boolean;" -> ConstantDescs.CD_boolean;
      case "Ljava/lang/Byte;" -> ConstantDescs.CD_byte;
      case "Ljava/lang/Character;" -> ConstantDescs.CD_char;
      case "Ljava/lang/Short;" -> ConstantDescs.CD_short;
      case "Ljava/lang/Integer;" -> ConstantDescs.CD_int;
      case "Ljava/lang/Long;" -> ConstantDescs.CD_long;
      case "Ljava/lang/Float;" -> ConstantDescs.CD_float;
      case "Ljava/lang/Double;" -> ConstantDescs.CD_double;
      default -> null;
    };
  }
}

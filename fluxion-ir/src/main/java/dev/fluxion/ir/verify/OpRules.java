package dev.fluxion.ir.verify;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which operands and results an operation may have. */
final class OpRules {
  private OpRules() {}

  /** What is wrong with an operation, or null. */
  static @Nullable String problem(Op op) {
    return switch (op) {
      case Op.Constant constant -> constant(constant);
      case Op.Negate negate ->
          first(number(negate.operand()), same("the result", negate.result(), negate.operand()));
      case Op.Binary binary -> binary(binary);
      case Op.Compare compare -> compare(compare);
      case Op.ThreeWay compare -> threeWay(compare);
      case Op.Convert convert -> convert(convert);
      case Op.Cast cast ->
          first(
              kind("what is cast", cast.operand(), Kind.REFERENCE),
              kind("the result", cast.result(), Kind.REFERENCE));
      case Op.InstanceOf test ->
          first(
              kind("what is tested", test.operand(), Kind.REFERENCE),
              kind("the result", test.result(), Kind.INT),
              Kind.of(test.target()) == Kind.REFERENCE ? null : "nothing is of a primitive type");
      case Op.NewArray array -> newArray(array);
      case Op.ArrayLength length ->
          first(array(length.array()), kind("the result", length.result(), Kind.INT));
      case Op.LoadElement load ->
          first(
              array(load.array()),
              kind("the index", load.index(), Kind.INT),
              element(load.array(), load.result()));
      case Op.StoreElement store ->
          first(
              array(store.array()),
              kind("the index", store.index(), Kind.INT),
              element(store.array(), store.value()));
      case Op.LoadField load ->
          first(receiver(load.field(), load.receiver()), passed(load.field(), load.result()));
      case Op.StoreField store ->
          first(receiver(store.field(), store.receiver()), passed(store.field(), store.value()));
      case Op.Call call ->
          first(
              arguments(call.method().argumentTypes(), call.arguments()),
              result(call.method().type(), call.result()));
      case Op.New created -> created(created);
      case Op.Lambda lambda ->
          made(lambda.lambda().site().invocationType(), lambda.captured(), lambda.result());
      case Op.InvokeDynamic dynamic ->
          made(dynamic.site().invocationType(), dynamic.arguments(), dynamic.result());
      case Op.Apply apply -> made(apply.function().type(), apply.arguments(), apply.result());
      case Op.Monitor monitor -> kind("what has a monitor", monitor.object(), Kind.REFERENCE);
    };
  }

  private static @Nullable String first(@Nullable String... problems) {
    for (String problem : problems) {
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String kind(String what, Value value, Kind expected) {
    return value.kind() == expected
        ? null
        : what + " is of kind " + name(value.kind()) + ", not " + name(expected);
  }

  private static @Nullable String same(String what, Value value, Value other) {
    return kind(what, value, other.kind());
  }

  private static @Nullable String number(Value value) {
    return value.kind() == Kind.REFERENCE ? "a reference is no number" : null;
  }

  /** What is wrong with a value that is passed where another type is expected, or null. */
  static @Nullable String passed(ClassDesc expected, Value value) {
    ClassDesc type = value.type();
    if (value.kind() != Kind.of(expected)) {
      return "of kind " + name(value.kind()) + ", not " + name(Kind.of(expected));
    }
    ClassDesc component = type.componentType();
    ClassDesc expectedComponent = expected.componentType();
    boolean differs =
        component != null
            && expectedComponent != null
            && (component.isPrimitive() || expectedComponent.isPrimitive())
            && !component.equals(expectedComponent);
    return differs ? "a " + type.displayName() + ", not a " + expected.displayName() : null;
  }

  private static @Nullable String constant(Op.Constant constant) {
    Object value = constant.value();
    boolean fits =
        switch (constant.result().kind()) {
          case INT -> value instanceof Integer;
          case LONG -> value instanceof Long;
          case FLOAT -> value instanceof Float;
          case DOUBLE -> value instanceof Double;
          case REFERENCE ->
              !(value instanceof Integer
                  || value instanceof Long
                  || value instanceof Float
                  || value instanceof Double);
          case VOID -> false;
        };
    return fits ? null : "the constant is not of the result's kind";
  }

  private static @Nullable String binary(Op.Binary binary) {
    Arithmetic operator = binary.operator();
    boolean onIntegersOnly =
        switch (operator) {
          case ADD, SUB, MUL, DIV, REM -> false;
          case AND, OR, XOR, SHL, SHR, USHR -> true;
        };
    return first(
        number(binary.left()),
        onIntegersOnly && binary.left().kind().isFloating() ? "it works on integers only" : null,
        operator.isShift()
            ? kind("the distance", binary.right(), Kind.INT)
            : same("the right operand", binary.right(), binary.left()),
        same("the result", binary.result(), binary.left()));
  }

  private static @Nullable String compare(Op.Compare compare) {
    boolean isOrder =
        compare.comparison() != Comparison.EQ && compare.comparison() != Comparison.NE;
    return first(
        same("the right operand", compare.right(), compare.left()),
        isOrder ? number(compare.left()) : null,
        kind("the result", compare.result(), Kind.INT));
  }

  private static @Nullable String threeWay(Op.ThreeWay compare) {
    Kind kind = compare.left().kind();
    boolean fits =
        switch (kind) {
          case LONG -> compare.ifUnordered() == 0;
          case FLOAT, DOUBLE -> Math.abs(compare.ifUnordered()) == 1;
          default -> false;
        };
    return first(
        fits ? null : "it compares longs, with 0, or floating-point numbers, with -1 or 1",
        same("the right operand", compare.right(), compare.left()),
        kind("the result", compare.result(), Kind.INT));
  }

  private static @Nullable String convert(Op.Convert convert) {
    ClassDesc type = convert.result().type();
    return first(
        number(convert.operand()),
        type.isPrimitive() && !type.equals(CD_boolean)
            ? null
            : "numbers cannot be converted to " + type.displayName());
  }

  private static @Nullable String newArray(Op.NewArray array) {
    ClassDesc type = array.result().type();
    for (Value length : array.lengths()) {
      ClassDesc component = type.componentType();
      if (component == null) {
        return "it has more lengths than its type has dimensions";
      }
      type = component;
      String problem = kind("a length", length, Kind.INT);
      if (problem != null) {
        return problem;
      }
    }
    return array.lengths().isEmpty() ? "it has no length" : null;
  }

  /** A null that the class file gives no type is an {@code Object} here. */
  private static @Nullable String array(Value value) {
    boolean mayBe = value.type().isArray() || value.type().equals(CD_Object);
    return mayBe ? null : "a " + value.type().displayName() + " is no array";
  }

  private static @Nullable String element(Value array, Value element) {
    ClassDesc component = array.type().componentType();
    return component == null ? null : kind("the element", element, Kind.of(component));
  }

  private static @Nullable String receiver(FieldRef field, @Nullable Value receiver) {
    if (field.isStatic()) {
      return receiver == null ? null : "a static field has no receiver";
    }
    return receiver == null
        ? "the receiver is missing"
        : kind("the receiver", receiver, Kind.REFERENCE);
  }

  private static @Nullable String passed(FieldRef field, Value value) {
    String problem = passed(field.type(), value);
    return problem == null ? null : "the field's value is " + problem;
  }

  private static @Nullable String arguments(List<ClassDesc> types, List<Value> arguments) {
    if (types.size() != arguments.size()) {
      return "it takes " + types.size() + " arguments, not " + arguments.size();
    }
    for (int i = 0; i < types.size(); i++) {
      String problem = passed(types.get(i), arguments.get(i));
      if (problem != null) {
        return "argument " + (i + 1) + " is " + problem;
      }
    }
    return null;
  }

  private static @Nullable String result(MethodTypeDesc type, @Nullable Value result) {
    if (result == null) {
      return Kind.of(type.returnType()) == Kind.VOID ? null : "its result has no name";
    }
    String problem = passed(type.returnType(), result);
    return problem == null ? null : "the result is " + problem;
  }

  private static @Nullable String made(
      MethodTypeDesc type, List<Value> arguments, @Nullable Value result) {
    return first(arguments(type.parameterList(), arguments), result(type, result));
  }

  private static @Nullable String created(Op.New created) {
    MethodRef constructor = created.constructor();
    return first(
        constructor.name().equals(INIT_NAME) || constructor.isAllocation()
            ? null
            : "it calls no constructor",
        arguments(constructor.type().parameterList(), created.arguments()),
        created.result().type().equals(constructor.owner())
            ? null
            : "the result is a "
                + created.result().type().displayName()
                + ", not a "
                + constructor.owner().displayName());
  }
}

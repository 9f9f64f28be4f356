package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.grad.runtime.Tangents;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the code that computes with tangents. */
final class TangentCode {
  private static final ClassDesc ADJOINTS = Adjoints.class.describeConstable().orElseThrow();
  static final ClassDesc DIRECTION = Tangents.Direction.class.describeConstable().orElseThrow();
  private static final ClassDesc DOUBLES = CD_double.arrayType();
  private static final FieldRef SLOTS = new FieldRef(Types.SHADOW, "numbers", DOUBLES, false);
  private static final FieldRef NUMBER = new FieldRef(Duals.TANGENTS, "number", CD_double, false);
  private static final FieldRef REFERENCE =
      new FieldRef(Duals.TANGENTS, "reference", CD_Object, false);
  private static final FieldRef NUMBERS = new FieldRef(Duals.TANGENTS, "numbers", DOUBLES, false);
  private static final FieldRef REFERENCES =
      new FieldRef(Duals.TANGENTS, "references", Types.OBJECTS, false);

  private final Types types;
  private final Value carrier;
  private @Nullable BlockBuilder current;

  TangentCode(Types types, Value carrier) {
    this.types = types;
    this.carrier = carrier;
  }

  /** Code that computes with numbers only. */
  static TangentCode ofNumbers(Types types) {
    return new TangentCode(types, new Value(Duals.TANGENTS));
  }

  /** Writes into a block from here on. */
  void at(BlockBuilder block) {
    current = block;
  }

  BlockBuilder block() {
    if (current == null) {
      throw new IllegalStateException("no block to write to");
    }
    return current;
  }

  Value carrier() {
    return carrier;
  }

  private static boolean isNumber(ClassDesc type) {
    return Kind.of(type) != Kind.REFERENCE;
  }

  Value cast(Value value, ClassDesc type) {
    if (value.type().equals(type)) {
      return value;
    }
    return isNumber(type) ? number(value, type) : block().cast(value, type);
  }

  /** A number as a float or a double. */
  Value number(Value number, ClassDesc type) {
    return Kind.of(type) == number.kind() ? number : block().convert(number, type);
  }

  /** The zero for a number, or for a vector of that value's shape. */
  Value zero(Value primal, ClassDesc type) {
    return isNumber(type)
        ? block().constant(type, SsaBuilder.zero(type))
        : cast(call("zero", CD_Object, primal), type);
  }

  private Value call(String name, ClassDesc result, Value... arguments) {
    List<ClassDesc> parameters = new ArrayList<>();
    for (Value argument : arguments) {
      parameters.add(isNumber(argument.type()) ? argument.type() : CD_Object);
    }
    MethodTypeDesc type = MethodTypeDesc.of(result, parameters);
    return block().call(MethodRef.ofStatic(Duals.TANGENTS, name, type), arguments);
  }

  /** The shadow of a lone number or vector with this tangent. */
  Value cell(Value tangent) {
    return call(
        "cell", Types.SHADOW, isNumber(tangent.type()) ? number(tangent, CD_double) : tangent);
  }

  /** The tangent of a lone number or vector, out of its shadow. */
  Value fromCell(Value cell, Value primal) {
    ClassDesc type = Types.adjoint(primal.type());
    return isNumber(type)
        ? number(call("number", CD_double, cell), type)
        : cast(call("vectorIn", CD_Object, cell, primal), type);
  }

  /** A tangent from memory, where null stands for a zero vector. */
  Value vectorOrNumber(Value found, Value primal) {
    ClassDesc type = Types.adjoint(primal.type());
    return isNumber(type)
        ? number(found, type)
        : cast(call("vector", CD_Object, found, primal), type);
  }

  /** A new object whose constructor runs in transformed code. */
  void allocate(Op.New created) {
    Class<?> type = types.resolve(created.result().type(), created.location());
    Value raw =
        block()
            .call(
                MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", MethodTypeDesc.of(CD_Object)),
                block().constant(CD_MethodHandle, Allocation.of(type)));
    block().add(new Op.Cast(created.result(), raw, created.location()));
  }

  Value newShadow(int numbers, int references) {
    Value shadow = new Value(Types.SHADOW);
    block()
        .add(
            new Op.New(
                shadow,
                MethodRef.ofConstructor(Types.SHADOW, CD_int, CD_int),
                List.of(block().constant(numbers), block().constant(references)),
                block().location()));
    return shadow;
  }

  /** Lets the code of a lambda be found when it is called. */
  void remember(Op.Lambda lambda) {
    Lambdas.Site site = new Lambdas.Site(lambda.lambda(), types.host());
    block()
        .run(
            Lambdas.RECORD,
            block().constant(CD_MethodHandle, site.recorder()),
            block().cast(lambda.result(), CD_Object),
            block().nullConstant(ForwardSweep.CHOSEN));
  }

  Value direction(int index) {
    return block()
        .call(
            MethodRef.ofVirtual(Duals.TANGENTS, "direction", MethodTypeDesc.of(DIRECTION, CD_int)),
            carrier,
            block().constant(index));
  }

  /** The tangent of a static field. */
  Value cell(int index, int direction) {
    return block()
        .call(
            MethodRef.ofVirtual(
                Duals.TANGENTS, "cell", MethodTypeDesc.of(Types.SHADOW, CD_int, CD_int)),
            carrier,
            block().constant(index),
            block().constant(direction));
  }

  /** Lets the tangent of what leaves the code here be found by its identity. */
  void announce(Value primal, Value tangent, int direction) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, CD_Object, CD_Object);
    block()
        .run(
            MethodRef.ofVirtual(DIRECTION, "announce", type),
            direction(direction),
            primal,
            tangent);
  }

  /** What cannot be differentiated is not the user's to catch. */
  void refuse(Value exception) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, CD_Throwable);
    block().run(MethodRef.ofStatic(ADJOINTS, "refuse", type), exception);
  }

  /** The tangent of what nothing gave one. */
  Value shadowOf(Value primal, int direction) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_Object, CD_Object);
    return block()
        .call(MethodRef.ofVirtual(DIRECTION, "shadowOfPlace", type), direction(direction), primal);
  }

  Value shadowAt(Value holder, Value index, Value primal, int direction) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_Object, holder.type(), CD_int, CD_Object);
    return block()
        .call(
            MethodRef.ofVirtual(DIRECTION, "shadowAt", type),
            direction(direction),
            holder,
            index,
            primal);
  }

  Value loadSlot(Value shadow, int slot, ClassDesc type) {
    FieldRef field = isNumber(Types.adjoint(type)) ? SLOTS : ForwardSweep.REFERENCES;
    return block().loadElement(block().loadField(field, shadow), block().constant(slot));
  }

  void storeSlot(Value shadow, int slot, Value tangent) {
    boolean isNumber = isNumber(tangent.type());
    Value array = block().loadField(isNumber ? SLOTS : ForwardSweep.REFERENCES, shadow);
    block()
        .storeElement(
            array, block().constant(slot), isNumber ? number(tangent, CD_double) : tangent);
  }

  /** Leaves the tangent of the result for the caller. */
  void returns(Value tangent, int direction) {
    boolean isNumber = isNumber(tangent.type());
    Value value = isNumber ? number(tangent, CD_double) : tangent;
    if (direction == 0) {
      block().storeField(isNumber ? NUMBER : REFERENCE, carrier, value);
    } else {
      Value array = block().loadField(isNumber ? NUMBERS : REFERENCES, carrier);
      block().storeElement(array, block().constant(direction - 1), value);
    }
  }

  /** The tangent of what was just returned. */
  Value returned(ClassDesc type, int direction) {
    boolean isNumber = isNumber(type);
    Value found =
        direction == 0
            ? block().loadField(isNumber ? NUMBER : REFERENCE, carrier)
            : block()
                .loadElement(
                    block().loadField(isNumber ? NUMBERS : REFERENCES, carrier),
                    block().constant(direction - 1));
    return cast(found, type);
  }

  Value sum(Value left, Value right) {
    ClassDesc type = left.type();
    if (isNumber(type)) {
      return block().arithmetic(Arithmetic.ADD, left, right);
    }
    if (type.isArray() && !types.isValue(type)) {
      block()
          .run(
              MethodRef.ofStatic(ADJOINTS, "add", MethodTypeDesc.of(CD_void, type, type)),
              left,
              right);
      return left;
    }
    MethodTypeDesc objects = MethodTypeDesc.of(CD_Object, CD_Object, CD_Object);
    return cast(block().call(MethodRef.ofStatic(ADJOINTS, "sum", objects), left, right), type);
  }

  /** The tangent of arithmetic; an operand without a tangent is constant. */
  Value arithmetic(
      Op.Binary binary, @Nullable Value dLeft, @Nullable Value dRight, Activity activity) {
    BlockBuilder block = block();
    Value tangent =
        switch (binary.operator()) {
          case ADD -> plus(dLeft, dRight);
          case SUB -> minus(dLeft, dRight);
          case MUL -> plus(times(dLeft, binary.right()), times(dRight, binary.left()));
          case DIV -> { // (dl - q dr) / r
            if (activity.isNonzeroConstant(binary.right())) {
              yield block.arithmetic(Arithmetic.DIV, requireNonNull(dLeft), binary.right());
            }
            Value bottom = dRight == null ? null : adjoints("product", dRight, binary.result());
            yield adjoints("quotient", requireNonNull(minus(dLeft, bottom)), binary.right());
          }
          case REM -> { // a % b = a - n b, where n is a whole number
            if (dRight == null) {
              yield dLeft;
            }
            Value whole = block.arithmetic(Arithmetic.SUB, binary.left(), binary.result());
            Value times = block.arithmetic(Arithmetic.DIV, whole, binary.right());
            yield minus(dLeft, adjoints("product", dRight, times));
          }
          default -> throw new IllegalStateException("not arithmetic on floating-point numbers");
        };
    return requireNonNull(tangent);
  }

  private @Nullable Value plus(@Nullable Value left, @Nullable Value right) {
    return left == null
        ? right
        : right == null ? left : block().arithmetic(Arithmetic.ADD, left, right);
  }

  private @Nullable Value minus(@Nullable Value left, @Nullable Value right) {
    return right == null
        ? left
        : left == null ? block().negate(right) : block().arithmetic(Arithmetic.SUB, left, right);
  }

  private @Nullable Value times(@Nullable Value tangent, Value factor) {
    return tangent == null ? null : block().arithmetic(Arithmetic.MUL, tangent, factor);
  }

  // ---------------------------------------------------------------- rules

  /** What a rule makes of the arguments, the result, and a tangent or cotangent. */
  Value apply(Rule.Vjp rule, List<Value> argumentsAndResult, Value tangent) {
    List<Value> passed = new ArrayList<>();
    for (Value value : argumentsAndResult) {
      ClassDesc wanted = rule.type().parameterType(passed.size());
      passed.add(Conversions.fitting(block(), value, wanted, types));
    }
    ClassDesc last = rule.type().parameterType(rule.type().parameterCount() - 1);
    passed.add(cast(tangent, last));
    if (rule.method() != null) {
      return block().call(rule.method(), passed.toArray(new Value[0]));
    }
    passed.add(0, block().constant(CD_MethodHandle, rule.handle()));
    return block()
        .call(
            MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", rule.type()),
            passed.toArray(new Value[0]));
  }

  /** The partial derivative that a pullback between numbers multiplies by. */
  Value partial(Rule.Vjp pullback, List<Value> argumentsAndResult) {
    Value one = block().constant(1.0);
    return number(apply(pullback, argumentsAndResult, one), CD_double);
  }

  Value scaled(Value partial, Value tangent, ClassDesc type) {
    return number(adjoints("product", number(tangent, CD_double), partial), type);
  }

  /** A product or quotient of numbers, where a tangent of zero wins over what is not finite. */
  private Value adjoints(String name, Value tangent, Value other) {
    ClassDesc type = tangent.type();
    return block()
        .call(
            MethodRef.ofStatic(ADJOINTS, name, MethodTypeDesc.of(type, type, type)),
            tangent,
            other);
  }

  /** What a pushforward returned, as a number of the result's type or an array of its own. */
  Value owned(Value tangent, ClassDesc type) {
    if (!tangent.type().isArray()) {
      return isNumber(type) ? number(tangent, type) : tangent;
    }
    ClassDesc array = tangent.type();
    return block()
        .call(MethodRef.ofStatic(ADJOINTS, "copy", MethodTypeDesc.of(array, array)), tangent);
  }

  /** The tangent of a number by its gradient in an array. */
  Value inner(Value gradient, Value tangent, ClassDesc type) {
    ClassDesc array = gradient.type();
    MethodTypeDesc inner = MethodTypeDesc.of(CD_double, array, array);
    return number(
        block().call(MethodRef.ofStatic(ADJOINTS, "inner", inner), gradient, tangent), type);
  }
}

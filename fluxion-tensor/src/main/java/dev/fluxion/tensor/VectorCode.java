package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operations on as many numbers as a vector register has room for, in the Vector API. */
final class VectorCode implements LaneCode {
  private static final ClassDesc SPECIES = vector("VectorSpecies");
  private static final ClassDesc VECTOR = vector("Vector");
  static final ClassDesc MASK = vector("VectorMask");
  private static final ClassDesc OPERATORS = vector("VectorOperators");

  private final boolean isFloat32;
  private final BlockBuilder before;
  private final BlockBuilder work;
  private final Map<ClassDesc, Value> species = new HashMap<>();
  private final Map<String, Value> operators = new HashMap<>();
  private @Nullable Value excluded;

  VectorCode(boolean isFloat32, BlockBuilder before, BlockBuilder work) {
    this.isFloat32 = isFloat32;
    this.before = before;
    this.work = work;
  }

  private static ClassDesc vector(String name) {
    return ClassDesc.of("jdk.incubator.vector", name);
  }

  /** The class of vectors of floats or doubles. */
  static ClassDesc type(boolean isFloat32) {
    return vector(isFloat32 ? "FloatVector" : "DoubleVector");
  }

  private ClassDesc type() {
    return type(isFloat32);
  }

  private ClassDesc integers() {
    return vector(isFloat32 ? "IntVector" : "LongVector");
  }

  private ClassDesc element(ClassDesc vectors) {
    boolean isNumber = vectors.equals(type());
    return isFloat32 ? isNumber ? CD_float : CD_int : isNumber ? CD_double : CD_long;
  }

  /** How many lanes there are, as such and as a number. */
  static Value length(BlockBuilder before, boolean isFloat32) {
    return before.call(
        new MethodRef(
            MethodRef.Dispatch.INTERFACE, SPECIES, "length", MethodTypeDesc.of(CD_int), true),
        species(before, type(isFloat32)));
  }

  private static Value species(BlockBuilder before, ClassDesc vectors) {
    return before.loadField(new FieldRef(vectors, "SPECIES_PREFERRED", SPECIES, true), null);
  }

  private Value species(ClassDesc vectors) {
    return species.computeIfAbsent(vectors, _ -> species(before, vectors));
  }

  private Value broadcast(ClassDesc vectors, Value one) {
    MethodTypeDesc type = MethodTypeDesc.of(vectors, SPECIES, element(vectors));
    return before.call(MethodRef.ofStatic(vectors, "broadcast", type), species(vectors), one);
  }

  private Value call(String name, ClassDesc result, List<ClassDesc> types, Value... operands) {
    MethodTypeDesc type = MethodTypeDesc.of(result, types);
    return work.call(MethodRef.ofVirtual(operands[0].type(), name, type), operands);
  }

  private Value operator(String name, String type) {
    return operators.computeIfAbsent(
        name,
        _ -> before.loadField(new FieldRef(OPERATORS, name, OPERATORS.nested(type), true), null));
  }

  // ---------------------------------------------------------------- elements

  /** A number, of either type, in all lanes. */
  Value number(Value number) {
    ClassDesc element = element(type());
    return broadcast(
        type(), number.type().equals(element) ? number : before.convert(number, element));
  }

  Value load(Value array, Value index) {
    MethodTypeDesc load = MethodTypeDesc.of(type(), SPECIES, element(type()).arrayType(), CD_int);
    return work.call(MethodRef.ofStatic(type(), "fromArray", load), species(type()), array, index);
  }

  /** The lanes whose results do not hold, or null if all do. */
  @Nullable Value excluded() {
    return excluded;
  }

  // ---------------------------------------------------------------- operations

  @Override
  public boolean isFloat32() {
    return isFloat32;
  }

  @Override
  public Value constant(double number) {
    return number(isFloat32 ? before.constant((float) number) : before.constant(number));
  }

  @Override
  public Value mask(boolean isSet) {
    MethodTypeDesc type = MethodTypeDesc.of(MASK, CD_boolean);
    return before.call(
        new MethodRef(MethodRef.Dispatch.INTERFACE, SPECIES, "maskAll", type, true),
        species(type()),
        before.constant(isSet ? 1 : 0));
  }

  @Override
  public Value negate(Value operand) {
    return call("neg", type(), List.of(), operand);
  }

  @Override
  public Value arithmetic(Arithmetic operator, Value left, Value right) {
    ClassDesc type = left.type();
    return switch (operator) {
      case ADD -> call("add", type, List.of(VECTOR), left, right);
      case SUB -> call("sub", type, List.of(VECTOR), left, right);
      case MUL -> call("mul", type, List.of(VECTOR), left, right);
      case DIV -> call("div", type, List.of(VECTOR), left, right);
      case AND -> call("and", type, List.of(VECTOR), left, right);
      case OR -> call("or", type, List.of(VECTOR), left, right);
      case XOR ->
          call(
              "lanewise",
              type,
              List.of(OPERATORS.nested("Binary"), VECTOR),
              left,
              operator("XOR", "Associative"),
              right);
      case REM, SHL, SHR, USHR -> throw new Vectorizing.NoVectorForm(operator.toString());
    };
  }

  @Override
  public Value compare(Comparison comparison, Value left, Value right) {
    Value operator = operator(comparison.name(), "Comparison");
    Value mask = call("compare", MASK, List.of(operator.type(), VECTOR), left, operator, right);
    return left.type().equals(type())
        ? mask
        : call("cast", MASK, List.of(SPECIES), mask, species(type()));
  }

  @Override
  public Value blend(Value otherwise, Value where, Value mask) {
    return call("blend", type(), List.of(VECTOR, MASK), otherwise, where, mask);
  }

  @Override
  public Value not(Value mask) {
    return call("not", MASK, List.of(), mask);
  }

  @Override
  public Value masks(String name, Value left, Value right) {
    return call(name, MASK, List.of(MASK), left, right);
  }

  @Override
  public Value math(String name, List<Value> operands) {
    List<ClassDesc> others = Collections.nCopies(operands.size() - 1, VECTOR);
    return call(name, type(), others, operands.toArray(Value[]::new));
  }

  @Override
  public @Nullable Value whole(MethodRef method, List<Value> arguments) {
    return null;
  }

  @Override
  public Value integer(Number number) {
    return broadcast(
        integers(),
        isFloat32 ? before.constant(number.intValue()) : before.constant(number.longValue()));
  }

  @Override
  public Value shift(Arithmetic operator, Value of, int distance) {
    String name =
        switch (operator) {
          case SHL -> "LSHL";
          case SHR -> "ASHR";
          default -> "LSHR";
        };
    Value number = isFloat32 ? before.constant(distance) : before.constant((long) distance);
    return call(
        "lanewise",
        of.type(),
        List.of(OPERATORS.nested("Binary"), number.type()),
        of,
        operator(name, "Binary"),
        number);
  }

  @Override
  public Value reinterpret(Value of) {
    ClassDesc to = of.type().equals(type()) ? integers() : type();
    String kind = to.displayName().replace("Vector", "s");
    return work.call(
        MethodRef.ofVirtual(VECTOR, "reinterpretAs" + kind, MethodTypeDesc.of(to)), of);
  }

  @Override
  public boolean isMask(Value value) {
    return value.type().equals(MASK);
  }

  @Override
  public void exclude(Value mask) {
    excluded = excluded == null ? mask : masks("or", excluded, mask);
  }

  /** Whether a mask is set in any lane. */
  Value isAny(Value mask) {
    return call("anyTrue", CD_boolean, List.of(), mask);
  }
}

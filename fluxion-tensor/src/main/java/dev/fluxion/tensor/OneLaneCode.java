package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.List;

/** Operations on one number, the same as {@link VectorCode} writes for several. */
@SuppressWarnings("ShortCircuitBoolean") // branches would slow the loops down
final class OneLaneCode implements LaneCode {
  private static final ClassDesc OWN = OneLaneCode.class.describeConstable().orElseThrow();
  private static final ClassDesc MATH = Math.class.describeConstable().orElseThrow();

  private final ClassDesc number;
  private final BlockBuilder before;
  private final BlockBuilder work;

  OneLaneCode(ClassDesc number, BlockBuilder before, BlockBuilder work) {
    this.number = number;
    this.before = before;
    this.work = work;
  }

  @Override
  public boolean isFloat32() {
    return number.equals(CD_float);
  }

  @Override
  public Value constant(double value) {
    return isFloat32() ? before.constant((float) value) : before.constant(value);
  }

  @Override
  public Value mask(boolean isSet) {
    return before.constant(CD_boolean, isSet ? 1 : 0);
  }

  @Override
  public Value negate(Value operand) {
    return work.negate(operand);
  }

  @Override
  public Value arithmetic(Arithmetic operator, Value left, Value right) {
    return work.arithmetic(operator, left, right);
  }

  @Override
  public Value compare(Comparison comparison, Value left, Value right) {
    return work.compare(comparison, left, right);
  }

  @Override
  public Value blend(Value otherwise, Value where, Value mask) {
    MethodTypeDesc type = MethodTypeDesc.of(number, number, number, CD_boolean);
    return work.call(MethodRef.ofStatic(OWN, "blended", type), otherwise, where, mask);
  }

  @Override
  public Value not(Value mask) {
    return masks("eq", mask, mask(false));
  }

  @Override
  public Value masks(String name, Value left, Value right) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_boolean, CD_boolean, CD_boolean);
    return work.call(MethodRef.ofStatic(OWN, name, type), left, right);
  }

  /** The root of a float is that of a double rounded, to the last bit. */
  @Override
  public Value math(String name, List<Value> operands) {
    boolean isRoot = name.equals("sqrt");
    ClassDesc of = isRoot ? CD_double : number;
    MethodTypeDesc type = MethodTypeDesc.of(of, Collections.nCopies(operands.size(), of));
    Value[] arguments =
        operands.stream().map(operand -> converted(operand, of)).toArray(Value[]::new);
    return converted(work.call(MethodRef.ofStatic(MATH, name, type), arguments), number);
  }

  private Value converted(Value value, ClassDesc type) {
    return value.type().equals(type) ? value : work.convert(value, type);
  }

  @Override
  public Value whole(MethodRef method, List<Value> arguments) {
    return work.call(method, arguments.toArray(Value[]::new));
  }

  @Override
  public Value integer(Number value) {
    throw unneeded();
  }

  @Override
  public Value shift(Arithmetic operator, Value of, int distance) {
    throw unneeded();
  }

  @Override
  public Value reinterpret(Value of) {
    throw unneeded();
  }

  @Override
  public boolean isMask(Value value) {
    throw unneeded();
  }

  @Override
  public void exclude(Value mask) {
    throw unneeded();
  }

  private static IllegalStateException unneeded() {
    return new IllegalStateException("elementary functions are called");
  }

  // ---------------------------------------------------------------- called by the code

  static float blended(float otherwise, float where, boolean mask) {
    return mask ? where : otherwise;
  }

  static double blended(double otherwise, double where, boolean mask) {
    return mask ? where : otherwise;
  }

  static boolean and(boolean left, boolean right) {
    return left & right;
  }

  static boolean andNot(boolean left, boolean right) {
    return left & !right;
  }

  static boolean or(boolean left, boolean right) {
    return left | right;
  }

  static boolean eq(boolean left, boolean right) {
    return left == right;
  }
}

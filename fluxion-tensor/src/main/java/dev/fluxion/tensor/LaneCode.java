package dev.fluxion.tensor;

import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the operations that {@link Vectorizing} makes functions of, for one number or for several
 * at once. A mask says in which lanes something holds.
 */
interface LaneCode {
  boolean isFloat32();

  Value constant(double number);

  /** A mask that is set, or not, in all lanes. */
  Value mask(boolean isSet);

  Value negate(Value operand);

  Value arithmetic(Arithmetic operator, Value left, Value right);

  Value compare(Comparison comparison, Value left, Value right);

  /** Of two numbers the second where the mask is set. */
  Value blend(Value otherwise, Value where, Value mask);

  Value not(Value mask);

  /** {@code and}, {@code andNot}, {@code or} or {@code eq}. */
  Value masks(String name, Value left, Value right);

  /** {@code abs}, {@code sqrt}, {@code max}, {@code min} or {@code fma}. */
  Value math(String name, List<Value> operands);

  /**
   * A call of a method of {@link FloatMath} or {@link DoubleMath}, or null where its operations are
   * to be written.
   */
  @Nullable Value whole(MethodRef method, List<Value> arguments);

  // ---------------------------------------------------------------- within these methods

  /** A whole number, an int for float32 and a long for float64. */
  Value integer(Number number);

  Value shift(Arithmetic operator, Value of, int distance);

  /** The bits of numbers as whole numbers, or the other way round. */
  Value reinterpret(Value of);

  boolean isMask(Value value);

  /** Says that the results will not hold where the mask is set. */
  void exclude(Value mask);
}

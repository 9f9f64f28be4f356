package dev.fluxion.ir;

import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a block: it reads operands, may define a result, and knows its source line.
 *
 * <p>Operations are immutable. What ends a block is a {@link Terminator}.
 */
public sealed interface Op {
  /** The value that this operation defines, or null if it defines none. */
  @Nullable Value result();

  /** The values that it reads, in order of evaluation. */
  List<Value> operands();

  /** Where it comes from. */
  Location location();

  /** The same operation with another result and other operands, as many as before. */
  Op with(@Nullable Value result, List<Value> operands);

  /**
   * Whether it has no effect but its result and cannot throw, so that it may be removed, repeated
   * or moved.
   */
  default boolean isPure() {
    return false;
  }

  /**
   * A constant: a number, a string, a class, a method type or handle, null, or, in code made at run
   * time only, any live object.
   */
  record Constant(Value result, @Nullable Object value, Location location) implements Op {
    @Override
    public List<Value> operands() {
      return List.of();
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Constant(defined(result), value, location);
    }

    @Override
    public boolean isPure() {
      return true;
    }
  }

  /** The negative of a number. */
  record Negate(Value result, Value operand, Location location) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(operand);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Negate(defined(result), operands.get(0), location);
    }

    @Override
    public boolean isPure() {
      return true;
    }
  }

  /** Arithmetic on two numbers of one kind (a shift's distance is an int). */
  record Binary(Value result, Arithmetic operator, Value left, Value right, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return List.of(left, right);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Binary(defined(result), operator, operands.get(0), operands.get(1), location);
    }

    /** All but the division of integers, which throws when the divisor is zero. */
    @Override
    public boolean isPure() {
      return (operator != Arithmetic.DIV && operator != Arithmetic.REM) || left.kind().isFloating();
    }
  }

  /** A comparison, whose result is a {@code boolean}. */
  record Compare(Value result, Comparison comparison, Value left, Value right, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return List.of(left, right);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Compare(defined(result), comparison, operands.get(0), operands.get(1), location);
    }

    @Override
    public boolean isPure() {
      return true;
    }
  }

  /**
   * The int -1, 0 or 1 as the left number is less, equal or greater; {@code ifUnordered} when one
   * is NaN ({@code lcmp}, {@code fcmpl}, {@code fcmpg}, {@code dcmpl}, {@code dcmpg}).
   */
  record ThreeWay(Value result, int ifUnordered, Value left, Value right, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return List.of(left, right);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new ThreeWay(defined(result), ifUnordered, operands.get(0), operands.get(1), location);
    }

    @Override
    public boolean isPure() {
      return true;
    }
  }

  /** A number as another type: the result's, among byte, char, short, int, long, float, double. */
  record Convert(Value result, Value operand, Location location) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(operand);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Convert(defined(result), operands.get(0), location);
    }

    @Override
    public boolean isPure() {
      return true;
    }
  }

  /** A reference as its result's type; throws when the object is not of that type. */
  record Cast(Value result, Value operand, Location location) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(operand);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Cast(defined(result), operands.get(0), location);
    }
  }

  /** Whether an object is of a type. */
  record InstanceOf(Value result, ClassDesc target, Value operand, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return List.of(operand);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new InstanceOf(defined(result), target, operands.get(0), location);
    }

    @Override
    public boolean isPure() {
      return true;
    }
  }

  /**
   * A new array of the result's type; with several lengths, an array of arrays whose outer
   * dimensions have these lengths.
   */
  record NewArray(Value result, List<Value> lengths, Location location) implements Op {
    @Override
    public List<Value> operands() {
      return lengths;
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new NewArray(defined(result), operands, location);
    }
  }

  /** The length of an array. */
  record ArrayLength(Value result, Value array, Location location) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(array);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new ArrayLength(defined(result), operands.get(0), location);
    }
  }

  /** An element of an array. */
  record LoadElement(Value result, Value array, Value index, Location location) implements Op {
    @Override
    public List<Value> operands() {
      return List.of(array, index);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new LoadElement(defined(result), operands.get(0), operands.get(1), location);
    }
  }

  /** Sets an element of an array. */
  record StoreElement(Value array, Value index, Value value, Location location) implements Op {
    @Override
    public @Nullable Value result() {
      return null;
    }

    @Override
    public List<Value> operands() {
      return List.of(array, index, value);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new StoreElement(operands.get(0), operands.get(1), operands.get(2), location);
    }
  }

  /** The value of a field; a static field has no receiver. */
  record LoadField(Value result, FieldRef field, @Nullable Value receiver, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return receiver == null ? List.of() : List.of(receiver);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new LoadField(
          defined(result), field, receiver == null ? null : operands.get(0), location);
    }
  }

  /** Sets a field; a static field has no receiver. */
  record StoreField(FieldRef field, @Nullable Value receiver, Value value, Location location)
      implements Op {
    @Override
    public @Nullable Value result() {
      return null;
    }

    @Override
    public List<Value> operands() {
      return receiver == null ? List.of(value) : List.of(receiver, value);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return receiver == null
          ? new StoreField(field, null, operands.get(0), location)
          : new StoreField(field, operands.get(0), operands.get(1), location);
    }
  }

  /** A call of a method; the receiver is the first argument. The result is null for void. */
  record Call(@Nullable Value result, MethodRef method, List<Value> arguments, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return arguments;
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Call(result, method, operands, location);
    }
  }

  /**
   * A new object, with its constructor run: {@code new}, {@code dup} and {@code <init>} in one.
   *
   * <p>That moves the initialisation of the class behind the evaluation of the arguments. Code that
   * must keep their order has an allocation alone, whose constructor is the mark {@link
   * MethodRef#ofAllocation}, and later a {@link Call} of {@code <init>} on its result.
   */
  record New(Value result, MethodRef constructor, List<Value> arguments, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return arguments;
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new New(defined(result), constructor, operands, location);
    }
  }

  /** A lambda or method reference over captured values. */
  record Lambda(Value result, LambdaRef lambda, List<Value> captured, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return captured;
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Lambda(defined(result), lambda, operands, location);
    }
  }

  /** A call whose callee its bootstrap method chooses, other than a lambda. */
  record InvokeDynamic(
      @Nullable Value result, DynamicCallSiteDesc site, List<Value> arguments, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return arguments;
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new InvokeDynamic(result, site, operands, location);
    }
  }

  /** A call of a function of this representation, in code made at run time. */
  record Apply(@Nullable Value result, Function function, List<Value> arguments, Location location)
      implements Op {
    @Override
    public List<Value> operands() {
      return arguments;
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Apply(result, function, operands, location);
    }
  }

  /** Enters or leaves an object's monitor. */
  record Monitor(boolean enter, Value object, Location location) implements Op {
    @Override
    public @Nullable Value result() {
      return null;
    }

    @Override
    public List<Value> operands() {
      return List.of(object);
    }

    @Override
    public Op with(@Nullable Value result, List<Value> operands) {
      return new Monitor(enter, operands.get(0), location);
    }
  }

  private static Value defined(@Nullable Value result) {
    if (result == null) {
      throw new IllegalArgumentException("this operation defines a value");
    }
    return result;
  }
}

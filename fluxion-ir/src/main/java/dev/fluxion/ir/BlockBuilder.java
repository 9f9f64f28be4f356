package dev.fluxion.ir;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds parameters, operations and an end to one block. */
public final class BlockBuilder {
  private final Block block;
  private Location location = Location.NONE;

  BlockBuilder(Block block) {
    this.block = block;
  }

  /** The block under construction. */
  public Block block() {
    return block;
  }

  /** Sets the location of what is added from here on. */
  public BlockBuilder at(Location location) {
    this.location = location;
    return this;
  }

  /** The location of what is added. */
  public Location location() {
    return location;
  }

  /** Adds a parameter. */
  public Value parameter(ClassDesc type) {
    Value value = new Value(type);
    block.mutableParameters().add(value);
    return value;
  }

  /** Adds a parameter that exists already, as when a body takes over values of another. */
  public void adopt(Value parameter) {
    block.mutableParameters().add(parameter);
  }

  /** Adds an operation. */
  public void add(Op op) {
    if (block.isFinished()) {
      throw new IllegalStateException("the block has ended already");
    }
    block.mutableOps().add(op);
  }

  /** Takes the operation added last away again. */
  public void removeLast() {
    block.mutableOps().remove(block.mutableOps().size() - 1);
  }

  /** Adds a handler of exceptions, tried after those added before. */
  public void handler(Block.Handler handler) {
    block.mutableHandlers().add(handler);
  }

  /** Ends the block. */
  public void end(Terminator terminator) {
    if (block.isFinished()) {
      throw new IllegalStateException("the block has ended already");
    }
    block.finish(terminator);
  }

  /** Whether the block has ended. */
  public boolean isFinished() {
    return block.isFinished();
  }

  /** An int constant. */
  public Value constant(int value) {
    return constant(CD_int, value);
  }

  /** A long constant. */
  public Value constant(long value) {
    return constant(CD_long, value);
  }

  /** A float constant. */
  public Value constant(float value) {
    return constant(CD_float, value);
  }

  /** A double constant. */
  public Value constant(double value) {
    return constant(CD_double, value);
  }

  /** A string constant. */
  public Value constant(String value) {
    return constant(CD_String, value);
  }

  /** A constant of a type. */
  public Value constant(ClassDesc type, @Nullable Object value) {
    Value result = new Value(type);
    add(new Op.Constant(result, value, location));
    return result;
  }

  /** The null reference of a type. */
  public Value nullConstant(ClassDesc type) {
    return constant(type, null);
  }

  /** Arithmetic; the result has the left operand's kind. */
  public Value arithmetic(Arithmetic operator, Value left, Value right) {
    Value result = new Value(Kind.computational(left.type()));
    add(new Op.Binary(result, operator, left, right, location));
    return result;
  }

  /** The negative of a number. */
  public Value negate(Value operand) {
    Value result = new Value(Kind.computational(operand.type()));
    add(new Op.Negate(result, operand, location));
    return result;
  }

  /** A comparison. */
  public Value compare(Comparison comparison, Value left, Value right) {
    Value result = new Value(CD_boolean);
    add(new Op.Compare(result, comparison, left, right, location));
    return result;
  }

  /** A number as another type. */
  public Value convert(Value operand, ClassDesc type) {
    Value result = new Value(type);
    add(new Op.Convert(result, operand, location));
    return result;
  }

  /** A reference cast to a type. */
  public Value cast(Value operand, ClassDesc type) {
    Value result = new Value(type);
    add(new Op.Cast(result, operand, location));
    return result;
  }

  /** A new one-dimensional array. */
  public Value newArray(ClassDesc type, Value length) {
    Value result = new Value(type);
    add(new Op.NewArray(result, List.of(length), location));
    return result;
  }

  /** The length of an array. */
  public Value arrayLength(Value array) {
    Value result = new Value(CD_int);
    add(new Op.ArrayLength(result, array, location));
    return result;
  }

  /** An element of an array. */
  public Value loadElement(Value array, Value index) {
    Value result = new Value(elementType(array));
    add(new Op.LoadElement(result, array, index, location));
    return result;
  }

  /** Sets an element of an array. */
  public void storeElement(Value array, Value index, Value value) {
    add(new Op.StoreElement(array, index, value, location));
  }

  /** The value of a field; a static field has no receiver. */
  public Value loadField(FieldRef field, @Nullable Value receiver) {
    Value result = new Value(field.type());
    add(new Op.LoadField(result, field, receiver, location));
    return result;
  }

  /** Sets a field; a static field has no receiver. */
  public void storeField(FieldRef field, @Nullable Value receiver, Value value) {
    add(new Op.StoreField(field, receiver, value, location));
  }

  /** A call of a method that returns something. */
  public Value call(MethodRef method, Value... arguments) {
    Value result = new Value(method.type().returnType());
    add(new Op.Call(result, method, List.of(arguments), location));
    return result;
  }

  /** A call of a void method. */
  public void run(MethodRef method, Value... arguments) {
    add(new Op.Call(null, method, List.of(arguments), location));
  }

  /** A new object. */
  public Value construct(MethodRef constructor, List<Value> arguments) {
    Value result = new Value(constructor.owner());
    add(new Op.New(result, constructor, List.copyOf(arguments), location));
    return result;
  }

  /** A call of a function; the result is null when it is void. */
  public @Nullable Value apply(Function function, List<Value> arguments) {
    ClassDesc type = function.type().returnType();
    Value result = type.equals(CD_void) ? null : new Value(type);
    add(new Op.Apply(result, function, List.copyOf(arguments), location));
    return result;
  }

  /** Ends the block with a branch. */
  public void branch(Block target, Value... arguments) {
    end(new Terminator.Branch(Successor.to(target, arguments), location));
  }

  /** Ends the block with a conditional branch. */
  public void branch(Value condition, Successor ifTrue, Successor ifFalse) {
    end(new Terminator.ConditionalBranch(condition, ifTrue, ifFalse, location));
  }

  /** Ends the block with a return; null for void. */
  public void returns(@Nullable Value value) {
    end(new Terminator.Return(value, location));
  }

  private static ClassDesc elementType(Value array) {
    ClassDesc component = array.type().componentType();
    return component == null ? CD_Object : component;
  }
}

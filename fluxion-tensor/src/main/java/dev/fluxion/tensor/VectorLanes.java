package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As many elements at once as a vector register has room for, in the Vector API. */
final class VectorLanes implements Lanes {
  private static final ClassDesc SPECIES = vector("VectorSpecies");
  static final ClassDesc VECTOR = vector("Vector");
  static final ClassDesc MASK = vector("VectorMask");
  static final ClassDesc OPERATORS = vector("VectorOperators");

  private final boolean isFloat32;
  private @Nullable Value species;

  VectorLanes(DType type) {
    this.isFloat32 = type == DType.FLOAT32;
  }

  private static ClassDesc vector(String name) {
    return ClassDesc.of("jdk.incubator.vector", name);
  }

  boolean isFloat32() {
    return isFloat32;
  }

  /** The class of vectors. */
  ClassDesc type() {
    return vector(isFloat32 ? "FloatVector" : "DoubleVector");
  }

  private ClassDesc element() {
    return isFloat32 ? CD_float : CD_double;
  }

  private Value species(BlockBuilder before) {
    Value known = species;
    if (known == null) {
      known = before.loadField(new FieldRef(type(), "SPECIES_PREFERRED", SPECIES, true), null);
      species = known;
    }
    return known;
  }

  private Value species() {
    if (species == null) {
      throw new IllegalStateException("the loop has no start");
    }
    return species;
  }

  @Override
  public Value step(BlockBuilder before) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_int);
    return before.call(
        new MethodRef(MethodRef.Dispatch.INTERFACE, SPECIES, "length", type, true),
        species(before));
  }

  @Override
  public Value start(BlockBuilder work, Value index, Value last) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    return work.call(MethodRef.ofStatic(ClassDesc.of("java.lang.Math"), "min", type), index, last);
  }

  @Override
  public Value number(BlockBuilder before, Value number) {
    Value element = number.type().equals(element()) ? number : before.convert(number, element());
    return before.call(
        MethodRef.ofStatic(type(), "broadcast", MethodTypeDesc.of(type(), SPECIES, element())),
        species(before),
        element);
  }

  /** A vector of equal numbers. */
  Value constant(BlockBuilder before, double number) {
    return number(before, isFloat32 ? before.constant((float) number) : before.constant(number));
  }

  /** A mask that is set, or not, in all lanes. */
  Value mask(BlockBuilder before, boolean isSet) {
    MethodTypeDesc type = MethodTypeDesc.of(MASK, CD_boolean);
    return before.call(
        new MethodRef(MethodRef.Dispatch.INTERFACE, SPECIES, "maskAll", type, true),
        species(before),
        before.constant(isSet ? 1 : 0));
  }

  @Override
  public Value load(BlockBuilder work, Value array, Value index) {
    MethodTypeDesc load = MethodTypeDesc.of(type(), SPECIES, element().arrayType(), CD_int);
    return work.call(MethodRef.ofStatic(type(), "fromArray", load), species(), array, index);
  }

  @Override
  public List<Value> results(
      BlockBuilder before, BlockBuilder work, List<Function> functions, List<Value> arguments) {
    Vectorizing vectorizing = new Vectorizing(this, before, work);
    List<Value> results = new ArrayList<>();
    for (Function function : functions) {
      results.add(vectorizing.run(function.body(), arguments));
    }
    return results;
  }

  @Override
  public void store(BlockBuilder work, Value array, Value index, Value result) {
    MethodTypeDesc store = MethodTypeDesc.of(CD_void, element().arrayType(), CD_int);
    work.run(MethodRef.ofVirtual(type(), "intoArray", store), result, array, index);
  }
}

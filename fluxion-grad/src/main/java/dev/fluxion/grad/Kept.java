package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Loops.Loop;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import org.jspecify.annotations.Nullable;

/** A value on its way from the forward to the reverse sweep: a variable, or an array in a loop. */
final class Kept {
  static final ClassDesc ADJOINTS = Adjoints.class.describeConstable().orElseThrow();

  private final ClassDesc type;
  private final @Nullable Loop home;
  private final Variable variable;

  /**
   * Something to keep.
   *
   * @param name what it is, for people
   */
  Kept(ClassDesc type, @Nullable Loop home, @Nullable String name) {
    this.type = type;
    this.home = home;
    this.variable =
        home == null
            ? new Variable(Kind.computational(type), name)
            : new Variable(
                elementType(type).arrayType(), name == null ? null : "kept(" + name + ")");
  }

  /** What the shadow of a value is called. */
  static @Nullable String shadowName(Value value) {
    return value.name() == null ? null : "shadow(" + value.name() + ")";
  }

  @Nullable Loop home() {
    return home;
  }

  Variable variable() {
    return variable;
  }

  private static ClassDesc elementType(ClassDesc type) {
    return Kind.of(type) == Kind.REFERENCE ? CD_Object : Kind.computational(type);
  }

  /** Makes room for so many elements. */
  void ensure(SsaBuilder forward, BlockBuilder block, Value needed) {
    ClassDesc array = variable.type();
    MethodRef method =
        MethodRef.ofStatic(ADJOINTS, "ensure", MethodTypeDesc.of(array, array, CD_int));
    forward.write(variable, block, block.call(method, forward.read(variable, block), needed));
  }

  /** Keeps a value; the position is that of the iteration. */
  void save(SsaBuilder forward, BlockBuilder block, Value value, @Nullable Value position) {
    if (home == null || position == null) {
      forward.write(variable, block, value);
    } else {
      block.storeElement(forward.read(variable, block), position, value);
    }
  }

  /** Gives the value back. */
  Value load(SsaBuilder reverse, BlockBuilder block, @Nullable Value position) {
    if (home == null || position == null) {
      return reverse.read(variable, block);
    }
    Value element = block.loadElement(reverse.read(variable, block), position);
    return Kind.of(type) == Kind.REFERENCE && !type.equals(CD_Object)
        ? block.cast(element, type)
        : element;
  }

  static void push(BlockBuilder block, Value tape, Value value) {
    ClassDesc parameter =
        value.kind() == Kind.REFERENCE ? CD_Object : Kind.computational(value.type());
    block.run(
        MethodRef.ofVirtual(Derivations.TAPE, "push", MethodTypeDesc.of(CD_void, parameter)),
        tape,
        value);
  }

  static void pushShadow(BlockBuilder block, Value tape, Value shadow) {
    block.run(
        MethodRef.ofVirtual(Derivations.TAPE, "pushShadow", MethodTypeDesc.of(CD_void, CD_Object)),
        tape,
        shadow);
  }

  static Value popShadow(BlockBuilder block, Value tape, ClassDesc type) {
    Value value =
        block.call(
            MethodRef.ofVirtual(Derivations.TAPE, "popShadow", MethodTypeDesc.of(CD_Object)), tape);
    return type.equals(CD_Object) ? value : block.cast(value, type);
  }

  static Value pop(BlockBuilder block, Value tape, ClassDesc type) {
    String suffix =
        switch (Kind.of(type)) {
          case INT -> "Int";
          case LONG -> "Long";
          case FLOAT -> "Float";
          case DOUBLE -> "Double";
          default -> "Object";
        };
    boolean isReference = suffix.equals("Object");
    ClassDesc popped = isReference ? CD_Object : Kind.computational(type);
    Value value =
        block.call(
            MethodRef.ofVirtual(Derivations.TAPE, "pop" + suffix, MethodTypeDesc.of(popped)), tape);
    return isReference && !type.equals(CD_Object) ? block.cast(value, type) : value;
  }
}

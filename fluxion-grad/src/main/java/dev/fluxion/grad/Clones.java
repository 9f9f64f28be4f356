package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Layout;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of {@code super.clone()} that reach the method of {@code Object}: it gives an object of the
 * receiver's class, whatever class the call is in, and a shadow of the same shape with it.
 *
 * <p>Both objects' references lead to the same objects, and so to the same shadows. Their numbers
 * are of their own: what the copy's get in the reverse sweep is added to those of the original.
 */
final class Clones implements Handwritten {
  private static final MethodTypeDesc TYPE = MethodTypeDesc.of(CD_Object);

  /** How such a call is seen: as one of a method that each class has. */
  static final MethodRef CLONE = MethodRef.ofVirtual(CD_Object, "clone", TYPE);

  private static final ClassValue<Function> OF_CLASS =
      new ClassValue<>() {
        @Override
        protected Function computeValue(Class<?> type) {
          ClassDesc receiver = type.describeConstable().orElseThrow();
          MethodRef method =
              new MethodRef(MethodRef.Dispatch.SPECIAL, CD_Object, "clone", TYPE, false);
          Function function = call(method, receiver, type);
          Handwritten.give(function, new Clones(function, Layout.of(type), Types.of(type)));
          return function;
        }
      };

  private final Function function;
  private final Layout layout;
  private final Types types;

  private Clones(Function function, Layout layout, Types types) {
    this.function = function;
    this.layout = layout;
    this.types = types;
  }

  /** Whether a call reaches the method of {@code Object}, of an object of a class of the user. */
  static boolean isClone(MethodRef method, Methods.Declared declared) {
    return declared.owner() == Object.class
        && method.dispatch() == MethodRef.Dispatch.SPECIAL
        && method.name().equals("clone");
  }

  /** The code for receivers of a class. */
  static Function of(Class<?> type) {
    return OF_CLASS.get(type);
  }

  /** A function of the receiver that makes such a call. */
  static Function call(MethodRef method, ClassDesc receiver, Class<?> host) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_Object, receiver);
    return new Function(
        "clone",
        type,
        host,
        () -> {
          Body.Builder builder = new Body.Builder("clone", type);
          BlockBuilder block = builder.entry();
          block.returns(block.call(method, block.block().parameters().get(0)));
          return builder.build();
        });
  }

  @Override
  public Clones guarded(Function guarded) {
    return new Clones(guarded, layout, types);
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    return new Summaries.Summary(active.clone(), active[0]);
  }

  private Value copy(BlockBuilder block) {
    List<Value> arguments = block.block().parameters().subList(0, function.type().parameterCount());
    return requireNonNull(block.apply(function, new ArrayList<>(arguments)));
  }

  /** A shadow that leads where the original's does. */
  private Value shadowOfCopy(BlockBuilder block, Value original) {
    var zero = layout.zero();
    Value shadow = new Value(Types.SHADOW);
    block.add(
        new Op.New(
            shadow,
            MethodRef.ofConstructor(Types.SHADOW, CD_int, CD_int),
            List.of(block.constant(zero.numbers.length), block.constant(zero.references.length)),
            block.location()));
    Value from = block.loadField(ForwardSweep.REFERENCES, original);
    Value to = block.loadField(ForwardSweep.REFERENCES, shadow);
    for (Layout.Slot slot : layout.slots()) {
      if (!types.isValue(type(slot))) {
        Value index = block.constant(slot.index());
        block.storeElement(to, index, block.loadElement(from, index));
      }
    }
    return shadow;
  }

  private static ClassDesc type(Layout.Slot slot) {
    return slot.field().type().describeConstable().orElseThrow();
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, types));
    BlockBuilder block = forward.entry();
    Value copy = copy(block);
    if (result) {
      Value original = block.block().parameters().get(active.length);
      Value tape = block.block().parameters().getLast();
      Value shadow = shadowOfCopy(block, original);
      Kept.pushShadow(block, tape, original);
      Kept.pushShadow(block, tape, shadow);
      block.storeField(ForwardSweep.TAPE_SHADOW, tape, shadow);
    }
    block.returns(copy);

    Body.Builder reverse =
        new Body.Builder(
            function.name() + "'", Derivations.reverseType(function.type(), active, result, types));
    block = reverse.entry();
    if (result) {
      Value tape = block.block().parameters().get(0);
      Value shadow = Kept.popShadow(block, tape, Types.SHADOW);
      Value original = Kept.popShadow(block, tape, Types.SHADOW);
      for (Layout.Slot slot : layout.slots()) {
        if (types.isValue(type(slot))) {
          Value got = ReverseSweep.takeSlot(block, shadow, slot.index(), type(slot), true);
          ReverseSweep.addToSlot(block, original, slot.index(), got);
        }
      }
    }
    block.returns(null);
    return new Adjoint.Bodies(forward.build(), reverse.build());
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    Body.Builder builder =
        new Body.Builder(function.name(), Duals.type(function.type(), active, directions, types));
    BlockBuilder block = builder.entry();
    Value copy = copy(block);
    TangentCode code = new TangentCode(types, block.block().parameters().getLast());
    code.at(block);
    for (int k = 0; result && k < directions; k++) {
      Value original = block.block().parameters().get(active.length + k);
      Value shadow = shadowOfCopy(block, original);
      for (Layout.Slot slot : layout.slots()) {
        if (types.isValue(type(slot))) {
          Value tangent = code.loadSlot(original, slot.index(), type(slot));
          code.storeSlot(shadow, slot.index(), tangent);
        }
      }
      code.returns(shadow, k);
    }
    block.returns(copy);
    return builder.build();
  }
}

package dev.fluxion.ir.pass;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Terminator;
import java.util.IdentityHashMap;
import java.util.Map;

/** Lets the operations of a body know the call in whose place they are put. */
final class Relocation {
  private final Location call;
  private final Map<Location, Location> moved = new IdentityHashMap<>(); // those of a line are one

  Relocation(Location call) {
    this.call = call;
  }

  /** A copy that nobody else uses. */
  Body copy(Body body) {
    return body.transform((copy, op) -> copy.keep(moved(op)));
  }

  /** An end that is no branch: those throw nothing, and show in no stack trace. */
  Terminator moved(Terminator end) {
    return end instanceof Terminator.Throw thrown
        ? new Terminator.Throw(thrown.exception(), moved(thrown.location()))
        : end;
  }

  private Location moved(Location place) {
    return moved.computeIfAbsent(place, one -> one.within(call));
  }

  private Op moved(Op op) {
    Location at = moved(op.location());
    return switch (op) {
      case Op.Constant o -> new Op.Constant(o.result(), o.value(), at);
      case Op.Negate o -> new Op.Negate(o.result(), o.operand(), at);
      case Op.Binary o -> new Op.Binary(o.result(), o.operator(), o.left(), o.right(), at);
      case Op.Compare o -> new Op.Compare(o.result(), o.comparison(), o.left(), o.right(), at);
      case Op.ThreeWay o -> new Op.ThreeWay(o.result(), o.ifUnordered(), o.left(), o.right(), at);
      case Op.Convert o -> new Op.Convert(o.result(), o.operand(), at);
      case Op.Cast o -> new Op.Cast(o.result(), o.operand(), at);
      case Op.InstanceOf o -> new Op.InstanceOf(o.result(), o.target(), o.operand(), at);
      case Op.NewArray o -> new Op.NewArray(o.result(), o.lengths(), at);
      case Op.ArrayLength o -> new Op.ArrayLength(o.result(), o.array(), at);
      case Op.LoadElement o -> new Op.LoadElement(o.result(), o.array(), o.index(), at);
      case Op.StoreElement o -> new Op.StoreElement(o.array(), o.index(), o.value(), at);
      case Op.LoadField o -> new Op.LoadField(o.result(), o.field(), o.receiver(), at);
      case Op.StoreField o -> new Op.StoreField(o.field(), o.receiver(), o.value(), at);
      case Op.Call o -> new Op.Call(o.result(), o.method(), o.arguments(), at);
      case Op.New o -> new Op.New(o.result(), o.constructor(), o.arguments(), at);
      case Op.Lambda o -> new Op.Lambda(o.result(), o.lambda(), o.captured(), at);
      case Op.InvokeDynamic o -> new Op.InvokeDynamic(o.result(), o.site(), o.arguments(), at);
      case Op.Apply o -> new Op.Apply(o.result(), o.function(), o.arguments(), at);
      case Op.Monitor o -> new Op.Monitor(o.enter(), o.object(), at);
    };
  }
}

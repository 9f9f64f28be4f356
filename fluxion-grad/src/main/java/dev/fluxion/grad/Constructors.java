package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Dominators;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.SsaBuilder.Variable;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.LiftException;
import dev.fluxion.ir.lift.Lifter;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Constructors as functions that run on the finished object a second time, for its shadow: a final
 * field cannot be set from outside, so the object itself is made by the constructor proper.
 *
 * <p>In such a function the fields of the object under construction are variables; that they are
 * set matters to the shadow only.
 */
final class Constructors {
  private static final ClassValue<Map<Declared, Function>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<Declared, Function> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Constructors() {}

  static Function of(Declared constructor) {
    return FUNCTIONS
        .get(constructor.owner())
        .computeIfAbsent(
            constructor,
            _ ->
                new Function(
                    constructor.owner().getSimpleName() + "." + INIT_NAME,
                    constructor
                        .type()
                        .insertParameterTypes(
                            0, constructor.owner().describeConstable().orElseThrow()),
                    constructor.owner(),
                    () -> body(constructor)));
  }

  /** Whether a function is one of these, so that its stores to its first argument are not made. */
  static boolean isConstructor(Function function) {
    return function.name().endsWith("." + INIT_NAME);
  }

  private static Body body(Declared constructor) {
    Body lifted;
    try {
      lifted = Lifter.lift(constructor.owner(), INIT_NAME, constructor.type());
    } catch (LiftException e) {
      throw new GradientException("cannot differentiate through " + e.getMessage(), e);
    }
    return withFieldsAsVariables(lifted, Types.of(constructor.owner()));
  }

  private static Body withFieldsAsVariables(Body body, Types types) {
    Value object = body.parameters().get(0);
    SsaBuilder ssa = new SsaBuilder(new Body.Builder(body.name(), body.type(), body.parameters()));
    Map<Block, BlockBuilder> copies = ssa.mirror(body, Dominators.of(body));
    Map<String, Variable> fields = new HashMap<>();
    Map<Value, Value> replaced = new HashMap<>();
    for (Block block : body.blocks()) {
      BlockBuilder copy = copies.get(block);
      for (Op old : block.ops()) {
        Op op = old.with(old.result(), map(old.operands(), replaced));
        copy.at(op.location());
        if (op instanceof Op.LoadField load
            && load.receiver() == object
            && isOwn(load.field(), op, types)) {
          replaced.put(load.result(), ssa.read(variable(load.field(), fields), copy));
        } else if (op instanceof Op.StoreField store && store.receiver() == object) {
          refuseInherited(store, types);
          ssa.write(variable(store.field(), fields), copy, store.value());
          copy.add(op);
        } else if (op instanceof Op.Call call
            && call.method().name().equals(INIT_NAME)
            && call.arguments().get(0) == object) {
          callSuper(call, copy, types);
        } else {
          if (!(op instanceof Op.LoadField)) { // an inherited field: the superclass has set it
            refuseEscape(op, object);
          }
          copy.add(op);
        }
      }
      List<Successor> successors = new ArrayList<>();
      for (Successor successor : block.successors()) {
        successors.add(
            new Successor(
                copies.get(successor.block()).block(), map(successor.arguments(), replaced)));
      }
      for (Block.Handler handler : block.handlers()) {
        copy.handler(
            new Block.Handler(
                handler.type(),
                new Successor(
                    copies.get(handler.target().block()).block(),
                    map(handler.target().arguments(), replaced))));
      }
      copy.end(block.terminator().with(map(block.terminator().operands(), replaced), successors));
    }
    return ssa.build();
  }

  private static void callSuper(Op.Call call, BlockBuilder copy, Types types) {
    Class<?> owner = types.resolve(call.method().owner(), call.location());
    if (!Carriers.isPlatform(owner)) {
      copy.apply(of(new Declared(owner, INIT_NAME, call.method().type())), call.arguments());
    }
  }

  /** Whether the class under construction declares a field itself. */
  private static boolean isOwn(FieldRef field, Op op, Types types) {
    Class<?> owner = types.resolve(field.owner(), op.location());
    for (Field declared : owner.getDeclaredFields()) {
      if (declared.getName().equals(field.name())) {
        return owner == types.host();
      }
    }
    return false;
  }

  private static void refuseInherited(Op.StoreField store, Types types) {
    if (!isOwn(store.field(), store, types)) {
      throw new GradientException(
          "cannot differentiate the constructor at "
              + store.location()
              + ": it sets the inherited field "
              + store.field().name()
              + "; let the superclass's constructor set it");
    }
  }

  private static void refuseEscape(Op op, Value object) {
    if (op.operands().contains(object)) {
      throw new GradientException(
          "cannot differentiate the constructor at "
              + op.location()
              + ": it hands out the object before it is finished; do that after construction");
    }
  }

  private static Variable variable(FieldRef field, Map<String, Variable> fields) {
    return fields.computeIfAbsent(field.name(), _ -> new Variable(field.type()));
  }

  private static List<Value> map(List<Value> values, Map<Value, Value> replaced) {
    List<Value> result = new ArrayList<>(values.size());
    for (Value value : values) {
      result.add(replaced.getOrDefault(value, value));
    }
    return result;
  }
}

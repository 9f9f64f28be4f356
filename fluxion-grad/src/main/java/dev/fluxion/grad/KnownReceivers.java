package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of methods of the objects that constants hold, such as {@code static final Statistic MEAN =
 * new Mean()}: the object is always the same, so is its class, and so is the method.
 */
final class KnownReceivers {
  private static final ClassValue<Map<String, Function>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<String, Function> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private final Types types;
  private final Map<Value, Statics.Place> places = new HashMap<>();

  KnownReceivers(Types types) {
    this.types = types;
  }

  /** Sees an operation, of which what follows may call a method. */
  void see(Op op, @Nullable Value result) {
    if (result == null || !types.isShadowed(result.type())) {
      return;
    }
    if (op instanceof Op.LoadField load && load.receiver() == null) {
      places.put(result, Statics.place(load.field(), types, load.location()));
    } else if (op instanceof Op.Cast cast && places.containsKey(cast.operand())) {
      places.put(result, places.get(cast.operand()));
    }
  }

  /** The function of all arguments that a call runs, or null when that is not known. */
  @Nullable Function called(Op.Call call) {
    boolean isChosen =
        call.method().dispatch() == MethodRef.Dispatch.VIRTUAL
            || call.method().dispatch() == MethodRef.Dispatch.INTERFACE;
    Statics.Place place = isChosen ? places.get(call.arguments().get(0)) : null;
    Class<?> type = place == null ? null : Statics.classOf(place);
    if (type == null
        || type.isArray()
        || type.isHidden()
        || Carriers.isPlatform(type)
        || Carriers.isValue(type)
        || !(Calls.target(call, types) instanceof Calls.Target.Dispatched)) {
      return null;
    }
    Declared declared = Methods.find(type, call.method().name(), call.method().type());
    if (declared == null || !isOwn(declared)) {
      return null;
    }
    MethodTypeDesc called =
        MethodTypeDesc.of(call.method().type().returnType(), call.method().argumentTypes());
    return function(declared, called, type);
  }

  /** A method that runs for receivers of a class, and of no subclass, of its arguments. */
  static Function function(Declared declared, MethodTypeDesc called, Class<?> type) {
    String name = declared.toString() + called.descriptorString();
    return FUNCTIONS
        .get(type)
        .computeIfAbsent(
            name,
            _ ->
                new Function(
                    declared.owner().getSimpleName() + "." + declared.name(),
                    called,
                    declared.owner(),
                    () -> body(declared, called, type)));
  }

  /** The method's body, in which what is called of the receiver is known. */
  private static Body body(Declared declared, MethodTypeDesc called, Class<?> type) {
    Function method = Methods.function(declared);
    if (!method.type().equals(called)) { // the caller knows the receiver as something else
      Body.Builder builder = new Body.Builder(method.name(), called);
      BlockBuilder block = builder.entry();
      List<Value> arguments = new ArrayList<>(block.block().parameters());
      arguments.set(0, block.cast(arguments.get(0), method.type().parameterType(0)));
      block.returns(block.apply(function(declared, method.type(), type), arguments));
      return builder.build();
    }
    Types types = Types.of(declared.owner());
    Body body = method.body();
    Value receiver = body.parameters().get(0);
    return body.transform(
        (copy, op) -> {
          Function known =
              op instanceof Op.Call call
                      && !call.arguments().isEmpty()
                      && call.arguments().get(0) == copy.get(receiver)
                  ? known(call, types, type)
                  : null;
          if (known == null) {
            copy.keep(op);
          } else {
            copy.keep(new Op.Apply(op.result(), known, op.operands(), op.location()));
          }
        });
  }

  /** What a call of the receiver itself runs, or null when it is left as it is. */
  private static @Nullable Function known(Op.Call call, Types types, Class<?> type) {
    MethodRef method = call.method();
    Declared declared =
        switch (Calls.target(call, types)) {
          case Calls.Target.Direct _ -> Methods.find(method, types, call.location());
          case Calls.Target.Dispatched _ -> Methods.find(type, method.name(), method.type());
          case null, default -> null;
        };
    return declared == null || !isOwn(declared) || method.dispatch() == MethodRef.Dispatch.STATIC
        ? null
        : function(
            declared, MethodTypeDesc.of(method.type().returnType(), method.argumentTypes()), type);
  }

  private static boolean isOwn(Declared declared) {
    return !Carriers.isPlatform(declared.owner())
        && !Methods.has(declared, AccessFlag.ABSTRACT)
        && !Methods.has(declared, AccessFlag.NATIVE)
        && Rules.find(declared) == null;
  }
}

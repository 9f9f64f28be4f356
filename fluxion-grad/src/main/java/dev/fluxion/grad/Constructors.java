package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.DeclaredField;
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
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.LiftException;
import dev.fluxion.ir.lift.Lifter;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Constructors as functions of the object under construction.
 *
 * <p>An object of most classes is made without its constructor, and the constructor's code runs on
 * it like any other. Records, and heirs of a class of the platform whose constructor takes
 * arguments or may call their methods, cannot be made so: the object itself is made by the
 * constructor proper, which then is replayed on the finished object for its shadow's sake. In what
 * is replayed the fields of the object under construction are variables; that they are set matters
 * to the shadow only. What must happen once, as printing, is left out there, or refused where the
 * rest depends on it.
 */
final class Constructors {
  /**
   * A constructor's function.
   *
   * @param isDelegated whether another constructor, which may make what it gets, calls it
   */
  private record Key(Declared constructor, boolean isDelegated) {}

  private static final ClassValue<Map<Key, Function>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<Key, Function> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private static final String REPLAYED = "." + INIT_NAME;
  private static final String CONSTRUCTED = ".new";

  /** Exceptions whose constructors cannot be replayed. */
  private static final ClassValue<Boolean> CLOSED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return Throwable.class.isAssignableFrom(type)
              && !Carriers.isPlatform(type)
              && Carriers.mayCarry(type)
              && Arrays.stream(type.getDeclaredConstructors())
                  .anyMatch(Constructors::cannotBeReplayed);
        }
      };

  private Constructors() {}

  /**
   * Whether the fields that a class of exceptions declares have no derivatives, since one of its
   * constructors cannot be replayed: it hands out the exception, say to what makes its message.
   * What is thrown is seldom asked for numbers, and that is refused.
   */
  static boolean isClosed(Class<?> type) {
    return CLOSED.get(type);
  }

  private static boolean cannotBeReplayed(Constructor<?> constructor) {
    ClassDesc[] parameters =
        Arrays.stream(constructor.getParameterTypes())
            .map(type -> type.describeConstable().orElseThrow())
            .toArray(ClassDesc[]::new);
    MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_void, parameters);
    try {
      Body _ = of(new Declared(constructor.getDeclaringClass(), INIT_NAME, type)).body();
      return false;
    } catch (GradientException e) {
      return true;
    }
  }

  static Function of(Declared constructor) {
    return of(constructor, false);
  }

  private static Function of(Declared constructor, boolean isDelegated) {
    return FUNCTIONS
        .get(constructor.owner())
        .computeIfAbsent(
            new Key(constructor, isDelegated),
            _ ->
                new Function(
                    constructor.owner().getSimpleName()
                        + (Allocation.isPossible(constructor.owner()) ? CONSTRUCTED : REPLAYED),
                    constructor
                        .type()
                        .insertParameterTypes(
                            0, constructor.owner().describeConstable().orElseThrow()),
                    constructor.owner(),
                    () -> body(constructor, isDelegated)));
  }

  /** Whether a function is a constructor, as one or the other. */
  static boolean isConstructor(Function function) {
    return isReplayed(function) || function.name().endsWith(CONSTRUCTED);
  }

  /** Whether a function's stores to its first argument are not made: the object has them. */
  static boolean isReplayed(Function function) {
    return function.name().endsWith(REPLAYED);
  }

  /** A name for a function derived from another; that of a constructor is none itself. */
  static String derivedName(Function function) {
    return isConstructor(function) ? function.name() + "'" : function.name();
  }

  private static Body body(Declared constructor, boolean isDelegated) {
    Types types = Types.of(constructor.owner());
    Body lifted;
    try {
      lifted = Lifter.lift(constructor.owner(), INIT_NAME, constructor.type());
    } catch (LiftException e) {
      throw new GradientException("cannot differentiate through " + e.getMessage(), e);
    }
    lifted = AbsentClasses.thrown(lifted, types);
    return Allocation.isPossible(constructor.owner())
        ? withFinalFieldsSet(lifted, types)
        : withFieldsAsVariables(lifted, isDelegated, types);
  }

  private static Body withFinalFieldsSet(Body body, Types types) {
    return body.transform(
        (copy, op) -> {
          Value object = copy.get(body.parameters().get(0));
          if (op instanceof Op.Call call
              && call.method().name().equals(INIT_NAME)
              && call.arguments().get(0) == object) {
            callSuper(call, copy.block().at(op.location()), false, types);
          } else if (op instanceof Op.StoreField store
              && store.receiver() == object
              && finalField(store.field(), types) instanceof DeclaredField field) {
            Function setter = FinalField.function(types.host(), field, store.field());
            copy.block().at(op.location()).apply(setter, List.of(object, store.value()));
          } else {
            copy.keep(op);
          }
        });
  }

  private static @Nullable DeclaredField finalField(FieldRef field, Types types) {
    DeclaredField declared = DeclaredField.of(types.host(), field.name());
    // an inherited one is not final or could not be set
    return declared != null && declared.isFinal() ? declared : null;
  }

  private static Body withFieldsAsVariables(Body body, boolean isDelegated, Types types) {
    Value object = body.parameters().get(0);
    Set<Value> used = body.used();
    SsaBuilder ssa = new SsaBuilder(new Body.Builder(body.name(), body.type(), body.parameters()));
    Map<Block, BlockBuilder> copies = ssa.mirror(body, Dominators.of(body));
    Map<String, Variable> fields = new HashMap<>();
    Map<Variable, FieldRef> rebuilt = new LinkedHashMap<>();
    Map<Value, Value> replaced = new HashMap<>();
    for (Block block : body.blocks()) {
      BlockBuilder copy = copies.get(block);
      for (Op old : block.ops()) {
        Op op = old.with(old.result(), map(old.operands(), replaced));
        copy.at(op.location());
        if (Repeatable.isAside(op, used, types) || isSetting(op, object, types)) {
          continue;
        }
        if (op instanceof Op.LoadField load
            && load.receiver() == object
            && isOwn(load.field(), op, types)) {
          replaced.put(load.result(), ssa.read(variable(load.field(), fields), copy));
        } else if (op instanceof Op.StoreField store && store.receiver() == object) {
          refuseInherited(store, types);
          ssa.write(variable(store.field(), fields), copy, store.value());
          if (isMade(store.value(), body, isDelegated) && mayBeRebuilt(store.value(), types)) {
            rebuilt.put(variable(store.field(), fields), store.field());
          }
          copy.add(op);
        } else if (op instanceof Op.Call call
            && call.method().name().equals(INIT_NAME)
            && call.arguments().get(0) == object) {
          boolean isMade =
              call.arguments().stream().skip(1).anyMatch(value -> isMade(value, body, isDelegated));
          callSuper(call, copy, isMade, types);
        } else {
          if (!(op instanceof Op.LoadField)) { // an inherited field: the superclass has set it
            refuseEscape(op, object);
          }
          copy.add(op);
        }
      }
      if (block.terminator() instanceof Terminator.Return) {
        copy.at(block.terminator().location());
        rebuilt.forEach(
            (variable, field) ->
                copy.apply(
                    Rebuilt.function(field, types),
                    List.of(copy.loadField(field, object), ssa.read(variable, copy))));
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

  /** Whether a constructor may have made a value, or the one that calls it. */
  private static boolean isMade(Value value, Body body, boolean isDelegated) {
    return isDelegated || !body.parameters().contains(value);
  }

  /** Whether a value may be, or lead to, a container, whose parts are found by their identity. */
  private static boolean mayBeRebuilt(Value value, Types types) {
    ClassDesc element = value.type();
    while (element.isArray()) {
      element = element.componentType();
    }
    return !element.isPrimitive() && types.isShadowed(value.type()) && !types.isValue(element);
  }

  private static void callSuper(Op.Call call, BlockBuilder copy, boolean isMade, Types types) {
    Class<?> owner = types.resolve(call.method().owner(), call.location());
    if (!Carriers.isPlatform(owner) && (owner == types.host() || !isClosed(owner))) {
      Declared constructor = new Declared(owner, INIT_NAME, call.method().type());
      copy.apply(of(constructor, isMade), call.arguments());
    } else if (Carriers.isPlatform(owner) && SuperCall.mayCarry(call, types)) {
      copy.apply(SuperCall.function(call, types), call.arguments());
    }
  }

  /** Whether a method of the platform has set what is no number, as {@code setDaemon} does. */
  private static boolean isSetting(Op op, Value object, Types types) {
    if (!(op instanceof Op.Call call)
        || call.result() != null
        || call.method().name().equals(INIT_NAME)
        || call.arguments().isEmpty()
        || call.arguments().get(0) != object
        || call.method().type().parameterList().stream().anyMatch(types::mayCarry)) {
      return false;
    }
    Declared declared = Methods.find(call.method(), types, call.location());
    return declared != null
        && Carriers.isPlatform(declared.owner())
        && Methods.has(declared, AccessFlag.FINAL);
  }

  /** Whether the class under construction declares a field itself. */
  private static boolean isOwn(FieldRef field, Op op, Types types) {
    Class<?> owner = types.resolve(field.owner(), op.location());
    return owner == types.host() && declaring(owner, field.name()) == owner;
  }

  /** The class that declares a field which another class has. */
  static @Nullable Class<?> declaring(Class<?> owner, String field) {
    Class<?> at = owner;
    while (at != null && DeclaredField.of(at, field) == null) {
      at = at.getSuperclass();
    }
    return at;
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

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Inline;
import dev.fluxion.ir.pass.LoopInvariants;
import dev.fluxion.ir.pass.Simplify;
import dev.fluxion.ir.pass.ValueNumbering;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a body before it is differentiated: constructors show what they do to fields, the
 * question whether this is training is answered, small callees are inlined, and all is simplified.
 */
final class Preparation {
  private static final int MAX_INLINED_OPS = 40;

  /** Longer code does not become short enough when it is simplified. */
  private static final int MAX_SIMPLIFIED_OPS = 10 * MAX_INLINED_OPS;

  private static final int MAX_ROUNDS = 4;
  private static final int MAX_OPS = 1000;

  private static final ClassValue<RuleCache<Function, Body>> PREPARED =
      new ClassValue<>() {
        @Override
        protected RuleCache<Function, Body> computeValue(Class<?> type) {
          return new RuleCache<>();
        }
      };

  private Preparation() {}

  /** The bodies with all their calls, while a problem is looked for. */
  private static final ThreadLocal<@Nullable Map<Function, Body>> WHOLE = new ThreadLocal<>();

  /** The same problem, with the calls on the way to it, of which some were inlined. */
  static GradientException withCalls(
      GradientException problem,
      Function function,
      boolean[] active,
      Statics statics,
      Types types) {
    if (WHOLE.get() != null) {
      return problem;
    }
    WHOLE.set(new HashMap<>());
    try {
      Activity.of(prepared(function), active, types, Summaries.of(statics));
      return problem; // not one of activity
    } catch (GradientException whole) {
      return whole;
    } finally {
      WHOLE.remove();
    }
  }

  /** The body of a function, prepared. */
  static Body prepared(Function function) {
    Map<Function, Body> whole = WHOLE.get();
    if (whole != null) {
      Body known = whole.get(function);
      if (known == null) {
        Types types = Types.of(function.host());
        Body body = rewrite(Simplify.simplify(function.body()), types);
        known = Simplify.simplify(Guarded.calls(body, types));
        whole.put(function, known);
      }
      return known;
    }
    return PREPARED.get(function.host()).get(function, () -> prepare(function));
  }

  /** The body of a function, of which short callees are part. */
  static Body inlined(Function function) {
    return inlined(function, Types.of(function.host()), UnaryOperator.identity());
  }

  /**
   * The same.
   *
   * @param rewrite what is done to it each time, when it has been simplified
   */
  private static Body inlined(Function function, Types types, UnaryOperator<Body> rewrite) {
    Map<Function, Body> callees = new HashMap<>(); // simplified once, however often they are called
    Body body = rewrite.apply(Simplify.simplify(function.body()));
    for (int round = 0; round < MAX_ROUNDS && size(body) < MAX_OPS; round++) {
      int[] room = {MAX_OPS - size(body)};
      Body inlined = Inline.apply(body, op -> inlined(op, function, types, callees, room));
      if (inlined == body) {
        break;
      }
      body = rewrite.apply(Simplify.simplify(inlined)); // joins what a call passed on
    }
    return body;
  }

  private static Body prepare(Function function) {
    Types types = Types.of(function.host());
    Body body = inlined(function, types, each -> rewrite(each, types));
    if (size(body) < MAX_OPS) {
      Body scalar = new Records(function, types, MAX_INLINED_OPS).replaced(body);
      body = scalar == body ? body : Simplify.simplify(rewrite(scalar, types));
    }
    if (size(body) < MAX_OPS) { // in longer code, what is known far away costs more than it saves
      Body numbered =
          ValueNumbering.apply(body, field -> !Modifier.isVolatile(modifiers(field, types)));
      boolean constructs =
          Constructors.isConstructor(function) || Constructors.isReplayed(function);
      Body loaded =
          constructs
              ? numbered
              : ParameterFields.hoist(numbered, field -> Modifier.isFinal(modifiers(field, types)));
      body = Simplify.simplify(LoopInvariants.hoist(loaded));
    }
    return Simplify.simplify(Guarded.calls(body, types));
  }

  /** The modifiers of a field; of one that is not found, those of one that may change any time. */
  private static int modifiers(FieldRef field, Types types) {
    try {
      Class<?> owner = types.resolve(field.owner(), Location.NONE);
      for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
        DeclaredField declared = DeclaredField.of(at, field.name());
        if (declared != null) {
          return declared.modifiers();
        }
      }
      return Modifier.VOLATILE;
    } catch (GradientException | LinkageError e) { // a class that code names and never loads
      return Modifier.VOLATILE;
    }
  }

  static int size(Body body) {
    int size = 0;
    for (Block block : body.blocks()) {
      size += block.ops().size() + 1;
    }
    return size;
  }

  /**
   * The body to put in the place of a call, or null to leave the call.
   *
   * @param callees bodies of functions that are called, simplified
   * @param room how many operations there is room for
   */
  private static @Nullable Body inlined(
      Op op, Function caller, Types types, Map<Function, Body> callees, int[] room) {
    if (!(op instanceof Op.Call call)
        || !(Calls.target(call, types) instanceof Target.Direct direct)
        || direct.function() == caller
        || !(Reach.isNear(direct.function().host(), caller.host()) || isMethodOfObject(call, types))
        || !carries(call, types)) {
      return null;
    }
    Body body = callees.get(direct.function());
    if (body == null) {
      body = direct.function().body();
      if (size(body) <= MAX_SIMPLIFIED_OPS) {
        body = Simplify.simplify(body);
      }
      callees.put(direct.function(), body);
    }
    int size = size(body);
    if (size > Math.min(MAX_INLINED_OPS, room[0])
        || !Reach.ofMethod(body, direct.function().host(), caller.host())) {
      return null;
    }
    for (Block block : body.blocks()) {
      if (!block.handlers().isEmpty()) {
        return null;
      }
      for (Op inner : block.ops()) {
        if (inner instanceof Op.Call nested
            && nested.method().owner().equals(call.method().owner())
            && nested.method().name().equals(call.method().name())) {
          return null; // it calls itself
        }
      }
    }
    room[0] -= size;
    return body;
  }

  /**
   * Whether it calls an object's method, so that the class is initialised; not one that runs again
   * by what is written for it.
   */
  private static boolean isMethodOfObject(Op.Call call, Types types) {
    return call.method().dispatch() != MethodRef.Dispatch.STATIC
        && !Checkpointed.class.isAssignableFrom(
            types.resolve(call.method().owner(), call.location()));
  }

  static boolean carries(Op.Call call, Types types) {
    for (Value argument : call.arguments()) {
      if (types.mayCarry(argument.type())) {
        return true;
      }
    }
    return false;
  }

  private static Body rewrite(Body body, Types types) {
    return new Rewriting(types).apply(body);
  }

  static boolean isTraining(MethodRef method) {
    return method.name().equals("isTraining")
        && method.owner().descriptorString().equals("Ldev/fluxion/grad/Grad;");
  }

  /** Whether an object is one of the platform's containers, made from others. */
  static boolean isForeign(Op.New created, Types types) {
    Class<?> type = types.resolve(created.result().type(), created.location());
    return Foreign.isTransparent(type);
  }

  /** new C(x) → new C(x), then what the constructor does, again, for the shadow's sake. */
  static void initialise(Body.Copy copy, Op.New created, Types types) {
    Class<?> type = types.resolve(created.result().type(), created.location());
    if (!types.isShadowed(created.result().type())
        || Carriers.isPlatform(type)
        || Constructors.isClosed(type)) {
      return;
    }
    Declared constructor = new Declared(type, INIT_NAME, created.constructor().type());
    Function function = Constructors.of(constructor);
    List<Value> arguments = new ArrayList<>();
    arguments.add(copy.get(created.result()));
    arguments.addAll(created.arguments());
    copy.block().at(created.location()).apply(function, List.copyOf(arguments));
  }
}

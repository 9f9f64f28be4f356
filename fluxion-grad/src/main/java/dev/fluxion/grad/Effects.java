package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.Calls.Target;
import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What must happen once, though code runs again: input and output, clocks, random numbers, and
 * stores to static fields.
 */
final class Effects {
  private static final int MOST_FUNCTIONS = 1000;

  /** Classes all of whose methods have effects, by the beginning of their names. */
  private static final List<String> CLASSES =
      List.of(
          "java/io/",
          "java/net/",
          "java/nio/channels/",
          "java/nio/file/Files",
          "java/lang/IO",
          "java/lang/Process",
          "java/lang/Runtime",
          "java/lang/System$Logger",
          "java/lang/Thread",
          "java/security/SecureRandom",
          "java/util/Random",
          "java/util/Scanner",
          "java/util/SplittableRandom",
          "java/util/concurrent/ThreadLocalRandom",
          "java/util/logging/",
          "java/util/random/");

  /** Classes that these names begin too, and whose methods have none. */
  private static final List<String> PURE =
      List.of(
          "java/io/ByteArray", "java/io/String", "java/lang/ThreadLocal", "java/util/RandomAccess");

  private static final Set<String> METHODS =
      Set.of(
          "java/lang/Math.random",
          "java/lang/StrictMath.random",
          "java/lang/System.currentTimeMillis",
          "java/lang/System.exit",
          "java/lang/System.nanoTime",
          "java/lang/System.setProperty",
          "java/util/UUID.randomUUID",
          "java/util/concurrent/TimeUnit.sleep");

  private static final ClassValue<Map<Function, Boolean>> REACHING =
      new ClassValue<>() {
        @Override
        protected Map<Function, Boolean> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Effects() {}

  /** Whether an operation has an effect itself. */
  static boolean isEffect(Op op, @Nullable Target target) {
    return switch (op) {
      case Op.StoreField store -> store.receiver() == null;
      case Op.Call call -> target instanceof Target.Opaque && isEffect(call.method());
      default -> false;
    };
  }

  private static boolean isEffect(MethodRef method) {
    String descriptor = method.owner().descriptorString();
    if (!descriptor.startsWith("Ljava/")) {
      return false;
    }
    String owner = descriptor.substring(1, descriptor.length() - 1);
    boolean tellsTime =
        owner.startsWith("java/time/")
            && (method.name().equals("now") || owner.equals("java/time/Clock"));
    return tellsTime
        || METHODS.contains(owner + "." + method.name())
        || (begins(owner, CLASSES) && !begins(owner, PURE) && !owner.endsWith("Exception"));
  }

  private static boolean begins(String name, List<String> beginnings) {
    return beginnings.stream().anyMatch(name::startsWith);
  }

  /** Whether a call leads to code with effects, as far as can be seen. */
  static boolean reaches(@Nullable Target target, Op op, Types types) {
    Function function = function(target, op, types);
    return function != null && reaches(function, new HashSet<>());
  }

  private static @Nullable Function function(@Nullable Target target, Op op, Types types) {
    return switch (target) {
      case Target.Direct direct -> direct.function();
      case Target.Dispatched dispatched when !isHandle(dispatched.method()) -> {
        Declared declared = Methods.find(dispatched.method(), types, op.location());
        yield declared == null || Methods.has(declared, AccessFlag.ABSTRACT)
            ? null
            : Methods.function(declared);
      }
      case null, default -> null;
    };
  }

  private static boolean isHandle(MethodRef method) {
    return method.owner().equals(CD_MethodHandle);
  }

  private static boolean reaches(Function function, Set<Function> seen) {
    Map<Function, Boolean> known = REACHING.get(function.host());
    Boolean before = known.get(function);
    if (before != null) {
      return before;
    }
    if (seen.size() >= MOST_FUNCTIONS || !seen.add(function) || Handwritten.of(function) != null) {
      return false;
    }
    boolean isOutermost = seen.size() == 1;
    boolean reaches = search(function, seen);
    if (reaches || isOutermost) { // what has met itself on the way is not known yet
      known.put(function, reaches);
    }
    return reaches;
  }

  private static boolean search(Function function, Set<Function> seen) {
    Types types = Types.of(function.host());
    try {
      for (Block block : function.body().blocks()) {
        for (Op op : block.ops()) {
          boolean isCall = op instanceof Op.Call || op instanceof Op.Apply;
          Target target = isCall ? Calls.target(op, types) : null;
          Function callee = function(target, op, types);
          if (isEffect(op, target) || (callee != null && reaches(callee, seen))) {
            return true;
          }
        }
      }
    } catch (GradientException e) {
      return false; // what cannot be looked into runs as it is
    }
    return false;
  }

  /**
   * A function that does what an operation does, but only the first time: it takes the operands and
   * a tape, where the result of that time is kept.
   */
  static Function once(Op op, Class<?> host) {
    List<ClassDesc> parameters = new ArrayList<>();
    op.operands().forEach(operand -> parameters.add(operand.type()));
    parameters.add(Derivations.TAPE);
    Value result = op.result();
    ClassDesc returned = result == null ? CD_void : result.type();
    MethodTypeDesc type = MethodTypeDesc.of(returned, parameters);
    String name = op instanceof Op.Call call ? call.method().name() : "store";
    return new Function(
        name,
        type,
        host,
        () -> {
          Body.Builder builder = new Body.Builder(name, type);
          BlockBuilder entry = builder.entry().at(op.location());
          List<Value> given = entry.block().parameters();
          Value tape = given.getLast();
          BlockBuilder again = builder.block().at(op.location());
          BlockBuilder first = builder.block().at(op.location());
          entry.branch(
              entry.call(method("isRepeated", CD_boolean), tape),
              Successor.to(again.block()),
              Successor.to(first.block()));
          Value copy = result == null ? null : result.copy();
          first.add(op.with(copy, given.subList(0, given.size() - 1)));
          if (copy == null) {
            again.returns(null);
          } else {
            Value before = again.call(method("result", CD_Object), tape);
            again.returns(Conversions.convert(again, before, returned));
            Value box = Conversions.convert(first, copy, CD_Object);
            first.run(method("happened", CD_void, CD_Object), tape, first.cast(box, CD_Object));
          }
          first.returns(copy);
          return builder.build();
        },
        body -> Lending.apply(body, Types.of(host)));
  }

  private static MethodRef method(String name, ClassDesc result, ClassDesc... parameters) {
    return MethodRef.ofVirtual(Derivations.TAPE, name, MethodTypeDesc.of(result, parameters));
  }
}

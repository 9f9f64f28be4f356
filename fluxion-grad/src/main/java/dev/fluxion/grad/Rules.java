package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.MathRules;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the rule of a method: registered by the user, declared on it, or built in. */
final class Rules {
  private static final Set<String> COMBINERS = Set.of("sum", "max", "min"); // of Double and Float

  /** Libraries' own forms of {@code Math}, written with the bits of numbers and tables. */
  private static final Set<String> LIKE_MATH =
      Set.of(
          "org.hipparchus.util.FastMath",
          "org.apache.commons.math3.util.FastMath",
          "org.apache.commons.math4.core.jdkmath.AccurateMath",
          "org.apache.commons.math4.core.jdkmath.JdkMath",
          "net.jafama.FastMath",
          "net.jafama.StrictFastMath");

  /** The rules of a class's methods, kept with it and released with its loader. */
  private record OfOwner(
      Map<Declared, Rule> registered,
      Map<Declared, Optional<Rule>> found,
      Map<Function, Declared> methods) {}

  private static final ClassValue<OfOwner> OF_OWNER =
      new ClassValue<>() {
        @Override
        protected OfOwner computeValue(Class<?> owner) {
          return new OfOwner(
              new ConcurrentHashMap<>(),
              new ConcurrentHashMap<>(),
              Collections.synchronizedMap(new WeakHashMap<>()));
        }
      };

  private static volatile int version;

  private Rules() {}

  /** Changes whenever a rule is registered: what was derived before is out of date then. */
  static int version() {
    return version;
  }

  static synchronized void register(Declared method, Rule rule) {
    OF_OWNER.get(method.owner()).registered.put(method, rule);
    version++;
  }

  /** The rule of a method, or null when it is to be differentiated by its bytecode. */
  static @Nullable Rule find(Declared method) {
    OfOwner rules = OF_OWNER.get(method.owner());
    Rule registered = rules.registered.get(method);
    return registered != null
        ? registered
        : rules.found.computeIfAbsent(method, Rules::search).orElse(null);
  }

  /**
   * A function of the receiver's class alone that has the rule of a method.
   *
   * @param call makes the call
   */
  static Function function(Declared method, Function call) {
    OF_OWNER.get(call.host()).methods.put(call, method);
    MethodTypeDesc type = call.type();
    return new Function(
        call.name(),
        type,
        call.host(),
        () -> {
          Body.Builder builder = new Body.Builder(call.name(), type);
          BlockBuilder block = builder.entry();
          block.returns(block.apply(call, block.block().parameters()));
          return builder.build();
        });
  }

  /** The method whose rule a function has, or null when it has none. */
  static @Nullable Declared method(Function function) {
    return OF_OWNER.get(function.host()).methods.get(function);
  }

  private static Optional<Rule> search(Declared method) {
    if (method.owner() == Math.class || method.owner() == StrictMath.class || isLikeMath(method)) {
      return Optional.of(builtIn(method));
    }
    if ((method.owner() == Double.class || method.owner() == Float.class)
        && COMBINERS.contains(method.name())) {
      return Optional.of(builtIn(method));
    }
    return DeclaredRules.search(method);
  }

  /** Whether a library has a method of {@code Math} again, or its power with a whole exponent. */
  private static boolean isLikeMath(Declared method) {
    if (!LIKE_MATH.contains(method.owner().getName())) {
      return false;
    }
    String type = method.type().descriptorString();
    return (method.name().equals("pow") && (type.equals("(DI)D") || type.equals("(DJ)D")))
        || ClassFiles.method(Math.class, method.name(), method.type()).isPresent();
  }

  /** The methods of {@code Math}: those without a pullback are constant almost everywhere. */
  private static Rule builtIn(Declared method) {
    return DeclaredRules.collect(method, List.of(MathRules.class), method.type().parameterList());
  }

  /** What to say when a derivative is wanted of a kind that a rule does not have. */
  static GradientException missing(
      Op op, int argument, String mode, String wanted, String otherwise) {
    String method =
        switch (op) {
          case Op.Call call -> call.method().owner().displayName() + "." + call.method().name();
          case Op.Apply apply -> apply.function().name();
          default -> "an operation";
        };
    return new GradientException(
        "cannot differentiate "
            + op.location()
            + " in "
            + mode
            + " mode: the rule of "
            + method
            + " has no "
            + (wanted.equals("@Pullback") ? "pullback" : "pushforward")
            + " for its argument "
            + argument
            + "; add a "
            + wanted
            + " to a @Primitive's rules, or one to Grad.rule, or use "
            + otherwise
            + " alone");
  }

  /** The types of a method's arguments, the receiver's first. */
  static List<ClassDesc> arguments(Declared method) {
    List<ClassDesc> arguments = new ArrayList<>(method.type().parameterList());
    if (!Methods.has(method, AccessFlag.STATIC)) {
      arguments.add(0, method.owner().describeConstable().orElseThrow());
    }
    return arguments;
  }

  /** A cotangent is a number, a vector, or an array of numbers; an object has none. */
  static void refuseObjects(Declared method, ClassDesc type) {
    String descriptor = type.descriptorString();
    boolean isNumbers = descriptor.equals("[D") || descriptor.equals("[F");
    if (!isNumbers && Types.of(method.owner()).isShadowed(type)) {
      throw new GradientException(
          "a rule of "
              + method
              + " goes through a "
              + type.displayName()
              + ", which has no derivative of its own: use numbers, vectors or arrays of numbers");
    }
  }

  /** Whether the method only puts a number in a box, or takes it out. */
  static boolean isBoxing(MethodRef method) {
    String owner = method.owner().descriptorString();
    if (owner.equals("Ljava/util/OptionalDouble;")) { // a box that may be empty
      return method.name().equals("of")
          || method.name().equals("getAsDouble")
          || (method.name().equals("orElseThrow") && method.type().parameterCount() == 0);
    }
    boolean box = owner.equals("Ljava/lang/Double;") || owner.equals("Ljava/lang/Float;");
    return box
        && ((method.name().equals("valueOf")
                && !method.type().parameterType(0).isClassOrInterface())
            || method.name().equals("doubleValue")
            || method.name().equals("floatValue"));
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_VarHandle;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides how a call is differentiated. */
final class Calls {
  /** How a call is differentiated. */
  sealed interface Target {
    /** By a rule. */
    record Ruled(Rule rule) implements Target {}

    /** It puts a number in a box, or takes it out. */
    record Boxing() implements Target {}

    /** By the bytecode of the one method that it can reach. */
    record Direct(Function function) implements Target {}

    /**
     * By the bytecode of the method that the receiver's class chooses.
     *
     * @param isGuarded whether it takes an array besides, in which it leaves its exception
     */
    record Dispatched(MethodRef method, boolean isGuarded) implements Target {}

    /** Not at all: there is no bytecode that may be used, for the reason given. */
    record Opaque(String name, String reason) implements Target {}
  }

  private static final Set<ClassDesc> HANDLES = Set.of(CD_MethodHandle, CD_VarHandle);

  private Calls() {}

  /** The target of an operation, or null when it is no call. */
  static @Nullable Target target(Op op, Types types) {
    return switch (op) {
      case Op.Call call -> target(call, types);
      case Op.Apply apply -> target(apply.function());
      case Op.InvokeDynamic dynamic ->
          new Target.Opaque(dynamic.site().invocationName(), "its callee is chosen at run time");
      default -> null;
    };
  }

  private static Target target(Function function) {
    MethodRef method = Guarded.method(function);
    if (method != null) {
      return new Target.Dispatched(method, true);
    }
    Declared ruled = Rules.method(function);
    Rule rule = ruled == null ? null : Rules.find(ruled);
    return rule == null ? new Target.Direct(function) : new Target.Ruled(rule);
  }

  /**
   * What generated code calls through handles: derivatives chosen before, the choice itself, and
   * what a lambda captured, which is passive, since a lambda over an active value is refused.
   */
  private static @Nullable Target handle(MethodRef invocation) {
    List<ClassDesc> parameters = invocation.type().parameterList();
    ClassDesc result = invocation.type().returnType();
    if (parameters.contains(Derivations.TAPE) || parameters.contains(Duals.TANGENTS)) {
      return new Target.Dispatched(invocation, false);
    }
    boolean isPassive =
        parameters.contains(ForwardSweep.CHOSEN)
            || result.equals(ForwardSweep.CHOSEN)
            || result.equals(CD_MethodHandle);
    return isPassive
        ? new Target.Ruled(new Rule(Collections.nCopies(parameters.size() + 1, null)))
        : null;
  }

  private static Target target(Op.Call call, Types types) {
    MethodRef method = call.method();
    Rule mark = Marks.rule(method);
    if (mark != null) {
      return new Target.Ruled(mark);
    }
    if (Rules.isBoxing(method)) {
      return new Target.Boxing();
    }
    if (Pointwise.isNumbers(method)) {
      return new Target.Dispatched(Pointwise.NUMBERS, false);
    }
    Target handle = method.owner().equals(CD_MethodHandle) ? handle(method) : null;
    if (handle != null) {
      return handle;
    }
    String name = method.owner().displayName() + "." + method.name();
    Declared declared = Methods.find(method, types, call.location());
    if (declared == null && HANDLES.contains(method.owner())) {
      return new Target.Opaque(
          name, "a handle hides what it calls or sets (do that itself, or through an interface)");
    }
    if (declared == null) {
      Class<?> owner = types.resolve(method.owner(), call.location());
      return new Target.Opaque(
          name,
          ClassFiles.of(owner).isEmpty() && !owner.isArray()
              ? "the class file of " + owner.getName() + " cannot be read"
              : "no class file that can be read declares it");
    }
    if (Clones.isClone(method, declared)) {
      return new Target.Dispatched(Clones.CLONE, false);
    }
    Function identities = Identities.function(declared.owner(), method);
    if (identities != null) {
      return new Target.Direct(identities);
    }
    Class<?> owner = types.resolve(method.owner(), call.location());
    boolean isChosenByClass = isChosenByClass(method, declared, owner);
    Rule rule = Rules.find(declared);
    if (rule != null) {
      return isChosenByClass && mayBeOverridden(declared)
          ? new Target.Dispatched(method, false)
          : new Target.Ruled(rule);
    }
    if (Nesting.isDerivative(method)) {
      return new Target.Opaque(name, "it is a derivative of a kind that is not derived again");
    }
    if (Methods.has(declared, AccessFlag.NATIVE) && !Carriers.isPlatform(declared.owner())) {
      return new Target.Opaque(name, "it is native");
    }
    boolean isPlatform = Carriers.isPlatform(declared.owner());
    Class<?> home = Carriers.isPlatform(owner) ? owner : declared.owner();
    if (isPlatform
        && !Foreign.isTransparent(home)
        && !Foreign.isOfNumbers(home)
        && home != Number.class) { // of a class of the user, as NumberMethods sees to
      return new Target.Opaque(name, whyOpaque(declared.owner()));
    }
    if (isChosenByClass) {
      return new Target.Dispatched(method, false);
    }
    if (isPlatform) {
      boolean isStatic = method.dispatch() == MethodRef.Dispatch.STATIC;
      boolean isOfOwn = !isStatic && (!Carriers.isPlatform(owner) || isOwnReceiver(call, types));
      Function inherited = isOfOwn ? Substitutes.inherited(declared) : null;
      if (inherited != null) {
        return new Target.Direct(inherited);
      }
      boolean isOfSuper = method.dispatch() == MethodRef.Dispatch.SPECIAL;
      Class<?> heir = // whose code this is, though it may stand in that of another class
          isOfSuper ? types.resolve(call.arguments().get(0).type(), call.location()) : types.host();
      return new Target.Direct(Foreign.function(declared, inherited(method, declared), heir));
    }
    return new Target.Direct(Methods.function(declared));
  }

  private static String whyOpaque(Class<?> owner) {
    if (owner.getPackageName().equals("java.lang.reflect")) {
      return "reflection hides what it calls (call that itself, or through an interface)";
    }
    return owner == ByteBuffer.class || owner.getPackageName().equals("java.lang.foreign")
        ? "it keeps numbers as bytes (arrays are followed, and the buffers of DoubleBuffer.wrap)"
        : "it belongs to the Java platform";
  }

  private static boolean isOwnReceiver(Op.Call call, Types types) {
    Value receiver = call.arguments().get(0);
    return !Carriers.isPlatform(types.resolve(receiver.type(), call.location()));
  }

  private static boolean isChosenByClass(MethodRef method, Declared declared, Class<?> owner) {
    return (method.dispatch() == MethodRef.Dispatch.VIRTUAL
            || method.dispatch() == MethodRef.Dispatch.INTERFACE)
        && !Methods.has(declared, AccessFlag.FINAL)
        && !Methods.has(declared, AccessFlag.PRIVATE)
        && !Modifier.isFinal(owner.getModifiers());
  }

  /** The platform's method that a class of the user inherits, named in the platform's class. */
  static MethodRef inherited(MethodRef method, Declared declared) {
    boolean isVirtual =
        method.dispatch() == MethodRef.Dispatch.VIRTUAL
            || method.dispatch() == MethodRef.Dispatch.INTERFACE;
    if (!isVirtual
        || method.owner().packageName().startsWith("java.")
        || Methods.has(declared, AccessFlag.PROTECTED)) { // which its heirs alone may name
      return method;
    }
    boolean isInterface = declared.owner().isInterface();
    return new MethodRef(
        isInterface ? MethodRef.Dispatch.INTERFACE : MethodRef.Dispatch.VIRTUAL,
        declared.owner().describeConstable().orElseThrow(),
        method.name(),
        method.type(),
        isInterface);
  }

  /** Whether a method with a rule may be overridden by one with its own derivative. */
  private static boolean mayBeOverridden(Declared ruled) {
    return !Methods.has(ruled, AccessFlag.ABSTRACT)
        && !Carriers.isValue(ruled.owner())
        && !Carriers.isPlatform(ruled.owner());
  }
}

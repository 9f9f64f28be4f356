package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_String;

import dev.fluxion.grad.Calls.Target.Dispatched;
import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Called;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Target;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** A call whose method the receiver's class chooses: finds the derivative for each class once. */
final class Dispatch {
  /**
   * Where a call is.
   *
   * @param statics the static fields that are active
   * @param constants the arguments that are found through other static fields
   * @param isWritten whether something active may be put into what is returned
   * @param types the types as seen from there
   * @param location the line
   */
  record Site(
      Statics statics,
      ConstantArguments constants,
      boolean isWritten,
      Types types,
      Location location) {
    static Site of(Activity activity, Op call, Statics statics, Types types) {
      Value result = call.result();
      boolean isWritten =
          result != null && types.isShadowed(result.type()) && activity.mayBeWritten(result);
      ConstantArguments constants = activity.constants(call.operands());
      return new Site(statics, constants, isWritten, types, call.location());
    }

    /** What is put into an object that another static field leads to would be lost. */
    void check(Function function, MethodRef method) {
      for (Statics.Place place : isWritten ? ReturnedStatics.of(function).places() : NO_PLACES) {
        if (statics.cell(place) < 0) {
          throw GradientException.ofCall(
              method.owner().displayName(),
              method.name(),
              location,
              "it returns what the static field "
                  + place
                  + " leads to, where a value that depends on the arguments may be put, as became"
                  + " known only when it was called; pass the object as an argument, or wrap the"
                  + " value in Grad.stopGradient");
        }
      }
    }
  }

  private static final Set<Statics.Place> NO_PLACES = Set.of();

  private final Dispatched call;
  private final boolean[] active;
  private final boolean result;
  private final Site site;
  private final Choices<Chosen> choices = new Choices<>(object -> find(object));
  private final RuleCache<MethodHandle, Chosen> forms = new RuleCache<>();

  /** The handles to call, and what keeps the functions behind them alive. */
  private record Chosen(Target target, Derived derived, Function forward) {}

  Dispatch(Dispatched call, boolean[] active, boolean result, Site site) {
    this.call = call;
    this.active = active;
    this.result = result;
    this.site = site;
  }

  /** What a call takes, the array for its exception among it, and returns. */
  static MethodTypeDesc type(Dispatched call) {
    MethodTypeDesc type = call.method().type().insertParameterTypes(0, call.method().owner());
    return call.isGuarded()
        ? type.insertParameterTypes(type.parameterCount(), Guarded.THROWN)
        : type;
  }

  List<ClassDesc> parameters() {
    return type(call).parameterList();
  }

  MethodTypeDesc forwardType() {
    return Derivations.forwardType(type(call), active, site.types());
  }

  MethodTypeDesc reverseType() {
    return Derivations.reverseType(type(call), active, result, site.types());
  }

  boolean[] active() {
    return active;
  }

  /** The method {@link #select} of this object. */
  MethodHandle selector() {
    return Choices.selector(this, Target.class, 1);
  }

  Target select(@Nullable Object object) {
    return object instanceof MethodHandle handle
        ? choices.ofHandle(handle).target
        : choices.ofClass(key(object, call), object).target;
  }

  /** A receiver's class; a guarded call of null has its exception too. */
  static Class<?> key(@Nullable Object receiver, Dispatched call) {
    return receiver == null && call.isGuarded()
        ? void.class
        : Objects.requireNonNull(receiver).getClass();
  }

  /** The derivative of what is done when a derivative's proxy is called back. */
  Target selectForm(Called called) {
    MethodTypeDesc callee = call.method().type().insertParameterTypes(0, call.method().owner());
    return forms.get(called.form(), () -> find(guarded(CalledForm.of(called, callee), call)))
        .target;
  }

  private Chosen find(@Nullable Object object) {
    return find(function(call, object, active, site));
  }

  private Chosen find(Function function) {
    site.check(function, call.method());
    boolean[] all = site.constants().active(function, call.method(), active, site);
    Derived derived = Derivations.of(function, all, result, site.statics());
    Types types = Types.of(function.host());
    Function forward =
        ConstantArguments.withShadows(
            derived.forward(),
            Derivations.forwardType(function.type(), active, types),
            function.type().parameterList(),
            all,
            active,
            type -> types.isShadowed(type) ? 1 : 0);
    Target target =
        new Target(
            handle(forward, forwardType(), site.types()),
            handle(derived.reverse(), reverseType(), site.types()));
    return new Chosen(target, derived, forward);
  }

  static MethodHandle handle(Function function, MethodTypeDesc type, Types types) {
    MethodHandle handle =
        Derivations.handle(function).asType(Methods.methodType(type, types.host()));
    Handles.register(handle, function);
    return handle;
  }

  /** The function that a call runs when this object is the receiver. */
  static Function function(
      Dispatched call, @Nullable Object receiver, boolean[] active, Site site) {
    Function function =
        receiver == null
            ? ofNull(call.method(), site.types().host())
            : function(call.method(), receiver, active, site.types(), site.location());
    return guarded(function, call);
  }

  private static Function guarded(Function function, Dispatched call) {
    return call.isGuarded() ? Guarded.of(function) : function;
  }

  private static Function ofNull(MethodRef method, Class<?> host) {
    MethodTypeDesc type = MethodTypeDesc.of(method.type().returnType(), method.argumentTypes());
    return new Function(
        method.name(),
        type,
        host,
        () -> {
          Body.Builder builder = new Body.Builder(method.name(), type);
          BlockBuilder block = builder.entry();
          MethodRef constructor =
              MethodRef.ofConstructor(ClassDesc.of("java.lang.NullPointerException"), CD_String);
          String message =
              "Cannot invoke \""
                  + method.owner().displayName()
                  + "."
                  + method.name()
                  + "\" of null";
          Value exception = block.construct(constructor, List.of(block.constant(message)));
          block.end(new Terminator.Throw(exception, block.location()));
          return builder.build();
        });
  }

  private static Function function(
      MethodRef method, Object receiver, boolean[] active, Types types, Location location) {
    MethodTypeDesc called = method.type().insertParameterTypes(0, method.owner());
    if (method.equals(Pointwise.NUMBERS)) {
      return Pointwise.numbersOf(receiver);
    }
    if (method.equals(Clones.CLONE)) {
      return Clones.of(receiver.getClass());
    }
    if (receiver instanceof MethodHandle handle) {
      return Handles.called(handle, called);
    }
    Class<?> type = receiver.getClass();
    if (Carriers.isPlatform(type) || Called.of(receiver) != null) {
      Function following = receiver instanceof DoubleStream ? Substitutes.following(method) : null;
      return following != null ? following : foreign(null, method, type, active, types, location);
    }
    Declared declared = Methods.find(type, method.name(), method.type());
    boolean isOwnCode = declared != null && !Carriers.isPlatform(declared.owner());
    if (!isOwnCode && declared != null && !Methods.has(declared, AccessFlag.ABSTRACT)) {
      Function inherited = Substitutes.inherited(declared);
      return inherited != null
          ? inherited
          : foreign(declared, Calls.inherited(method, declared), type, active, types, location);
    }
    if (type.isHidden() && (declared == null || Methods.has(declared, AccessFlag.ABSTRACT))) {
      Function lambda = Functional.method(receiver, called);
      if (lambda != null) {
        return lambda;
      }
      throw GradientException.ofCall(
          method.owner().displayName(),
          method.name(),
          location,
          "the code of the lambda "
              + type.getName()
              + " cannot be found, for its interface is not Serializable; use one of Fluxion's,"
              + " such as Scalar1 or Fn1, or one that extends java.io.Serializable, or make the"
              + " lambda in the code that is differentiated");
    }
    if (declared == null || Methods.has(declared, AccessFlag.ABSTRACT)) {
      throw GradientException.ofCall(
          type.getName(),
          method.name(),
          location,
          "its class file cannot be read, and it has no rule; call a method that has one"
              + " (Grad.rule), or wrap its argument in Grad.stopGradient if its derivative is"
              + " zero");
    }
    if (receiver instanceof TapedPullback && method.name().equals("gradient")) {
      throw GradientException.ofCall(
          "ValueAndPullback",
          "gradient",
          location,
          "the pullback was taken outside of the code that is differentiated; call"
              + " Grad.pullback within it");
    }
    if (Rules.find(declared) != null) {
      return Rules.function(declared, Functional.wrapped(declared, called));
    }
    return Carriers.isValue(type)
        ? Functional.wrapped(declared, called)
        : Methods.function(declared);
  }

  private static Function foreign(
      @Nullable Declared inherited,
      MethodRef method,
      Class<?> type,
      boolean[] active,
      Types types,
      Location location) {
    String obstacle =
        inherited == null || Foreign.isTransparent(inherited.owner())
            ? Foreign.obstacle(method, active, types)
            : "it belongs to the Java platform; override it in " + type.getName();
    if (obstacle != null) {
      throw GradientException.ofCall(type.getName(), method.name(), location, obstacle);
    }
    return inherited == null ? Foreign.function(method) : Foreign.function(inherited, method, type);
  }
}

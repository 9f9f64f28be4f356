package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Contents;
import dev.fluxion.grad.runtime.OwnCollections;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.SsaBuilder;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the platform's containers, optionals, iterators and streams of objects, which run as
 * they are.
 *
 * <p>Such code passes references on and never looks into them. So a container needs no shadow of
 * its own: the shadow of what comes out is found by the identity of what went in. Functions that
 * are handed over are wrapped, and what they do when they are called back is recorded and reversed
 * with the call. What came out of a container but did not go in, such as a sum that a collector
 * made, is refused.
 */
final class Foreign implements Handwritten {
  /** Classes through which bare numbers pass, which have no identity. */
  private static final Set<String> OF_NUMBERS =
      Set.of(
          "java.util.stream.DoubleStream",
          "java.util.stream.DoubleStream$Builder",
          "java.util.stream.DoubleStream$DoubleMapMultiConsumer",
          "java.util.DoubleSummaryStatistics",
          "java.util.PrimitiveIterator$OfDouble",
          "java.util.Spliterator$OfDouble",
          "java.util.concurrent.atomic.DoubleAdder",
          "java.util.concurrent.atomic.DoubleAccumulator");

  /** Methods of {@code Arrays} that read numbers, to compare or to print them. */
  private static final Set<String> READERS =
      Set.of(
          "binarySearch",
          "compare",
          "deepEquals",
          "deepHashCode",
          "deepToString",
          "equals",
          "hashCode",
          "mismatch",
          "toString");

  private static final ClassDesc THREAD_LOCAL = ClassDesc.of("java.lang.ThreadLocal");
  private static final ClassDesc OWN_COLLECTIONS =
      OwnCollections.class.describeConstable().orElseThrow();
  private static final ClassDesc CONTENTS = Contents.class.describeConstable().orElseThrow();

  private static final ClassValue<Map<MethodRef, Function>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<MethodRef, Function> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private final MethodRef method;
  private final Function function;
  private final @Nullable Function serial;
  private final boolean isGuarded;
  private final Types types;

  private Foreign(
      MethodRef method, Function function, @Nullable Function serial, boolean isGuarded) {
    this.method = method;
    this.function = function;
    this.serial = serial;
    this.isGuarded = isGuarded;
    this.types = Types.of(function.host());
  }

  @Override
  public Foreign guarded(Function guarded) {
    return new Foreign(method, guarded, serial, true);
  }

  /** Whether the methods of a class pass references on without looking into them. */
  static boolean isTransparent(Class<?> owner) {
    String name = owner.getName();
    return Carriers.isPlatform(owner)
        && Carriers.mayCarry(owner)
        && !Carriers.isValue(owner)
        && !OF_NUMBERS.contains(name)
        && !name.startsWith("java.util.Observ") // which calls what is no function
        && (name.startsWith("java.util.")
            || name.startsWith("java.lang.ScopedValue")
            || name.startsWith("java.lang.ref.")
            || isBuffer(name)
            || name.startsWith("java.lang.Thread")
            || name.equals("java.lang.Iterable")
            || name.equals("java.lang.Runnable")
            || name.equals("java.lang.Object"));
  }

  /** Whether objects of a class have an array of numbers, which they hand on as it is. */
  private static boolean isBuffer(String name) {
    return name.equals("java.nio.Buffer")
        || name.equals("java.nio.DoubleBuffer")
        || name.equals("java.nio.FloatBuffer");
  }

  private static boolean isOfBuffer(MethodRef method, String... names) {
    return List.of(names).contains(method.name())
        && method.owner().isClassOrInterface()
        && isBuffer(method.owner().packageName() + "." + method.owner().displayName());
  }

  /**
   * Whether a class is an interface of streams of numbers, of which there is a version to follow.
   */
  static boolean isOfNumbers(Class<?> owner) {
    return owner.isInterface() && OF_NUMBERS.contains(owner.getName());
  }

  /** A function that makes a call or, if the method is a constructor, a new object. */
  static Function function(MethodRef method) {
    return OwnArguments.function(method, function(method, Foreign.class));
  }

  /**
   * The same for a method that a class of the user inherits: what is protected, and what it
   * overrides, it alone may call.
   */
  static Function function(Methods.Declared inherited, MethodRef method, Class<?> heir) {
    boolean isOwn = isOfSuper(method) || Methods.has(inherited, AccessFlag.PROTECTED);
    return isOwn ? function(method, heir) : function(method);
  }

  private static boolean isOfSuper(MethodRef method) {
    return method.dispatch() == MethodRef.Dispatch.SPECIAL && !method.name().equals(INIT_NAME);
  }

  private static Function function(MethodRef method, Class<?> host) {
    return FUNCTIONS.get(host).computeIfAbsent(method, one -> make(one, host));
  }

  private static Function make(MethodRef method, Class<?> host) {
    boolean constructs = method.name().equals(INIT_NAME);
    String owner = method.owner().displayName();
    String name = constructs ? "new " + owner : owner + "." + method.name();
    MethodTypeDesc named =
        constructs
            ? method.type().changeReturnType(method.owner())
            : MethodTypeDesc.of(method.type().returnType(), method.argumentTypes());
    MethodTypeDesc type =
        isOfSuper(method)
            ? named.changeParameterType(0, host.describeConstable().orElseThrow())
            : named;
    Function function =
        new Function(
            name,
            type,
            host,
            () -> {
              Body.Builder builder = new Body.Builder(name, type);
              BlockBuilder block = builder.entry();
              block.returns(run(block, method, block.block().parameters()));
              return builder.build();
            });
    Function serial = Serial.function(method, name, type);
    if (serial != null) { // a derivative of a derivative calls it too
      Handwritten.give(serial, new Foreign(method, serial, serial, false));
    }
    Handwritten.give(function, new Foreign(method, function, serial, false));
    return function;
  }

  /** Makes the call, as it is made in a derivative. */
  @Nullable Value run(BlockBuilder block, List<Value> arguments) {
    if (serial != null) {
      return block.apply(isGuarded ? Guarded.of(serial) : serial, arguments);
    }
    return isGuarded ? block.apply(function, arguments) : run(block, method, arguments);
  }

  static @Nullable Value run(BlockBuilder block, MethodRef method, List<Value> arguments) {
    if (method.name().equals(INIT_NAME)) {
      return block.construct(method, arguments);
    }
    if (method.type().returnType().equals(CD_void)) {
      block.run(method, arguments.toArray(new Value[0]));
      return null;
    }
    return block.call(method, arguments.toArray(new Value[0]));
  }

  /** What a function calls, or null when it is not one of those. */
  static @Nullable Foreign of(Function function) {
    return Handwritten.of(OwnArguments.foreign(function)) instanceof Foreign foreign
        ? foreign
        : null;
  }

  /** Whether an argument is one of the method's own that may carry derivatives. */
  boolean carries(int index) {
    int count = function.type().parameterCount() - (isGuarded ? 1 : 0);
    return index < count && types.isShadowed(function.type().parameterType(index));
  }

  MethodRef method() {
    return method;
  }

  /** Why a method cannot be followed when the arguments marked are active; null when it can. */
  static @Nullable String obstacle(MethodRef method, boolean[] active, Types types) {
    List<ClassDesc> parameters =
        method.name().equals(INIT_NAME) ? method.type().parameterList() : method.argumentTypes();
    boolean any = false;
    if (method.owner().descriptorString().equals("Ljava/util/Arrays;")
        && READERS.contains(method.name())) {
      return null;
    }
    if (isOfBuffer(method, "wrap", "array")) {
      return null;
    }
    if (Threads.handOver(method, types.resolve(method.owner(), Callback.AT))) {
      return "it " + Threads.OBSTACLE;
    }
    String numbers =
        isOfBuffer(method, "put")
            ? "it puts numbers into memory that is no array (DoubleBuffer.wrap gives a buffer of an"
                + " array)"
            : "it takes bare numbers, whose derivatives the platform's code would lose";
    for (int i = 0; i < Math.min(active.length, parameters.size()); i++) {
      any |= active[i];
      if (active[i] && isNumbers(parameters.get(i), types)) {
        return numbers;
      }
    }
    if (any && isOfBuffer(method, "compact")) { // of memory that is no array
      return "it moves numbers, whose derivatives the platform's code would lose";
    }
    return any && isNumbers(method.type().returnType(), types)
        ? "it returns bare numbers, whose derivatives the platform's code would lose"
        : null;
  }

  private static boolean isNumbers(ClassDesc type, Types types) {
    ClassDesc element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    return types.isValue(element)
        || OF_NUMBERS.contains(
            element.isClassOrInterface()
                ? element
                    .descriptorString()
                    .substring(1, element.descriptorString().length() - 1)
                    .replace('/', '.')
                : "");
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    boolean reaches = !statics.isEmpty() && callsBack();
    boolean any = reaches;
    boolean[] parameters = new boolean[active.length];
    for (int i = 0; i < active.length; i++) {
      any |= active[i];
    }
    for (int i = 0; i < active.length; i++) {
      parameters[i] = any && carries(i);
    }
    boolean result = any && types.mayCarry(function.type().returnType());
    return new Summaries.Summary(parameters, result, reaches, Set.of());
  }

  /** Whether a function is among the arguments. */
  private boolean callsBack() {
    return function.type().parameterList().stream()
        .anyMatch(type -> Callback.of(types.resolve(type, Callback.AT)) != null);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    return new Adjoint.Bodies(forward(active, result, statics), reverse(active, result));
  }

  private Body forward(boolean[] active, boolean result, Statics statics) {
    Body.Builder builder =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, types));
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    Value tape = parameters.getLast();
    List<Value> arguments = new ArrayList<>();
    Map<Value, Value> arrays = new LinkedHashMap<>();
    int shadow = active.length;
    for (int i = 0; i < active.length; i++) {
      Value argument = parameters.get(i);
      if (carries(i)) {
        Value own = active[i] ? parameters.get(shadow++) : block.nullConstant(CD_Object);
        if (active[i] && argument.type().isArray()) {
          arrays.put(argument, own);
        }
        argument = announced(block, argument, own, tape, statics);
      }
      arguments.add(argument);
    }
    checkChanged(block, arguments);
    Value outer = block.call(tape("enter", CD_int), tape);
    Value value = run(block, arguments);
    block.run(tape("leave", CD_void, CD_int), tape, outer);
    arrays.forEach(
        (array, own) ->
            block.run(tape("refresh", CD_void, CD_Object, CD_Object), tape, array, own));
    if (value != null && result) {
      if (isOfThread()) {
        MethodRef shadowOf = tape("shadowOf", CD_Object, CD_Object);
        block.call(shadowOf, tape, kept(block, arguments.get(0), value));
      }
      Value found =
          block.call(
              tape("found", CD_Object, CD_Object, CD_String),
              tape,
              value,
              block.constant(function.name()));
      block.storeField(ForwardSweep.TAPE_SHADOW, tape, found);
    }
    block.returns(value);
    return builder.build();
  }

  /** Has collections of the user's looked at before the platform's code changes them. */
  void checkChanged(BlockBuilder block, List<Value> arguments) {
    for (int i = 0; OwnCollections.mayChange(method.name()) && i < arguments.size(); i++) {
      if (carries(i) && isCollection(function.type().parameterType(i))) {
        MethodTypeDesc type = MethodTypeDesc.of(CD_void, CD_Object, CD_String);
        block.run(
            MethodRef.ofStatic(OWN_COLLECTIONS, "check", type),
            arguments.get(i),
            block.constant(function.name()));
      }
    }
  }

  private boolean isCollection(ClassDesc type) {
    Class<?> resolved = types.resolve(type, Callback.AT);
    return Collection.class.isAssignableFrom(resolved) || Map.class.isAssignableFrom(resolved);
  }

  /** Whether what comes out may be from before the derivative, and then is a constant. */
  boolean isOfThread() {
    return method.owner().equals(THREAD_LOCAL) && method.name().equals("get");
  }

  /** What a variable of the thread has, or null when a class of the user may have computed it. */
  static Value kept(BlockBuilder block, Value variable, Value value) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_Object, CD_Object, CD_Object);
    return block.call(MethodRef.ofStatic(CONTENTS, "kept", type), variable, value);
  }

  /** Tells the tape the shadow of what goes in, and wraps functions. */
  private Value announced(
      BlockBuilder block, Value argument, Value shadow, Value tape, Statics statics) {
    Callback callback = Callback.of(types.resolve(argument.type(), block.location()));
    if (callback != null) {
      Value wrapped =
          requireNonNull(
              block.apply(
                  callback.with(statics).wrapper(),
                  List.of(
                      block.cast(argument, CD_Object),
                      CalledForm.cast(block, shadow, CD_Object),
                      block.cast(tape, CD_Object))));
      return block.cast(wrapped, argument.type());
    }
    block.run(tape("announce", CD_void, CD_Object, CD_Object), tape, argument, shadow);
    return argument;
  }

  /** Of a number that is only looked at, as one that is looked for, the derivative is zero. */
  private Body reverse(boolean[] active, boolean result) {
    MethodTypeDesc type = Derivations.reverseType(function.type(), active, result, types);
    Body.Builder builder = new Body.Builder(function.name() + "'", type);
    BlockBuilder block = builder.entry();
    block.run(tape("reverseCallbacks", CD_void), block.block().parameters().get(0));
    ClassDesc returned = type.returnType();
    block.returns(
        returned.equals(CD_void) ? null : block.constant(returned, SsaBuilder.zero(returned)));
    return builder.build();
  }

  private static MethodRef tape(String name, ClassDesc result, ClassDesc... parameters) {
    return MethodRef.ofVirtual(Derivations.TAPE, name, MethodTypeDesc.of(result, parameters));
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    return DualForeign.body(this, active, result, directions, statics);
  }

  Function function() {
    return function;
  }

  Types types() {
    return types;
  }
}

package dev.fluxion.grad;

import static dev.fluxion.grad.Derivations.TAPE;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.runtime.Called;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Target;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A functional interface of the platform whose objects are called back by the platform's code.
 *
 * <p>The wrapper of such an object runs the forward half of its method and leaves the reverse half
 * on the tape. Arguments and results are references, whose shadows are found by identity.
 */
final class Callback {
  /** Where callbacks are called: not in the user's code. */
  static final Location AT = new Location("", "a callback of the platform", 0);

  private static final ClassValue<Optional<Callback>> CALLBACKS =
      new ClassValue<>() {
        @Override
        protected Optional<Callback> computeValue(Class<?> type) {
          return find(type);
        }
      };

  private final Class<?> type;
  private final Method method;
  private final Statics statics;
  private final MethodRef reference;
  private final Dispatch active;
  private final Dispatch passive;
  private final boolean[] carries;
  private final Map<Integer, DualCallback> duals = new ConcurrentHashMap<>();
  private final Function form;
  private volatile @Nullable Function wrapper;

  private Callback(Class<?> type, Method method, Statics statics) {
    this.type = type;
    this.statics = statics;
    this.method = method;
    Class<?>[] parameters = method.getParameterTypes();
    MethodTypeDesc descriptor =
        MethodType.methodType(method.getReturnType(), parameters).describeConstable().orElseThrow();
    ClassDesc owner = type.describeConstable().orElseThrow();
    this.reference =
        new MethodRef(MethodRef.Dispatch.INTERFACE, owner, method.getName(), descriptor, true);
    this.carries = new boolean[parameters.length + 1];
    for (int i = 0; i < parameters.length; i++) {
      carries[i + 1] = Carriers.mayCarry(parameters[i]) && !parameters[i].isPrimitive();
    }
    this.form =
        CalledForm.function(
            type.getSimpleName(),
            descriptor.insertParameterTypes(0, CalledForm.CALLED),
            this::record);
    boolean[] withFunction = carries.clone();
    withFunction[0] = true;
    boolean result = Carriers.mayCarry(method.getReturnType());
    Types types = CalledForm.types();
    boolean[] withThrown = Arrays.copyOf(withFunction, withFunction.length + 1);
    Calls.Target.Dispatched call = new Calls.Target.Dispatched(reference, true);
    Dispatch.Site site = new Dispatch.Site(statics, ConstantArguments.NONE, true, types, AT);
    this.active = new Dispatch(call, withThrown, result, site);
    this.passive = new Dispatch(call, Arrays.copyOf(carries, carries.length + 1), result, site);
  }

  /** The callback that objects of a type are, or null when they are not called back. */
  static @Nullable Callback of(Class<?> type) {
    return CALLBACKS.get(type).orElse(null);
  }

  /** The same, when these static fields are active. */
  Callback with(Statics active) {
    return active.isEmpty() ? this : new Callback(type, method, active);
  }

  Statics statics() {
    return statics;
  }

  private static Optional<Callback> find(Class<?> type) {
    boolean isFunction =
        type.isInterface()
            && (type.getName().startsWith("java.util.function.")
                || type == Runnable.class
                || type == Callable.class
                || type == ScopedValue.CallableOp.class
                || type == Comparator.class);
    if (!isFunction) {
      return Optional.empty();
    }
    for (Method method : type.getMethods()) {
      if (Modifier.isAbstract(method.getModifiers()) && !method.getName().equals("equals")) {
        return Optional.of(new Callback(type, method, Statics.NONE));
      }
    }
    return Optional.empty();
  }

  Class<?> type() {
    return type;
  }

  Method method() {
    return method;
  }

  MethodRef reference() {
    return reference;
  }

  /** Which of the function and its arguments are references that may carry derivatives. */
  boolean[] carries() {
    return carries;
  }

  /** Forward mode's part of this. */
  DualCallback dual(int directions) {
    return duals.computeIfAbsent(directions, count -> new DualCallback(this, count));
  }

  /** Whether a function has code of its own to derive that is not followed already. */
  boolean isWrapped(Object function, Object carrier) {
    return Called.of(function) != null
        ? !Called.isFollowed(function, carrier)
        : !Carriers.isPlatform(function.getClass())
            && (type != Comparator.class || Functional.isKnown(function));
  }

  /**
   * The function that takes one of these, its shadow and the tape, and gives the object that the
   * platform's code gets in its place.
   */
  Function wrapper() {
    Function made = wrapper;
    if (made == null) {
      made = CalledForm.wrapper(this, selector(), Callback::called, form);
      wrapper = made;
    }
    return made;
  }

  private MethodHandle selector() {
    return Choices.selector(this, Target.class, 3);
  }

  /** The derivative of a function's method, or null when there is none to follow. */
  @Nullable Target select(@Nullable Object function, @Nullable Object shadow, Object tape) {
    if (function == null || !isWrapped(function, tape)) {
      return null;
    }
    Dispatch dispatch = shadow == null ? passive : active;
    Called inner = Called.of(function);
    return inner == null ? dispatch.select(function) : dispatch.selectForm(inner);
  }

  private static Value called(BlockBuilder block, List<Value> parameters, Value target) {
    List<Value> arguments = new ArrayList<>(parameters);
    arguments.add(
        block.loadField(
            new FieldRef(ForwardSweep.CHOSEN, "forward", CD_MethodHandle, false), target));
    arguments.add(target);
    return block.construct(CalledForm.CONSTRUCTOR, arguments);
  }

  /** Runs the forward half of the method, and leaves the reverse half on the tape. */
  private void record(Body.Builder builder, BlockBuilder block) {
    List<Value> given = block.block().parameters();
    Value called = given.get(0);
    Value tape = block.cast(CalledForm.field(block, called, "carrier", CD_Object), TAPE);
    Value name = block.constant(type.getSimpleName());
    block.run(tape("checkOwner", CD_void, CD_String), tape, name);
    Value shadow = CalledForm.field(block, called, "shadow", CD_Object);
    BlockBuilder passively = builder.block();
    BlockBuilder actively = builder.block();
    block.branch(
        block.compare(Comparison.EQ, shadow, block.nullConstant(CD_Object)),
        Successor.to(passively.block()),
        Successor.to(actively.block()));
    record(builder, passively, given, tape, null);
    record(builder, actively, given, tape, shadow);
  }

  private void record(
      Body.Builder builder,
      BlockBuilder block,
      List<Value> given,
      Value tape,
      @Nullable Value shadow) {
    Types types = CalledForm.types();
    Value called = given.get(0);
    Value thrown = block.newArray(Guarded.THROWN, block.constant(1));
    List<Value> arguments = arguments(block, given);
    arguments.add(thrown);
    if (shadow != null) {
      arguments.add(CalledForm.cast(block, shadow, types.shadow(reference.owner())));
    }
    for (int i = 1; i < carries.length; i++) {
      if (carries[i]) {
        Value name = block.constant(type.getSimpleName());
        Value found =
            block.call(tape("found", CD_Object, CD_Object, CD_String), tape, given.get(i), name);
        arguments.add(CalledForm.cast(block, found, types.shadow(given.get(i).type())));
      }
    }
    arguments.add(tape);
    Value result = invoke(block, (shadow == null ? passive : active).forwardType(), arguments);
    Value target = CalledForm.field(block, called, "target", ForwardSweep.CHOSEN);
    Value returnsNumber = block.constant(returnsNumber() ? 1 : 0);
    MethodRef record = tape("called", CD_void, ForwardSweep.CHOSEN, CD_int);
    Value exception = block.loadElement(thrown, block.constant(0));
    BlockBuilder throwing = builder.block();
    BlockBuilder returning = builder.block();
    block.branch(
        block.compare(Comparison.NE, exception, block.nullConstant(CD_Object)),
        Successor.to(throwing.block()),
        Successor.to(returning.block()));
    throwing.run(record, tape, target, returnsNumber);
    throwing.end(new Terminator.Throw(throwing.cast(exception, CD_Throwable), throwing.location()));
    if (result != null && !result.type().isPrimitive()) {
      Value known = returning.loadField(ForwardSweep.TAPE_SHADOW, tape);
      returning.run(tape("announce", CD_void, CD_Object, CD_Object), tape, result, known);
    }
    returning.run(record, tape, target, returnsNumber);
    returning.returns(result);
  }

  private boolean returnsNumber() {
    Class<?> returned = method.getReturnType();
    return returned.isPrimitive() && Carriers.mayCarry(returned);
  }

  /** The derivative's code, the function and the arguments. */
  List<Value> arguments(BlockBuilder block, List<Value> given) {
    for (Class<?> parameter : method.getParameterTypes()) {
      if (parameter == double.class || parameter == float.class) {
        MethodTypeDesc refuse = MethodTypeDesc.of(CD_void, CD_String);
        Value name = block.constant(type.getSimpleName());
        block.run(MethodRef.ofStatic(CalledForm.CALLED, "refuseNumbers", refuse), name);
      }
    }
    Value called = given.get(0);
    List<Value> arguments = new ArrayList<>();
    arguments.add(CalledForm.field(block, called, "code", CD_MethodHandle));
    Value function = CalledForm.field(block, called, "function", CD_Object);
    arguments.add(CalledForm.cast(block, function, reference.owner()));
    arguments.addAll(given.subList(1, given.size()));
    return arguments;
  }

  static @Nullable Value invoke(BlockBuilder block, MethodTypeDesc type, List<Value> arguments) {
    MethodRef method = MethodRef.ofVirtual(CD_MethodHandle, "invokeExact", type);
    Value[] all = arguments.toArray(new Value[0]);
    if (type.returnType().equals(CD_void)) {
      block.run(method, all);
      return null;
    }
    return block.call(method, all);
  }

  private static MethodRef tape(String name, ClassDesc result, ClassDesc... parameters) {
    return MethodRef.ofVirtual(TAPE, name, MethodTypeDesc.of(result, parameters));
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.ir.Arithmetic;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Functions of numbers as code without calls, for libraries of arrays that put them into loops over
 * elements.
 *
 * <p>All have the same arguments: first constants of any type, then numbers, which are doubles. Of
 * a lambda the constants are what it captured, and the first of the numbers are those that follow
 * from that: captured numbers, elements and fields of captured objects, what primitives such as the
 * element of a tensor make of them. They are computed once, by {@link #numbers}.
 *
 * <p>Where a lambda's code cannot be had in this form, because it changes something, makes objects
 * or calls methods that are chosen at run time, there is none, and the lambda is to be called for
 * each element.
 *
 * <p>The functions that the derivatives of a loop over elements compute are functions of this kind
 * again, so they can be derived as often as one likes.
 */
public final class Pointwise {
  /** What was made of each class of functional objects. */
  private static final ClassValue<RuleCache<MethodTypeDesc, Optional<Lambda>>> OF_CLASS =
      new ClassValue<>() {
        @Override
        protected RuleCache<MethodTypeDesc, Optional<Lambda>> computeValue(Class<?> type) {
          return new RuleCache<>();
        }
      };

  /** What was made of the code in each class. */
  private static final ClassValue<RuleCache<Functional.Implementation, Optional<Pointwise>>>
      OF_HOST =
          new ClassValue<>() {
            @Override
            protected RuleCache<Functional.Implementation, Optional<Pointwise>> computeValue(
                Class<?> type) {
              return new RuleCache<>();
            }
          };

  /** How a call of {@link #numbers} is seen: as one of a method of the object. */
  static final MethodRef NUMBERS =
      new MethodRef(
          MethodRef.Dispatch.INTERFACE,
          ScalarFunction.class.describeConstable().orElseThrow(),
          "numbers",
          MethodTypeDesc.of(CD_double.arrayType()),
          true);

  static {
    Function isActive =
        Methods.function(
            new Declared(Pointwise.class, "isActive", MethodTypeDesc.of(CD_boolean, CD_Object)));
    Handwritten.give(isActive, new Followed(isActive));
  }

  private final Class<?> host;
  private final List<ClassDesc> constants;
  private final int numbers;
  private final List<Function> outputs;
  private final Hoisting.@Nullable Parts parts;
  private @Nullable Pointwise pullback;
  private @Nullable Pointwise pushforward;
  private volatile @Nullable Object loops;

  /**
   * What is known of a class of functional objects.
   *
   * @param constants read from an object what is constant
   * @param numbers gives the numbers that an object captured, or that follow from what it captured
   */
  private record Lambda(Pointwise code, List<MethodHandle> constants, Function numbers) {}

  private Pointwise(
      Class<?> host,
      List<ClassDesc> constants,
      int numbers,
      List<Function> outputs,
      Hoisting.@Nullable Parts parts) {
    this.host = host;
    this.parts = parts;
    this.constants = constants;
    this.numbers = numbers;
    this.outputs = outputs;
  }

  // ---------------------------------------------------------------- of functional objects

  /** The code of a {@link Scalar1}, {@link Scalar2} or {@link Scalar3}, if it can be had. */
  @Primitive(Pointwise.class)
  public static Optional<Pointwise> of(ScalarFunction f) {
    return lambda(f).map(Lambda::code);
  }

  /**
   * Whether the code reads, for each element, objects that a function has captured and that may
   * hold, or lead to, numbers.
   */
  @Primitive(Pointwise.class)
  public static boolean readsObjects(ScalarFunction f) {
    return lambda(f).map(known -> requireNonNull(known.code.parts).mayCarry()).orElse(true);
  }

  /** What a function has captured that takes part as a constant. */
  @Primitive(Pointwise.class)
  public static @Nullable Object[] constants(ScalarFunction f) {
    return lambda(f).map(known -> read(f, known.constants)).orElseThrow();
  }

  /**
   * The numbers that a function has captured, or that follow from what it has captured, such as
   * fields of an object. It is differentiated.
   */
  public static double[] numbers(ScalarFunction f) {
    Lambda known = lambda(f).orElseThrow();
    if (known.code.numbers == 0) {
      return new double[0];
    }
    try {
      return (double[]) known.numbers.handle(Compiler.INSTANCE).invokeExact((Object) f);
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  /** Whether the numbers can be had: what they are read from may be null. */
  @Primitive(Pointwise.class)
  public static boolean isReadable(ScalarFunction f) {
    Hoisting.Parts parts =
        lambda(f).flatMap(known -> Optional.ofNullable(known.code.parts)).orElse(null);
    if (parts == null || parts.isPlain()) {
      return parts != null;
    }
    try {
      return numbers(f).length == parts.results().size();
    } catch (RuntimeException _) { // it may never come to that, or where it does, it is thrown
      return false;
    }
  }

  /** Whether a call is of {@link #numbers}, of which the object's class chooses the code. */
  static boolean isNumbers(MethodRef method) {
    return method.name().equals("numbers")
        && method.owner().descriptorString().equals("Ldev/fluxion/grad/Pointwise;");
  }

  /** The code of {@link #numbers} for objects of a class. */
  static Function numbersOf(Object f) {
    return lambda((ScalarFunction) f).orElseThrow().numbers;
  }

  /** Whether the derivative that this runs in goes through an object; elsewhere false. */
  public static boolean isActive(Object f) {
    return false;
  }

  private static @Nullable Object[] read(Object f, List<MethodHandle> getters) {
    @Nullable Object[] values = new Object[getters.size()];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = (Object) getters.get(i).invoke(f);
      }
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
    return values;
  }

  private static Optional<Lambda> lambda(ScalarFunction f) {
    int count =
        switch (f) {
          case Scalar1 _ -> 1;
          case Scalar2 _ -> 2;
          case Scalar3 _ -> 3;
          default -> throw new IllegalArgumentException("not a function of numbers: " + f);
        };
    MethodTypeDesc type = MethodTypeDesc.of(CD_double, Collections.nCopies(count, CD_double));
    return OF_CLASS.get(f.getClass()).get(type, () -> Optional.ofNullable(make(f, type)));
  }

  private static @Nullable Lambda make(ScalarFunction f, MethodTypeDesc type) {
    try {
      List<MethodHandle> captured = Functional.capturedBy(f);
      Functional.Implementation implementation = Functional.implementation(f, captured, type);
      Pointwise code =
          OF_HOST
              .get(implementation.host())
              .get(implementation, () -> Optional.ofNullable(make(implementation, type)))
              .orElse(null);
      return code == null ? null : lambda(code, implementation, captured);
    } catch (GradientException _) { // its code is out of reach
      return null;
    }
  }

  private static Lambda lambda(
      Pointwise code, Functional.Implementation implementation, List<MethodHandle> captured) {
    List<MethodHandle> constants = new ArrayList<>();
    for (MethodHandle one : captured) {
      Class<?> type = one.type().returnType();
      if (type != double.class && type != float.class) {
        constants.add(one);
      }
    }
    List<Function> getters =
        implementation.isLambda() ? Captured.functions(code.host, captured) : List.of();
    Function numbers =
        Hoisting.numbers(
            requireNonNull(code.parts),
            code.host,
            (block, object) ->
                implementation.isLambda() ? captured(block, object, getters) : List.of(object));
    return new Lambda(code, constants, numbers);
  }

  /** What a lambda captured, the constants first. */
  private static List<Value> captured(BlockBuilder block, Value object, List<Function> getters) {
    List<Value> constants = new ArrayList<>();
    List<Value> numbers = new ArrayList<>();
    for (Function getter : getters) {
      Value value = requireNonNull(block.apply(getter, List.of(object)));
      if (value.kind().isFloating()) {
        numbers.add(Conversions.convert(block, value, CD_double));
      } else {
        constants.add(value);
      }
    }
    constants.addAll(numbers);
    return constants;
  }

  private static @Nullable Pointwise make(
      Functional.Implementation implementation, MethodTypeDesc type) {
    Function given = implementation.function();
    Types types = Types.of(given.host());
    int count = given.type().parameterCount() - type.parameterCount();
    List<ClassDesc> captured = given.type().parameterList().subList(0, count);
    List<ClassDesc> constants = new ArrayList<>();
    for (ClassDesc one : captured) {
      boolean isNumber = one.equals(CD_double) || one.equals(CD_float);
      if (!isNumber && Captured.isNumber(one, types)) {
        return null; // in a box, that may be null
      }
      if (!isNumber) {
        constants.add(one);
      }
    }
    int numbers = count - constants.size();
    MethodTypeDesc ordered = type(constants, numbers + type.parameterCount());
    Function function =
        new Function(
            given.name(), ordered, given.host(), () -> ordered(given, ordered, constants.size()));
    Body body = Flattening.of(function);
    Hoisting.Parts parts =
        body == null ? null : Hoisting.of(function, body, constants.size(), count);
    if (parts == null) {
      return null;
    }
    Body rest = parts.rest();
    Function output = new Function(given.name(), rest.type(), given.host(), () -> rest);
    int hoisted = parts.results().size();
    return new Pointwise(given.host(), constants, hoisted, List.of(output), parts);
  }

  /** Calls code with what was captured in the order of the lambda's fields. */
  private static Body ordered(Function given, MethodTypeDesc type, int constants) {
    Body.Builder builder = new Body.Builder(given.name(), type);
    BlockBuilder block = builder.entry();
    List<Value> parameters = block.block().parameters();
    List<Value> arguments = new ArrayList<>();
    int constant = 0;
    int number = constants;
    for (ClassDesc wanted : given.type().parameterList()) {
      boolean isNumber = wanted.equals(CD_double) || wanted.equals(CD_float);
      Value value = parameters.get(isNumber ? number++ : constant++);
      arguments.add(Conversions.convert(block, value, wanted));
    }
    block.returns(block.apply(given, arguments));
    return builder.build();
  }

  private static Function flat(Function function, Body body) {
    return new Function(function.name(), function.type(), function.host(), () -> body);
  }

  private static MethodTypeDesc type(List<ClassDesc> constants, int arity) {
    List<ClassDesc> parameters = new ArrayList<>(constants);
    parameters.addAll(Collections.nCopies(arity, CD_double));
    return MethodTypeDesc.of(CD_double, parameters);
  }

  // ---------------------------------------------------------------- the functions

  /** The types of the constants. */
  public List<ClassDesc> constants() {
    return constants;
  }

  /** How many of the numbers come from what a lambda captured: the first of them. */
  public int captured() {
    return numbers;
  }

  /** How many numbers the functions take. */
  public int arity() {
    return outputs.get(0).type().parameterCount() - constants.size();
  }

  /** The functions, which take the constants, then the numbers. */
  public List<Function> outputs() {
    return outputs;
  }

  /** The class whose private members the functions may use. */
  public Class<?> host() {
    return host;
  }

  /**
   * What a library has made of the functions: the same object each time, however many lambdas share
   * their code.
   *
   * @param type the class of what is made
   * @param maker makes it, when first asked
   */
  public <T> T loops(Class<T> type, java.util.function.Function<Pointwise, T> maker) {
    Object made = loops;
    if (!type.isInstance(made)) {
      synchronized (this) {
        made = loops;
        if (!type.isInstance(made)) {
          made = maker.apply(this);
          loops = made;
        }
      }
    }
    return type.cast(made);
  }

  /**
   * The functions of the pullback: they take what these take, then a cotangent for the result of
   * each of these, and give the cotangent of each number.
   *
   * @throws GradientException if a derivative calls what cannot be put into a loop
   */
  public synchronized Pointwise pullback() {
    Pointwise made = pullback;
    if (made == null) {
      int cotangents = outputs.size();
      List<Function> derived = new ArrayList<>();
      for (int j = 0; j < arity(); j++) {
        List<Function> partials = new ArrayList<>();
        for (Function output : outputs) {
          partials.add(partial(output, j));
        }
        derived.add(sumOfProducts(partials, cotangents));
      }
      made = new Pointwise(host, constants, numbers, derived, null);
      pullback = made;
    }
    return made;
  }

  /**
   * The functions of the pushforward: they take what these take, then a tangent for each number,
   * and give the tangent of each result.
   *
   * @throws GradientException if a derivative calls what cannot be put into a loop
   */
  public synchronized Pointwise pushforward() {
    Pointwise made = pushforward;
    if (made == null) {
      List<Function> derived = new ArrayList<>();
      for (Function output : outputs) {
        List<Function> partials = new ArrayList<>();
        for (int j = 0; j < arity(); j++) {
          partials.add(partial(output, j));
        }
        derived.add(sumOfProducts(partials, arity()));
      }
      made = new Pointwise(host, constants, numbers, derived, null);
      pushforward = made;
    }
    return made;
  }

  private Function partial(Function output, int number) {
    return flattened(flat(output, PartialDerivative.of(output, constants.size() + number)));
  }

  private static Function flattened(Function function) {
    Body body = Flattening.of(function);
    if (body == null) {
      throw new GradientException(
          "cannot differentiate "
              + function.name()
              + " in a loop over tensors: its derivative calls a rule given by a lambda; give the"
              + " rule as a @Pullback method");
    }
    return flat(function, Simplify.simplify(body));
  }

  /** (c, x, d) → Σ dᵢ fᵢ(c, x), where zero times what is not finite is zero. */
  private Function sumOfProducts(List<Function> factors, int count) {
    MethodTypeDesc type = type(constants, arity() + count);
    Function first = factors.get(0);
    Function sum =
        new Function(
            first.name(),
            type,
            host,
            () -> {
              Body.Builder builder = new Body.Builder(first.name(), type);
              BlockBuilder block = builder.entry();
              List<Value> given = block.block().parameters();
              int shared = first.type().parameterCount();
              Value result = null;
              for (int i = 0; i < factors.size(); i++) {
                Value factor =
                    requireNonNull(block.apply(factors.get(i), given.subList(0, shared)));
                Value term = product(block, given.get(shared + i), factor);
                result = result == null ? term : block.arithmetic(Arithmetic.ADD, result, term);
              }
              block.returns(result);
              return builder.build();
            });
    return flattened(sum);
  }

  private static Value product(BlockBuilder block, Value tangent, Value factor) {
    ClassDesc adjoints = Adjoints.class.describeConstable().orElseThrow();
    return block.call(
        MethodRef.ofStatic(adjoints, "product", MethodTypeDesc.of(CD_double, CD_double, CD_double)),
        tangent,
        factor);
  }
}

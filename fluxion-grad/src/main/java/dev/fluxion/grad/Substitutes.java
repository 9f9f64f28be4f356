package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Double;
import static java.lang.constant.ConstantDescs.CD_Float;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.runtime.ArrayMethods;
import dev.fluxion.grad.runtime.BufferMethods;
import dev.fluxion.grad.runtime.ClassMethods;
import dev.fluxion.grad.runtime.CollectorMethods;
import dev.fluxion.grad.runtime.Forks;
import dev.fluxion.grad.runtime.FunctionMethods;
import dev.fluxion.grad.runtime.IterationMethods;
import dev.fluxion.grad.runtime.NumberMethods;
import dev.fluxion.grad.runtime.StreamMethods;
import dev.fluxion.grad.runtime.SummaryMethods;
import dev.fluxion.grad.runtime.TaskMethods;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/** Methods of the platform for which there is a version in plain Java to differentiate. */
final class Substitutes {
  private static final ClassDesc DOUBLES = CD_double.arrayType();
  private static final ClassDesc FLOATS = CD_float.arrayType();
  private static final ClassDesc OBJECTS = CD_Object.arrayType();

  private static final ClassDesc DOUBLE_STREAM = ClassDesc.of("java.util.stream.DoubleStream");

  private static final Set<String> ARRAYS =
      Set.of(
          "Ljava/util/Arrays;",
          "Ljava/util/Objects;",
          "Ljava/lang/System;",
          "Ljava/lang/reflect/Array;");
  private static final ClassDesc EXECUTOR = ClassDesc.of("java.util.concurrent.ExecutorService");
  private static final Set<String> EXECUTORS =
      Set.of(
          "Ljava/util/concurrent/ExecutorService;",
          "Ljava/util/concurrent/AbstractExecutorService;",
          "Ljava/util/concurrent/ScheduledExecutorService;",
          "Ljava/util/concurrent/ThreadPoolExecutor;",
          "Ljava/util/concurrent/ForkJoinPool;");
  private static final ClassDesc FORKS = Forks.class.describeConstable().orElseThrow();
  private static final ClassDesc TASK = ForkJoinTask.class.describeConstable().orElseThrow();
  private static final Set<String> FORKING = Set.of("fork", "invoke", "invokeAll", "quietlyInvoke");
  private static final ClassDesc THREAD = Thread.class.describeConstable().orElseThrow();
  private static final Set<String> WAITING =
      Set.of(
          "Ljava/util/concurrent/CountDownLatch;",
          "Ljava/util/concurrent/CyclicBarrier;",
          "Ljava/util/concurrent/Exchanger;",
          "Ljava/util/concurrent/Phaser;",
          "Ljava/util/concurrent/Semaphore;",
          "Ljava/util/concurrent/locks/Condition;",
          "Ljava/util/concurrent/locks/LockSupport;");
  private static final ClassDesc QUEUE = ClassDesc.of("java.util.concurrent.BlockingQueue");
  private static final Set<String> QUEUES =
      Set.of(
          "Ljava/util/concurrent/BlockingQueue;",
          "Ljava/util/concurrent/ArrayBlockingQueue;",
          "Ljava/util/concurrent/LinkedBlockingQueue;");
  private static final Set<String> STREAMS =
      Set.of(
          "Ljava/util/Arrays;",
          "Ljava/util/OptionalDouble;",
          "Ljava/util/Spliterators;",
          "Ljava/util/stream/Stream;",
          "Ljava/util/stream/StreamSupport;",
          "Ljava/util/stream/IntStream;",
          "Ljava/util/stream/LongStream;",
          "Ljava/util/stream/DoubleStream;");

  /** Classes through whose objects an array of numbers is seen. */
  private static final Set<String> BUFFERS =
      Set.of("Ljava/nio/DoubleBuffer;", "Ljava/nio/FloatBuffer;");

  /** Classes whose objects sum numbers up. */
  private static final Set<String> SUMMARIES =
      Set.of(
          "Ljava/util/DoubleSummaryStatistics;",
          "Ljava/util/concurrent/atomic/DoubleAccumulator;",
          "Ljava/util/concurrent/atomic/DoubleAdder;");

  /** Interfaces whose methods compose functions of numbers. */
  private static final Set<String> FUNCTIONS =
      Set.of(
          "Ljava/util/function/DoubleConsumer;",
          "Ljava/util/function/DoublePredicate;",
          "Ljava/util/function/DoubleUnaryOperator;");

  /** Classes from which collections and iterators of users inherit. */
  private static final Set<String> ITERATION =
      Set.of(
          "Ljava/lang/Iterable;",
          "Ljava/util/AbstractCollection;",
          "Ljava/util/AbstractList;",
          "Ljava/util/AbstractMap;",
          "Ljava/util/Collection;",
          "Ljava/util/Iterator;",
          "Ljava/util/List;",
          "Ljava/util/Map;",
          "Ljava/util/PrimitiveIterator$OfDouble;",
          "Ljava/util/Set;",
          "Ljava/util/Spliterator;",
          "Ljava/util/Spliterator$OfDouble;");

  private static final Map<MethodRef, Function> FOLLOWING = new ConcurrentHashMap<>();

  private Substitutes() {}

  /** The method to call instead, with the same arguments, or null. */
  static @Nullable MethodRef find(Op.Call call, Types types) {
    MethodRef method = call.method();
    if (method.owner().equals(FORKS)) {
      return method.name().equals("compute")
          ? MethodRef.ofVirtual(
              method.type().parameterType(0),
              method.name(),
              MethodTypeDesc.of(method.type().returnType()))
          : null;
    }
    MethodRef forking = FORKING.contains(method.name()) ? forking(method) : null;
    if (forking != null && isOf(ForkJoinTask.class, call, types)) {
      return forking;
    }
    if (method.name().equals("start") && isOf(Thread.class, call, types)) {
      return declared(TaskMethods.class, "start", MethodTypeDesc.of(CD_void, THREAD));
    }
    String owner = method.owner().descriptorString();
    if (method.name().equals("clone") && method.owner().isArray()) {
      boolean isOfNumbers = method.owner().equals(DOUBLES) || method.owner().equals(FLOATS);
      ClassDesc array = isOfNumbers ? method.owner() : OBJECTS;
      return method.owner().componentType().isPrimitive() && !isOfNumbers
          ? null
          : declared(ArrayMethods.class, "clone", MethodTypeDesc.of(CD_Object, array));
    }
    if (owner.equals("Ljava/lang/System;") && method.name().equals("arraycopy")) {
      return arraycopy(call.arguments().get(0).type(), call.arguments().get(2).type());
    }
    MethodTypeDesc type = MethodTypeDesc.of(method.type().returnType(), method.argumentTypes());
    MethodRef found = null;
    if (WAITING.contains(owner) || (method.name().equals("wait") && isObjects(method))) {
      return declared(TaskMethods.class, method.name(), type);
    }
    if (QUEUES.contains(owner) && type.parameterCount() > 0) {
      return declared(TaskMethods.class, method.name(), type.changeParameterType(0, QUEUE));
    }
    if (EXECUTORS.contains(owner) && method.dispatch() != MethodRef.Dispatch.STATIC) {
      MethodTypeDesc executing = type.changeParameterType(0, EXECUTOR);
      found = declared(TaskMethods.class, method.name(), executing);
      return found == null ? declared(Forks.class, method.name(), executing) : found;
    }
    if (BUFFERS.contains(owner) && types.host() != BufferMethods.class) { // which calls some itself
      String name = method.name().equals("allocate") ? newName(method.owner()) : method.name();
      return declared(BufferMethods.class, name, type);
    }
    if (ARRAYS.contains(owner)) {
      found = declared(ArrayMethods.class, method.name(), type);
    }
    boolean isItself = // which calls it for those of the platform
        owner.equals("Ljava/util/stream/StreamSupport;") && types.host() == StreamMethods.class;
    if (found == null && STREAMS.contains(owner) && !isItself) {
      found = declared(StreamMethods.class, method.name(), type);
    }
    if (owner.equals("Ljava/lang/Class;")) {
      found = declared(ClassMethods.class, method.name(), type);
    }
    if (SUMMARIES.contains(owner)) {
      found = declared(SummaryMethods.class, method.name(), type);
    }
    if (owner.equals("Ljava/util/stream/Collectors;")) {
      found = declared(CollectorMethods.class, method.name(), type);
    }
    if (owner.equals("Ljava/lang/Number;") && types.host() != NumberMethods.class) {
      found = declared(NumberMethods.class, method.name(), type);
    }
    if (found == null
        && method.dispatch() == MethodRef.Dispatch.STATIC
        && FUNCTIONS.contains(owner)) {
      found = declared(FunctionMethods.class, method.name(), type);
    }
    return found;
  }

  /**
   * A version of a method of a stream of numbers that the platform has made, as one of random
   * numbers; null of other methods.
   */
  static @Nullable Function following(MethodRef method) {
    return method.owner().equals(DOUBLE_STREAM)
        ? FOLLOWING.computeIfAbsent(method, Substitutes::makeFollowing)
        : null;
  }

  private static Function makeFollowing(MethodRef method) {
    MethodTypeDesc type = method.type().insertParameterTypes(0, DOUBLE_STREAM);
    MethodRef followed =
        requireNonNull(
            declared(
                StreamMethods.class, "followed", MethodTypeDesc.of(DOUBLE_STREAM, DOUBLE_STREAM)));
    return new Function(
        "DoubleStream." + method.name(),
        type,
        StreamMethods.class,
        () -> {
          Body.Builder builder = new Body.Builder(method.name(), type);
          BlockBuilder block = builder.entry();
          List<Value> arguments = new ArrayList<>(block.block().parameters());
          arguments.set(0, block.call(followed, arguments.get(0)));
          block.returns(Foreign.run(block, method, arguments));
          return builder.build();
        });
  }

  /** The method to call instead of a constructor, with the same arguments, or null. */
  static @Nullable MethodRef findConstructor(MethodRef constructor) {
    ClassDesc type = constructor.owner();
    MethodTypeDesc made = constructor.type().changeReturnType(type);
    if (isBox(constructor)) {
      return MethodRef.ofStatic(type, "valueOf", made);
    }
    return SUMMARIES.contains(type.descriptorString())
        ? declared(SummaryMethods.class, newName(type), made)
        : null;
  }

  private static String newName(ClassDesc type) {
    return "new" + type.displayName();
  }

  /** new Double(x), as code before Java 5 has it → Double.valueOf(x), which is new too. */
  private static boolean isBox(MethodRef constructor) {
    ClassDesc boxed = constructor.owner().equals(CD_Double) ? CD_double : CD_float;
    return (constructor.owner().equals(CD_Double) || constructor.owner().equals(CD_Float))
        && constructor.type().parameterList().equals(List.of(boxed));
  }

  /** Whether a method is one of a class that calls mostly name in a subclass. */
  private static boolean isOf(Class<?> owner, Op.Call call, Types types) {
    Methods.Declared declared = Methods.find(call.method(), types, call.location());
    return declared != null && declared.owner() == owner;
  }

  private static @Nullable MethodRef forking(MethodRef method) {
    MethodTypeDesc type = method.type();
    return declared(
        Forks.class,
        method.name(),
        method.dispatch() == MethodRef.Dispatch.STATIC ? type : type.insertParameterTypes(0, TASK));
  }

  private static boolean isObjects(MethodRef method) {
    return method.owner().equals(CD_Object);
  }

  /** A version of a method that a user's class inherits from the platform, or null. */
  static @Nullable Function inherited(Methods.Declared method) {
    ClassDesc owner = method.owner().describeConstable().orElseThrow();
    String name = owner.descriptorString();
    Class<?> substitutes =
        FUNCTIONS.contains(name)
            ? FunctionMethods.class
            : ITERATION.contains(name) ? IterationMethods.class : null;
    MethodTypeDesc type = method.type().insertParameterTypes(0, owner);
    return substitutes != null && declared(substitutes, method.name(), type) != null
        ? Methods.function(new Methods.Declared(substitutes, method.name(), type))
        : Skeletons.function(method);
  }

  /** A version of a method of {@code Collections} for those of users, or null. */
  static @Nullable Function followed(Methods.Declared method) {
    return declared(IterationMethods.class, method.name(), method.type()) == null
        ? Skeletons.function(method)
        : Methods.function(
            new Methods.Declared(IterationMethods.class, method.name(), method.type()));
  }

  private static @Nullable MethodRef arraycopy(ClassDesc from, ClassDesc to) {
    boolean isOfObjects = isOfObjects(from) && isOfObjects(to);
    if (!isOfObjects && !(from.equals(to) && (to.equals(DOUBLES) || to.equals(FLOATS)))) {
      return null;
    }
    ClassDesc array = isOfObjects ? OBJECTS : to;
    return declared(
        ArrayMethods.class,
        "arraycopy",
        MethodTypeDesc.of(CD_void, array, CD_int, array, CD_int, CD_int));
  }

  private static boolean isOfObjects(ClassDesc type) {
    return type.isArray() && !type.componentType().isPrimitive();
  }

  private static @Nullable MethodRef declared(
      Class<?> substitutes, String name, MethodTypeDesc type) {
    for (MethodModel model : ClassFiles.of(substitutes).orElseThrow().methods()) {
      if (model.methodName().equalsString(name)
          && model.methodType().equalsString(type.descriptorString())) {
        return MethodRef.ofStatic(substitutes.describeConstable().orElseThrow(), name, type);
      }
    }
    return null;
  }
}

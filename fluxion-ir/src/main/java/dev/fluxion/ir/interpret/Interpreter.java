package dev.fluxion.ir.interpret;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Comparison;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Executes functions operation by operation: the reference for what they mean.
 *
 * <p>Members are reached as from the function's {@linkplain Function#host() host}. A call site is
 * linked once in the life of an interpreter. Functions that are applied are interpreted too;
 * methods that are called are not. It is made to be right, not fast.
 */
public final class Interpreter {
  private final Map<Op, MethodHandle> sites = new IdentityHashMap<>();
  private final Map<Class<?>, Members> members = new HashMap<>();

  /** An interpreter that has linked nothing yet. */
  public Interpreter() {}

  /**
   * Calls a function.
   *
   * @param arguments boxed, one for each parameter: a {@link Boolean} for a {@code boolean}
   * @return the result, boxed, or null if the function is void
   * @throws Throwable what the function throws
   */
  public @Nullable Object call(Function function, @Nullable Object... arguments) throws Throwable {
    MethodTypeDesc type = function.type();
    if (arguments.length != type.parameterCount()) {
      throw new IllegalArgumentException(
          function + " takes " + type.parameterCount() + " arguments, not " + arguments.length);
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      values.add(Numbers.fromJava(arguments[i], type.parameterType(i)));
    }
    return Numbers.toJava(run(function, values), type.returnType());
  }

  private @Nullable Object run(Function function, List<@Nullable Object> arguments)
      throws Throwable {
    Frame frame = frame(function);
    frame.define(function.body().parameters(), arguments);
    run(frame, null);
    return frame.result;
  }

  /** A frame for the execution of a function, where nothing is defined yet. */
  Frame frame(Function function) {
    Members host = members.computeIfAbsent(function.host(), Members::new);
    return new Frame(host, function.body().entry());
  }

  /** The state of a body that is being executed. */
  static final class Frame {
    final Members host;
    final Map<Value, @Nullable Object> values = new HashMap<>();
    Block block;
    int next;
    boolean isFinished;
    @Nullable Object result;

    Frame(Members host, Block entry) {
      this.host = host;
      this.block = entry;
    }

    @Nullable Object get(Value value) {
      if (!values.containsKey(value)) {
        throw new IllegalStateException("a value is used that is not defined");
      }
      return values.get(value);
    }

    Object number(Value value) {
      return Objects.requireNonNull(get(value));
    }

    int integer(Value value) {
      return (int) number(value);
    }

    List<@Nullable Object> get(List<Value> all) {
      List<@Nullable Object> result = new ArrayList<>();
      for (Value value : all) {
        result.add(get(value));
      }
      return result;
    }

    void define(List<Value> parameters, List<@Nullable Object> arguments) {
      for (int i = 0; i < parameters.size(); i++) {
        values.put(parameters.get(i), arguments.get(i));
      }
    }

    void jump(Successor target) {
      List<@Nullable Object> arguments = get(target.arguments());
      block = target.block();
      next = 0;
      define(block.parameters(), arguments);
    }
  }

  /**
   * Executes a frame to its end, or until it leaves the monitor that it holds. Monitors are entered
   * by {@code synchronized} blocks, so what is executed under one is executed by a call of this.
   */
  private void run(Frame frame, @Nullable Object monitor) throws Throwable {
    while (!frame.isFinished) {
      try {
        if (frame.next == frame.block.ops().size()) {
          end(frame, frame.block.terminator());
          continue;
        }
        Op op = frame.block.ops().get(frame.next);
        if (!(op instanceof Op.Monitor change)) {
          Object result = execute(frame, op);
          if (op.result() != null) {
            frame.values.put(op.result(), result);
          }
          frame.next++;
          continue;
        }
        Object object = Objects.requireNonNull(frame.get(change.object()));
        if (!change.enter()) {
          if (object != monitor) {
            throw new IllegalMonitorStateException("left a monitor that was not entered last");
          }
          frame.next++;
          return;
        }
        frame.next++;
        synchronized (object) {
          run(frame, object);
        }
      } catch (Throwable e) {
        handle(frame, e);
      }
    }
    if (monitor != null) {
      throw new IllegalMonitorStateException("the method ends without leaving a monitor");
    }
  }

  /** Goes on in the first handler that catches an exception; throws it on if there is none. */
  private static void handle(Frame frame, Throwable exception) throws Throwable {
    for (Block.Handler handler : frame.block.handlers()) {
      ClassDesc type = handler.type();
      if (type == null || frame.host.type(type).isInstance(exception)) {
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(exception);
        arguments.addAll(frame.get(handler.target().arguments()));
        frame.block = handler.target().block();
        frame.next = 0;
        frame.isFinished = false;
        frame.define(frame.block.parameters(), arguments);
        return;
      }
    }
    throw exception;
  }

  private static void end(Frame frame, Terminator end) throws Throwable {
    switch (end) {
      case Terminator.Branch branch -> frame.jump(branch.target());
      case Terminator.ConditionalBranch branch ->
          frame.jump(frame.integer(branch.condition()) != 0 ? branch.ifTrue() : branch.ifFalse());
      case Terminator.Switch choice -> {
        int index = choice.labels().indexOf(frame.integer(choice.key()));
        frame.jump(index < 0 ? choice.otherwise() : choice.targets().get(index));
      }
      case Terminator.Return returned -> {
        frame.result = returned.value() == null ? null : frame.get(returned.value());
        frame.isFinished = true;
      }
      case Terminator.Throw thrown ->
          throw Objects.requireNonNull((Throwable) frame.get(thrown.exception()));
    }
  }

  /** The result of an operation, or null if it defines none. */
  @Nullable Object execute(Frame frame, Op op) throws Throwable {
    return switch (op) {
      case Op.Constant constant ->
          constant.value() instanceof ConstantDesc description
              ? frame.host.constant(description)
              : constant.value();
      case Op.Negate negate -> Numbers.negate(frame.number(negate.operand()));
      case Op.Binary binary ->
          Numbers.binary(
              binary.operator(), frame.number(binary.left()), frame.number(binary.right()));
      case Op.Compare compare -> compare(frame, compare) ? 1 : 0;
      case Op.ThreeWay compare ->
          Numbers.threeWay(
              frame.number(compare.left()), frame.number(compare.right()), compare.ifUnordered());
      case Op.Convert convert ->
          Numbers.convert(frame.number(convert.operand()), convert.result().type());
      case Op.Cast cast -> frame.host.type(cast.result().type()).cast(frame.get(cast.operand()));
      case Op.InstanceOf test ->
          frame.host.type(test.target()).isInstance(frame.get(test.operand())) ? 1 : 0;
      case Op.NewArray array -> newArray(frame, array);
      case Op.ArrayLength length -> Elements.length(frame.get(length.array()));
      case Op.LoadElement load ->
          Elements.load(frame.get(load.array()), frame.integer(load.index()));
      case Op.StoreElement store -> {
        Elements.store(
            frame.get(store.array()), frame.integer(store.index()), frame.get(store.value()));
        yield null;
      }
      case Op.LoadField load -> frame.host.get(load.field(), frame.get(load.operands()));
      case Op.StoreField store -> {
        frame.host.set(store.field(), frame.get(store.operands()));
        yield null;
      }
      case Op.Call call -> {
        MethodRef method = call.method();
        boolean isStatic = method.dispatch() == MethodRef.Dispatch.STATIC;
        ClassDesc receiver = isStatic ? null : call.arguments().get(0).type();
        yield frame.host.call(method, receiver, frame.get(call.arguments()));
      }
      case Op.New created ->
          frame.host.create(created.constructor(), frame.get(created.arguments()));
      case Op.Lambda lambda ->
          dynamic(frame, lambda, lambda.lambda().site(), frame.get(lambda.captured()));
      case Op.InvokeDynamic dynamic ->
          dynamic(frame, dynamic, dynamic.site(), frame.get(dynamic.arguments()));
      case Op.Apply apply -> apply(apply.function(), frame.get(apply.arguments()));
      case Op.Monitor _ -> throw new IllegalStateException("monitors are no matter of one step");
    };
  }

  private static boolean compare(Frame frame, Op.Compare compare) {
    Object left = frame.get(compare.left());
    Object right = frame.get(compare.right());
    if (compare.left().kind() == Kind.REFERENCE) {
      return (left == right) == (compare.comparison() == Comparison.EQ);
    }
    return Numbers.compare(compare.comparison(), left, right);
  }

  private static Object newArray(Frame frame, Op.NewArray array) {
    ClassDesc component = array.result().type();
    int[] lengths = new int[array.lengths().size()];
    for (int i = 0; i < lengths.length; i++) {
      component = Objects.requireNonNull(component.componentType());
      lengths[i] = frame.integer(array.lengths().get(i));
    }
    return java.lang.reflect.Array.newInstance(frame.host.type(component), lengths);
  }

  private @Nullable Object dynamic(
      Frame frame, Op op, DynamicCallSiteDesc site, List<@Nullable Object> arguments)
      throws Throwable {
    MethodHandle target = sites.get(op);
    if (target == null) {
      target = frame.host.target(site);
      sites.put(op, target);
    }
    MethodTypeDesc type = site.invocationType();
    return Members.invoke(target, type.parameterList(), type.returnType(), arguments);
  }

  /** Values cross into another function as they cross into a method: cut to their types. */
  private @Nullable Object apply(Function function, List<@Nullable Object> arguments)
      throws Throwable {
    MethodTypeDesc type = function.type();
    @Nullable Object[] boxed = new @Nullable Object[arguments.size()];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = Numbers.toJava(arguments.get(i), type.parameterType(i));
    }
    return Numbers.fromJava(call(function, boxed), type.returnType());
  }
}

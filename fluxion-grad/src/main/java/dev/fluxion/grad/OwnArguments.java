package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.OwnCollections;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Successor;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the platform's code that may get collections which users write. A method of {@code
 * Collections} is followed then, if its code can be; what copies a collection gets the elements in
 * one of the platform's.
 */
final class OwnArguments {
  private static final ClassDesc COLLECTION = ClassDesc.of("java.util.Collection");
  private static final ClassDesc MAP = ClassDesc.of("java.util.Map");
  private static final ClassDesc COLLECTIONS = ClassDesc.of("java.util.Collections");
  private static final ClassDesc OWN = OwnCollections.class.describeConstable().orElseThrow();

  /** Methods that copy a collection, as constructors do. */
  private static final Set<String> COPYING = Set.of("addAll", "copyOf", "putAll");

  private static final Types TYPES = Types.of(OwnArguments.class);
  private static final Map<Function, Function> FUNCTIONS = new ConcurrentHashMap<>();
  private static final Map<Function, Function> FOREIGN = new ConcurrentHashMap<>();

  private OwnArguments() {}

  /** The function that makes a call, whatever collections it gets. */
  static Function function(MethodRef method, Function foreign) {
    return FUNCTIONS.computeIfAbsent(foreign, one -> make(method, one));
  }

  /** The function that runs where no collection is the user's, or the function itself. */
  static Function foreign(Function function) {
    return FOREIGN.getOrDefault(function, function);
  }

  private static Function make(MethodRef method, Function foreign) {
    Function followed = followed(method);
    List<Integer> copied = followed == null ? copied(method, foreign) : List.of();
    if (followed == null && copied.isEmpty()) {
      return foreign;
    }
    Function made =
        new Function(
            foreign.name(),
            foreign.type(),
            foreign.host(),
            () -> followed == null ? copying(foreign, copied) : choosing(foreign, followed));
    FOREIGN.put(made, foreign);
    return made;
  }

  private static @Nullable Function followed(MethodRef method) {
    return method.owner().equals(COLLECTIONS) && takesCollection(method.type(), 0)
        ? Substitutes.followed(new Declared(Collections.class, method.name(), method.type()))
        : null;
  }

  private static boolean takesCollection(MethodTypeDesc type, int index) {
    return index < type.parameterCount()
        && Skeletons.isCollection(TYPES.resolve(type.parameterType(index), Callback.AT));
  }

  /** Which arguments of a function are collections of which it takes the elements. */
  private static List<Integer> copied(MethodRef method, Function foreign) {
    boolean isNew = method.name().equals(INIT_NAME);
    if (!isNew && !COPYING.contains(method.name())) {
      return List.of();
    }
    List<Integer> copied = new ArrayList<>();
    boolean hasReceiver = !isNew && method.dispatch() != MethodRef.Dispatch.STATIC;
    for (int i = hasReceiver ? 1 : 0; i < foreign.type().parameterCount(); i++) {
      ClassDesc type = foreign.type().parameterType(i);
      if (type.equals(COLLECTION) || type.equals(MAP)) {
        copied.add(i);
      }
    }
    return copied;
  }

  /** f(c) → f(elements(c)). */
  private static Body copying(Function foreign, List<Integer> copied) {
    Body.Builder builder = new Body.Builder(foreign.name(), foreign.type());
    BlockBuilder block = builder.entry();
    List<Value> arguments = new ArrayList<>(block.block().parameters());
    for (int i : copied) {
      ClassDesc type = arguments.get(i).type();
      MethodRef elements = MethodRef.ofStatic(OWN, "elements", MethodTypeDesc.of(type, type));
      arguments.set(i, block.call(elements, arguments.get(i)));
    }
    block.returns(block.apply(foreign, arguments));
    return builder.build();
  }

  /** f(c, …) → c or another is own ? followed(c, …) : f(c, …). */
  private static Body choosing(Function foreign, Function followed) {
    Body.Builder builder = new Body.Builder(foreign.name(), foreign.type());
    BlockBuilder block = builder.entry();
    List<Value> arguments = block.block().parameters();
    BlockBuilder following = builder.block();
    for (int i = 0; i < arguments.size(); i++) {
      if (takesCollection(foreign.type(), i)) {
        MethodRef isOwn =
            MethodRef.ofStatic(OWN, "isOwn", MethodTypeDesc.of(CD_boolean, CD_Object));
        BlockBuilder otherwise = builder.block();
        block.branch(
            block.call(isOwn, arguments.get(i)),
            Successor.to(following.block()),
            Successor.to(otherwise.block()));
        block = otherwise;
      }
    }
    following.returns(following.apply(followed, arguments));
    block.returns(block.apply(foreign, arguments));
    return builder.build();
  }
}

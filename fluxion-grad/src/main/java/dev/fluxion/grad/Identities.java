package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.runtime.Shadowing;
import dev.fluxion.grad.runtime.Tangents;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of the calls that find shadows by the identity of objects, which derivatives of
 * the first order make.
 *
 * <p>A shadow is an object too, and in the next order has a shadow of its own; that one is found by
 * the identity of the first. A shadow of which nobody has told is a new one, and zero. So each
 * order keeps its own books, and none mistakes another's.
 */
final class Identities implements Handwritten {
  private static final Map<MethodRef, Function> FUNCTIONS = new ConcurrentHashMap<>();
  private static final Types TYPES = Types.of(Identities.class);
  private static final ClassDesc[] PRIMAL_AND_SHADOW = {CD_Object, CD_Object};

  /** The index of the tape, or of the tangents. */
  private static final int CARRIER = 0;

  /** The index of the shadow, where one is told. */
  private static final int KNOWN = 2;

  private final MethodRef method;
  private final Function function;

  private Identities(MethodRef method, Function function) {
    this.method = method;
    this.function = function;
  }

  /** The function that makes such a call, or null of another method. */
  static @Nullable Function function(Class<?> owner, MethodRef method) {
    boolean isOne =
        switch (method.name()) {
          case "announce", "refresh", "reload", "found", "shadowOf", "shadowOfPlace" ->
              owner == Shadowing.class;
          case "direction" -> owner == Tangents.class;
          default -> false;
        };
    return isOne ? FUNCTIONS.computeIfAbsent(method, Identities::make) : null;
  }

  private static Function make(MethodRef method) {
    MethodTypeDesc type = MethodTypeDesc.of(method.type().returnType(), method.argumentTypes());
    Function function =
        new Function(
            method.name(),
            type,
            Identities.class,
            () -> {
              Body.Builder builder = new Body.Builder(method.name(), type);
              BlockBuilder block = builder.entry();
              block.returns(Foreign.run(block, method, block.block().parameters()));
              return builder.build();
            });
    Handwritten.give(function, new Identities(method, function));
    return function;
  }

  private boolean isTold() {
    return method.type().returnType().equals(CD_void);
  }

  @Override
  public Summaries.Summary summary(boolean[] active, Statics statics) {
    boolean[] parameters = active.clone();
    if (isTold()) { // the carrier leads to the shadow
      boolean any = active[CARRIER] || active[KNOWN];
      parameters[CARRIER] = any;
      parameters[KNOWN] = any;
    }
    return new Summaries.Summary(parameters, !isTold() && active[CARRIER]);
  }

  /** Where the first shadow of the shadow that is told is among the parameters. */
  private static int shadowOfKnown(boolean[] active, int directions) {
    int index = active.length;
    for (int i = 0; i < KNOWN; i++) {
      index += active[i] ? directions : 0;
    }
    return index;
  }

  private @Nullable Value follow(
      BlockBuilder block, boolean[] active, List<Value> carriers, List<Value> found) {
    List<Value> parameters = block.block().parameters();
    List<Value> arguments = parameters.subList(0, active.length);
    boolean isFollowed = isTold() && active[KNOWN];
    List<Value> shadows = new ArrayList<>();
    for (int k = 0; isFollowed && k < carriers.size(); k++) {
      shadows.add(parameters.get(shadowOfKnown(active, carriers.size()) + k));
      tell(block, "announce", carriers.get(k), arguments.get(KNOWN), shadows.get(k));
    }
    Value value = block.apply(function, arguments);
    for (int k = 0; isFollowed && k < carriers.size(); k++) {
      if (!method.name().equals("announce")) {
        tell(block, "reload", carriers.get(k), arguments.get(KNOWN), shadows.get(k));
      }
    }
    for (int k = 0; value != null && k < carriers.size(); k++) {
      MethodTypeDesc type = MethodTypeDesc.of(CD_Object, CD_Object);
      MethodRef find = MethodRef.ofVirtual(carriers.get(k).type(), "shadowOf", type);
      found.add(block.call(find, carriers.get(k), value));
    }
    return value;
  }

  private static void tell(
      BlockBuilder block, String name, Value carrier, Value primal, Value shadow) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_void, PRIMAL_AND_SHADOW);
    block.run(MethodRef.ofVirtual(carrier.type(), name, type), carrier, primal, shadow);
  }

  @Override
  public Adjoint.Bodies split(boolean[] active, boolean result, Statics statics) {
    Body.Builder forward =
        new Body.Builder(function.name(), Derivations.forwardType(function.type(), active, TYPES));
    BlockBuilder block = forward.entry();
    Value tape = block.block().parameters().getLast();
    List<Value> found = new ArrayList<>();
    Value value = follow(block, active, List.of(tape), found);
    if (result) {
      block.storeField(ForwardSweep.TAPE_SHADOW, tape, found.get(0));
    }
    block.returns(value);
    return Adjoint.Bodies.withoutReverse(forward.build(), function, active, result, TYPES);
  }

  @Override
  public Body dual(boolean[] active, boolean result, int directions, Statics statics) {
    Body.Builder builder =
        new Body.Builder(function.name(), Duals.type(function.type(), active, directions, TYPES));
    BlockBuilder block = builder.entry();
    TangentCode code = new TangentCode(TYPES, block.block().parameters().getLast());
    code.at(block);
    List<Value> carriers = new ArrayList<>();
    for (int k = 0; k < directions; k++) {
      carriers.add(code.direction(k));
    }
    List<Value> found = new ArrayList<>();
    Value value = follow(block, active, carriers, found);
    for (int k = 0; result && k < directions; k++) {
      code.returns(found.get(k), k);
    }
    block.returns(value);
    return builder.build();
  }
}

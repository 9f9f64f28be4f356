package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.Fuser.Callee;
import dev.fluxion.grad.Fuser.Operation;
import dev.fluxion.grad.runtime.Loans;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets the code of a derivative borrow memory from a {@link Lender}, as the last thing before it is
 * made of a body.
 *
 * <p>What is borrowed in calls of which the lender says that they keep nothing is the derivative's
 * own. An object is kept, and its memory with it, where others may find it: where it is put into an
 * object or an array of the program, captured by a lambda, or given to code that is not a
 * derivative's. The stacks, arrays and shadows of the sweeps themselves are gone when the
 * derivative is done.
 */
final class Lending {
  private static final ClassDesc LOANS = Loans.class.describeConstable().orElseThrow();
  private static final MethodRef BEGIN = ofTape("begin");
  private static final MethodRef OWN = ofTape("own");
  private static final MethodRef KEEP =
      MethodRef.ofStatic(LOANS, "keep", MethodTypeDesc.of(CD_void, CD_Object));

  /** Methods of the sweeps that add cotangents, which may be of a class of the user's. */
  private static final Set<String> ADDING = Set.of("sum", "addToCell");

  /** To look at code as it is without. */
  private static final boolean IS_ON = !System.getProperty("fluxion.lending", "on").equals("off");

  private final Types types;
  private final Value tape;
  private final Rewriter body;
  private final Map<Value, Op> definitions;
  private final Map<Value, List<Value>> incoming;
  private final Map<Value, List<Op>> uses = new HashMap<>();
  private final Set<Value> passed = new HashSet<>(); // to other blocks, or thrown
  private final Set<Value> returned = new HashSet<>();

  private Lending(Body body, Value tape, Types types) {
    this.types = types;
    this.tape = tape;
    this.body = new Rewriter(body);
    this.definitions = body.definitions();
    this.incoming = body.incoming();
    incoming.values().forEach(passed::addAll);
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        for (Value operand : op.operands()) {
          uses.computeIfAbsent(operand, _ -> new ArrayList<>()).add(op);
        }
      }
      boolean returns = block.terminator() instanceof Terminator.Return;
      (returns ? returned : passed).addAll(block.terminator().operands());
    }
  }

  private static MethodRef ofTape(String name) {
    return MethodRef.ofStatic(LOANS, name, MethodTypeDesc.of(CD_void, Derivations.TAPE));
  }

  /**
   * The body that borrows. The derivative of another derivative has the tapes of both and does not:
   * the other's tape may last, so all that is handed to it is kept.
   */
  static Body apply(Body body, Types types) {
    List<Value> tapes = tapes(body.parameters());
    return IS_ON && tapes.size() == 1 ? new Lending(body, tapes.get(0), types).apply() : body;
  }

  private static List<Value> tapes(List<Value> values) {
    return values.stream().filter(value -> value.type().equals(Derivations.TAPE)).toList();
  }

  private Body apply() {
    for (Block block : body.blocks()) {
      List<Op> ops = body.ops(block);
      List<Op> all = new ArrayList<>(ops.size());
      for (Op op : ops) {
        boolean lends = lends(op);
        for (Value value : handedOut(op, lends)) {
          if (mayBeLent(value)) {
            all.add(call(KEEP, value, op.location()));
          }
        }
        if (lends) {
          all.add(call(BEGIN, tape, op.location()));
        }
        all.add(op);
        if (lends) {
          all.add(call(OWN, tape, op.location()));
        }
      }
      ops.clear();
      ops.addAll(all);
    }
    return body.build();
  }

  private static Op call(MethodRef method, Value argument, Location location) {
    return new Op.Call(null, method, List.of(argument), location);
  }

  // ---------------------------------------------------------------- what operations do

  /** Whether an operation borrows, and keeps nothing. */
  private boolean lends(Op op) {
    if (!(op instanceof Op.Call call) || isOfTape(call) || isOfSweeps(call)) {
      return false;
    }
    if (Fusion.isOfSweeps(call)) {
      return call.arguments().stream().anyMatch(value -> lender(value.type()) != null);
    }
    if (call.method().equals(Fusion.RUN)) {
      return isOfPlainFuser(call);
    }
    Callee callee = Fusion.callee(call, definitions);
    for (Value value : call.arguments()) {
      Lender lender = lender(value.type());
      if (lender != null) {
        return lender.lends(callee);
      }
    }
    Lender lender = lender(call.method().type().returnType());
    return lender != null && lender.lends(callee);
  }

  /** Whether a call is one of the sweeps' own, which say themselves what they hand out. */
  private boolean isOfSweeps(Op.Call call) {
    return isOfTape(call)
        ? call.arguments().contains(tape)
        : Fusion.isOfSweeps(call) && !ADDING.contains(call.method().name());
  }

  private static boolean isOfTape(Op.Call call) {
    return call.method().owner().equals(Derivations.TAPE);
  }

  /** Whether a call is one of an operation that a fuser has made and that keeps nothing. */
  private boolean isOfPlainFuser(Op.Call call) {
    return (call.method().equals(Fusion.RUN) || call.method().equals(Fusion.PAYS))
        && definitions.get(call.arguments().get(0)) instanceof Op.Constant constant
        && constant.value() instanceof Operation operation
        && operation.keepsNothing();
  }

  /** Operands that are where others may find them once the operation is done. */
  private List<Value> handedOut(Op op, boolean lends) {
    return switch (op) {
      case Op.Call call
          when !lends
              && !isOfSweeps(call)
              && !isOfPlainFuser(call)
              && !isOfDerivative(call.arguments()) ->
          call.arguments();
      case Op.Apply apply when !isOfDerivative(apply.arguments()) -> apply.arguments();
      case Op.InvokeDynamic _, Op.Lambda _ -> op.operands();
      case Op.New created when !isShadow(created.result().type()) -> created.arguments();
      case Op.StoreField store when !isOfSweeps(store.field(), store.receiver()) ->
          List.of(store.value());
      case Op.StoreElement store when !isOfSweeps(store.array(), new HashSet<>()) ->
          List.of(store.value());
      default -> List.of();
    };
  }

  /**
   * Whether arguments are those of a half of a derivative, whose code says itself what it keeps.
   */
  private boolean isOfDerivative(List<Value> arguments) {
    return tapes(arguments).equals(List.of(tape));
  }

  private static boolean isShadow(ClassDesc type) {
    return type.equals(Types.SHADOW);
  }

  private boolean isOfSweeps(FieldRef field, @Nullable Value receiver) {
    return isShadow(field.owner()) || (field.owner().equals(Derivations.TAPE) && receiver == tape);
  }

  /**
   * Whether an array is one of the sweeps' own: of a shadow or a tape, one in which a loop keeps
   * values, or one that hands values to an operation.
   */
  private boolean isOfSweeps(Value array, Set<Value> seen) {
    if (!seen.add(array)) {
      return true;
    }
    return switch (definitions.get(array)) {
      case null ->
          incoming.containsKey(array)
              && incoming.get(array).stream().allMatch(value -> isOfSweeps(value, seen));
      case Op.Constant constant -> constant.value() == null;
      case Op.Cast cast -> isOfSweeps(cast.operand(), seen);
      case Op.LoadField load -> isOfSweeps(load.field(), load.receiver());
      case Op.Call call -> isOfSweeps(call);
      case Op.NewArray _ -> isPrivate(array);
      default -> false;
    };
  }

  /**
   * Whether nothing but this code finds an array while elements are put into it. It may be returned
   * then, if it is clear from its type that its elements are kept when it is.
   */
  private boolean isPrivate(Value array) {
    return !passed.contains(array)
        && (!returned.contains(array) || lender(array.type().componentType()) != null)
        && uses.get(array).stream().allMatch(op -> fills(array, op));
  }

  /** Whether an operation reads or sets elements of an array, or is one of the sweeps. */
  private boolean fills(Value array, Op op) {
    return switch (op) {
      case Op.LoadElement _, Op.ArrayLength _ -> true;
      case Op.StoreElement store -> store.value() != array;
      case Op.Call call -> isOfPlainFuser(call) || isOfSweeps(call);
      default -> false;
    };
  }

  // ---------------------------------------------------------------- what is lent

  private @Nullable Lender lender(ClassDesc type) {
    return type.isClassOrInterface() && types.mayCarry(type)
        ? Loans.lender(types.resolve(type, Location.NONE))
        : null;
  }

  /**
   * Whether a value may be an object whose memory is lent, or an array of such: their classes are
   * final.
   */
  private boolean mayBeLent(Value value) {
    ClassDesc type = value.type().isArray() ? value.type().componentType() : value.type();
    if (!type.isClassOrInterface()
        || definitions.get(value) instanceof Op.Constant
        || !types.mayCarry(type)) {
      return false;
    }
    Class<?> known = types.resolve(type, Location.NONE);
    return known == Object.class || known.isInterface() || Loans.lender(known) != null;
  }
}

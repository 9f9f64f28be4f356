package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_String;

import dev.fluxion.grad.runtime.AbsentClassError;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.LambdaRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Terminator;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Code that needs classes which are not there, as those of an optional dependency that was left
 * out. To the virtual machine that is an error where the code comes to it, and not before; so it is
 * here. Until then, what is of such a class is null.
 */
final class AbsentClasses {
  private static final ClassDesc ERROR = AbsentClassError.class.describeConstable().orElseThrow();
  private static final MethodRef NAMED =
      MethodRef.ofStatic(ERROR, "of", MethodTypeDesc.of(ERROR, CD_String, CD_String));

  private AbsentClasses() {}

  /** The body that throws an error where an operation needs a class that is absent. */
  static Body thrown(Body body, Types types) {
    Rewriter rewriter = null;
    for (Block block : body.blocks()) {
      refuseToCatch(block, types);
      for (Op op : block.ops()) {
        ClassDesc absent = absent(op, types);
        if (absent != null) {
          rewriter = rewriter == null ? new Rewriter(body) : rewriter;
          end(rewriter, op, name(absent), problem(op, absent, types));
          break;
        }
      }
    }
    return rewriter == null ? body : Simplify.simplify(rewriter.build());
  }

  /**
   * Refuses code that always comes to where it throws such an error, which nothing there catches.
   */
  static void refuse(Body body) {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.Call call
            && call.method().equals(NAMED)
            && block.handlers().isEmpty()
            && !Refusals.mayBeSkipped(body, block)) {
          Op problem = body.definitions().get(call.arguments().get(1));
          throw new GradientException(String.valueOf(((Op.Constant) problem).value()));
        }
      }
    }
  }

  /** The class of which the virtual machine would not load the catching class either. */
  private static void refuseToCatch(Block block, Types types) {
    for (Block.Handler handler : block.handlers()) {
      if (handler.type() != null && types.isAbsent(handler.type())) {
        Block caught = handler.target().block();
        List<Op> ops = caught.ops();
        Location at = ops.isEmpty() ? caught.terminator().location() : ops.get(0).location();
        throw new GradientException(
            "cannot differentiate " + at + ": it catches " + types.absence(handler.type()));
      }
    }
  }

  /** The absent class that an operation needs, or null; who tests or casts null needs none. */
  private static @Nullable ClassDesc absent(Op op, Types types) {
    return switch (op) {
      case Op.Call call -> absent(types, call.method().owner());
      case Op.New created -> absent(types, created.constructor().owner());
      case Op.LoadField load -> absent(types, load.field().owner());
      case Op.StoreField store -> absent(types, store.field().owner());
      case Op.NewArray array -> absent(types, array.result().type());
      case Op.Lambda made -> absent(made.lambda(), types);
      case Op.InvokeDynamic dynamic -> absent(types, mentioned(dynamic.site().invocationType()));
      default -> null;
    };
  }

  private static @Nullable ClassDesc absent(LambdaRef lambda, Types types) {
    List<ClassDesc> mentioned = new ArrayList<>(List.of(mentioned(lambda.site().invocationType())));
    mentioned.add(lambda.implementation().owner());
    mentioned.addAll(
        List.of(
            mentioned(MethodTypeDesc.ofDescriptor(lambda.implementation().lookupDescriptor()))));
    mentioned.addAll(List.of(mentioned(lambda.methodType())));
    mentioned.addAll(List.of(mentioned(lambda.instantiatedType())));
    return absent(types, mentioned.toArray(new ClassDesc[0]));
  }

  private static ClassDesc[] mentioned(MethodTypeDesc type) {
    List<ClassDesc> mentioned = new ArrayList<>(type.parameterList());
    mentioned.add(type.returnType());
    return mentioned.toArray(new ClassDesc[0]);
  }

  private static @Nullable ClassDesc absent(Types types, ClassDesc... mentioned) {
    for (ClassDesc type : mentioned) {
      if (types.isAbsent(type)) {
        return type;
      }
    }
    return null;
  }

  private static void end(Rewriter rewriter, Op op, String name, String problem) {
    for (Block block : rewriter.blocks()) {
      int index = rewriter.ops(block).indexOf(op);
      if (index >= 0) {
        end(rewriter, block, index, name, problem);
        return;
      }
    }
  }

  /** Has a block throw the error in place of an operation and what comes after it. */
  private static void end(Rewriter rewriter, Block block, int index, String name, String problem) {
    List<Op> ops = rewriter.ops(block);
    Location location = ops.get(index).location();
    ops.subList(index, ops.size()).clear();
    Value absent = new Value(CD_String);
    Value message = new Value(CD_String);
    Value error = new Value(ERROR);
    ops.add(new Op.Constant(absent, name, location));
    ops.add(new Op.Constant(message, problem, location));
    ops.add(new Op.Call(error, NAMED, List.of(absent, message), location));
    rewriter.end(block, new Terminator.Throw(error, location));
  }

  private static String name(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.substring(descriptor.indexOf('L') + 1, descriptor.length() - 1);
  }

  private static String problem(Op op, ClassDesc absent, Types types) {
    return "cannot differentiate "
        + what(op)
        + " at "
        + op.location()
        + ": it needs "
        + types.absence(absent);
  }

  private static String what(Op op) {
    return switch (op) {
      case Op.Call call ->
          "the call of " + call.method().owner().displayName() + "." + call.method().name();
      case Op.New created -> "new " + created.constructor().owner().displayName();
      case Op.LoadField load ->
          "the field " + load.field().owner().displayName() + "." + load.field().name();
      case Op.StoreField store ->
          "the field " + store.field().owner().displayName() + "." + store.field().name();
      case Op.NewArray array -> "the array";
      case Op.Lambda made -> "the lambda";
      default -> "the code";
    };
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Rewriter;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.ClassFiles;
import dev.fluxion.ir.pass.ScalarReplacement;
import dev.fluxion.ir.pass.Simplify;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Objects that code makes and nothing but the code sees, as those of complex or dual numbers, are
 * the values of their fields: these have adjoints, where objects have shadows.
 */
final class Records {
  private final Function function;
  private final Types types;
  private final int mostOps;
  private final Map<MethodRef, @Nullable Body> constructors = new HashMap<>();

  /** For the body of a function; longer constructors than that stay. */
  Records(Function function, Types types, int mostOps) {
    this.function = function;
    this.types = types;
    this.mostOps = mostOps;
  }

  /** The body without such objects, to be rewritten again, or the same one. */
  Body replaced(Body body) {
    Set<Value> made = new HashSet<>();
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.New created && constructor(created.constructor()) != null) {
          made.add(created.result());
        }
      }
    }
    if (made.isEmpty()) {
      return body;
    }
    Rewriter rewriter = new Rewriter(body); // without what constructors do to shadows
    for (Block block : rewriter.blocks()) {
      rewriter
          .ops(block)
          .removeIf(
              op ->
                  op instanceof Op.Apply apply
                      && Constructors.isConstructor(apply.function())
                      && made.contains(apply.arguments().get(0)));
    }
    Body plain = rewriter.build();
    Body scalar = ScalarReplacement.apply(plain, this::constructor);
    return scalar == plain ? body : initialisingOnce(scalar);
  }

  /** Without loads of constants that nothing uses where one at the beginning is of the same. */
  private static Body initialisingOnce(Body body) {
    Set<Value> used = body.used();
    Set<FieldRef> known = new HashSet<>();
    Rewriter rewriter = new Rewriter(body);
    for (Block block : rewriter.blocks()) {
      boolean isFirst = block == rewriter.entry();
      rewriter
          .ops(block)
          .removeIf(
              op ->
                  op instanceof Op.LoadField load
                      && load.receiver() == null
                      && (isFirst ? !known.add(load.field()) : known.contains(load.field()))
                      && !used.contains(load.result()));
    }
    return rewriter.build();
  }

  private @Nullable Body constructor(MethodRef constructor) {
    if (!constructors.containsKey(constructor)) {
      constructors.put(constructor, find(constructor));
    }
    return constructors.get(constructor);
  }

  private @Nullable Body find(MethodRef constructor) {
    Class<?> owner = types.resolve(constructor.owner(), Location.NONE);
    Declared declared = new Declared(owner, INIT_NAME, constructor.type());
    ClassModel model = ClassFiles.of(owner).orElse(null);
    if (model == null
        || Carriers.isPlatform(owner)
        || Carriers.isValue(owner)
        || !hasPlainParent(owner)
        || Rules.find(declared) != null) {
      return null;
    }
    Body body = Simplify.simplify(Methods.function(declared).body());
    if (Preparation.size(body) > mostOps || !Reach.ofConstructor(body, owner, function.host())) {
      return null;
    }
    boolean isInitialised =
        model.methods().stream()
            .anyMatch(method -> method.methodName().equalsString(CLASS_INIT_NAME));
    if (!isInitialised) {
      return body;
    }
    return Reach.isNear(owner, function.host()) ? initialising(body, model) : null;
  }

  private static boolean hasPlainParent(Class<?> owner) {
    Class<?> parent = owner.getSuperclass();
    return parent == Object.class || parent == Record.class;
  }

  /** A constructor that reads a constant of its class, which is initialised then. */
  private static @Nullable Body initialising(Body body, ClassModel model) {
    for (FieldModel field : model.fields()) {
      if (field.flags().has(AccessFlag.STATIC) && field.flags().has(AccessFlag.FINAL)) {
        FieldRef constant =
            new FieldRef(
                model.thisClass().asSymbol(),
                field.fieldName().stringValue(),
                field.fieldTypeSymbol(),
                true);
        Rewriter rewriter = new Rewriter(body);
        rewriter
            .ops(rewriter.entry())
            .addFirst(new Op.LoadField(new Value(constant.type()), constant, null, Location.NONE));
        return rewriter.build();
      }
    }
    return null;
  }
}

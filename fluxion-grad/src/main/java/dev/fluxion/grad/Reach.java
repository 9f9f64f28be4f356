package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.classfile.FieldModel;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Whether code can stand in a class that it was not written in. Nestmates reach each other's
 * members. From elsewhere code can be taken that reads fields, private ones by handles, and that
 * uses classes, methods and constructors which both classes reach.
 */
final class Reach {
  private final Class<?> host;
  private final Types types;
  private final @Nullable Value constructed;

  private Reach(Class<?> host, Class<?> origin, @Nullable Value constructed) {
    this.host = host;
    this.types = Types.of(origin);
    this.constructed = constructed;
  }

  /** Whether the code of an instance method of one class can stand in another. */
  static boolean ofMethod(Body body, Class<?> origin, Class<?> host) {
    return isNear(origin, host) || new Reach(host, origin, null).reaches(body, origin);
  }

  /** Whether the code of a constructor can, where what it sets are values and not fields. */
  static boolean ofConstructor(Body body, Class<?> origin, Class<?> host) {
    return isNear(origin, host)
        || new Reach(host, origin, body.parameters().get(0)).reaches(body, origin);
  }

  /** Whether code of the platform uses nothing but what anyone may. */
  static boolean ofPlatform(Body body, Class<?> origin, Class<?> host) {
    return new Reach(host, origin, null).reaches(body);
  }

  static boolean isNear(Class<?> origin, Class<?> host) {
    return origin.getNestHost() == host.getNestHost();
  }

  private boolean reaches(Body body, Class<?> origin) {
    return isOfModule(origin) && reaches(body);
  }

  private boolean reaches(Body body) {
    try {
      for (Block block : body.blocks()) {
        for (Op op : block.ops()) {
          if (!reaches(op)) {
            return false;
          }
        }
      }
      return true;
    } catch (GradientException e) { // a class that code names and never loads
      return false;
    }
  }

  private boolean reaches(Op op) {
    return switch (op) {
      case Op.Constant constant ->
          constant.value() == null
              || constant.value() instanceof Number
              || constant.value() instanceof String;
      case Op.Negate _, Op.Binary _, Op.Compare _, Op.ThreeWay _, Op.Convert _ -> true;
      case Op.ArrayLength _, Op.LoadElement _, Op.StoreElement _ -> true;
      case Op.Cast cast -> isVisible(cast.result().type());
      case Op.InstanceOf test -> isVisible(test.target());
      case Op.NewArray array -> isVisible(array.result().type());
      case Op.LoadField load -> load.receiver() != null && reaches(load.field());
      case Op.StoreField store -> constructed != null && store.receiver() == constructed;
      case Op.Call call ->
          isRoot(call)
              || (call.method().dispatch() != MethodRef.Dispatch.SPECIAL && reaches(call.method()));
      case Op.New created ->
          !created.constructor().isAllocation() && reaches(created.constructor());
      case Op.Lambda _, Op.InvokeDynamic _, Op.Apply _, Op.Monitor _ -> false;
    };
  }

  /** The end of every chain of constructors. */
  private boolean isRoot(Op.Call call) {
    Class<?> owner = types.resolve(call.method().owner(), call.location());
    return constructed != null
        && call.method().name().equals(INIT_NAME)
        && call.arguments().get(0) == constructed
        && (owner == Object.class || owner == Record.class);
  }

  private boolean reaches(FieldRef field) {
    Class<?> owner = types.resolve(field.owner(), Location.NONE);
    FieldModel model =
        ClassFiles.of(owner).stream()
            .flatMap(file -> file.fields().stream())
            .filter(declared -> declared.fieldName().equalsString(field.name()))
            .findFirst()
            .orElse(null);
    if (model == null || !isVisible(field.owner()) || !isVisible(field.type())) {
      return false; // an inherited one, maybe
    }
    return model.flags().has(AccessFlag.PRIVATE)
        ? isOfModule(owner)
        : model.flags().has(AccessFlag.PUBLIC) || isBeside(owner);
  }

  private boolean reaches(MethodRef method) {
    Declared declared = Methods.find(method, types, Location.NONE);
    if (declared == null || Methods.has(declared, AccessFlag.PRIVATE)) {
      return false;
    }
    boolean areTypesVisible =
        isVisible(method.owner())
            && isVisible(method.type().returnType())
            && method.type().parameterList().stream().allMatch(this::isVisible);
    return areTypesVisible
        && (Methods.has(declared, AccessFlag.PUBLIC) || isBeside(declared.owner()));
  }

  private boolean isVisible(ClassDesc type) {
    ClassDesc at = type;
    for (ClassDesc part = at; part != null; part = part.componentType()) {
      at = part;
    }
    if (at.isPrimitive()) {
      return true;
    }
    Class<?> resolved = types.resolve(at, Location.NONE);
    boolean isExported =
        resolved.getModule().isExported(resolved.getPackageName(), host.getModule());
    return (Modifier.isPublic(resolved.getModifiers()) && isExported) || isBeside(resolved);
  }

  private boolean isOfModule(Class<?> type) {
    return type.getClassLoader() == host.getClassLoader() && type.getModule() == host.getModule();
  }

  private boolean isBeside(Class<?> type) {
    return type.getClassLoader() == host.getClassLoader()
        && type.getPackageName().equals(host.getPackageName());
  }
}

package dev.fluxion.grad;

import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.emit.Compiler;
import dev.fluxion.ir.lift.ClassFiles;
import dev.fluxion.ir.lift.LiftException;
import dev.fluxion.ir.lift.Lifter;
import java.lang.classfile.MethodModel;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the methods behind calls, and their bodies. */
final class Methods {
  /**
   * A method as its class declares it.
   *
   * @param owner the class that declares it
   * @param name its name
   * @param type its parameter and result types, the receiver not among them
   */
  record Declared(Class<?> owner, String name, MethodTypeDesc type) {
    @Override
    public String toString() {
      return owner.getName() + "." + name + type.displayDescriptor();
    }
  }

  private static final ClassValue<Map<String, Function>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<String, Function> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Methods() {}

  /** The method that a call names, found in the class named or above; null if there is none. */
  static @Nullable Declared find(MethodRef call, Types types, Location location) {
    Class<?> owner = types.resolve(call.owner(), location);
    if (owner.isArray()) {
      return null;
    }
    return find(owner, call.name(), call.type());
  }

  /** The method of a name and type that a class declares or inherits; null if there is none. */
  static @Nullable Declared find(Class<?> type, String name, MethodTypeDesc descriptor) {
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      if (declares(at, name, descriptor)) {
        return new Declared(at, name, descriptor);
      }
    }
    Declared found = findInInterfaces(type, name, descriptor);
    boolean isOfObject =
        found == null && type.isInterface() && declares(Object.class, name, descriptor);
    return isOfObject ? new Declared(Object.class, name, descriptor) : found;
  }

  private static @Nullable Declared findInInterfaces(
      Class<?> type, String name, MethodTypeDesc descriptor) {
    Declared found = null;
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Class<?> parent : at.getInterfaces()) {
        Declared candidate =
            declares(parent, name, descriptor)
                ? new Declared(parent, name, descriptor)
                : findInInterfaces(parent, name, descriptor);
        if (candidate != null && (found == null || found.owner.isAssignableFrom(candidate.owner))) {
          found = candidate;
        }
      }
    }
    return found;
  }

  private static boolean declares(Class<?> type, String name, MethodTypeDesc descriptor) {
    return ClassFiles.method(type, name, descriptor).isPresent();
  }

  static boolean has(Declared method, AccessFlag flag) {
    return ClassFiles.method(method.owner, method.name, method.type)
        .map(model -> model.flags().has(flag))
        .orElse(false);
  }

  static MethodModel model(Declared method) {
    return ClassFiles.method(method.owner, method.name, method.type).orElseThrow();
  }

  /** The method as a function of its receiver, if it has one, and its arguments. */
  static Function function(Declared method) {
    return FUNCTIONS
        .get(method.owner)
        .computeIfAbsent(
            method.name + method.type.descriptorString(),
            _ -> {
              MethodTypeDesc type = method.type;
              if (!has(method, AccessFlag.STATIC)) {
                type = type.insertParameterTypes(0, method.owner.describeConstable().orElseThrow());
              }
              return new Function(
                  method.owner.getSimpleName() + "." + method.name,
                  type,
                  method.owner,
                  () -> lift(method));
            });
  }

  private static Body lift(Declared method) {
    try {
      Body lifted = Lifter.lift(method.owner, method.name, method.type);
      Body body = AbsentClasses.thrown(lifted, Types.of(method.owner));
      return has(method, AccessFlag.SYNCHRONIZED)
          ? Synchronized.body(body, has(method, AccessFlag.STATIC) ? method.owner : null)
          : body;
    } catch (LiftException e) {
      throw new GradientException("cannot differentiate through " + e.getMessage(), e);
    }
  }

  static MethodType methodType(MethodTypeDesc type, Class<?> host) {
    return Compiler.methodType(type, host);
  }
}

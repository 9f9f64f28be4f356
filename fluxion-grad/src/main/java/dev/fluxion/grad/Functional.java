package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.util.Objects.requireNonNull;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.ir.Block;
import dev.fluxion.ir.BlockBuilder;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Value;
import java.io.Serializable;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the code behind a functional object and makes a function of it that takes the object
 * itself, then the arguments, and returns a double.
 */
final class Functional {
  private Functional() {}

  /**
   * The function of a functional object's class.
   *
   * @param object the object; only its class and what its code is matter
   * @param method the erased type of the interface's one method
   */
  static Function of(Serializable object, MethodTypeDesc method) {
    return value(object, method, CD_double);
  }

  /** The same, for a function that returns its result as it is. */
  static Function value(Serializable object, MethodTypeDesc method) {
    return value(object, method, method.returnType());
  }

  private static Function value(Serializable object, MethodTypeDesc method, ClassDesc result) {
    Class<?> type = object.getClass();
    MethodTypeDesc entry = method.insertParameterTypes(0, CD_Object).changeReturnType(result);
    return type.isHidden() || type.isSynthetic()
        ? ofLambda(object, serialized(object), entry)
        : ofClass(type, method, entry);
  }

  /**
   * The function of a lambda that takes the lambda, then the arguments, and returns its result; or
   * null when the lambda's code cannot be found.
   */
  static @Nullable Function method(Object lambda, MethodTypeDesc type) {
    MethodTypeDesc entryType = type.changeParameterType(0, CD_Object);
    Lambdas.Site site = Lambdas.site(lambda);
    if (site != null) {
      return ofSite(lambda.getClass(), site, entryType);
    }
    return lambda instanceof Serializable object
        ? ofLambda(object, serialized(object), entryType)
        : null;
  }

  /** Whether the code of a functional object can be found. */
  static boolean isKnown(Object function) {
    return !function.getClass().isHidden()
        || function instanceof Serializable
        || Lambdas.site(function) != null;
  }

  /** A function that only calls a method. */
  static Function wrapped(Declared method, MethodTypeDesc type) {
    MethodRef call =
        new MethodRef(
            MethodRef.Dispatch.VIRTUAL,
            method.owner().describeConstable().orElseThrow(),
            method.name(),
            method.type(),
            false);
    return entry(
        method.owner(),
        type,
        (block, parameters) -> {
          List<Value> arguments = new ArrayList<>(parameters);
          arguments.set(0, block.cast(parameters.get(0), call.owner()));
          return block.call(call, arguments.toArray(new Value[0]));
        });
  }

  /** What a lambda or method reference stands for. */
  static SerializedLambda serialized(Serializable object) {
    try {
      Method writeReplace = object.getClass().getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      return (SerializedLambda) writeReplace.invoke(object);
    } catch (NoSuchMethodException e) {
      throw new GradientException(
          "the code of "
              + object.getClass().getName()
              + " cannot be found: its interface is not"
              + " one of Fluxion's; declare the function as a Scalar1, Fn1 or another interface of"
              + " dev.fluxion.grad",
          e);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new GradientException(
          "the code of "
              + object.getClass().getName()
              + " is out of reach: open its package to"
              + " dev.fluxion.grad in module-info",
          e);
    }
  }

  /** Where a functional object's code is, for people; its class, where that cannot be told. */
  static String place(Serializable object) {
    Class<?> type = object.getClass();
    try {
      return isLambda(type) ? placeOfLambda(object, type) : type.getName();
    } catch (GradientException e) { // which is not what is to be said now
      return type.getName();
    }
  }

  private static String placeOfLambda(Serializable object, Class<?> type) {
    SerializedLambda lambda = serialized(object);
    Class<?> owner = resolve(lambda.getImplClass(), type.getNestHost());
    MethodTypeDesc method = MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature());
    Declared declared = Methods.find(owner, lambda.getImplMethodName(), method);
    if (declared == null) {
      return owner.getName() + "." + lambda.getImplMethodName();
    }
    Block entry = Methods.function(declared).body().entry();
    Location end = entry.terminator().location();
    return "at " + (entry.ops().isEmpty() ? end : entry.ops().getFirst().location());
  }

  private static Function ofClass(Class<?> type, MethodTypeDesc method, MethodTypeDesc entryType) {
    Declared declared = Methods.find(type, "apply", method);
    if (declared == null) {
      throw new GradientException("the class file of " + type.getName() + " cannot be read");
    }
    Function code = Methods.function(declared);
    return entry(
        type,
        entryType,
        (block, parameters) -> {
          List<Value> arguments = new ArrayList<>(parameters);
          arguments.set(0, block.cast(parameters.get(0), code.type().parameterType(0)));
          return requireNonNull(block.apply(code, arguments));
        });
  }

  private static Function ofLambda(
      Serializable object, SerializedLambda lambda, MethodTypeDesc entryType) {
    Class<?> capturing = object.getClass().getNestHost();
    Class<?> host = resolve(lambda.getImplClass(), capturing);
    return ofLambda(object.getClass(), implementation(lambda, host), capturing, host, entryType);
  }

  private static MethodRef implementation(SerializedLambda lambda, Class<?> owner) {
    return new MethodRef(
        dispatch(lambda.getImplMethodKind()),
        ClassDesc.ofInternalName(lambda.getImplClass()),
        lambda.getImplMethodName(),
        MethodTypeDesc.ofDescriptor(lambda.getImplMethodSignature()),
        owner.isInterface());
  }

  /**
   * What stands behind functional objects: those of several classes may share it, since each place
   * where a lambda is made in transformed code makes a class of its own.
   *
   * @param host the class whose private members the code may use
   * @param implementation the method that is called
   * @param type what was captured, then the arguments; and the result
   * @param isLambda whether that was captured, else it is the object itself
   */
  record Implementation(
      Class<?> host, MethodRef implementation, MethodTypeDesc type, boolean isLambda) {
    /** The function that takes what was captured, then the arguments. */
    Function function() {
      String name = implementation.name();
      return new Function(name, type, host, () -> calling(name, implementation, type));
    }
  }

  /** For each thing that a functional object captured, a handle that takes it and reads that. */
  static List<MethodHandle> capturedBy(Object object) {
    return isLambda(object.getClass())
        ? captured(object.getClass())
        : List.of(MethodHandles.identity(Object.class));
  }

  private static boolean isLambda(Class<?> type) {
    return type.isHidden() || type.isSynthetic();
  }

  /** The code behind a functional object, apart from what that captured. */
  static Implementation implementation(
      Serializable object, List<MethodHandle> captured, MethodTypeDesc method) {
    Class<?> type = object.getClass();
    List<ClassDesc> parameters = new ArrayList<>();
    for (MethodHandle one : captured) {
      parameters.add(one.type().returnType().describeConstable().orElseThrow());
    }
    parameters.addAll(method.parameterList());
    MethodTypeDesc closed = MethodTypeDesc.of(method.returnType(), parameters);
    Lambdas.Site site = Lambdas.site(object);
    if (!isLambda(type)) {
      MethodRef apply =
          MethodRef.ofVirtual(type.describeConstable().orElseThrow(), "apply", method);
      return new Implementation(type, apply, closed, false);
    }
    Class<?> capturing = site == null ? type.getNestHost() : site.host();
    MethodRef implementation;
    Class<?> owner;
    if (site == null) {
      SerializedLambda lambda = serialized(object);
      owner = resolve(lambda.getImplClass(), capturing);
      implementation = implementation(lambda, owner);
    } else {
      implementation = implementation(site.lambda().implementation());
      owner = Types.of(capturing).resolve(implementation.owner(), Location.NONE);
    }
    Class<?> host = owner.getNestHost() == capturing.getNestHost() ? owner : capturing;
    return new Implementation(host, implementation, closed, true);
  }

  /** The function of a lambda that transformed code has made at a site. */
  private static Function ofSite(Class<?> type, Lambdas.Site site, MethodTypeDesc entryType) {
    MethodRef implementation = implementation(site.lambda().implementation());
    Class<?> owner = Types.of(site.host()).resolve(implementation.owner(), Location.NONE);
    return ofLambda(type, implementation, site.host(), owner, entryType);
  }

  /** The method or constructor that a handle calls. */
  static MethodRef implementation(DirectMethodHandleDesc handle) {
    return new MethodRef(
        dispatch(handle.refKind()),
        handle.owner(),
        handle.methodName(),
        MethodTypeDesc.ofDescriptor(handle.lookupDescriptor()),
        handle.isOwnerInterface());
  }

  private static MethodRef.Dispatch dispatch(int referenceKind) {
    return switch (referenceKind) {
      case MethodHandleInfo.REF_invokeStatic -> MethodRef.Dispatch.STATIC;
      case MethodHandleInfo.REF_invokeInterface -> MethodRef.Dispatch.INTERFACE;
      case MethodHandleInfo.REF_newInvokeSpecial -> MethodRef.Dispatch.SPECIAL;
      default -> MethodRef.Dispatch.VIRTUAL;
    };
  }

  private static Function ofLambda(
      Class<?> lambda,
      MethodRef implementation,
      Class<?> capturing,
      Class<?> owner,
      MethodTypeDesc entryType) {
    Class<?> host = owner.getNestHost() == capturing.getNestHost() ? owner : capturing;
    List<Function> captured = Captured.functions(host, captured(lambda));
    return entry(
        host,
        entryType,
        (block, parameters) -> {
          List<Value> given = new ArrayList<>();
          for (Function one : captured) {
            given.add(requireNonNull(block.apply(one, List.of(parameters.get(0)))));
          }
          given.addAll(parameters.subList(1, parameters.size()));
          return call(block, implementation, given);
        });
  }

  /** The body of a function that hands its arguments to a method and gives what that returns. */
  static Body calling(String name, MethodRef method, MethodTypeDesc type) {
    Body.Builder builder = new Body.Builder(name, type);
    BlockBuilder block = builder.entry();
    Value result = call(block, method, block.block().parameters());
    block.returns(Conversions.returned(block, result, type.returnType()));
    return builder.build();
  }

  /** Calls what a lambda stands for; the result is null when it is void. */
  static @Nullable Value call(BlockBuilder block, MethodRef implementation, List<Value> given) {
    boolean isConstructor = implementation.name().equals(ConstantDescs.INIT_NAME);
    List<ClassDesc> types =
        isConstructor ? implementation.type().parameterList() : implementation.argumentTypes();
    List<Value> arguments = new ArrayList<>();
    for (Value value : given) {
      arguments.add(Conversions.convert(block, value, types.get(arguments.size())));
    }
    if (isConstructor) {
      return block.construct(implementation, arguments);
    }
    if (implementation.type().returnType().equals(CD_void)) {
      block.run(implementation, arguments.toArray(new Value[0]));
      return null;
    }
    return block.call(implementation, arguments.toArray(new Value[0]));
  }

  private static Class<?> resolve(String internalName, Class<?> from) {
    try {
      return Class.forName(internalName.replace('/', '.'), false, from.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new GradientException("cannot load " + internalName.replace('/', '.'), e);
    }
  }

  /** Reads what a lambda captured from its fields, each through a handle that takes an Object. */
  private static List<MethodHandle> captured(Class<?> lambda) {
    List<MethodHandle> getters = new ArrayList<>();
    try {
      MethodHandles.Lookup lookup = Types.privateLookup(lambda);
      for (Field field : lambda.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          MethodHandle getter = lookup.unreflectGetter(field);
          getters.add(getter.asType(MethodType.methodType(field.getType(), Object.class)));
        }
      }
    } catch (IllegalAccessException e) {
      throw new GradientException(
          "what " + lambda.getName() + " captured is out of reach: open its package", e);
    }
    return getters;
  }

  private interface Code {
    @Nullable Value apply(BlockBuilder block, List<Value> parameters);
  }

  private static Function entry(Class<?> host, MethodTypeDesc type, Code code) {
    return new Function(
        host.getSimpleName() + ".gradient",
        type,
        host,
        () -> {
          Body.Builder builder = new Body.Builder(host.getSimpleName() + ".gradient", type);
          BlockBuilder block = builder.entry().at(Caller.location());
          block.block().parameters().get(0).named("f");
          Value result = code.apply(block, block.block().parameters());
          ClassDesc returned = type.returnType();
          block.returns(
              result != null && returned.equals(CD_double)
                  ? number(block, result, Types.of(host))
                  : Conversions.returned(block, result, returned));
          return builder.build();
        });
  }

  /** The result as a double: out of its box, or out of a vector with one element. */
  static Value number(BlockBuilder block, Value result, Types types) {
    ClassDesc type = result.type();
    if (type.isPrimitive()) {
      return result.kind() == Kind.DOUBLE ? result : block.convert(result, CD_double);
    }
    if (!types.isValue(type)) {
      Class<?> known = types.resolve(type, Location.NONE);
      if (known.isAssignableFrom(Double.class) || known == VectorSpace.class) { // of a variable
        return block.call(
            MethodRef.ofStatic(
                Nesting.GRADIENTS, "number", MethodTypeDesc.of(CD_double, CD_Object)),
            result);
      }
      throw new GradientException(
          "a loss returns a double, a float or a tensor with one element, not a "
              + known.getSimpleName());
    }
    boolean isBox = Types.adjoint(type).isPrimitive();
    return block.call(
        MethodRef.ofVirtual(type, isBox ? "doubleValue" : "item", MethodTypeDesc.of(CD_double)),
        result);
  }
}

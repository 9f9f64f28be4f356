package dev.fluxion.ir.interpret;

import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.access.Privileges;
import dev.fluxion.ir.emit.Linkage;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fields, methods and classes as the code of one class reaches them. What is missing or out of
 * reach throws the error that the JVM throws where it links such code.
 */
final class Members {
  private final MethodHandles.Lookup lookup;
  private final Map<ClassDesc, Class<?>> types = new HashMap<>();
  private final Map<Access, MethodHandle> handles = new HashMap<>();

  /** A way of using a member: what is used, from which static type if that matters. */
  private record Access(Object member, Object how) {}

  Members(Class<?> host) {
    this.lookup = Privileges.lookup(host);
  }

  private interface Link<T> {
    T make() throws Throwable;
  }

  private static <T> T link(Link<T> link) {
    try {
      return link.make();
    } catch (NoSuchMethodException e) {
      throw caused(new NoSuchMethodError(e.getMessage()), e);
    } catch (NoSuchFieldException e) {
      throw caused(new NoSuchFieldError(e.getMessage()), e);
    } catch (IllegalAccessException e) {
      throw caused(new IllegalAccessError(e.getMessage()), e);
    } catch (ClassNotFoundException e) {
      throw caused(new NoClassDefFoundError(e.getMessage()), e);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw caused(new BootstrapMethodError(e.getMessage()), e);
    }
  }

  private static <E extends Error> E caused(E error, Throwable cause) {
    error.initCause(cause);
    return error;
  }

  Class<?> type(ClassDesc type) {
    Class<?> known = types.get(type);
    if (known == null) {
      known = link(() -> (Class<?>) type.resolveConstantDesc(lookup));
      types.put(type, known);
    }
    return known;
  }

  private MethodHandle handle(Object member, Object how, Link<MethodHandle> link) {
    Access access = new Access(member, how);
    MethodHandle known = handles.get(access);
    if (known == null) {
      known = link(link);
      handles.put(access, known);
    }
    return known;
  }

  private MethodType type(MethodTypeDesc type) {
    return link(() -> type.resolveConstantDesc(lookup));
  }

  Object constant(ConstantDesc constant) {
    return link(() -> constant.resolveConstantDesc(lookup));
  }

  @Nullable Object get(FieldRef field, List<@Nullable Object> receiver) throws Throwable {
    Class<?> owner = type(field.owner());
    MethodHandle getter =
        handle(
            field,
            "get",
            () ->
                field.isStatic()
                    ? lookup.findStaticGetter(owner, field.name(), type(field.type()))
                    : getter(field, owner));
    return Numbers.fromJava(getter.invokeWithArguments(receiver), field.type());
  }

  /** Reads a field: a private one of another nest too, as emitted code does. */
  private MethodHandle getter(FieldRef field, Class<?> owner) throws ReflectiveOperationException {
    Class<?> type = type(field.type());
    try {
      return lookup.findGetter(owner, field.name(), type);
    } catch (IllegalAccessException e) {
      return Linkage.field(lookup, field.name(), MethodType.methodType(type, owner), owner)
          .getTarget();
    }
  }

  /** Sets a field; the values are the receiver, unless it is static, and the new value. */
  void set(FieldRef field, List<@Nullable Object> values) throws Throwable {
    Class<?> owner = type(field.owner());
    MethodHandle setter =
        handle(
            field,
            "set",
            () ->
                field.isStatic()
                    ? lookup.findStaticSetter(owner, field.name(), type(field.type()))
                    : lookup.findSetter(owner, field.name(), type(field.type())));
    List<@Nullable Object> arguments = new ArrayList<>(values);
    arguments.set(
        arguments.size() - 1, Numbers.toJava(arguments.get(arguments.size() - 1), field.type()));
    setter.invokeWithArguments(arguments);
  }

  /**
   * Calls a method.
   *
   * @param receiver the static type of the receiver, if there is one
   */
  @Nullable Object call(
      MethodRef method, @Nullable ClassDesc receiver, List<@Nullable Object> arguments)
      throws Throwable {
    Class<?> owner = type(method.owner());
    MethodHandle handle =
        handle(
            method,
            receiver == null ? "call" : receiver,
            () ->
                switch (method.dispatch()) {
                  case STATIC -> lookup.findStatic(owner, method.name(), type(method.type()));
                  case VIRTUAL, INTERFACE ->
                      lookup.findVirtual(owner, method.name(), type(method.type()));
                  case SPECIAL -> {
                    Class<?> from = receiver == null ? owner : type(receiver);
                    MethodType all = type(method.type()).insertParameterTypes(0, from);
                    yield Linkage.special(lookup, method.name(), all, owner, from).getTarget();
                  }
                });
    return invoke(handle, method.argumentTypes(), method.type().returnType(), arguments);
  }

  @Nullable Object create(MethodRef constructor, List<@Nullable Object> arguments)
      throws Throwable {
    Class<?> owner = type(constructor.owner());
    MethodHandle handle =
        handle(constructor, "new", () -> lookup.findConstructor(owner, type(constructor.type())));
    return invoke(handle, constructor.type().parameterList(), constructor.owner(), arguments);
  }

  /** What the bootstrap method of a call site makes of it. */
  MethodHandle target(DynamicCallSiteDesc site) {
    return link(
        () -> {
          MethodHandle bootstrap = (MethodHandle) constant(site.bootstrapMethod());
          List<@Nullable Object> arguments = new ArrayList<>();
          arguments.add(lookup);
          arguments.add(site.invocationName());
          arguments.add(type(site.invocationType()));
          for (ConstantDesc argument : site.bootstrapArgs()) {
            arguments.add(constant(argument));
          }
          return ((CallSite) bootstrap.invokeWithArguments(arguments)).dynamicInvoker();
        });
  }

  /** Calls a handle with values, and gives the result as a value; null if it is void. */
  static @Nullable Object invoke(
      MethodHandle handle,
      List<ClassDesc> types,
      ClassDesc result,
      List<@Nullable Object> arguments)
      throws Throwable {
    List<@Nullable Object> converted = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      converted.add(Numbers.toJava(arguments.get(i), types.get(i)));
    }
    return Numbers.fromJava(handle.asFixedArity().invokeWithArguments(converted), result);
  }
}

package dev.fluxion.ir.emit;

import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.LambdaRef;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.lift.ClassFiles;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What code reaches by handles only when it stands in a hidden nestmate of a class: that is no
 * subclass, so protected members of superclasses in other packages are out of an instruction's
 * reach, and so are the private fields that code reads which was inlined from elsewhere.
 */
final class Access {
  /** That of ordinary methods of a class, of which all that they name is in reach. */
  static final Access OWN = new Access(null);

  /** The modifiers of the fields and methods of classes, by names and descriptors. */
  private static final ClassValue<Map<String, Integer>> MEMBERS =
      new ClassValue<>() {
        @Override
        protected Map<String, Integer> computeValue(Class<?> type) {
          Map<String, Integer> members = new HashMap<>();
          try {
            for (Field field : type.getDeclaredFields()) {
              members.put(field.getName(), field.getModifiers());
            }
            for (Method method : type.getDeclaredMethods()) {
              MethodType types =
                  MethodType.methodType(method.getReturnType(), method.getParameterTypes());
              members.put(method.getName() + types.descriptorString(), method.getModifiers());
            }
          } catch (LinkageError e) { // a member's type is absent, and so reflection tells nothing
            ClassFiles.of(type).ifPresent(file -> addAll(file, members));
          }
          return Map.copyOf(members);
        }
      };

  private static void addAll(ClassModel file, Map<String, Integer> members) {
    for (FieldModel field : file.fields()) {
      members.put(field.fieldName().stringValue(), field.flags().flagsMask());
    }
    for (MethodModel method : file.methods()) {
      members.put(
          method.methodName().stringValue() + method.methodType().stringValue(),
          method.flags().flagsMask());
    }
  }

  private final @Nullable Class<?> host;
  private final Map<ClassDesc, Optional<Class<?>>> resolved = new HashMap<>();

  /**
   * The access of code.
   *
   * @param host the class whose nestmate the code becomes; null if the code stays where it was
   */
  Access(@Nullable Class<?> host) {
    this.host = host;
  }

  /** Whether a field is out of an instruction's reach. */
  boolean byHandle(FieldRef field) {
    Class<?> named = host == null ? null : resolve(field.owner());
    Class<?> declaring = declaring(named, field.name());
    return named != null
        && declaring != null
        && isBeyond(named, declaring, MEMBERS.get(declaring).get(field.name()));
  }

  /** Whether a method that is called by its receiver's class, or static, is. */
  boolean byHandle(MethodRef method) {
    if (host == null || method.dispatch() == MethodRef.Dispatch.SPECIAL) {
      return false;
    }
    String member = method.name() + method.type().descriptorString();
    Class<?> named = resolve(method.owner());
    Class<?> declaring = declaring(named, member);
    return named != null
        && declaring != null
        && Modifier.isProtected(MEMBERS.get(declaring).getOrDefault(member, 0))
        && isBeyond(named, declaring, Modifier.PROTECTED);
  }

  /**
   * The call site that makes a lambda here. Compilers before Java 11 have it call a private method
   * of its class by {@code invokespecial}, which a nestmate that is no subclass must not.
   */
  DynamicCallSiteDesc ofNestmate(LambdaRef lambda) {
    DirectMethodHandleDesc handle = lambda.implementation();
    String type = handle.lookupDescriptor();
    int modifiers = modifiers(handle.owner(), handle.methodName() + type);
    boolean isSpecial =
        handle.kind() == DirectMethodHandleDesc.Kind.SPECIAL
            || handle.kind() == DirectMethodHandleDesc.Kind.INTERFACE_SPECIAL;
    if (!isSpecial || !Modifier.isPrivate(modifiers)) {
      return lambda.site();
    }
    ConstantDesc[] arguments = lambda.site().bootstrapArgs();
    arguments[1] =
        MethodHandleDesc.ofMethod(
            handle.isOwnerInterface()
                ? DirectMethodHandleDesc.Kind.INTERFACE_VIRTUAL
                : DirectMethodHandleDesc.Kind.VIRTUAL,
            handle.owner(),
            handle.methodName(),
            MethodTypeDesc.ofDescriptor(type));
    return lambda.site().withArgs(arguments);
  }

  private int modifiers(ClassDesc owner, String member) {
    Class<?> found = host == null ? null : resolve(owner);
    return found == null ? 0 : MEMBERS.get(found).getOrDefault(member, 0);
  }

  /**
   * Whether a member of a class is out of reach, by the class that code names and a lookup in it.
   */
  private boolean isBeyond(Class<?> named, Class<?> declaring, @Nullable Integer modifiers) {
    if (modifiers == null || host == null) {
      return false;
    }
    if (Modifier.isPrivate(modifiers)) {
      return !Modifier.isStatic(modifiers) && declaring.getNestHost() != host.getNestHost();
    }
    return Modifier.isProtected(modifiers)
        && named.getClassLoader() != null // no handles are had of the platform's own
        && !isBeside(declaring);
  }

  private boolean isBeside(Class<?> type) {
    return host != null
        && type.getClassLoader() == host.getClassLoader()
        && type.getPackageName().equals(host.getPackageName());
  }

  /**
   * A type for the call of code elsewhere: what is of classes that this code may pass on, but not
   * name, is an object. So may be what a public class inherits from one of its package.
   */
  MethodTypeDesc nameable(MethodTypeDesc type) {
    List<ClassDesc> parameters = new ArrayList<>(type.parameterCount());
    for (ClassDesc parameter : type.parameterList()) {
      parameters.add(isNameable(parameter) ? parameter : ConstantDescs.CD_Object);
    }
    ClassDesc result = type.returnType();
    return MethodTypeDesc.of(isNameable(result) ? result : ConstantDescs.CD_Object, parameters);
  }

  /** Whether this code may name a class, or the class of an array's elements. */
  boolean isNameable(ClassDesc type) {
    ClassDesc at = type;
    for (ClassDesc part = at; part != null; part = part.componentType()) {
      at = part;
    }
    Class<?> found = host == null ? null : resolve(at);
    return found == null
        // to the virtual machine, nested classes are public or not
        || (found.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
        || isBeside(found);
  }

  /**
   * The type of a method handle for code that names classes which are absent: what is of such a
   * class is null, and an object as well as any. The classes of a handle's type have to be there.
   */
  MethodTypeDesc present(MethodTypeDesc type) {
    MethodTypeDesc present = type;
    for (int i = 0; i < type.parameterCount(); i++) {
      if (isAbsent(type.parameterType(i))) {
        present = present.changeParameterType(i, ConstantDescs.CD_Object);
      }
    }
    return isAbsent(type.returnType())
        ? present.changeReturnType(ConstantDescs.CD_Object)
        : present;
  }

  /** Whether a class, or the class of an array's elements, cannot be loaded. */
  boolean isAbsent(ClassDesc type) {
    ClassDesc at = type;
    for (ClassDesc part = at; part != null; part = part.componentType()) {
      at = part;
    }
    return host != null
        && at.isClassOrInterface()
        && !at.packageName().startsWith("java.")
        && resolve(at) == null;
  }

  private @Nullable Class<?> resolve(ClassDesc type) {
    return type.isClassOrInterface()
        ? resolved.computeIfAbsent(type, this::find).orElse(null)
        : null;
  }

  private Optional<Class<?>> find(ClassDesc type) {
    if (host == null) {
      return Optional.empty();
    }
    String descriptor = type.descriptorString();
    String name = descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
    try {
      return Optional.of(Class.forName(name, false, host.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.empty();
    }
  }

  /** The class that declares a field, or a method with its descriptor, that another one names. */
  static @Nullable Class<?> declaring(@Nullable Class<?> owner, String member) {
    for (Class<?> at = owner; at != null; at = at.getSuperclass()) {
      if (MEMBERS.get(at).containsKey(member)) {
        return at;
      }
    }
    return null;
  }
}

package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Shadow;
import dev.fluxion.grad.runtime.Shadows;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the types that a class's code names mean for differentiation. */
final class Types {
  static final ClassDesc SHADOW = Shadow.class.describeConstable().orElseThrow();
  static final ClassDesc OBJECTS = CD_Object.arrayType();

  private static final ClassValue<Types> OF_HOST =
      new ClassValue<>() {
        @Override
        protected Types computeValue(Class<?> host) {
          return new Types(host);
        }
      };

  private final Class<?> host;
  private final Map<String, Named> classes = new ConcurrentHashMap<>();

  /** A class that code names, and what was found out about it. */
  private static final class Named {
    final @Nullable Class<?> type;
    final @Nullable String absence; // not what was thrown: that holds on to the classes of callers
    final boolean isValue;
    private @Nullable Boolean mayCarry;

    Named(Class<?> type) {
      this.type = type;
      this.absence = null;
      this.isValue = Carriers.isValue(type);
    }

    /**
     * A class that is absent, as those of an optional dependency that was left out. It has no
     * objects: what is of its type is null.
     */
    Named(String absence) {
      this.type = null;
      this.absence = absence;
      this.isValue = false;
      this.mayCarry = false;
    }

    boolean mayCarry() {
      Boolean known = mayCarry;
      if (known == null) {
        known = type != null && Carriers.mayCarry(type);
        mayCarry = known;
      }
      return known;
    }
  }

  private Types(Class<?> host) {
    this.host = host;
  }

  /** The types as seen from a class's code. */
  static Types of(Class<?> host) {
    return OF_HOST.get(host);
  }

  Class<?> host() {
    return host;
  }

  /** A lookup with access to the private members of a class. */
  static MethodHandles.Lookup privateLookup(Class<?> type) throws IllegalAccessException {
    Types.class.getModule().addReads(type.getModule());
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
  }

  Class<?> resolve(ClassDesc type, Location location) {
    Named named = named(type);
    if (named.type == null) {
      String place = location.line() == 0 ? "what uses " : location + ": it needs ";
      throw new GradientException("cannot differentiate " + place + absence(type));
    }
    return named.type;
  }

  /** Whether a class that code names cannot be loaded. */
  boolean isAbsent(ClassDesc type) {
    return named(type).type == null;
  }

  /** A class that cannot be loaded, why, and what to do about it. */
  String absence(ClassDesc type) {
    return named(type).absence
        + "; put it there, or give the method around it a rule with Grad.rule";
  }

  /** A class that cannot be loaded, and why. */
  private static String absence(String name, Throwable why) {
    String missing = String.valueOf(why.getMessage()).replace('/', '.');
    if (why instanceof LinkageError && !(why instanceof NoClassDefFoundError)) {
      return name + ", which cannot be loaded from the class path (" + why + ")";
    }
    return missing.equals(name)
        ? name + ", which is not on the class path"
        : name + ", which needs " + missing + ", which is not on the class path";
  }

  private static String className(String descriptor) {
    return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
  }

  private Named named(ClassDesc type) {
    String descriptor = type.descriptorString(); // which has its hash, where the type computes it
    Named known = classes.get(descriptor);
    if (known != null) {
      return known;
    }
    Named named;
    try {
      named =
          new Named(
              type.isPrimitive()
                  ? (Class<?>) type.resolveConstantDesc(MethodHandles.lookup())
                  : Class.forName(
                      type.isArray() ? descriptor.replace('/', '.') : className(descriptor),
                      false,
                      host.getClassLoader()));
    } catch (ReflectiveOperationException | LinkageError e) {
      named = new Named(absence(className(descriptor.replaceFirst("^\\[+", "")), e));
    }
    classes.put(descriptor, named);
    return named;
  }

  /** Whether values of a type have an adjoint of their own: numbers and vectors. */
  boolean isValue(ClassDesc type) {
    return named(type).isValue;
  }

  /** Whether a value of a type may hold, or lead to, floating-point numbers. */
  boolean mayCarry(ClassDesc type) {
    return named(type).mayCarry();
  }

  /** Whether a value of a type has a shadow: it may carry derivatives and is not one itself. */
  boolean isShadowed(ClassDesc type) {
    Named named = named(type);
    return !named.isValue && named.mayCarry();
  }

  /** The type of a number's or vector's adjoint. */
  static ClassDesc adjoint(ClassDesc type) {
    return switch (type.descriptorString()) {
      case "Ljava/lang/Double;", "Ljava/util/OptionalDouble;" -> CD_double;
      case "Ljava/lang/Float;" -> CD_float;
      default -> type;
    };
  }

  /** Whether an array of a type holds numbers in boxes, or vectors: its shadow, their shadows. */
  boolean isOfBoxes(ClassDesc arrayType) {
    ClassDesc component = arrayType.componentType();
    return component != null && !component.isPrimitive() && isValue(component);
  }

  /** The type of a reference's shadow. */
  ClassDesc shadow(ClassDesc type) {
    Class<?> resolved = resolve(type, Location.NONE);
    if (resolved.isArray()) {
      return Shadows.isNumeric(resolved) ? type : OBJECTS;
    }
    boolean mayBeArray = resolved.isAssignableFrom(double[].class);
    return mayBeArray ? CD_Object : SHADOW;
  }

  /** Whether a value is a constant of an enum. */
  boolean isEnum(Value value, Op op) {
    return Enum.class.isAssignableFrom(resolve(value.type(), op.location()));
  }

  /** Whether what is read from a constant of an enum is an object that never changes. */
  boolean isConstantOfEnum(Op.LoadField load) {
    Value receiver = load.receiver();
    return receiver != null
        && isEnum(receiver, load)
        && Statics.isConstantOfEnum(
            resolve(load.field().owner(), load.location()), load.field().name());
  }
}

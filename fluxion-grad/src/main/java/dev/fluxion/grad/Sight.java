package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.Contents;
import dev.fluxion.grad.runtime.DeclaredField;
import dev.fluxion.ir.Function;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The code that a functional object may call because it has captured objects that have it.
 *
 * @param lambdas the functions of lambdas
 * @param classes the classes of other objects
 */
record Sight(List<Function> lambdas, Set<Class<?>> classes) {
  /** Nothing captured. */
  static final Sight NONE = new Sight(List.of(), Set.of());

  private static final int MOST_OBJECTS = 100;

  private static final ClassValue<List<MethodHandle>> GETTERS =
      new ClassValue<>() {
        @Override
        protected List<MethodHandle> computeValue(Class<?> type) {
          return getters(type);
        }
      };

  private static Class<?> field(MethodHandle getter) {
    return getter.type().returnType();
  }

  /** Whether a variable of a type may have an object of another class. */
  private static boolean isOpen(Class<?> type) {
    return !Modifier.isFinal(type.getModifiers());
  }

  /** The getters, of an Object, of the references in an object of a class. */
  private static List<MethodHandle> getters(Class<?> type) {
    List<MethodHandle> getters = new ArrayList<>();
    if (type.isArray()) {
      return getters;
    }
    for (Class<?> at = type; at != null && !Carriers.isPlatform(at); at = at.getSuperclass()) {
      try {
        MethodHandles.Lookup lookup = Types.privateLookup(at);
        for (DeclaredField field : DeclaredField.of(at)) {
          Class<?> held = field.type();
          if (!field.isStatic()
              && Carriers.mayCarry(held)
              && !Carriers.isValue(held)
              && !held.isPrimitive()) {
            MethodHandle getter = field.getter(lookup);
            getters.add(getter.asType(MethodType.methodType(held, Object.class)));
          }
        }
      } catch (IllegalAccessException e) {
        return getters; // it is not looked into
      }
    }
    return getters;
  }

  private static @Nullable Object get(MethodHandle getter, Object object) {
    try {
      return getter.invoke(object);
    } catch (Throwable e) {
      throw Grad.unchecked(e);
    }
  }

  /** Whether objects of a class may have captured objects of different classes. */
  static boolean mayDiffer(Class<?> type) {
    return GETTERS.get(type).stream().anyMatch(getter -> isOpen(field(getter)));
  }

  /** The classes of what an object has captured, as far as they can differ. */
  static List<Class<?>> captured(Object object) {
    List<Class<?>> classes = new ArrayList<>();
    for (MethodHandle getter : GETTERS.get(object.getClass())) {
      if (isOpen(field(getter))) {
        Object value = get(getter, object);
        classes.add(value == null ? void.class : value.getClass());
      }
    }
    return classes;
  }

  /** What is in sight from an object. */
  static Sight of(Object object) {
    if (GETTERS.get(object.getClass()).isEmpty()) {
      return NONE;
    }
    List<Function> lambdas = new ArrayList<>();
    Set<Class<?>> classes = new LinkedHashSet<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> work = new ArrayDeque<>(List.of(object));
    while (!work.isEmpty() && seen.size() < MOST_OBJECTS) {
      Object at = work.poll();
      if (!seen.add(at) || !Carriers.mayCarry(at.getClass())) {
        continue;
      }
      if (at != object && at.getClass().isHidden()) {
        Function lambda = lambda(at);
        if (lambda != null) {
          lambdas.add(lambda);
        }
      } else if (!Carriers.isPlatform(at.getClass())) {
        classes.add(at.getClass());
      }
      for (MethodHandle getter : GETTERS.get(at.getClass())) {
        add(work, get(getter, at));
      }
      Contents.of(at).stream().limit(MOST_OBJECTS).forEach(element -> add(work, element));
    }
    return new Sight(lambdas, classes);
  }

  private static void add(Deque<Object> work, @Nullable Object object) {
    if (object != null) {
      work.add(object);
    }
  }

  /** The methods of an interface; none, where a class that one of them names is absent. */
  private static Method[] methods(Class<?> type) {
    try {
      return type.getMethods();
    } catch (LinkageError e) {
      return new Method[0];
    }
  }

  private static @Nullable Function lambda(Object lambda) {
    for (Class<?> type : lambda.getClass().getInterfaces()) {
      for (Method method : methods(type)) {
        if (Modifier.isAbstract(method.getModifiers()) && Functional.isKnown(lambda)) {
          ClassDesc receiver = type.describeConstable().orElseThrow();
          MethodTypeDesc called =
              MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                  .describeConstable()
                  .orElseThrow()
                  .insertParameterTypes(0, receiver);
          try {
            return Functional.method(lambda, called);
          } catch (GradientException e) {
            return null; // its code cannot be found, as will be said when it is called
          }
        }
      }
    }
    return null;
  }
}

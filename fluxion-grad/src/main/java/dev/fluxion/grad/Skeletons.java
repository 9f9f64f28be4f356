package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.Carriers;
import dev.fluxion.grad.runtime.OwnCollections;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.lift.LiftException;
import dev.fluxion.ir.lift.Lifter;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Code of the platform that leaves the work to collections' own methods, as {@code Map.merge} and
 * {@code AbstractList.addAll} do. Where these are the user's, it is differentiated like the user's
 * own code, if it uses nothing but what is public: else it could not stand anywhere else.
 */
final class Skeletons {
  private static final ClassValue<Map<Declared, Optional<Function>>> FUNCTIONS =
      new ClassValue<>() {
        @Override
        protected Map<Declared, Optional<Function>> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private Skeletons() {}

  /** The function of the receiver, if there is one, and the arguments; null if out of reach. */
  static @Nullable Function function(Declared method) {
    Class<?> owner = method.owner();
    if (!isOfCollections(owner)
        || Methods.has(method, AccessFlag.ABSTRACT)
        || Methods.has(method, AccessFlag.NATIVE)) {
      return null;
    }
    return FUNCTIONS.get(owner).computeIfAbsent(method, one -> make(one)).orElse(null);
  }

  private static boolean isOfCollections(Class<?> type) {
    boolean isSkeleton = type.isInterface() || OwnCollections.isSkeleton(type);
    return Carriers.isPlatform(type)
        && ((isCollection(type) && isSkeleton) || type == Collections.class);
  }

  /** Whether a type is one of collections, or what goes through them. */
  static boolean isCollection(Class<?> type) {
    return Iterable.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || Map.Entry.class.isAssignableFrom(type)
        || Iterator.class.isAssignableFrom(type)
        || Enumeration.class.isAssignableFrom(type)
        || Spliterator.class.isAssignableFrom(type);
  }

  private static Optional<Function> make(Declared method) {
    Body body;
    try {
      body = Lifter.lift(method.owner(), method.name(), method.type());
    } catch (LiftException e) {
      return Optional.empty();
    }
    if (!Reach.ofPlatform(body, method.owner(), Skeletons.class)) {
      return Optional.empty();
    }
    MethodTypeDesc type = body.type();
    String name = method.owner().getSimpleName() + "." + method.name();
    return Optional.of(new Function(name, type, Skeletons.class, () -> body));
  }
}

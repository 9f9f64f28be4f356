package dev.fluxion.ir.emit;

import dev.fluxion.ir.FieldRef;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The fields that the code of a class reaches by handles only: private ones of classes that are not
 * its nestmates. Code that was inlined from there reads them.
 *
 * @param host the class whose nestmate the code becomes
 */
record PrivateFields(Class<?> host) implements Predicate<FieldRef> {
  private static final ClassValue<Set<String>> NAMES =
      new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
          return names(type);
        }
      };

  private static Set<String> names(Class<?> type) {
    Set<String> names = new HashSet<>();
    try {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isPrivate(field.getModifiers()) && !Modifier.isStatic(field.getModifiers())) {
          names.add(field.getName());
        }
      }
    } catch (LinkageError e) {
      return Set.of(); // what is missing shows itself where code is linked
    }
    return names;
  }

  @Override
  public boolean test(FieldRef field) {
    if (field.isStatic()) {
      return false;
    }
    try {
      Class<?> owner = Class.forName(binaryName(field.owner()), false, host.getClassLoader());
      return NAMES.get(owner).contains(field.name()) && owner.getNestHost() != host.getNestHost();
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static String binaryName(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
  }
}

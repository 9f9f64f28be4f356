package dev.fluxion.grad.runtime;

import dev.fluxion.ir.lift.ClassFiles;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field that a class declares. Reflection tells of none where the class of one is absent, as
 * those of an optional dependency that was left out; then they are found in the class file.
 *
 * @param owner the class that declares it
 * @param name its name
 * @param type its type, or void if that is absent: it is always null
 * @param modifiers its modifiers
 * @param reflected what reflection tells of it, or null
 */
public record DeclaredField(
    Class<?> owner, String name, Class<?> type, int modifiers, @Nullable Field reflected) {
  private static final int SYNTHETIC = ClassFile.ACC_SYNTHETIC;

  private static final ClassValue<List<DeclaredField>> OF_CLASS =
      new ClassValue<>() {
        @Override
        protected List<DeclaredField> computeValue(Class<?> type) {
          return find(type);
        }
      };

  /** The fields that a class declares. */
  public static List<DeclaredField> of(Class<?> type) {
    return OF_CLASS.get(type);
  }

  /** The field of a name that a class declares, or null. */
  public static @Nullable DeclaredField of(Class<?> type, String name) {
    for (DeclaredField field : of(type)) {
      if (field.name.equals(name)) {
        return field;
      }
    }
    return null;
  }

  private static List<DeclaredField> find(Class<?> owner) {
    List<DeclaredField> fields = new ArrayList<>();
    try {
      for (Field field : owner.getDeclaredFields()) {
        fields.add(
            new DeclaredField(
                owner, field.getName(), field.getType(), field.getModifiers(), field));
      }
    } catch (LinkageError e) {
      for (FieldModel field : ClassFiles.of(owner).map(ClassModel::fields).orElse(List.of())) {
        Class<?> type = resolve(field.fieldTypeSymbol(), owner);
        String name = field.fieldName().stringValue();
        fields.add(new DeclaredField(owner, name, type, field.flags().flagsMask(), null));
      }
    }
    return List.copyOf(fields);
  }

  private static Class<?> resolve(ClassDesc type, Class<?> host) {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      if (type.isPrimitive()) {
        return (Class<?>) type.resolveConstantDesc(lookup);
      }
      String descriptor = type.descriptorString().replace('/', '.');
      boolean isArray = type.isArray();
      String name = isArray ? descriptor : descriptor.substring(1, descriptor.length() - 1);
      return Class.forName(name, false, host.getClassLoader());
    } catch (ReflectiveOperationException | LinkageError e) {
      return void.class;
    }
  }

  /** Whether its class is absent. */
  public boolean isAbsent() {
    return type == void.class;
  }

  /** Whether it belongs to the class and not to each object. */
  public boolean isStatic() {
    return Modifier.isStatic(modifiers);
  }

  /** Whether it is final. */
  public boolean isFinal() {
    return Modifier.isFinal(modifiers);
  }

  /** Whether no source has it. */
  public boolean isSynthetic() {
    return (modifiers & SYNTHETIC) != 0;
  }

  /** Has lookups read and set it that have no access to it otherwise. */
  public void open() {
    if (reflected != null) {
      reflected.setAccessible(true);
    }
  }

  /** A handle that reads it, of an object if it is not static. */
  public MethodHandle getter(MethodHandles.Lookup lookup) throws IllegalAccessException {
    if (reflected != null) {
      return lookup.unreflectGetter(reflected);
    }
    try {
      return isStatic()
          ? privateLookup().findStaticGetter(owner, name, type)
          : privateLookup().findGetter(owner, name, type);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private MethodHandles.Lookup privateLookup() throws IllegalAccessException {
    DeclaredField.class.getModule().addReads(owner.getModule());
    return MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
  }

  /** What it holds in an object. */
  public @Nullable Object get(Object object) throws IllegalAccessException {
    if (reflected != null) {
      reflected.setAccessible(true);
      return reflected.get(object);
    }
    try {
      return getter(privateLookup()).invoke(object);
    } catch (IllegalAccessException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** A handle that sets it in an object; that of a final field is had by reflection only. */
  public MethodHandle setter(MethodHandles.Lookup lookup) throws IllegalAccessException {
    if (reflected != null) {
      return lookup.unreflectSetter(reflected);
    }
    try {
      return privateLookup().findSetter(owner, name, type);
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.fluxion.ir.lift;

import dev.fluxion.ir.Location;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The class files behind loaded classes, read once each. */
public final class ClassFiles {
  private static final ClassValue<Optional<ClassModel>> MODELS =
      new ClassValue<>() {
        @Override
        protected Optional<ClassModel> computeValue(Class<?> type) {
          return read(type);
        }
      };

  /** The methods of classes, by their names and descriptors. */
  private static final ClassValue<Map<String, MethodModel>> METHODS =
      new ClassValue<>() {
        @Override
        protected Map<String, MethodModel> computeValue(Class<?> type) {
          return methods(type);
        }
      };

  private ClassFiles() {}

  private static Map<String, MethodModel> methods(Class<?> type) {
    Map<String, MethodModel> methods = new HashMap<>();
    ClassModel model = of(type).orElse(null);
    if (model != null) {
      for (MethodModel method : model.methods()) {
        methods.putIfAbsent(
            method.methodName().stringValue() + method.methodType().stringValue(), method);
      }
    }
    return Map.copyOf(methods);
  }

  /** The class file of a class, or empty when there is none to read, as for hidden classes. */
  public static Optional<ClassModel> of(Class<?> type) {
    return MODELS.get(type);
  }

  /** A method of a class by name and type, or empty when the class does not declare it. */
  public static Optional<MethodModel> method(Class<?> owner, String name, MethodTypeDesc type) {
    return Optional.ofNullable(METHODS.get(owner).get(name + type.descriptorString()));
  }

  private static Optional<ClassModel> read(Class<?> type) {
    if (type.isHidden() || type.isArray() || type.isPrimitive()) {
      return Optional.empty();
    }
    String binaryName = type.getName();
    String resource = binaryName.substring(binaryName.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      ClassLoader loader = type.getClassLoader();
      return Optional.of(
          OldClassFiles.withStackMaps(
              ClassFile.of().parse(in.readAllBytes()),
              loader == null ? ClassLoader.getSystemClassLoader() : loader));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the class file of " + binaryName, e);
    } catch (IllegalArgumentException e) {
      throw new LiftException(
          new Location(resource, binaryName, 0), "its class file is malformed: " + e.getMessage());
    }
  }
}

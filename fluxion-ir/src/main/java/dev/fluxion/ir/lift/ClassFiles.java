package dev.fluxion.ir.lift;

import dev.fluxion.ir.Location;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.MethodTypeDesc;
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

  private ClassFiles() {}

  /** The class file of a class, or empty when there is none to read, as for hidden classes. */
  public static Optional<ClassModel> of(Class<?> type) {
    return MODELS.get(type);
  }

  /** A method of a class by name and type, or empty when the class does not declare it. */
  public static Optional<MethodModel> method(Class<?> owner, String name, MethodTypeDesc type) {
    ClassModel model = of(owner).orElse(null);
    if (model == null) {
      return Optional.empty();
    }
    String descriptor = type.descriptorString();
    for (MethodModel method : model.methods()) {
      if (method.methodName().equalsString(name) && method.methodType().equalsString(descriptor)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  private static Optional<ClassModel> read(Class<?> type) {
    if (type.isHidden() || type.isArray() || type.isPrimitive()) {
      return Optional.empty();
    }
    String binaryName = type.getName();
    String resource = binaryName.substring(binaryName.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = type.getResourceAsStream(resource)) {
      return in == null ? Optional.empty() : Optional.of(ClassFile.of().parse(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the class file of " + binaryName, e);
    } catch (IllegalArgumentException e) {
      throw new LiftException(
          new Location(resource, binaryName, 0), "its class file is malformed: " + e.getMessage());
    }
  }
}

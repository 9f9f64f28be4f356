package dev.fluxion.nn;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.Optional;

/** Where the user's code is, as {@code File.java:12}, for messages. */
final class UserCode {
  private UserCode() {}

  /** The line that called into Fluxion. */
  static Optional<String> caller() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !isOurs(frame.getClassName()))
                    .findFirst()
                    .map(frame -> frame.getFileName() + ":" + frame.getLineNumber()));
  }

  private static boolean isOurs(String className) {
    return className.matches("(dev\\.fluxion\\.(nn|tensor|grad|ir)|java)\\..*");
  }

  /** The first line of a lambda's body or of the method referred to, if it can be found. */
  static Optional<String> of(Serializable lambda) {
    try {
      Method writeReplace = lambda.getClass().getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      SerializedLambda form = (SerializedLambda) writeReplace.invoke(lambda);
      String path = "/" + form.getImplClass() + ".class";
      try (InputStream in = lambda.getClass().getNestHost().getResourceAsStream(path)) {
        return in == null ? Optional.empty() : line(ClassFile.of().parse(in.readAllBytes()), form);
      }
    } catch (ReflectiveOperationException | RuntimeException | IOException e) {
      return Optional.empty(); // the message does without
    }
  }

  private static Optional<String> line(ClassModel code, SerializedLambda form) {
    Optional<SourceFileAttribute> file = code.findAttribute(Attributes.sourceFile());
    return code.methods().stream()
        .filter(method -> isMeant(method, form))
        .flatMap(method -> method.code().stream())
        .flatMap(body -> body.findAttribute(Attributes.lineNumberTable()).stream())
        .flatMap(table -> table.lineNumbers().stream())
        .mapToInt(LineNumberInfo::lineNumber)
        .boxed()
        .findFirst()
        .flatMap(line -> file.map(name -> name.sourceFile().stringValue() + ":" + line));
  }

  private static boolean isMeant(MethodModel method, SerializedLambda form) {
    return method.methodName().equalsString(form.getImplMethodName())
        && method.methodType().equalsString(form.getImplMethodSignature());
  }
}

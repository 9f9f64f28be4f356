package dev.fluxion.ir.roundtrip;

import java.lang.classfile.ClassHierarchyResolver;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends classes through the {@link RoundTrip} as they are loaded.
 *
 * {@snippet :
 * instrumentation.addTransformer(
 *     new RoundTripTransformer(name -> name.startsWith("org/hipparchus/"), trip -> {}));
 * }
 *
 * <p>Superclasses are read from the class files that the class's loader finds; no class is loaded.
 */
public final class RoundTripTransformer implements ClassFileTransformer {
  private final Predicate<String> isChosen;
  private final Consumer<RoundTrip> listener;

  /**
   * A transformer.
   *
   * @param isChosen which classes, by their names with slashes
   * @param listener is told each round trip, from the thread that loads the class
   */
  public RoundTripTransformer(Predicate<String> isChosen, Consumer<RoundTrip> listener) {
    this.isChosen = isChosen;
    this.listener = listener;
  }

  /** The class file again, or null, which keeps the class as it is, when it was not chosen. */
  @Override
  public byte @Nullable [] transform(
      @Nullable Module module,
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> classBeingRedefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (className == null || !isChosen.test(className)) {
      return null;
    }
    ClassLoader reader = loader == null ? ClassLoader.getPlatformClassLoader() : loader;
    RoundTrip trip = RoundTrip.of(classFile, ClassHierarchyResolver.ofResourceParsing(reader));
    listener.accept(trip);
    return trip.classFile();
  }
}

package dev.fluxion.tensor;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.Fuser.Callee;
import dev.fluxion.grad.Lender;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/** Lends the arrays of tensors to derivatives. */
final class TensorLender implements Lender {
  private static final String PACKAGE = Tensor.class.getPackageName();
  private static final Set<ClassDesc> RESULTS =
      Set.of(
          Tensor.class.describeConstable().orElseThrow(),
          Tuple.class.describeConstable().orElseThrow(),
          DType.class.describeConstable().orElseThrow());

  /**
   * {@inheritDoc}
   *
   * <p>Operations of this package keep nothing, and neither do their rules. Those that take
   * functions of the user's are left out, since these may do anything; a {@link Kernel} sees to it
   * that nothing is lent while it runs one.
   */
  @Override
  public boolean lends(Callee callee) {
    MethodTypeDesc type =
        callee.function() == null ? callee.method().type() : callee.function().type();
    boolean isOurs =
        callee.function() == null
            ? callee.method().owner().packageName().equals(PACKAGE)
            : callee.function().host().getPackageName().equals(PACKAGE);
    return isOurs
        && isOwn(type.returnType())
        && type.parameterList().stream().allMatch(TensorLender::isPlain);
  }

  /** Whether a result is a tensor, or has nothing of one: arrays of numbers are copies. */
  private static boolean isOwn(ClassDesc type) {
    ClassDesc element = type.isArray() ? type.componentType() : type;
    return type == element
        ? RESULTS.contains(type) || (type.isPrimitive() && !type.equals(CD_void)) // assign, say
        : element.isPrimitive();
  }

  /** Whether an argument is but data: numbers, a tensor, or something else of this package. */
  private static boolean isPlain(ClassDesc type) {
    ClassDesc element = type;
    while (element.isArray()) {
      element = element.componentType();
    }
    return element.isPrimitive() || (type == element && element.packageName().equals(PACKAGE));
  }

  @Override
  public void keep(Object object) {
    switch (object) {
      case Tensor x -> x.elements().keep();
      case Tuple xs -> {
        for (Tensor x : xs.parts()) {
          x.elements().keep();
        }
      }
      default -> throw new IllegalArgumentException("a " + object.getClass() + " is not lent");
    }
  }
}

package example;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.ShapeException;
import dev.fluxion.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Errors name the operation, the shapes, and the line of code outside Fluxion that asked for it.
 */
class UserLineTest {
  private static final Tensor MATRIX = Tensor.zeros(3, 4);
  private static final Tensor IMAGES = Tensor.zeros(2, 3, 8, 8);

  private static DynamicTest error(String message, Executable code) {
    return DynamicTest.dynamicTest(
        message,
        () -> {
          ShapeException e = assertThrows(ShapeException.class, code);
          assertTrue(e.getMessage().startsWith(message), e.getMessage());
          assertTrue(e.getMessage().contains(", at UserLineTest.java:"), e.getMessage());
        });
  }

  @TestFactory
  List<DynamicTest> saysWhatWasWrong() {
    Tensor doubles = Tensor.of(new double[12], 3, 4);
    return List.of(
        error("plus of shapes (3, 4) and (3): dimensions must", () -> MATRIX.plus(Tensor.zeros(3))),
        error(
            "times of (3, 4) of FLOAT32 and (3, 4) of FLOAT64: cast", () -> MATRIX.times(doubles)),
        error("matmul of (3, 4) and (3, 4): the first's columns", () -> MATRIX.matmul(MATRIX)),
        error("matmul of (3, 4) and (4): matrices", () -> MATRIX.matmul(Tensor.zeros(4))),
        error("matmul of (3, 4) of FLOAT32 and (4, 3) of FLOAT64", this::mixed),
        error("conv2d of images (2, 3, 8, 8) with kernels (4, 2, 3, 3), stride 1", this::channels),
        error("conv2d of images (2, 3, 8, 8) with kernels (4, 3, 9, 9)", this::tooLarge),
        error("maxPool2d of shape (3, 4) with window 2 by 2", () -> MATRIX.maxPool2d(2)),
        error("meanPool2d of shape (2, 3, 8, 8) with window 9", () -> IMAGES.meanPool2d(9)),
        error("reshape of (3, 4) to (5, -1): 12 elements", () -> MATRIX.reshape(5, -1)),
        error("transpose of shape (2, 3, 8, 8): a matrix", () -> IMAGES.transpose()),
        error("permute of shape (3, 4) by [0, 0]", () -> MATRIX.permute(0, 0)),
        error("sum of shape (3, 4): there is no axis 2", () -> MATRIX.sum(2)),
        error("slice from 2 to 5 of axis 0 of shape (3, 4)", () -> MATRIX.slice(0, 2, 5)),
        error("concat of (3, 4) and (2, 3, 8, 8) along axis 0", () -> MATRIX.concat(IMAGES, 0)),
        error("gather with index 3 of shape (3, 4)", () -> MATRIX.gather(new int[] {3})),
        error("pick with index -1 of shape (3, 4)", () -> MATRIX.pick(new int[] {0, -1, 0})),
        error("pick of 2 columns from (3, 4)", () -> MATRIX.pick(new int[2])),
        error("oneHot with index 7 of shape (1, 5)", () -> Tensor.oneHot(new int[] {7}, 5)),
        error("max of shape (0, 4): axis 0 is empty", () -> empty().max(new int[] {0}, true)),
        error("item of shape (3, 4)", () -> MATRIX.item()),
        error("assign of shape (4) to (3, 4)", () -> MATRIX.assign(Tensor.zeros(4))),
        error("2 elements cannot have the shape (3)", () -> Tensor.of(new float[2], 3)),
        error("the shape (-1, 2) has a negative size", () -> Tensor.zeros(-1, 2)),
        error("the shape (65536, 65536) has more than", () -> Tensor.zeros(65536, 65536)));
  }

  private static Tensor empty() {
    return Tensor.zeros(0, 4);
  }

  private void mixed() {
    MATRIX.matmul(Tensor.of(new double[12], 4, 3));
  }

  private void channels() {
    IMAGES.conv2d(Tensor.zeros(4, 2, 3, 3));
  }

  private void tooLarge() {
    IMAGES.conv2d(Tensor.zeros(4, 3, 9, 9));
  }

  @Test
  void codeOfAGradientNamesItsLine() {
    ShapeException e =
        assertThrows(ShapeException.class, () -> Grad.gradient(x -> wrong(x).sum(), MATRIX));
    assertTrue(e.getMessage().contains("at UserLineTest.java:" + line()), e.getMessage());
  }

  private static Tensor wrong(Tensor x) {
    return x.matmul(x);
  }

  /** The line of the product above, found in what the method itself throws. */
  private static int line() {
    ShapeException e = assertThrows(ShapeException.class, () -> wrong(MATRIX));
    for (StackTraceElement frame : e.getStackTrace()) {
      if (frame.getMethodName().equals("wrong")) {
        return frame.getLineNumber();
      }
    }
    throw new AssertionError(e);
  }
}

package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * OpenBLAS, oneDNN, the plain loops and the definition agree, for blocks anywhere in larger arrays.
 */
class MatrixProductTest {
  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 5, 7}, {5, 1, 7}, {5, 7, 1}, {3, 4, 5}, {17, 33, 9}, {64, 10, 84}, {40, 41, 42}
  };

  /** A product as it should be asked for, with blocks that have margins. */
  private record Case(DType type, Block a, Block b, Block c, int rows, int columns, int inner) {}

  private interface Product {
    void multiply(Block a, Block b, Block c, int rows, int columns, int inner);
  }

  private static Block block(DType type, int seed, int rows, int columns, boolean flip) {
    int height = flip ? columns : rows;
    int width = flip ? rows : columns;
    Tensor all = ValuesTest.random(type, seed, 1, 0, (height + 1) * (width + 3) + 5);
    return new Block(all.buffer(), 5, width + 3, flip);
  }

  private static List<Case> cases(int[] size) {
    List<Case> cases = new ArrayList<>();
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (int flips = 0; flips < 4; flips++) {
        Block a = block(type, 1, size[0], size[2], (flips & 1) != 0);
        Block b = block(type, 2, size[2], size[1], (flips & 2) != 0);
        Block c = block(type, 3, size[0], size[1], false);
        cases.add(new Case(type, a, b, c, size[0], size[1], size[2]));
      }
    }
    return cases;
  }

  private static Buffer expected(Case one) {
    Buffer result = one.c.buffer().copy();
    for (int i = 0; i < one.rows; i++) {
      for (int j = 0; j < one.columns; j++) {
        double sum = 0;
        for (int k = 0; k < one.inner; k++) {
          double left = one.a.buffer().get(one.a.at(i, k).offset());
          sum += left * one.b.buffer().get(one.b.at(k, j).offset());
        }
        result.add(one.c.at(i, j).offset(), sum);
      }
    }
    return result;
  }

  private static void add(Block a, Block b, Block c, int rows, int columns, int inner) {
    OneDnn.multiply(a, b, c, rows, columns, inner, true);
  }

  private static void compare(Case one, Product product) {
    Block c = new Block(one.c.buffer().copy(), one.c.offset(), one.c.stride(), false);
    product.multiply(one.a, one.b, c, one.rows, one.columns, one.inner);
    assertArrayEquals(
        expected(one).as(DType.FLOAT64).doubles,
        c.buffer().as(DType.FLOAT64).doubles,
        one.type == DType.FLOAT32 ? 1e-5 : 1e-13);
  }

  @TestFactory
  List<DynamicTest> agree() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int[] size : SIZES) {
      for (Case one : cases(size)) {
        String name =
            "%d %d %d %s %s%s"
                .formatted(
                    size[0],
                    size[1],
                    size[2],
                    one.type,
                    one.a.transposed() ? "'" : "-",
                    one.b.transposed() ? "'" : "-");
        tests.add(
            DynamicTest.dynamicTest(
                "plain " + name, () -> compare(one, MatrixProduct::multiplyPlain)));
        tests.add(
            DynamicTest.dynamicTest("cut " + name, () -> compare(one, MatrixProduct::multiply)));
        if (NativeMath.hasBlas()) {
          tests.add(
              DynamicTest.dynamicTest("OpenBLAS " + name, () -> compare(one, OpenBlas::multiply)));
        }
        if (one.type == DType.FLOAT32 && NativeMath.hasOneDnn()) {
          tests.add(
              DynamicTest.dynamicTest(
                  "oneDNN " + name, () -> compare(one, MatrixProductTest::add)));
        }
      }
    }
    return tests;
  }

  @Test
  void largeProductsAreCutRightly() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      int[] size = {530, 520, 1100};
      Tensor a = ValuesTest.random(type, 1, 1, 0, size[0], size[2]);
      Tensor b = ValuesTest.random(type, 2, 1, 0, size[2], size[1]);
      Tensor product = a.matmul(b);
      Case one =
          new Case(
              type,
              new Block(a.buffer(), 0, size[2], false),
              new Block(b.buffer(), 0, size[1], false),
              new Block(new Buffer(type, size[0] * size[1]), 0, size[1], false),
              size[0],
              size[1],
              size[2]);
      assertArrayEquals(
          expected(one).as(DType.FLOAT64).doubles,
          product.toDoubleArray(),
          type == DType.FLOAT32 ? 1e-4 : 1e-12);
      Tensor turned = MatrixProduct.of(b, true, a, true);
      assertArrayEquals(
          product.transpose().toDoubleArray(),
          turned.toDoubleArray(),
          type == DType.FLOAT32 ? 1e-4 : 1e-12);
    }
  }

  @Test
  void whatIsOverwrittenIsNotRead() {
    assumeTrue(NativeMath.hasOneDnn());
    Buffer numbers = Tensor.uniform(1, -1, 1, 16, 16).buffer();
    Block square = new Block(numbers, 0, 16, false);
    Buffer nothing = new Buffer(DType.FLOAT32, 256);
    nothing.fill(0, 256, Double.NaN);
    Buffer zero = new Buffer(DType.FLOAT32, 256);
    OneDnn.multiply(square, square, new Block(nothing, 0, 16, false), 16, 16, 16, false);
    OneDnn.multiply(square, square, new Block(zero, 0, 16, false), 16, 16, 16, true);
    assertArrayEquals(zero.floats, nothing.floats);
  }

  @Test
  void sameBitsTwice() {
    Tensor a = Tensor.uniform(1, -1, 1, 300, 257);
    Tensor b = Tensor.uniform(2, -1, 1, 257, 311);
    Tensor images = Tensor.uniform(3, -1, 1, 16, 3, 20, 20);
    Tensor kernel = Tensor.uniform(4, -1, 1, 8, 3, 5, 5);
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(a.matmul(b).toFloatArray(), a.matmul(b).toFloatArray());
      Tensor y = images.conv2d(kernel);
      assertArrayEquals(y.toFloatArray(), images.conv2d(kernel).toFloatArray());
      assertArrayEquals(
          Convolution.inKernel(images, kernel.dimensions(), y, 1, 0, 1, 1).toFloatArray(),
          Convolution.inKernel(images, kernel.dimensions(), y, 1, 0, 1, 1).toFloatArray());
    }
  }

  @Test
  void blocksThatReachPastTheirArrayAreRefused() {
    assumeTrue(NativeMath.hasBlas());
    refusesBlocksThatReachPastTheirArray(OpenBlas::multiply);
    assumeTrue(NativeMath.hasOneDnn());
    refusesBlocksThatReachPastTheirArray(MatrixProductTest::add);
  }

  private static void refusesBlocksThatReachPastTheirArray(Product product) {
    Block small = new Block(new Buffer(DType.FLOAT32, 10), 0, 4, false);
    Block large = new Block(new Buffer(DType.FLOAT32, 100), 0, 10, false);
    refuses(product, small, large, large, 3, 4, 4);
    refuses(product, large, large, small, 3, 4, 4);
    refuses(product, large, large, large, 3, 11, 4);
    Block whole = new Block(new Buffer(DType.FLOAT32, 16), 0, 4, false);
    for (Block late : new Block[] {new Block(whole.buffer(), 1, 4, false), whole.at(0, 1)}) {
      refuses(product, late, whole, whole, 4, 4, 4);
      refuses(product, whole, late, whole, 4, 4, 4);
      refuses(product, whole, whole, late, 4, 4, 4);
    }
  }

  private static void refuses(
      Product product, Block a, Block b, Block c, int rows, int columns, int inner) {
    assertThrows(
        IndexOutOfBoundsException.class, () -> product.multiply(a, b, c, rows, columns, inner));
  }

  @Test
  void theDescriptionNamesWhatIsUsed() {
    String text = NativeMath.description();
    assertEquals(NativeMath.hasBlas(), text.contains("OpenBLAS"), text);
    assertEquals(3, text.lines().count());
  }
}

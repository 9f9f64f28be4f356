package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Convolutions whose patches are cut into strips, and the two ways to lay out patches. */
class ConvolutionTest {
  private static double dot(Tensor a, Tensor b) {
    return a.times(b).sum().item();
  }

  private static double direct(
      Tensor x, Tensor k, int image, int out, int row, int column, int padding) {
    double sum = 0;
    for (int c = 0; c < x.size(1); c++) {
      for (int p = 0; p < k.size(2); p++) {
        for (int q = 0; q < k.size(3); q++) {
          int i = row + p - padding;
          int j = column + q - padding;
          if (i >= 0 && i < x.size(2) && j >= 0 && j < x.size(3)) {
            sum +=
                x.buffer().get(((image * x.size(1) + c) * x.size(2) + i) * x.size(3) + j)
                    * k.buffer().get(((out * k.size(1) + c) * k.size(2) + p) * k.size(3) + q);
          }
        }
      }
    }
    return sum;
  }

  @TestFactory
  List<DynamicTest> stripsGiveTheDefinitionAndItsAdjoints() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int batch : new int[] {1, 3}) {
      for (int padding : new int[] {0, 1, 2}) {
        tests.add(
            DynamicTest.dynamicTest(
                batch + " images with padding " + padding, () -> strips(batch, padding)));
      }
    }
    return tests;
  }

  private static void strips(int batch, int padding) {
    Tensor x = ValuesTest.random(DType.FLOAT64, 1, 1, 0, batch, 48, 37, 41);
    Tensor k = ValuesTest.random(DType.FLOAT64, 2, 1, 0, 5, 48, 3, 4);
    ConvolutionPlan plan = ConvolutionPlan.of(x.shape(), k.shape(), 1, padding, 1, 1);
    assertTrue(plan.patches(DType.FLOAT64).strips() > 2);
    Tensor y = x.conv2d(k, 1, padding);
    double[] elements = y.toDoubleArray();
    int at = 0;
    for (int image = 0; image < batch; image++) {
      for (int out = 0; out < 5; out++) {
        for (int i = 0; i < y.size(2); i++) {
          for (int j = 0; j < y.size(3); j++) {
            double value = elements[at++];
            if ((i + j) % 7 == 0) {
              assertEquals(direct(x, k, image, out, i, j, padding), value, 1e-11);
            }
          }
        }
      }
    }
    Tensor dy = ValuesTest.random(DType.FLOAT64, 3, 1, 0, y.shape());
    double expected = dot(y, dy);
    Tensor dx = Convolution.inImages(x.shape(), k, dy, 1, padding, 1, 1);
    Tensor dk = Convolution.inKernel(x, k.shape(), dy, 1, padding, 1, 1);
    assertEquals(expected, dot(x, dx), 1e-9 * Math.sqrt(y.size()));
    assertEquals(expected, dot(k, dk), 1e-9 * Math.sqrt(y.size()));
  }

  @Test
  void bothLayoutsHaveTheSamePatches() {
    Tensor x = ValuesTest.random(DType.FLOAT32, 1, 1, 0, 2, 6, 9, 8);
    ConvolutionPlan plan = ConvolutionPlan.of(x.shape(), new int[] {4, 3, 3, 2}, 1, 2, 2, 2);
    Runs runs = new Runs(plan, DType.FLOAT32);
    Gathered gathered = new Gathered(plan, DType.FLOAT32);
    for (int image = 0; image < 2; image++) {
      for (int group = 0; group < 2; group++) {
        Block a = runs.load(x.buffer(), image, group, 0);
        Block b = gathered.load(x.buffer(), image, group, 0);
        int width = plan.width() + 4;
        float[] left = new float[plan.inner() * plan.area()];
        int at = 0;
        for (int row = 0; row < plan.inner(); row++) {
          for (int i = 0; i < plan.outHeight(); i++) {
            for (int j = 0; j < plan.outWidth(); j++) {
              left[at++] = (float) a.buffer().get(row * a.stride() + i * width + j);
            }
          }
        }
        assertArrayEquals(b.buffer().floats, left);
      }
    }
  }
}

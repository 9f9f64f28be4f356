package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of the platform as tensors. */
class ImagesTest {
  @TempDir private Path folder;

  @Test
  void areReadAndWritten() throws IOException {
    Path file = folder.resolve("image.png");
    Tensor levels = Tensor.arange(3 * 4 * 5).div(59).reshape(3, 4, 5);
    // @start region="images"
    ImageIO.write(Images.toImage(levels), "png", file.toFile());
    Tensor x = Images.toTensor(ImageIO.read(file.toFile())); // (3, 4, 5)
    // @end
    assertArrayEquals(new int[] {3, 4, 5}, x.shape());
    assertArrayEquals(levels.toFloatArray(), x.toFloatArray(), 0.5f / 255 + 1e-6f);
  }

  @Test
  void keepAllLevels() {
    for (int channels : new int[] {1, 3, 4}) {
      Tensor levels = Tensor.arange(channels * 256).remainder(Tensor.full(256)).div(255);
      Tensor x = levels.reshape(channels, 16, 16);
      BufferedImage image = Images.toImage(x);
      assertArrayEquals(x.toFloatArray(), Images.toTensor(image).toFloatArray());
    }
    BufferedImage colours = Images.toImage(Tensor.of(new float[] {1, 0.2f, 7}, 3, 1, 1));
    assertEquals(0xFFFF33FF, colours.getRGB(0, 0));
    BufferedImage wide = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    wide.getRaster().setSample(0, 0, 0, 65535);
    assertEquals(1, Images.toTensor(wide).item());
  }

  @Test
  void othersAreRefused() {
    ShapeException e =
        assertThrows(ShapeException.class, () -> Images.toImage(Tensor.zeros(2, 4, 4)));
    assertTrue(e.getMessage().contains("1, 3 or 4 channels"), e.getMessage());
  }
}

package dev.fluxion.tensor;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;

/**
 * Tensors from and to the images of the platform, which read and write files through {@code
 * javax.imageio}. Shapes are (channels, height, width), numbers go from 0 to 1.
 *
 * {@snippet file="dev/fluxion/tensor/ImagesTest.java" region="images"}
 *
 * <p>A program with modules that uses them requires {@code java.desktop}.
 */
public final class Images {
  private Images() {}

  /**
   * The channels of an image, float32: one if it is gray, else red, green and blue, and alpha if it
   * has it.
   */
  @SuppressWarnings("exports")
  public static Tensor toTensor(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    ColorModel model = image.getColorModel();
    boolean isGray =
        image.getType() == BufferedImage.TYPE_BYTE_GRAY
            || image.getType() == BufferedImage.TYPE_USHORT_GRAY;
    int channels = isGray ? 1 : model.hasAlpha() ? 4 : 3;
    float[] data = new float[Shapes.count(new int[] {channels, height, width})];
    int area = width * height;
    if (isGray) { // the samples themselves: colours would be made of them with another gamma
      float[] samples = image.getRaster().getSamples(0, 0, width, height, 0, (float[]) null);
      float white = (1 << model.getComponentSize(0)) - 1;
      for (int i = 0; i < area; i++) {
        data[i] = samples[i] / white;
      }
      return Tensor.of(data, 1, height, width);
    }
    int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < area; i++) {
      for (int c = 0; c < channels; c++) {
        int shift = c == 3 ? 24 : 16 - 8 * c;
        data[c * area + i] = ((colours[i] >>> shift) & 0xFF) / 255f;
      }
    }
    return Tensor.of(data, channels, height, width);
  }

  /**
   * The image of one (gray), three (red, green, blue) or four channels (and alpha), each of 8 bits;
   * numbers outside 0 to 1 are cut off.
   */
  @SuppressWarnings("exports")
  public static BufferedImage toImage(Tensor x) {
    int[] shape = x.shape();
    if (shape.length != 3 || shape[0] < 1 || shape[0] == 2 || shape[0] > 4) {
      throw new ShapeException(
          "toImage of shape "
              + ShapeException.text(shape)
              + ": (channels, height, width) with 1, 3 or 4 channels is expected");
    }
    int channels = shape[0];
    int height = shape[1];
    int width = shape[2];
    int area = height * width;
    float[] data = x.toFloatArray();
    int type =
        channels == 1
            ? BufferedImage.TYPE_BYTE_GRAY
            : channels == 3 ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB;
    BufferedImage image = new BufferedImage(width, height, type);
    if (channels == 1) {
      WritableRaster raster = image.getRaster();
      DataBuffer samples = raster.getDataBuffer();
      for (int i = 0; i < area; i++) {
        samples.setElem(i, level(data[i]));
      }
      return image;
    }
    int[] colours = new int[area];
    for (int i = 0; i < area; i++) {
      int alpha = channels == 4 ? level(data[3 * area + i]) : 255;
      colours[i] =
          (alpha << 24)
              | (level(data[i]) << 16)
              | (level(data[area + i]) << 8)
              | level(data[2 * area + i]);
    }
    image.setRGB(0, 0, width, height, colours, 0, width);
    return image;
  }

  private static int level(float number) {
    return Math.round(Math.clamp(number, 0f, 1f) * 255);
  }
}

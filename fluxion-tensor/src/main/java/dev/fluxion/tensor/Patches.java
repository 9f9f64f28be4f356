package dev.fluxion.tensor;

/**
 * The patches of an image as the columns of a matrix (im2col), of shape (weights of an output
 * channel, places of the kernel), cut into strips of places that a core's cache holds; and images
 * of results in the order of those columns. One thread uses it, for one image and group at a time,
 * strip by strip.
 */
sealed interface Patches permits Pixels, Runs, Gathered {
  int strips();

  /** The number of columns of a strip. */
  int columns(int strip);

  /** The patches of an image. */
  Block load(Buffer x, int image, int group, int strip);

  /** Zeros for a strip of results, which {@link #store} puts into their image. */
  Block results(Buffer y, int image, int group, int strip);

  void store(Buffer y, int image, int group, int strip);

  /** Cotangents of results. */
  Block cotangents(Buffer dy, int image, int group, int strip);

  /** Zeros for the cotangents of patches, which {@link #add} adds up where patches overlap. */
  Block spare(Buffer dx, int image, int group, int strip);

  void add(Buffer dx, int image, int group, int strip);
}

package dev.fluxion.tensor;

/** Patches of one pixel: images and results are matrices as they are. */
record Pixels(ConvolutionPlan plan) implements Patches {
  @Override
  public int strips() {
    return 1;
  }

  @Override
  public int columns(int strip) {
    return plan.area();
  }

  @Override
  public Block load(Buffer x, int image, int group, int strip) {
    return new Block(x, plan.input(image, group), plan.area(), false);
  }

  @Override
  public Block results(Buffer y, int image, int group, int strip) {
    return new Block(y, plan.output(image, group), plan.area(), false);
  }

  @Override
  public void store(Buffer y, int image, int group, int strip) {}

  @Override
  public Block cotangents(Buffer dy, int image, int group, int strip) {
    return results(dy, image, group, strip);
  }

  @Override
  public Block spare(Buffer dx, int image, int group, int strip) {
    return load(dx, image, group, strip);
  }

  @Override
  public void add(Buffer dx, int image, int group, int strip) {}
}

package dev.fluxion.tensor;

/** Patches of kernels that step by more than a pixel, gathered row by row. */
record Gathered(ConvolutionPlan plan, Buffer columns) implements Patches {
  Gathered(ConvolutionPlan plan, DType type) {
    this(plan, new Buffer(type, plan.inner() * plan.area()));
  }

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
    walk(x, plan.input(image, group), true);
    return new Block(columns, 0, plan.area(), false);
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
    columns.fill(0, columns.size(), 0);
    return new Block(columns, 0, plan.area(), false);
  }

  @Override
  public void add(Buffer dx, int image, int group, int strip) {
    walk(dx, plan.input(image, group), false);
  }

  /** Copies an image to columns, or adds columns to an image. */
  private void walk(Buffer x, int start, boolean toColumns) {
    Window window = plan.window();
    int oh = plan.outHeight();
    int ow = plan.outWidth();
    int row = 0;
    for (int c = 0; c < plan.ins(); c++) {
      for (int p = 0; p < window.height(); p++) {
        int top = window.first(p);
        int bottom = window.end(p, plan.height(), oh);
        for (int q = 0; q < window.width(); q++) {
          int left = window.first(q);
          int right = window.end(q, plan.width(), ow);
          int count = right - left;
          int line = row++ * oh * ow;
          if (toColumns && (count <= 0 || bottom <= top)) {
            columns.fill(line, line + oh * ow, 0);
            continue;
          }
          if (toColumns) {
            columns.fill(line, line + top * ow, 0);
            columns.fill(line + Math.max(top, bottom) * ow, line + oh * ow, 0);
          }
          for (int i = top; i < bottom && count > 0; i++) {
            int y = i * window.stride() + p * window.dilation() - window.padding();
            int at =
                start
                    + (c * plan.height() + y) * plan.width()
                    + left * window.stride()
                    + q * window.dilation()
                    - window.padding();
            int to = line + i * ow;
            if (toColumns) {
              columns.fill(to, to + left, 0);
              columns.gather(x, at, window.stride(), to + left, count);
              columns.fill(to + right, to + ow, 0);
            } else {
              x.scatterAdd(columns, to + left, at, window.stride(), count);
            }
          }
        }
      }
    }
  }
}

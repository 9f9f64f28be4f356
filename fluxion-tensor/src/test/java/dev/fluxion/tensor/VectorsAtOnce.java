package dev.fluxion.tensor;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has a class of tests use loops with vector instructions before they are fast. */
final class VectorsAtOnce implements BeforeAllCallback, AfterAllCallback {
  private boolean before;

  @Override
  public void beforeAll(ExtensionContext context) {
    before = GradualLoop.isImmediate;
    GradualLoop.isImmediate = true;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    GradualLoop.isImmediate = before;
  }
}

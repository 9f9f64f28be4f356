package dev.fluxion.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files beside their place and moves them there when they are whole. */
final class Replacement {
  private Replacement() {}

  /** What writes a file. */
  interface Writing {
    void to(Path part) throws IOException;
  }

  /** Writes a file; what has mapped one that was in its place keeps that one. */
  static void write(Path file, Writing writing) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    writing.to(part);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}

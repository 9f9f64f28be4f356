import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

/**
 * Formats the Java sources of a folder ("write"), or says which are not formatted ("check").
 *
 * <p>It runs as a process of its own because Maven's may be older than the syntax of the sources.
 */
void main(String[] arguments) throws Exception {
  Path root = Path.of(arguments[0]);
  boolean write = arguments[1].equals("write");
  List<Path> sources;
  try (Stream<Path> all = Files.walk(root)) {
    sources = all.filter(path -> isSource(root.relativize(path))).sorted().toList();
  }
  List<Path> wrong = sources.parallelStream().filter(source -> format(source, write)).toList();
  for (Path source : wrong) {
    IO.println((write ? "formatted " : "not formatted: ") + root.relativize(source));
  }
  if (!write && !wrong.isEmpty()) {
    IO.println("To format all sources: mvn -q -N verify -Dformat=write");
    System.exit(1);
  }
}

boolean isSource(Path path) {
  for (Path name : path) {
    if (name.toString().equals("target") || name.toString().startsWith(".")) {
      return false;
    }
  }
  return path.toString().endsWith(".java");
}

/** Whether a source was not formatted. */
boolean format(Path source, boolean write) {
  try {
    String before = Files.readString(source);
    JavaFormatterOptions.Style style = JavaFormatterOptions.Style.GOOGLE;
    Formatter formatter =
        new Formatter(JavaFormatterOptions.builder().style(style).formatJavadoc(true).build());
    String imports =
        RemoveUnusedImports.removeUnusedImports(ImportOrderer.reorderImports(before, style));
    String after = formatter.formatSource(imports);
    if (write && !after.equals(before)) {
      Files.writeString(source, after);
    }
    return !after.equals(before);
  } catch (FormatterException e) {
    throw new IllegalArgumentException(source + " cannot be parsed: " + e.getMessage(), e);
  } catch (IOException e) {
    throw new UncheckedIOException(e);
  }
}

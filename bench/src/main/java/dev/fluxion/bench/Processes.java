package dev.fluxion.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Starts the processes in which is measured. */
final class Processes {
  /** Settings for old builds of a library that slow down new ones. */
  private static final List<String> UNSET = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  /** What the JVM says about a module that was asked for. */
  private static final String NOTICE = "WARNING: Using incubator modules: jdk.incubator.vector";

  /**
   * What a process said.
   *
   * @param code its exit code
   * @param lines its standard output
   * @param errors its standard error
   */
  record Result(int code, List<String> lines, List<String> errors) {}

  private Processes() {}

  /** A JVM with this one's flags and class path. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    UNSET.forEach(builder.environment()::remove);
    return builder;
  }

  /** Runs a process to its end. */
  static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    process.getOutputStream().close();
    Thread stop = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      CompletableFuture<List<String>> errors =
          CompletableFuture.supplyAsync(() -> lines(process.errorReader(StandardCharsets.UTF_8)));
      List<String> lines =
          lines(
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
      return new Result(process.waitFor(), lines, errors.join());
    } finally {
      Runtime.getRuntime().removeShutdownHook(stop);
    }
  }

  private static List<String> lines(BufferedReader reader) {
    return reader.lines().filter(line -> !line.equals(NOTICE)).toList();
  }
}

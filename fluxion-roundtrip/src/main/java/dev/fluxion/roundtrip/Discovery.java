package dev.fluxion.roundtrip;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.DiscoveryIssue;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineDiscoveryResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/**
 * Finds the tests of classes. JUnit runs none at all where it objects to one class, such as one
 * with a nested class that needs what is missing; here the others are run.
 */
final class Discovery implements LauncherDiscoveryListener {
  private @Nullable Throwable objection;

  private Discovery() {}

  /**
   * The tests of those of the classes to which JUnit has no objection.
   *
   * @param objections is told of each of the others and why
   */
  static TestPlan find(
      Launcher launcher, List<Class<?>> types, BiConsumer<Class<?>, Throwable> objections) {
    Discovery all = new Discovery();
    TestPlan plan = launcher.discover(request(types, all));
    if (all.objection == null) {
      return plan;
    }
    List<Class<?>> usable = new ArrayList<>();
    for (Class<?> type : types) {
      Discovery one = new Discovery();
      launcher.discover(request(List.of(type), one));
      if (one.objection == null) {
        usable.add(type);
      } else {
        objections.accept(type, one.objection);
      }
    }
    return launcher.discover(request(usable, NOOP));
  }

  private static LauncherDiscoveryRequest request(
      List<Class<?>> types, LauncherDiscoveryListener listener) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(types.stream().map(DiscoverySelectors::selectClass).toList())
        .listeners(listener)
        .configurationParameter("junit.platform.discovery.issue.severity.critical", "ERROR")
        // one after another, so that it is known which one ended the virtual machine
        .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
        .configurationParameter("junit.vintage.execution.parallel.enabled", "false")
        .build();
  }

  @Override
  public void issueEncountered(UniqueId engine, DiscoveryIssue issue) {
    if (issue.severity() == DiscoveryIssue.Severity.ERROR && objection == null) {
      objection = issue.cause().orElseGet(() -> new IllegalArgumentException(issue.message()));
    }
  }

  @Override
  public void engineDiscoveryFinished(UniqueId engine, EngineDiscoveryResult result) {
    if (objection == null) {
      objection = result.getThrowable().orElse(null);
    }
  }
}

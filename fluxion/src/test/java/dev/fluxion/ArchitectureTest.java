package dev.fluxion;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What every module keeps to, those included that come after these lines. */
class ArchitectureTest {
  /** From the bottom to the top: each may use those before it, none those after it. */
  private static final List<String> ORDER = List.of("ir", "grad", "tensor", "nn");

  /** What packages of one module share, and users must not see: it gives lookups away. */
  private static final Set<String> SHARED_IN_A_MODULE = Set.of("dev.fluxion.ir.access");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.fluxion");

  private static List<JavaClass> publicClasses() {
    List<JavaClass> found = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      if (type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)) {
        found.add(type);
      }
    }
    return found;
  }

  private static Set<String> exportedPackages() {
    Set<String> exported = new TreeSet<>();
    try {
      for (URL url :
          Collections.list(
              ArchitectureTest.class.getClassLoader().getResources("module-info.class"))) {
        try (InputStream in = url.openStream()) {
          ModuleDescriptor module = ModuleDescriptor.read(in);
          if (module.name().startsWith("dev.fluxion")) {
            module.exports().forEach(exports -> exported.add(exports.source()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return exported;
  }

  @Test
  void allModulesAreLookedAt() {
    for (String name : ORDER) {
      assertTrue(CLASSES.containPackage("dev.fluxion." + name), name);
      assertTrue(exportedPackages().contains("dev.fluxion." + name), name);
    }
  }

  @Test
  void modulesUseOnlyThoseBelowThem() {
    for (int i = 0; i < ORDER.size(); i++) {
      String[] above =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(name -> "dev.fluxion." + name + "..")
              .toArray(String[]::new);
      if (above.length > 0) {
        noClasses()
            .that()
            .resideInAPackage("dev.fluxion." + ORDER.get(i) + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(above)
            .check(CLASSES);
      }
    }
  }

  /** Neither tensors nor gradients, nor any library: what is below all else needs only the JDK. */
  @Test
  void theRepresentationNeedsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("dev.fluxion.ir..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.fluxion.ir..", "java..", "org.jspecify.annotations..")
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycles() {
    slices()
        .matching("dev.fluxion.(**)")
        .should()
        .beFreeOfCycles()
        // what generated code calls speaks to users by the public names of gradients
        .ignoreDependency(
            resideInAPackage("dev.fluxion.grad.runtime"),
            resideInAPackage("dev.fluxion.grad").and(modifier(JavaModifier.PUBLIC)))
        .check(CLASSES);
  }

  @Test
  void publicClassesAreExported() {
    Set<String> exported = exportedPackages();
    List<String> hidden =
        publicClasses().stream()
            .filter(type -> !exported.contains(type.getPackageName()))
            .filter(type -> !SHARED_IN_A_MODULE.contains(type.getPackageName()))
            .map(JavaClass::getName)
            .toList();
    assertEquals(List.of(), hidden, "public, but in no exported package");
  }

  /** Scripts import whole modules, where two classes of one name would be ambiguous. */
  @Test
  void simpleNamesAreUnique() {
    Map<String, List<String>> named = new HashMap<>();
    for (JavaClass type : publicClasses()) {
      named.computeIfAbsent(type.getSimpleName(), _ -> new ArrayList<>()).add(type.getName());
    }
    List<List<String>> twice =
        named.values().stream().filter(names -> names.size() > 1).collect(Collectors.toList());
    assertEquals(List.of(), twice);
  }

  @Test
  void namesSayWhatClassesAre() {
    noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Util|Utils)$").check(CLASSES);
  }

  @Test
  void nothingIsNullUnlessItSaysSo() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      JavaPackage in = type.getPackage();
      if (in.getName().startsWith("dev.fluxion.") && !in.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(in.getName());
      }
    }
    assertEquals(Set.of(), unmarked, "package-info.java lacks @NullMarked");
  }
}

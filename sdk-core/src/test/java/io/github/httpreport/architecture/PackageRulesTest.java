package io.github.httpreport.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What each package may see of the others. The root is the vocabulary and has no name here. */
class PackageRulesTest {

  private static final String INTERNAL = MainClasses.shortName(MainClasses.INTERNAL);
  private static final String FOR_ALL = MainClasses.shortName(MainClasses.COMMON);
  private static final Set<String> FOR_A_PROTOCOL =
      Set.of("", "http", "protocol", "protocol.support", "node");

  /** The rooms of the implementation, from the bottom to the top: each imports those named only. */
  private static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          Map.entry("concurrent", Set.of()),
          Map.entry("dns", Set.of("concurrent")),
          Map.entry("transport", Set.of("concurrent", "dns")),
          Map.entry("node", Set.of("concurrent")),
          Map.entry("share", Set.of("concurrent")),
          Map.entry("telemetry", Set.of("concurrent")),
          Map.entry("batch", Set.of("concurrent", "share")),
          Map.entry("delivery", Set.of("concurrent", "transport", "node", "share", "batch")),
          Map.entry("spool.store", Set.of()),
          Map.entry(
              "spool",
              Set.of("concurrent", "node", "telemetry", "batch", "delivery", "spool.store")));

  private static final Set<String> FOR_A_ROOM =
      Set.of("", "error", "http", "node", "protocol", "spool");

  private static final Map<String, Set<String>> MAY_IMPORT = rules();

  static final Set<String> packages = new TreeSet<>(MAY_IMPORT.keySet());

  private static Map<String, Set<String>> rules() {
    Map<String, Set<String>> rules =
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("", Set.of()),
                Map.entry(FOR_ALL, Set.of()),
                Map.entry("error", Set.of("")),
                Map.entry("http", Set.of()),
                Map.entry("node", Set.of("", "http")),
                Map.entry("protocol", Set.of("", "http", "node")),
                Map.entry("protocol.support", Set.of("", "http", "protocol")),
                Map.entry("inlong", FOR_A_PROTOCOL),
                Map.entry("ekuiper", FOR_A_PROTOCOL),
                Map.entry("memphis", FOR_A_PROTOCOL),
                Map.entry("ckafka", FOR_A_PROTOCOL),
                Map.entry("spool", Set.of("")),
                Map.entry("micrometer", Set.of("")),
                Map.entry("opentelemetry", Set.of(""))));
    ROOMS.forEach((room, others) -> rules.put(INTERNAL + '.' + room, inRoom(others)));
    rules.put(INTERNAL, inRoom(ROOMS.keySet()));
    return rules;
  }

  private static Set<String> inRoom(Set<String> rooms) {
    Set<String> all = new TreeSet<>(FOR_A_ROOM);
    rooms.forEach(room -> all.add(INTERNAL + '.' + room));
    return all;
  }

  @Test
  void packages_ofTheModule_haveARuleHere() {
    Set<String> present =
        MainClasses.ALL.stream()
            .filter(type -> !type.getName().equals("module-info"))
            .map(type -> MainClasses.shortName(type.getPackageName()))
            .collect(toSet());

    assertThat(packages).containsAll(present);
  }

  @ParameterizedTest
  @FieldSource("packages")
  void package_importsOnlyWhatItsRuleNames(String importer) {
    String[] forbidden =
        packages.stream()
            .filter(other -> !other.equals(importer) && !other.equals(FOR_ALL))
            .filter(other -> !MAY_IMPORT.get(importer).contains(other))
            .map(MainClasses::fullName)
            .toArray(String[]::new);

    noClasses()
        .that(resideInAPackage(MainClasses.fullName(importer)).and(not(MainClasses.ASSEMBLY)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(true)
        .check(MainClasses.ALL);
  }

  @Test
  void packages_haveNoCycle() {
    slices()
        .assignedFrom(new ByPackage())
        .should()
        .beFreeOfCycles()
        .ignoreDependency(MainClasses.ASSEMBLY, alwaysTrue())
        .check(MainClasses.ALL);
  }

  private static final class ByPackage implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith(MainClasses.ROOT)
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}

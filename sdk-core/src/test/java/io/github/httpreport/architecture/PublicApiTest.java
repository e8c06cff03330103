package io.github.httpreport.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.httpreport.ProxySender;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What an application sees of the library. */
class PublicApiTest {

  /** What a package is about it may show. */
  private static final Map<String, String> MAY_SHOW =
      Map.of("micrometer", "io.micrometer.", "opentelemetry", "io.opentelemetry.");

  private static final int MAX_TYPES = 53;

  private static final DescribedPredicate<JavaClass> VISIBLE =
      DescribedPredicate.describe("are visible to applications", PublicApiTest::visible);

  @Test
  void signatures_showTypesOfTheJdkAndOurOwnOnly() {
    classes().that(VISIBLE).should(showKnownTypesOnly()).check(MainClasses.ALL);
  }

  @Test
  void moduleDescriptor_exportsEveryPackageOfTheApi() throws IOException {
    Set<String> exported =
        moduleDescriptor().exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .collect(toSet());

    assertThat(exported)
        .isEqualTo(
            MainClasses.ALL.stream()
                .filter(PublicApiTest::visible)
                .map(JavaClass::getPackageName)
                .collect(toSet()));
  }

  @Test
  void topLevelTypes_areFewEnoughToKnow() {
    List<String> visible =
        MainClasses.ALL.stream()
            .filter(PublicApiTest::visible)
            .filter(type -> type.getEnclosingClass().isEmpty())
            .map(type -> MainClasses.shortName(type.getPackageName()) + '.' + type.getSimpleName())
            .sorted()
            .toList();

    System.out.println(visible.size() + " exported top-level types: " + visible);
    assertThat(visible).hasSizeLessThanOrEqualTo(MAX_TYPES);
  }

  @Test
  void packages_areNullMarked() {
    assertThat(MainClasses.ALL.stream().map(JavaClass::getPackage).distinct())
        .filteredOn(holder -> holder.getName().startsWith(MainClasses.ROOT))
        .allSatisfy(
            holder ->
                assertThat(holder.isAnnotatedWith(NullMarked.class))
                    .as("%s is @NullMarked", holder.getName())
                    .isTrue());
  }

  private static boolean visible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.getPackageName().startsWith(MainClasses.INTERNAL)
        && !type.getPackageName().equals(MainClasses.COMMON)
        && type.getEnclosingClass().map(PublicApiTest::visible).orElse(true);
  }

  private static ArchCondition<JavaClass> showKnownTypesOnly() {
    return new ArchCondition<>("show types of the JDK and our own only") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        shownBy(type)
            .filter(shown -> !known(shown.getBaseComponentType(), type))
            .distinct()
            .forEach(
                shown ->
                    events.add(
                        SimpleConditionEvent.violated(
                            type, type.getName() + " shows " + shown.getName())));
      }
    };
  }

  private static Stream<JavaClass> shownBy(JavaClass type) {
    Stream<JavaType> parents =
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
    Stream<JavaClass> ofMembers =
        type.getMembers().stream().filter(PublicApiTest::visible).flatMap(PublicApiTest::shownBy);
    return Stream.concat(
        parents.flatMap(parent -> parent.getAllInvolvedRawTypes().stream()), ofMembers);
  }

  private static boolean visible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> shownBy(JavaMember member) {
    Stream<JavaClass> thrown =
        member instanceof JavaCodeUnit unit ? unit.getExceptionTypes().stream() : Stream.empty();
    return Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown);
  }

  private static boolean known(JavaClass shown, JavaClass by) {
    String about = MAY_SHOW.get(MainClasses.shortName(by.getPackageName()));
    return shown.isPrimitive()
        || shown.getPackageName().matches("java(x\\.net)?\\..*")
        || (shown.getPackageName().startsWith(MainClasses.ROOT) && visible(shown))
        || (about != null && shown.getName().startsWith(about));
  }

  private static ModuleDescriptor moduleDescriptor() throws IOException {
    URL classes = ProxySender.class.getProtectionDomain().getCodeSource().getLocation();
    try (InputStream in = URI.create(classes + "module-info.class").toURL().openStream()) {
      return ModuleDescriptor.read(in);
    }
  }
}

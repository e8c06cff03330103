package io.github.httpreport.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What no code of the library does, wherever it stands. */
class CodingRulesTest {

  private static final DescribedPredicate<JavaCall<?>> SLEEP =
      target(name("sleep"))
          .and(target(owner(assignableTo(Thread.class).or(assignableTo(TimeUnit.class)))));

  @Test
  void code_writesToNoStandardStream() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MainClasses.ALL);
  }

  @Test
  void code_logsThroughSlf4jOnly() {
    NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MainClasses.ALL);
  }

  @Test
  void code_logsWithWhatSlf4j1Has() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.slf4j.event..", "org.slf4j.spi..")
        .because("Flink and older applications bring slf4j-api 1.7")
        .check(MainClasses.ALL);
  }

  @Test
  void code_neverSleeps() {
    noClasses()
        .should()
        .callMethodWhere(SLEEP)
        .because("waiting is a scheduled time")
        .check(MainClasses.ALL);
  }

  @Test
  void staticFields_areFinal() {
    fields()
        .that()
        .areStatic()
        .should()
        .beFinal()
        .because("state that senders share is state that they fight over")
        .check(MainClasses.ALL);
  }
}

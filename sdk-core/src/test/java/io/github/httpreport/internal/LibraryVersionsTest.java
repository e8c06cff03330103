package io.github.httpreport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryVersionsTest {

  @Test
  void check_versionsOfThisBuild_areAccepted() {
    assertThatCode(LibraryVersions::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.2", "5.2.3", "5.2-beta1", "5.10.1", "6.0", "10.1.2.Final"})
  void require_newEnough_isAcceptedWithoutALook(String found) {
    assertThatCode(() -> LibraryVersions.require("lib", found, "5.2", LibraryVersionsTest::missing))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.1.4", "5.1", "4.5.14", "0.9"})
  void require_older_isRefusedWithBothVersions(String found) {
    assertThatIllegalStateException()
        .isThrownBy(() -> LibraryVersions.require("lib", found, "5.2", () -> "is there"))
        .withMessage("lib is there in version " + found + ", but version 5.2 or later is needed");
  }

  @ParameterizedTest
  @CsvSource(
      value = {"-", "UNAVAILABLE", "${project.version}", "''", "99999.1", "5"},
      nullValues = "-")
  void require_versionWithoutAName_isKnownByItsMembers(@Nullable String found) {
    assertThatCode(() -> LibraryVersions.require("lib", found, "5.2", () -> "is there"))
        .doesNotThrowAnyException();
    assertThatIllegalStateException()
        .isThrownBy(
            () -> LibraryVersions.require("lib", found, "5.2", LibraryVersionsTest::missing))
        .withMessage("lib is there in an unknown version, but version 5.2 or later is needed");
  }

  private static Object missing() {
    throw new NoClassDefFoundError("what is newer");
  }

  @ParameterizedTest
  @CsvSource(
      value = {"5.2.3, 5.2", "5.3.1, 5.2", "5.4.4, 5.3", "5.6, 5.3", "5.10, 5.3", "-, 5.2"},
      nullValues = "-")
  void neededCore_versionOfTheClient_isWhatItWorksWith(@Nullable String client, String core) {
    assertThat(LibraryVersions.neededCore(client)).isEqualTo(core);
  }
}

package io.github.httpreport.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({"500ms, 500", "0s, 0", "10 s, 10000", "2M, 120000", "1h, 3600000", "PT0.25S, 250"})
  void duration_withUnit_isRead(String text, long millis) {
    assertThat(Quantities.duration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "50", "s", "10 parsecs", "-5s", "1.5s", "999999999999999999h"})
  void duration_withoutUnitOrNumber_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quantities.duration(text))
        .withMessage("must be a duration such as 500ms, 10s, 2m or 1h, but is '%s'", text);
  }

  @ParameterizedTest
  @CsvSource({"1024, 1024", "1B, 1", "64KB, 65536", "32 mb, 33554432", "1GB, 1073741824"})
  void bytes_withUnit_isRead(String text, long bytes) {
    assertThat(Quantities.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "KB", "-1", "1 pound", "1.5MB", "999999999999999999GB"})
  void bytes_bad_isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quantities.bytes(text))
        .withMessage("must be a size such as 65536, 64KB or 32MB, but is '%s'", text);
  }
}

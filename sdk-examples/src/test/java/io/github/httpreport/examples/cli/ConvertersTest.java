package io.github.httpreport.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

  @ParameterizedTest
  @CsvSource({"0ms,PT0S", "500ms,PT0.5S", "10s,PT10S", "2m,PT2M", "1h,PT1H", "8760h,PT8760H"})
  void duration_numberAndUnit_isRead(String text, Duration expected) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "-5s",
        "1.5s",
        "5 s",
        "5S",
        "5sec",
        "1d",
        "8761h",
        "1234567890123ms"
      })
  void duration_anythingElse_isRefusedInItsOwnWords(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void positiveDuration_zero_isRefused() {
    assertThat(new PositiveDurationConverter().convert("1ms")).isEqualTo(Duration.ofMillis(1));
    assertThatThrownBy(() -> new PositiveDurationConverter().convert("0s"))
        .hasMessage("'0s' is not more than zero");
  }

  @ParameterizedTest
  @CsvSource({
    "0B,0",
    "7B,7",
    "2kB,2000",
    "2KB,2000",
    "64KiB,65536",
    "32MB,32000000",
    "1MiB,1048576",
    "3GB,3000000000",
    "2GiB,2147483648"
  })
  void size_numberAndUnit_isRead(String text, long expected) {
    assertThat(new SizeConverter().convert(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "KiB", "-1KiB", "1.5MB", "5 MB", "5mb", "5M", "1234567890B"})
  void size_anythingElse_isRefusedInItsOwnWords(String text) {
    assertThatThrownBy(() -> new SizeConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("64KiB");
  }
}

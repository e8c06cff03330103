package io.github.httpreport.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The single bad values are in {@link AppenderContract}. */
class StreamOptionsTest {

  private static StreamOptions options(String... pairs) {
    StreamOptions options = new StreamOptions();
    for (int i = 0; i < pairs.length; i += 2) {
      options.set(pairs[i], pairs[i + 1]);
    }
    return options;
  }

  @Test
  void read_severalProblems_namesAll() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                options("secretKey", "hidden", "linger", "x", "batchMessages", "0", "group", "g")
                    .read())
        .withMessageContainingAll(
            "exactly one of manager and nodes must be set",
            "secretId must be set, because secretKey is",
            "linger: must be a duration",
            "batchMessages: ",
            "stream must be set and not blank")
        .withMessageNotContaining("hidden")
        .withMessageNotContaining("group must");
  }

  @Test
  void read_managerAndNodes_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                options("manager", "http://m:1", "nodes", "n:1", "group", "g", "stream", "s")
                    .read())
        .withMessage("exactly one of manager and nodes must be set");
  }

  @Test
  void read_nullsAndSpaces_areDefaults() {
    StreamSettings settings =
        options("nodes", " a:1 , b:2 ", "linger", null, "group", " g ", "stream", "s").read();
    assertThat(settings.destination().groupId()).isEqualTo("g");
    assertThat(settings.closeTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.escapeLineBreaks()).isTrue();
  }
}

package io.github.httpreport.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Reauthenticate;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import io.github.httpreport.protocol.Verdict.Split;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Verdicts as a protocol makes them. */
class VerdictTest {

  private static final String FORGED = "a\r\n2026 ERROR forged\u2028\u202eb";
  private static final String CLEAN = "a  2026 ERROR forged  b";

  static Stream<Verdict> forged() {
    return Stream.of(
        Accepted.of(FORGED),
        Retry.of(FORGED, FORGED),
        Split.of(FORGED, FORGED),
        Reauthenticate.of(FORGED, FORGED),
        Rejected.of(FORGED, FORGED),
        Rejected.content(FORGED, FORGED));
  }

  @ParameterizedTest
  @MethodSource("forged")
  void of_textOfAServer_isPutOnOneLine(Verdict verdict) {
    assertThat(verdict.code()).isEqualTo(CLEAN);
    assertThat(verdict.toString()).doesNotContain("\n", "\r", "\u2028", "\u202e");
  }

  @Test
  void of_longText_isCut() {
    assertThat(Rejected.of("1", "x".repeat(401)).reason()).isEqualTo("x".repeat(400) + "...");
    assertThat(Rejected.of("1", "x".repeat(400)).reason()).isEqualTo("x".repeat(400));
  }

  @Test
  void retry_eachCopy_changesOneThing() {
    Retry plain = Retry.of("1", "why");

    assertThat(plain)
        .returns(false, Retry::mayHaveBeenStored)
        .returns(false, Retry::isNodeHealthy)
        .satisfies(retry -> assertThat(retry.retryAfter()).isEmpty());
    assertThat(plain.maybeStored().after(Duration.ofSeconds(1)).nodeHealthy())
        .returns(true, Retry::mayHaveBeenStored)
        .returns(true, Retry::isNodeHealthy)
        .returns("1", Retry::code)
        .returns("why", Retry::reason)
        .satisfies(retry -> assertThat(retry.retryAfter()).contains(Duration.ofSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plain.after(Duration.ofNanos(-1)))
        .withMessage("wait must not be negative, but is PT-0.000000001S");
  }

  @Test
  void accepted_andRejected_namesTheirParts() {
    assertThat(Accepted.of("0", List.of("id")).closingConnection())
        .returns(List.of("id"), Accepted::messageIds)
        .returns(false, Accepted::keepsConnection);
    assertThat(Accepted.of("0").keepsConnection()).isTrue();
    assertThat(Rejected.content("1", "why").maybeStored())
        .returns(true, Rejected::isContentAtFault)
        .returns(true, Rejected::mayHaveBeenStored)
        .isNotEqualTo(Rejected.of("1", "why").maybeStored());
  }
}

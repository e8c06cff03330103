package io.github.httpreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.httpreport.Attempt.Outcome;
import io.github.httpreport.error.FailureDetails;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that users of a fake sender build, and settings with a builder. */
class ValuesTest {

  private static final Attempt ATTEMPT =
      Attempt.of("n:1", Duration.ofMillis(1), Outcome.ACCEPTED, "0");

  static Stream<Consumer<SendResult.Builder>> changes() {
    return Stream.of(
        result -> result.node("n:1"),
        result -> result.messageCount(2),
        result -> result.attempts(List.of(ATTEMPT)),
        result -> result.possibleDuplicate(true),
        result -> result.spooled(true),
        result -> result.messageIds(List.of("id")));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void sendResult_oneComponentDiffers_isAnother(Consumer<SendResult.Builder> change) {
    SendResult.Builder one = SendResult.builder();
    SendResult.Builder other = SendResult.builder();
    change.accept(one);
    assertThat(one.build()).isNotEqualTo(other.build());
    change.accept(other);
    assertThat(one.build()).isEqualTo(other.build()).hasSameHashCodeAs(other.build());
    assertThat(one.build()).hasToString(other.build().toString());
  }

  @Test
  void sendResult_builder_copiesLists() {
    List<String> ids = new ArrayList<>(List.of("id"));
    SendResult result = SendResult.builder().messageIds(ids).build();
    ids.clear();
    assertThat(result.messageIds()).containsExactly("id");
  }

  @Test
  void sendResult_noMessage_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SendResult.builder().messageCount(0))
        .withMessage("messageCount must be at least 1, but is 0");
  }

  static Stream<Consumer<CloseSummary.Builder>> counts() {
    return Stream.of(
        summary -> summary.sent(1),
        summary -> summary.failed(1),
        summary -> summary.spooled(1),
        summary -> summary.abandoned(1));
  }

  @ParameterizedTest
  @MethodSource("counts")
  void closeSummary_oneCountDiffers_isAnother(Consumer<CloseSummary.Builder> change) {
    CloseSummary.Builder one = CloseSummary.builder();
    CloseSummary.Builder other = CloseSummary.builder();
    change.accept(one);
    assertThat(one.build()).isNotEqualTo(other.build());
    assertThat(one.build().total()).isOne();
    change.accept(other);
    assertThat(one.build()).isEqualTo(other.build()).hasSameHashCodeAs(other.build());
    assertThat(one.build()).hasToString(other.build().toString());
  }

  @Test
  void closeSummary_negativeCount_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloseSummary.builder().abandoned(-1))
        .withMessage("abandoned must be at least 0, but is -1");
  }

  @Test
  void failureDetails_toBuilder_keepsEverything() {
    Exception cause = new Exception("why");
    FailureDetails details =
        FailureDetails.builder("message")
            .retryable(true)
            .mayHaveBeenStored(true)
            .attempts(List.of(ATTEMPT))
            .cause(cause)
            .build();

    assertThat(details.toBuilder().build()).usingRecursiveComparison().isEqualTo(details);
    assertThat(details).asString().contains("message", "n:1", "retryable=true", "why");
    assertThat(FailureDetails.builder("m").build())
        .returns(false, FailureDetails::retryable)
        .returns(false, FailureDetails::mayHaveBeenStored)
        .returns(List.of(), FailureDetails::attempts)
        .returns(null, FailureDetails::cause);
  }

  @Test
  void batching_builder_startsFromTheDefaults() {
    assertThat(Batching.builder().build())
        .usingRecursiveComparison()
        .isEqualTo(Batching.defaults());
    assertThat(Batching.defaults())
        .hasToString(
            "Batching[linger=PT0.05S, maxMessages=1000, maxBytes=262144,"
                + " dataTimeGranularity=PT0.001S]");
  }

  @Test
  void message_withoutBody_canBePrinted() {
    assertThat(Message.of(null)).hasToString("Message[no body]");
    assertThat(Message.keyed("secret", "k")).hasToString("Message[6 characters]");
  }

  @Test
  void whenFull_namesItsActionAndTime() {
    assertThat(WhenFull.block(Duration.ofSeconds(1)))
        .returns(WhenFull.Action.BLOCK, WhenFull::action)
        .returns(Duration.ofSeconds(1), WhenFull::timeout)
        .hasToString("block(PT1S)");
    assertThat(WhenFull.fail())
        .returns(WhenFull.Action.FAIL, WhenFull::action)
        .hasToString("fail()");
    assertThat(WhenFull.spill())
        .returns(WhenFull.Action.SPILL, WhenFull::action)
        .hasToString("spill()");
  }
}

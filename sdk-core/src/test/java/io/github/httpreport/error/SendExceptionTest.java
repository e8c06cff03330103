package io.github.httpreport.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.Attempt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SendExceptionTest {

  private static final FailureDetails DETAILS =
      FailureDetails.builder("group g, stream s: refused")
          .retryable(true)
          .mayHaveBeenStored(true)
          .attempts(
              List.of(
                  Attempt.of("a:1", Duration.ofMillis(5), Attempt.Outcome.REFUSED, "114"),
                  Attempt.of("b:2", Duration.ofMillis(7), Attempt.Outcome.TIMED_OUT, "")))
          .cause(new IOException("reset"))
          .build();

  static Stream<SendException> everyKind() {
    return Stream.of(
        new SendException(DETAILS),
        new AuthenticationException(DETAILS),
        new BufferFullException(DETAILS),
        new DeliveryTimeoutException(DETAILS),
        new InterruptedSendException(DETAILS),
        new MessageTooLargeException(DETAILS),
        new NoNodeAvailableException(DETAILS),
        RejectedException.ofContent("115", DETAILS),
        new UnknownOutcomeException(DETAILS));
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void serialization_everyKind_keepsWhatItSays(SendException failure) throws Exception {
    SendException copy = copyOf(failure);

    assertThat(copy).hasSameClassAs(failure).hasMessage(failure.getMessage());
    assertThat(copy.getCause()).isInstanceOf(IOException.class).hasMessage("reset");
    assertThat(copy.retryable()).isTrue();
    assertThat(copy.mayHaveBeenStored()).isEqualTo(failure.mayHaveBeenStored());
    assertThat(copy.attempts())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(failure.attempts());
    assertThat(copy.details().message()).isEqualTo(failure.getMessage());
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void withDetails_copyOfACopy_isOfTheSameKind(SendException failure) throws Exception {
    SendException copy = copyOf(failure).withDetails(DETAILS);

    assertThat(copy).hasSameClassAs(failure);
  }

  private static SendException copyOf(SendException failure) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(failure);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (SendException) in.readObject();
    }
  }
}

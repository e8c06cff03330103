package io.github.httpreport.inlong;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import io.github.httpreport.protocol.Verdict.Accepted;
import io.github.httpreport.protocol.Verdict.Rejected;
import io.github.httpreport.protocol.Verdict.Retry;
import io.github.httpreport.protocol.Verdict.Split;
import io.github.httpreport.protocol.support.StatusVerdict;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Says what a DataProxy's response means. Immutable. */
final class InLongResponses {

  private static final byte[] SUCCESS = ascii("{\"code\":\"0\",\"msg\":\"Ok\"}");
  private static final Accepted ACCEPTED = Accepted.of("0");

  /** What a DataProxy writes on an idle connection before it closes it. */
  private static final byte[] IDLE_FAREWELL =
      ascii("{\"code\":\"2147483647\",\"msg\":\"Process message failure: null\"}");

  private static final Set<String> REQUEST_IS_WRONG =
      Stream.of(
              codes(10, 10),
              codes(31, 36),
              codes(94, 96),
              codes(100, 103),
              codes(105, 113),
              codes(121, 123),
              codes(150, 151))
          .flatMap(Function.identity())
          .collect(Collectors.toUnmodifiableSet());

  /** No body, an empty one or a blank one; a body that is too long (104) is split first. */
  private static final Set<String> CONTENT_IS_WRONG = Set.of("103", "105", "106", "111");

  private final boolean retryUnknownTopic;
  private final Clock clock;

  InLongResponses(boolean retryUnknownTopic, Clock clock) {
    this.retryUnknownTopic = retryUnknownTopic;
    this.clock = clock;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Stream<String> codes(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(Integer::toString);
  }

  Verdict classify(Response response) {
    if (response.status() != 200) {
      return StatusVerdict.of(response, clock);
    }
    if (Arrays.equals(SUCCESS, response.body()) && !response.truncated()) {
      return ACCEPTED;
    }
    return CodeAndMessage.read(response.body())
        .map(body -> ofCode(body, response))
        .orElseGet(() -> retry("HTTP 200", StatusVerdict.describe(response), true));
  }

  private Verdict ofCode(CodeAndMessage body, Response response) {
    String code = body.code();
    String text = body.message();
    return switch (code) {
      case "0", "120" -> success(body, response);
      case "104" -> Split.of(code, text);
      case "115" ->
          retryUnknownTopic ? Retry.of(code, text).nodeHealthy() : Rejected.of(code, text);
      case "1", "2", "3", "114", "116", "117" -> retry(code, text, false);
      case CodeAndMessage.UNKNOWN_ERROR -> retry(code, text, !isIdleFarewell(response));
      default -> REQUEST_IS_WRONG.contains(code) ? rejected(code, text) : retry(code, text, true);
    };
  }

  private static Rejected rejected(String code, String text) {
    return CONTENT_IS_WRONG.contains(code) ? Rejected.content(code, text) : Rejected.of(code, text);
  }

  /** A cut response, or one of another server, is no success whatever its code. */
  private static Verdict success(CodeAndMessage body, Response response) {
    String code = body.code();
    if (response.truncated() || !CodeAndMessage.isSuccess(response.body())) {
      return retry("HTTP 200", StatusVerdict.describe(response), true);
    }
    // Already stored, where the code is 120; but a node may close after any code but 0.
    return code.equals("0") ? Accepted.of(code) : Accepted.of(code).closingConnection();
  }

  /** The one response of a used connection that may have been there before the request was. */
  private static boolean isIdleFarewell(Response response) {
    return response.reusedConnection() && Arrays.equals(IDLE_FAREWELL, response.body());
  }

  private static Retry retry(String code, String text, boolean mayHaveBeenStored) {
    Retry retry = Retry.of(code, text);
    return mayHaveBeenStored ? retry.maybeStored() : retry;
  }
}

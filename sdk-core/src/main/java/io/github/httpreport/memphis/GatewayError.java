package io.github.httpreport.memphis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the gateway says of a request that failed.
 *
 * @param texts its words, one for each message that failed; at least one
 * @param sent how many messages of the request it says it handed over; empty when it does not say
 */
record GatewayError(List<String> texts, Optional<Integer> sent) {

  private static final String SCHEMA_VIOLATION = "schema validation";

  private static final String TOO_LARGE = "maximum payload exceeded";

  private static final List<String> PERMANENT =
      List.of(
          SCHEMA_VIOLATION,
          "unsupported content type",
          "unsupported request",
          TOO_LARGE,
          "not allowed");

  /** Of these, the ones that the message is the reason for and not what it is sent with. */
  private static final List<String> OF_CONTENT =
      List.of(SCHEMA_VIOLATION, "unsupported request", TOO_LARGE);

  private static final List<String> TRANSIENT =
      List.of("stalled", "timeout", "connection", "no responders", "server error");

  /** The gateway says exactly these before it hands over the first message. */
  private static final Set<String> BEFORE_THE_FIRST =
      Set.of("unsupported content type", "unsupported request", "server error", "unauthorized");

  /** With these nothing has left the gateway for its broker. */
  private static final List<String> NOT_HANDED_OVER = List.of("stalled", "no responders");

  /** Said to all but one of the first messages to a station that come at the same time. */
  private static final Pattern STATION_BEING_MADE =
      Pattern.compile("(?i)station.{0,200} already exists");

  /** The clients of the broker begin so, whose errors are fixed texts. */
  private static final Pattern OF_THE_CLIENT = Pattern.compile("(?i)(memphis|nats): ");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a response in any of the forms that versions of the gateway have. */
  static Optional<GatewayError> read(Response response) {
    if (response.truncated()) {
      return Optional.empty();
    }
    String type = response.header("content-type").orElse("");
    return type.startsWith("text/plain") ? ofText(response.text()) : ofJson(response.body());
  }

  /** Only words of the gateway's own: what a proxy writes may be anything. */
  private static Optional<GatewayError> ofText(String text) {
    GatewayError error = new GatewayError(List.of(text), Optional.empty());
    return error.isPermanent() || error.isTransient() ? Optional.of(error) : Optional.empty();
  }

  private static Optional<GatewayError> ofJson(byte[] body) {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (IOException notJson) {
      return Optional.empty();
    }
    List<String> texts =
        Stream.of("error", "errors", "message")
            .map(root::path)
            .flatMap(said -> said.isArray() ? list(said) : Stream.of(said))
            .filter(JsonNode::isTextual)
            .map(JsonNode::textValue)
            .toList();
    JsonNode sent = root.path("sent");
    Optional<Integer> count = sent.isInt() ? Optional.of(sent.intValue()) : Optional.empty();
    return texts.isEmpty() ? Optional.empty() : Optional.of(new GatewayError(texts, count));
  }

  private static Stream<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** Whether it failed of nothing but a station that another request makes: nothing was stored. */
  boolean isStationBeingMade() {
    return texts.stream().allMatch(text -> STATION_BEING_MADE.matcher(text).matches());
  }

  boolean isTooLarge() {
    return anyHolds(List.of(TOO_LARGE));
  }

  boolean isPermanent() {
    return anyHolds(PERMANENT);
  }

  /** Whether a message of the request is the reason; it is unknown which one of a batch. */
  boolean isOfContent() {
    return anyHolds(OF_CONTENT);
  }

  boolean isTransient() {
    return anyHolds(TRANSIENT);
  }

  /** Whether no message of the request has been handed over. */
  boolean isBeforeTheFirst() {
    boolean none = sent.isPresent() && sent.get() == 0;
    return none
        || texts.stream()
            .allMatch(text -> BEFORE_THE_FIRST.contains(text.toLowerCase(Locale.ROOT)));
  }

  /** Whether the message that failed has not been handed over. */
  boolean isNotHandedOver() {
    return texts.stream().allMatch(text -> phrase(text, NOT_HANDED_OVER).isPresent());
  }

  private boolean anyHolds(List<String> phrases) {
    return texts.stream().anyMatch(text -> phrase(text, phrases).isPresent());
  }

  private static Optional<String> phrase(String text, List<String> phrases) {
    String lower = text.toLowerCase(Locale.ROOT);
    return phrases.stream().filter(lower::contains).findFirst();
  }

  /**
   * The text that decides, as far as it may be shown: a validator quotes the message, and nobody
   * knows what a text of another origin quotes.
   *
   * @return empty when nothing may be shown
   */
  Optional<String> text() {
    List<String> phrases = isPermanent() ? PERMANENT : TRANSIENT;
    String text =
        texts.stream()
            .filter(each -> phrase(each, phrases).isPresent())
            .findFirst()
            .orElse(texts.get(0));
    Optional<String> phrase = phrase(text, phrases);
    boolean fixed =
        OF_THE_CLIENT.matcher(text).lookingAt()
            || phrase.filter(text::equalsIgnoreCase).isPresent();
    Optional<String> shown =
        fixed && !phrase.equals(Optional.of(SCHEMA_VIOLATION)) ? Optional.of(text) : phrase;
    return shown.map(each -> sent.map(count -> each + "; " + count + " sent").orElse(each));
  }
}

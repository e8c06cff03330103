package io.github.httpreport.opentelemetry;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Attempt;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Locale;

/** Attributes by the semantic conventions for messaging, and those of the library's own. */
final class MessagingAttributes {

  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private static final AttributeKey<String> SENDER = AttributeKey.stringKey("http.report.sender");
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
  private static final AttributeKey<String> NAME =
      AttributeKey.stringKey("messaging.operation.name");
  private static final AttributeKey<String> TYPE =
      AttributeKey.stringKey("messaging.operation.type");
  private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> PORT = AttributeKey.longKey("server.port");

  private final Attributes sender;
  private final Attributes operation;

  MessagingAttributes(String sender) {
    this.sender = Attributes.of(SENDER, requireNonNull(sender, "sender"));
    operation =
        this.sender.toBuilder()
            .put(SYSTEM, "http_report")
            .put(NAME, "send")
            .put(TYPE, "send")
            .build();
  }

  Attributes sender() {
    return sender;
  }

  Attributes operation() {
    return operation;
  }

  Attributes failed(String errorType) {
    return operation.toBuilder().put(ERROR_TYPE, errorType).build();
  }

  Attributes of(Attempt attempt) {
    return withNode(attempt, operation.toBuilder()).build();
  }

  /** The node and, unless it took the messages, the outcome. */
  static AttributesBuilder withNode(Attempt attempt, AttributesBuilder attributes) {
    String node = attempt.node();
    int colon = node.lastIndexOf(':');
    attributes.put(ADDRESS, colon < 0 ? node : node.substring(0, colon));
    if (colon >= 0) {
      attributes.put(PORT, Long.parseLong(node.substring(colon + 1)));
    }
    if (attempt.outcome() != Attempt.Outcome.ACCEPTED) {
      attributes.put(ERROR_TYPE, attempt.outcome().name().toLowerCase(Locale.ROOT));
    }
    return attributes;
  }
}

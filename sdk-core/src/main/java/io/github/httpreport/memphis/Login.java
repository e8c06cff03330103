package io.github.httpreport.memphis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.httpreport.http.Request;
import io.github.httpreport.node.Node;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a token is asked for with. Immutable.
 *
 * @param user the name of the user
 * @param field what the gateway calls the secret
 * @param secret asked for each authentication
 * @param accountId the account of the user; null for the gateway's default
 * @param tokenLifetime what is asked for; null for the gateway's default
 */
record Login(
    String user,
    String field,
    Supplier<String> secret,
    @Nullable Integer accountId,
    @Nullable Duration tokenLifetime) {

  static final String PASSWORD = "password";
  static final String CONNECTION_TOKEN = "connection_token";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where the application gave no secret. The text names neither it nor what went wrong within. */
  static final class NoSecretException extends Exception {

    private static final long serialVersionUID = 1L;

    NoSecretException(String message) {
      super(message);
    }
  }

  Login(String user, String field, Supplier<String> secret) {
    this(user, field, secret, null, null);
  }

  Login withAccountId(int value) {
    return new Login(user, field, secret, value, tokenLifetime);
  }

  Login withTokenLifetime(Duration value) {
    return new Login(user, field, secret, accountId, value);
  }

  Request request(Node node) throws NoSecretException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("username", user).put(field, currentSecret());
    if (accountId != null) {
      body.put("account_id", accountId);
    }
    if (tokenLifetime != null) {
      body.put("token_expiry_in_minutes", tokenLifetime.toMinutes());
    }
    try {
      return Request.post(node.origin(), "/auth/authenticate")
          .body(JSON.writeValueAsBytes(body), "application/json")
          .build();
    } catch (JsonProcessingException e) {
      // Not as the cause: it may quote the secret.
      throw new NoSecretException("the credentials make no JSON");
    }
  }

  private String currentSecret() throws NoSecretException {
    String current;
    try {
      current = secret.get();
    } catch (RuntimeException e) {
      throw new NoSecretException(
          "the supplier of the " + description() + " threw " + e.getClass().getSimpleName());
    }
    if (current == null || current.isEmpty()) {
      throw new NoSecretException("the supplier of the " + description() + " gave none");
    }
    return current;
  }

  private String description() {
    return field.replace('_', ' ');
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return user + (accountId == null ? "" : ", account " + accountId);
  }
}

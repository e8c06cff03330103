package io.github.httpreport.ckafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/** One worked case of a signature, most of them recorded from Tencent's own client. */
record Vector(JsonNode json) {

  static List<Vector> all() {
    try (InputStream in = Vector.class.getResourceAsStream("tc3-sendmessage.json")) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      return StreamSupport.stream(cases.spliterator(), false).map(Vector::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Vector named(String name) {
    return all().stream().filter(v -> v.toString().equals(name)).findFirst().orElseThrow();
  }

  CkafkaCredentials credentials() {
    String token = json.at("/input/token").asText("");
    String id = json.at("/input/secretId").asText();
    String key = json.at("/input/secretKey").asText();
    return token.isEmpty()
        ? CkafkaCredentials.of(id, key)
        : CkafkaCredentials.temporary(id, key, token);
  }

  Instant time() {
    return Instant.ofEpochSecond(json.get("timestamp").asLong());
  }

  String text(String field) {
    return json.get(field).asText();
  }

  String derived(String field) {
    return json.get("derived").get(field).asText();
  }

  @Override
  public String toString() {
    return json.get("name").asText();
  }
}

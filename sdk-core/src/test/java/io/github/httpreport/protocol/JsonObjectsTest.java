package io.github.httpreport.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", " {\"a\": [1, {\"b\": null}]} \n", "{\"a\":1,\"a\":2}", "{\"a\":1e999}"})
  void check_object_passes(String body) {
    assertThatCode(() -> JsonObjects.check(body)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~            | must be a JSON object",
        "[]            | must be a JSON object",
        "1             | must be a JSON object",
        "null          | must be a JSON object",
        "~\"{}\"~      | must be a JSON object",
        "{}{}          | must be one JSON object, but more comes after it",
        "{} x          | must be a JSON object, but is none from character 3",
        "{'a':1}       | must be a JSON object, but is none from character 1",
        "~{\"a\":1~     | must be a JSON object, but its end is missing",
        "~{\"a\":}~     | must be a JSON object, but is none from character 5"
      })
  void check_anythingElse_isRefused(String body, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonObjects.check(body))
        .withMessageStartingWith(why)
        .withNoCause();
  }

  @Test
  void check_neverQuotesTheBody() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonObjects.check("{\"a\": canary}"))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("canary"));
  }
}

package io.github.httpreport.ckafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CkafkaCredentialsTest {

  @Test
  void toString_showsNothing() {
    assertThat(CkafkaCredentials.temporary("the-id", "the-key", "the-token"))
        .hasToString("CkafkaCredentials");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      value = {
        "null|k|t|secretId must not be null",
        "''|k|t|secretId must not be empty",
        "a b|k|t|secretId must be visible ASCII",
        "a/b|k|t|secretId must hold neither a slash nor a comma",
        "id|null|t|secretKey must not be null",
        "id|' '|t|secretKey must not be blank",
        "id|k|''|sessionToken must not be empty",
        "id|k|töken|sessionToken must be visible ASCII"
      })
  void credentials_thatAreNone_areRefusedByName(String id, String key, String token, String text) {
    assertThatThrownBy(() -> CkafkaCredentials.temporary(id, key, token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(text)
        .hasMessageNotContaining("töken");
  }

  @Test
  void token_withALineEnd_cannotAddAHeader() {
    assertThatThrownBy(() -> CkafkaCredentials.temporary("id", "key", "t\r\nX-Evil: 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("Evil");
  }
}

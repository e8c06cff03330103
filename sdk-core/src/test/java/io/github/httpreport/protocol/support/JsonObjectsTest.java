package io.github.httpreport.protocol.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectsTest {

  private static final JsonObjects CHECK = JsonObjects.nestedTo(5_000);

  @ParameterizedTest
  @ValueSource(strings = {"{}", " {\"a\": [1, {\"b\": null}]} \n", "{\"a\":1,\"a\":2}"})
  void check_object_passes(String body) {
    assertThatCode(() -> CHECK.check(body)).doesNotThrowAnyException();
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
        .isThrownBy(() -> CHECK.check(body))
        .withMessageStartingWith(why)
        .withNoCause();
  }

  @Test
  void check_neverQuotesTheBody() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CHECK.check("{\"a\": canary}"))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("canary"));
  }

  /** Each of them is over a limit that a version of the parser has by itself. */
  @Test
  void check_overADefaultOfTheParser_passes() {
    String digits = "1".repeat(1_200);
    assertThatCode(
            () -> {
              CHECK.check("{\"a\":".repeat(4_999) + "{}" + "}".repeat(4_999));
              CHECK.check("{\"" + "n".repeat(200_000) + "\":1}");
              CHECK.check("{\"a\":" + digits + "e-1000}");
              CHECK.check("{\"a\":0." + digits + "}");
              CHECK.check("{\"a\":\"" + "x".repeat(21_000_000) + "\"}");
            })
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1 | {\"a\":1}         | {\"a\":[]}",
        "2 | {\"a\":[1],\"b\":{}} | {\"a\":[1],\"b\":[{}]}",
        "3 | {\"a\":[{\"b\":1}]} | {\"a\":[{\"b\":[]}]}"
      })
  void check_nestedDeeper_isRefusedByName(int levels, String passes, String refused) {
    JsonObjects check = JsonObjects.nestedTo(levels);

    assertThatCode(() -> check.check(passes)).doesNotThrowAnyException();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check.check(refused))
        .withMessageStartingWith(
            "is nested deeper than the " + levels + " levels that the server decodes, at character")
        .withNoCause();
  }

  @Test
  void check_countingLeaves_countsWhatIsNoObjectToo() {
    JsonObjects check = JsonObjects.nestedTo(3).countingLeaves();

    for (String passes : new String[] {"{\"a\":{\"b\":{}}}", "{\"a\":[[]]}", "{\"a\":[1]}"}) {
      assertThatCode(() -> check.check(passes)).doesNotThrowAnyException();
    }
    for (String leaf : new String[] {"1", "\"x\"", "null", "true", "1.5", "{}", "[]"}) {
      assertThatIllegalArgumentException()
          .as(leaf)
          .isThrownBy(() -> check.check("{\"a\":{\"b\":[" + leaf + "]}}"))
          .withMessageStartingWith("is nested deeper than the 3 levels");
    }
  }

  /** As a server written in Go reads them, tried with Go's own library. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0.0",
        "1e308",
        "1.7976931348623158e308",
        "1e-400",
        "0e999",
        "0.0e99999999999",
        "1e-99999999999999999999",
        "0.0000000000001e320",
        "123456789012345678901234567890",
        "1e0000000000000000000000005",
        "18446744073709551616"
      })
  void check_numberThatADoubleHolds_passes(String number) {
    assertThatCode(() -> CHECK.check("{\"a\":" + number + "}")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e309", "-1e309", "1.7976931348623159E308", "1e99999999999999999999"})
  void check_numberThatNoDoubleHolds_isRefusedByName(String number) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CHECK.check("{\"a\":[0," + number + "]}"))
        .withMessage("holds a number at character 8 that is too large for a double")
        .withNoCause();
  }

  @Test
  void check_integerOfManyDigits_isReadByItsSize() {
    assertThatCode(() -> CHECK.check("{\"a\":" + "9".repeat(308) + "}")).doesNotThrowAnyException();
    for (int digits : new int[] {309, 1_001, 100_000}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CHECK.check("{\"a\":" + "9".repeat(digits) + "}"))
          .withMessageContaining("too large for a double");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CHECK.check("{\"a\":-" + "9".repeat(digits) + ".5}"))
          .withMessageContaining("too large for a double");
    }
  }

  @Test
  void check_verboseNonsenseAfterALongName_isRefusedWithoutIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CHECK.check("{\"" + "canary".repeat(20_000) + "\":canary}"))
        .satisfies(e -> assertThat(e.toString()).doesNotContain("canary"));
  }
}

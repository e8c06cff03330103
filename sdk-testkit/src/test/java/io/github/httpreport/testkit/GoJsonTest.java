package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoJsonTest {

  private static Optional<List<String>> objects(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    return GoJson.objects(bytes, bytes.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ } | {}",
        "{\"b\":[ 1, true ,null,[],{\"d\":\"\",\"c\":1}],\"a\":false}"
            + " | {\"a\":false,\"b\":[1,true,null,[],{\"c\":1,\"d\":\"\"}]}",
        "{\"n\":1.0} | {\"n\":1}",
        "{\"n\":-0.0} | {\"n\":-0}",
        "{\"n\":0} | {\"n\":0}",
        "{\"n\":12345678901234567890} | {\"n\":12345678901234567000}",
        "{\"n\":9007199254740993} | {\"n\":9007199254740992}",
        "{\"n\":1e20} | {\"n\":100000000000000000000}",
        "{\"n\":1e21} | {\"n\":1e+21}",
        "{\"n\":-1.5E30} | {\"n\":-1.5e+30}",
        "{\"n\":0.000001} | {\"n\":0.000001}",
        "{\"n\":0.00000012} | {\"n\":1.2e-7}",
        "{\"n\":2e23} | {\"n\":2e+23}",
        "{\"n\":4.9e-324} | {\"n\":5e-324}",
        "{\"\uFFFD\":1,\"\uD83D\uDE00\":2,\"a\":3} | {\"a\":3,\"\uFFFD\":1,\"\uD83D\uDE00\":2}",
        "{\"t\":\"\\b\\f\"} | {\"t\":\"\\u0008\\u000c\"}",
        "{\"t\":\"<&> \\u0001\\n\\\"\\\\/é\"} "
            + "| {\"t\":\"\\u003c\\u0026\\u003e \\u0001\\n\\\"\\\\/é\"}"
      })
  void objects_areWrittenAnew(String object, String written) {
    assertThat(objects('[' + object + ']')).contains(List.of(written));
  }

  @Test
  void objects_ofAnEmptyArray_areNone() {
    assertThat(objects(" [ ] ")).contains(List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "[{}", "[{}]x", "[{}][]", "[1]", "[{\"n\":1e400}]", "[{},\"\"]"})
  void objects_ofAnythingElse_areRefused(String body) {
    assertThat(objects(body)).isEmpty();
  }

  @Test
  void objects_null_isTakenAsGoTakesIt() {
    assertThat(objects("null")).contains(List.of());
    assertThat(objects("[null,{}]")).contains(List.of("null", "{}"));
  }

  @Test
  void objects_nested_areReadAsDeepAsGoReads() {
    String deep = "{\"a\":".repeat(9_998) + "{}" + "}".repeat(9_998);

    assertThat(objects('[' + deep + ']')).contains(List.of(deep));
    assertThat(objects("[{\"a\":" + deep + "}]")).isEmpty();
  }

  @Test
  void objects_longNumbersAndNames_areRead() {
    String name = "n".repeat(60_000);

    assertThat(objects("[{\"" + name + "\":" + "1".repeat(1_200) + "e-1199}]"))
        .contains(List.of("{\"" + name + "\":1.1111111111111112}"));
  }
}

package io.github.httpreport.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void end_allKindsOfMembers_areInOrder() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("int", 1);
    values.put("long", -2L);
    values.put("double", 0.5);
    values.put("nan", Double.NaN);
    values.put("yes", true);
    values.put("nothing", null);
    values.put("list", List.of("a"));
    String line =
        new EventJson()
            .time("t", Instant.EPOCH)
            .text("absent", null)
            .object("none", Map.of())
            .object("values", values)
            .array("few", List.of("a", "b"))
            .array("no", List.of())
            .exception("E", null, "x")
            .all(Map.of("last", "z"))
            .end();
    assertThat(line)
        .isEqualTo(
            "{'t':'1970-01-01T00:00:00Z','values':{'int':1,'long':-2,'double':0.5,'nan':'NaN',"
                    .replace('\'', '"')
                + "'yes':true,'list':'[a]'},'few':['a','b'],".replace('\'', '"')
                + "'exception':{'type':'E','stackTrace':'x'},'last':'z'}".replace('\'', '"'));
  }

  /** Also as UTF-8, which has no bytes for half a surrogate pair. */
  @Test
  void text_anyCharacters_arriveAsTheyWere() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      String text = randomText(random);
      String line = new EventJson().text(text, text).end();
      assertThat(line).as("seed %d", seed).doesNotContain("\n", "\r", "\u2028", "\u0000");
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      String arrived = withoutHalves(text);
      JsonNode read = JSON.readTree(bytes);
      assertThat(read.get(arrived).textValue()).as("seed %d", seed).isEqualTo(arrived);
    }
  }

  private static String withoutHalves(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String randomText(Random random) {
    String alphabet =
        "a\"\\/\n\r\t\b\f\u0000\u001f\u007f\u2028\u2029\ud83d\ude00\u00e9\u4e2d\uffff";
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(12); length > 0; length--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}

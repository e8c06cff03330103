package io.github.httpreport.http;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last check of what becomes a request, whatever protocol it comes from. */
class RequestTest {

  private static final Origin NODE = new Origin(false, "node", 80);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "/a b",
        "/a\r\nX-Injected: 1",
        "/a\n",
        "/a\t",
        "/a\0",
        "/\u00e9",
        "/\u560d\u560a",
        "/\u007f"
      })
  void path_thatCouldBreakOutOfItsLine_isRefused(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> Request.get(NODE, path));
    assertThatIllegalArgumentException().isThrownBy(() -> Request.post(NODE, path));
    assertThatIllegalArgumentException().isThrownBy(() -> Request.put(NODE, path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nX-Injected: 1", "a\n", "a\r", "a\t", "a\0", "\u00e9", "\u560d", "a\u007f"})
  void header_thatCouldBreakOutOfItsLine_isRefusedByNameWithoutTheValue(String value) {
    Request.Builder request = Request.get(NODE, "/");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.header("x-own", value))
        .withMessage("header x-own holds more than visible ASCII");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.host(value))
        .withMessage("header Host holds more than visible ASCII");
  }
}

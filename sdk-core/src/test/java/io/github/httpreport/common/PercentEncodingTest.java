package io.github.httpreport.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Texts in URLs and headers. */
class PercentEncodingTest {

  @Test
  void segment_everythingButUnreservedCharacters_isEscaped() {
    assertThat(PercentEncoding.segment("Az09-._~")).isEqualTo("Az09-._~");
    assertThat(PercentEncoding.segment("a/b c%+*?#;\n"))
        .isEqualTo("a%2Fb%20c%25%2B%2A%3F%23%3B%0A");
    assertThat(PercentEncoding.segment("é😀")).isEqualTo("%C3%A9%F0%9F%98%80");
  }

  @Test
  void path_slashes_stay() {
    assertThat(PercentEncoding.path("/a b/c")).isEqualTo("/a%20b/c");
  }

  @Test
  void date_ofAHeader_isRead() {
    assertThat(HttpDate.parse(" Sun, 06 Nov 1994 08:49:37 GMT"))
        .contains(Instant.parse("1994-11-06T08:49:37Z"));
    assertThat(HttpDate.parse("yesterday")).isEmpty();
  }
}

package io.github.httpreport.inlong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagerUrlTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://m:8083,                http://m:8083,         /inlong/manager",
    "http://m,                     http://m:80,           /inlong/manager",
    "https://m,                    https://m:443,         /inlong/manager",
    "HTTPS://M.example.org:8443/,  https://M.example.org:8443, /inlong/manager",
    "http://my_host-1:1,           http://my_host-1:1,    /inlong/manager",
    "http://10.0.0.1:65535,        http://10.0.0.1:65535, /inlong/manager",
    "http://[2001:db8::1]:8083,    http://[2001:db8::1]:8083, /inlong/manager",
    "http://[::1],                 http://[::1]:80,       /inlong/manager",
    "http://gw/some/base/,         http://gw:80,          /some/base/inlong/manager",
    "http://gw/a%20b,              http://gw:80,          /a%20b/inlong/manager",
    "http://m:8083/inlong/manager, http://m:8083,         /inlong/manager",
    "http://m:8083/x/inlong/manager/, http://m:8083,      /x/inlong/manager"
  })
  void parse_managerUrl_isOriginAndContextPath(String url, String origin, String path) {
    ManagerUrl parsed = ManagerUrl.parse(url);

    assertThat(parsed.origin()).hasToString(origin);
    assertThat(parsed.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "m:8083",
        "ftp://m:8083",
        "http:/m:8083",
        "http://",
        "http://:8083",
        "http://m:",
        "http://m:0",
        "http://m:70000",
        "http://m:123456",
        "http://m:80a",
        "http://a b:80",
        " http://m:80",
        "http://m:80 ",
        "http://m:80,http://n:80",
        "http://m:80\r\nx: y",
        "http://m:80/a b",
        "http://m:80/a\nb",
        "http://m:80/\u6570",
        "http://[::1",
        "http://::1:80",
        "http://[m]:80"
      })
  void parse_anythingElse_isRefusedByName(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ManagerUrl.parse(url))
        .withMessageContaining("Manager URL")
        .withMessageContaining('"' + url.replace("\r", "\\u000d").replace("\n", "\\u000a") + '"');
  }

  @Test
  void parse_null_isRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ManagerUrl.parse(null))
        .withMessage("a Manager URL must not be null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:hush@m:8083",
        "http://hush@m:8083",
        "htp://user:hush@m",
        "http://m:8083?token=hush",
        "http://m:8083/base#hush",
        "http://m:8083#a?token=hush",
        "@hush",
        "?hush#hush",
        "#hush?hush"
      })
  void parse_urlThatMayHoldASecret_isRefusedWithoutShowingIt(String url) {
    Throwable refusal = catchThrowable(() -> ManagerUrl.parse(url));

    assertThat(refusal)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Manager URL")
        .hasMessageNotContaining("hush");
  }
}

package io.github.httpreport;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes over the wire and what comes of broken answers, seen by a server that is not ours. */
class HttpProxySenderWireMockTest {

  private static final String MANAGER_PATH = "/inlong/manager/openapi/dataproxy/getIpList/group";
  private static final String REPORT_PATH = "/dataproxy/message";
  private static final String OK = "{\"code\":\"0\",\"msg\":\"Ok\"}";

  @RegisterExtension
  static final WireMockExtension SERVER =
      WireMockExtension.newInstance().options(options().dynamicPort()).build();

  @BeforeEach
  void listTheServerAsTheOnlyNode() {
    SERVER.stubFor(
        post(MANAGER_PATH)
            .willReturn(
                okJson(
                        """
                        {"success":true,"errMsg":null,"data":{"clusterId":2,"load":20,
                         "maxPacketLength":null,"nodeList":[{"id":1,"ip":"127.0.0.1","port":%d,
                         "protocolType":"HTTP","nodeLoad":65535}]}}
                        """
                            .formatted(SERVER.getPort()))
                    .withHeader("Set-Cookie", "JSESSIONID=1")));
  }

  @Test
  void send_oneBatch_isExactlyTheDocumentedRequest() {
    SERVER.stubFor(post(REPORT_PATH).willReturn(okJson(OK)));
    try (ProxySender sender = builder().credentials("id", "key").build()) {
      sender.send(List.of("a", "b&c"), "group", "stream", Instant.ofEpochMilli(1_700_000_000_001L));
    }

    String login = Base64.getEncoder().encodeToString("id:key".getBytes(StandardCharsets.US_ASCII));
    SERVER.verify(
        1,
        postRequestedFor(urlEqualTo(MANAGER_PATH))
            .withHeader("authorization", equalTo("Basic " + login))
            .withRequestBody(equalTo("protocolType=HTTP")));
    SERVER.verify(
        1,
        postRequestedFor(urlEqualTo(REPORT_PATH))
            .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
            .withHeader("Cookie", absent())
            .withHeader("Authorization", absent())
            .withRequestBody(
                equalTo("groupId=group&streamId=stream&dt=1700000000001&body=a%0Ab%26c&cnt=2")));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void send_brokenAnswer_isSentAgain(Fault fault) {
    firstThenOk(aResponse().withFault(fault));
    try (ProxySender sender = builder().build()) {
      SendResult result = sender.send(List.of("a"), "group", "stream");

      assertThat(result.attempts()).hasSize(2);
      assertThat(result.possibleDuplicate()).isTrue();
    }
    SERVER.verify(2, postRequestedFor(urlEqualTo(REPORT_PATH)));
  }

  @Test
  void send_unavailableWithRetryAfter_isSentAgainAsNotStored() {
    firstThenOk(aResponse().withStatus(503).withHeader("Retry-After", "1"));
    try (ProxySender sender = builder().build()) {
      SendResult result = sender.send(List.of("a"), "group", "stream");

      assertThat(result.attempts()).extracting(Attempt::code).containsExactly("HTTP 503", "0");
      assertThat(result.possibleDuplicate()).isFalse();
    }
  }

  private static HttpProxySender.Builder builder() {
    return HttpProxySender.builder().manager(SERVER.baseUrl());
  }

  private static void firstThenOk(ResponseDefinitionBuilder first) {
    String once = "answered once";
    SERVER.stubFor(
        post(REPORT_PATH)
            .inScenario("report")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(first)
            .willSetStateTo(once));
    SERVER.stubFor(
        post(REPORT_PATH).inScenario("report").whenScenarioStateIs(once).willReturn(okJson(OK)));
  }
}

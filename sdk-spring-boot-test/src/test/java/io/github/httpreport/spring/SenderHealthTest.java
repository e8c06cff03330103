package io.github.httpreport.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.MockProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.SenderStatus;
import io.github.httpreport.testkit.LocalCluster;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The health of senders, as the actuator shows it. */
class SenderHealthTest {

  private static JsonNode health(ConfigurableApplicationContext context) {
    HttpResponse<String> response = WebApplication.get(context, "/actuator/health");
    try {
      return new ObjectMapper().readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode component(ConfigurableApplicationContext context) {
    return health(context).path("components").path("httpReport");
  }

  @Test
  void health_ofOneSender_isDownOnlyWhileNothingCanBeSent() {
    try (LocalCluster cluster = LocalCluster.start(2);
        ConfigurableApplicationContext context =
            WebApplication.start(
                "http-report.manager=" + cluster.managerUrl(), "http-report.close-timeout=0s")) {
      assertThat(component(context).path("status").asText()).as("not used yet").isEqualTo("UP");
      ProxySender sender = context.getBean(ProxySender.class);
      sender.send(List.of("a"), "group", "stream");

      JsonNode up = component(context);
      assertThat(up.path("status").asText()).isEqualTo("UP");
      assertThat(up.at("/details/nodes/known").asInt()).isEqualTo(2);
      assertThat(up.at("/details/nodes/ejected").asInt(-1)).isZero();
      assertThat(up.at("/details/groups/inUse").asInt()).isEqualTo(1);
      assertThat(up.at("/details/buffer/maxBytes").asLong()).isEqualTo(32 << 20);
      assertThat(up.at("/details/lastSuccess").asText()).startsWith("20");
      assertThat(up.at("/details/spool").isMissingNode()).isTrue();

      cluster.node(0).stop();
      cluster.node(1).stop();
      sender.sendAsync(List.of("b"), "group", "stream");
      await(context, "DOWN");
      assertThat(component(context).at("/details/nodes/ejected").asInt()).isEqualTo(2);
      assertThat(WebApplication.get(context, "/actuator/health").statusCode()).isEqualTo(503);

      cluster.node(1).start();
      await(context, "UP");
      assertThat(health(context).path("status").asText()).isEqualTo("UP");
    }
  }

  private static void await(ConfigurableApplicationContext context, String status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> component(context).path("status").asText().equals(status));
  }

  /** Two senders of the application's own, one of them in need. */
  static class TwoSenders {
    @Bean
    @Primary
    ProxySender good() {
      return new MockProxySender();
    }

    @Bean
    ProxySender bad() {
      MockProxySender bad = new MockProxySender();
      bad.reportStatus(SenderStatus.builder().nodes(3, 3).spool(7, 8, 9).spoolFull(true).build());
      return bad;
    }
  }

  @Test
  void health_ofSeveralSenders_hasAComponentForEach() {
    try (ConfigurableApplicationContext context =
        WebApplication.start(new Class<?>[] {WebApplication.class, TwoSenders.class})) {
      JsonNode senders = component(context).path("components");

      assertThat(senders.at("/good/status").asText()).isEqualTo("UP");
      assertThat(senders.at("/bad/status").asText()).isEqualTo("DOWN");
      assertThat(senders.at("/bad/details/spool/messages").asInt()).isEqualTo(7);
      assertThat(senders.at("/bad/details/spool/full").asBoolean()).isTrue();
      assertThat(component(context).path("status").asText()).isEqualTo("DOWN");
    }
  }

  @Test
  void health_disabledByProperty_isNotThere() {
    try (ConfigurableApplicationContext context =
        WebApplication.start(
            "http-report.nodes=127.0.0.1:1", "management.health.http-report.enabled=false")) {
      assertThat(component(context).isMissingNode()).isTrue();
    }
  }
}

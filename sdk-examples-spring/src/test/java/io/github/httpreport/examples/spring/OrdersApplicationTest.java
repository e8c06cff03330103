package io.github.httpreport.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Runs the application as its user does: started by its main class, driven over HTTP. */
class OrdersApplicationTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext application =
      SpringApplication.run(OrdersApplication.class, "--server.port=0");

  @AfterEach
  void stop() {
    application.close();
  }

  @Test
  void order_posted_isStoredAndTheActuatorShowsIt() throws Exception {
    HttpResponse<String> response = post("/orders", "{\"id\":1}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("127.0.0.1:").contains("\"possibleDuplicate\":false");
    assertThat(get("/stored")).isEqualTo("[\"{\\\"id\\\":1}\"]");
    assertThat(get("/actuator/health/httpReport"))
        .contains("\"status\":\"UP\"")
        .contains("\"known\":3")
        .doesNotContain("never");
    assertThat(get("/actuator/metrics/http.report.messages?tag=result:sent"))
        .contains("\"value\":1.0");
  }

  @Test
  void order_thatTheServerCannotTake_isRefusedWithTheReason() throws Exception {
    HttpResponse<String> response = post("/orders", "two\nlines");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("newline");
    assertThat(get("/stored")).isEqualTo("[]");
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private String get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  private HttpRequest.Builder request(String path) {
    String port = application.getEnvironment().getProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }
}

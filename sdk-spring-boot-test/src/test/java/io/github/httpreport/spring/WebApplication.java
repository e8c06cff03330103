package io.github.httpreport.spring;

import io.github.httpreport.ProxySender;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A web application with everything that Spring Boot configures by itself. */
@SpringBootConfiguration
@EnableAutoConfiguration
class WebApplication {

  /** Enqueues what it is asked to, and can be held in the middle of a request. */
  @RestController
  static class Reporter {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private final ProxySender sender;

    Reporter(ProxySender sender) {
      this.sender = sender;
    }

    @GetMapping("/report")
    String report(@RequestParam("body") String body) {
      sender.enqueue(body, "group", "stream");
      return "accepted";
    }

    @GetMapping("/report-when-told")
    String reportWhenTold(@RequestParam("body") String body) throws InterruptedException {
      asked.countDown();
      goOn.await();
      return report(body);
    }
  }

  static ConfigurableApplicationContext start(String... properties) {
    return start(new Class<?>[] {WebApplication.class}, properties);
  }

  static ConfigurableApplicationContext start(Class<?>[] sources, String... properties) {
    return new SpringApplicationBuilder(sources)
        .web(WebApplicationType.SERVLET)
        .bannerMode(Banner.Mode.OFF)
        .properties(
            "server.port=0",
            "server.shutdown=graceful",
            "spring.main.log-startup-info=false",
            "management.endpoints.web.exposure.include=health,metrics",
            "management.endpoint.health.show-details=always")
        .properties(properties)
        .run();
  }

  static HttpResponse<String> get(ConfigurableApplicationContext context, String path) {
    return getAsync(context, path).join();
  }

  static CompletableFuture<HttpResponse<String>> getAsync(
      ConfigurableApplicationContext context, String path) {
    String port = context.getEnvironment().getProperty("local.server.port");
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}

package io.github.httpreport.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.ProxySender;
import io.github.httpreport.spring.test.LocalHttpReport;
import io.github.httpreport.testkit.LocalCluster;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;

/** A test of an application that has addresses of its own in its properties. */
@SpringBootTest(
    classes = WebApplication.class,
    properties = {
      "spring.main.banner-mode=off",
      "http-report.manager=http://manager.invalid:8083",
      "http-report.credentials.secret-id=id",
      "http-report.credentials.secret-key=key",
      "http-report.senders.orders.nodes=node.invalid:1",
    })
@LocalHttpReport(nodes = 3)
@DirtiesContext
class LocalHttpReportTest {

  @Autowired private LocalCluster cluster;
  @Autowired private ProxySender sender;

  @Autowired
  @Qualifier("orders")
  private ProxySender orders;

  @Test
  void senders_ofTheApplication_sendToTheCluster() {
    cluster.clear();
    sender.send(List.of("a"), "group", "stream");
    orders.send(List.of("b"), "group", "stream");

    assertThat(cluster.nodes()).hasSize(3);
    assertThat(cluster.storedCount()).isEqualTo(2);
  }

  @Nested
  class Inside {
    @Test
    void nestedTests_shareTheCluster(@Autowired LocalCluster same) {
      assertThat(same).isSameAs(cluster);
    }
  }

  @Nested
  @LocalHttpReport(senders = "orders")
  @DirtiesContext
  class OneSender {
    @Test
    void senders_thatAreNotNamed_keepTheirAddresses(
        @Autowired LocalCluster own, @Autowired @Qualifier("orders") ProxySender moved) {
      moved.send(List.of("c"), "group", "stream");

      assertThat(own.storedCount()).isEqualTo(1);
      assertThat(own.manager().requests()).as("asked by orders only").isEqualTo(1);
    }
  }
}

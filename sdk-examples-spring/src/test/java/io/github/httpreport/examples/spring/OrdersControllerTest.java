package io.github.httpreport.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.httpreport.spring.test.LocalHttpReport;
import io.github.httpreport.testkit.LocalCluster;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ActiveProfiles;

/** How an application tests what it reports: against a cluster of the test. */
@SpringBootTest
@ActiveProfiles("test")
@LocalHttpReport
class OrdersControllerTest {

  @Autowired private OrdersController orders;
  @Autowired private LocalCluster cluster;

  @Test
  void accept_anOrder_reportsIt() {
    orders.accept("order 7").join();

    assertThat(cluster.stored())
        .singleElement()
        .satisfies(
            stored -> {
              assertThat(stored.groupId()).isEqualTo("shop");
              assertThat(stored.streamId()).isEqualTo("orders");
              assertThat(stored.body()).isEqualTo("order 7");
            });
  }
}

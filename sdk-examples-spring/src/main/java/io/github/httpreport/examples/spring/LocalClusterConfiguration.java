package io.github.httpreport.examples.spring;

import io.github.httpreport.spring.HttpReportConnectionDetails;
import io.github.httpreport.testkit.LocalCluster;
import io.github.httpreport.testkit.StoredRecord;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A cluster of three nodes in this process, to try the application without a real one. */
@Configuration(proxyBeanMethods = false)
@Profile("local")
class LocalClusterConfiguration {

  @Bean
  LocalCluster cluster() {
    return LocalCluster.start(3);
  }

  @Bean
  HttpReportConnectionDetails connectionDetails(LocalCluster cluster) {
    return new HttpReportConnectionDetails() {
      @Override
      public List<String> getManagers() {
        return List.of(cluster.managerUrl());
      }
    };
  }

  /** Shows what the cluster has stored. */
  @RestController
  static class StoredController {

    private final LocalCluster cluster;

    StoredController(LocalCluster cluster) {
      this.cluster = cluster;
    }

    @GetMapping("/stored")
    List<String> stored() {
      return cluster.stored().stream().map(StoredRecord::messages).flatMap(List::stream).toList();
    }
  }
}

package io.github.httpreport.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Takes orders over REST and reports each as a message. Without another profile it runs a cluster
 * of its own, see {@link LocalClusterConfiguration}.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class OrdersApplication {

  /** Made by Spring. */
  public OrdersApplication() {}

  /**
   * Runs the application until it is stopped.
   *
   * @param args properties, each as {@code --name=value}
   */
  public static void main(String[] args) {
    SpringApplication.run(OrdersApplication.class, args);
  }
}

package io.github.httpreport.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Starts a {@link io.github.httpreport.testkit.LocalCluster} with the application context of a test
 * and points the application's senders at it, whatever addresses and credentials its properties
 * have. The cluster is a bean, for the test to inject, and stops with the context, after the
 * senders:
 *
 * <pre>{@code
 * @SpringBootTest
 * @LocalHttpReport
 * class OrdersTest {
 *   @Autowired LocalCluster cluster;
 * }
 * }</pre>
 *
 * <p>Test classes with the same configuration share a context, and so a cluster: {@code
 * cluster.clear()} forgets what earlier tests stored.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface LocalHttpReport {

  /**
   * How many nodes the cluster has.
   *
   * @return at least 1
   */
  int nodes() default 1;

  /**
   * The senders that are pointed at the cluster: keys of {@code http-report.senders}, or {@code
   * default} for the sender of {@code http-report} itself. A sender to another kind of server must
   * not be among them.
   *
   * @return empty for all of them
   */
  String[] senders() default {};
}

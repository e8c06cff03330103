package io.github.httpreport.spring.test;

import io.github.httpreport.testkit.LocalCluster;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Registers a cluster and its addresses in the context of a test. A record, because contexts are
 * cached by equal customizers.
 *
 * @param nodes how many nodes the cluster has
 * @param senders the senders that are pointed at it; empty for all
 */
record LocalHttpReportContextCustomizer(int nodes, Set<String> senders)
    implements ContextCustomizer {

  private static final String CLUSTER = "localHttpReportCluster";
  private static final String DETAILS = "localHttpReportConnectionDetails";

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    ConfigurableListableBeanFactory beans = context.getBeanFactory();
    BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beans;
    RootBeanDefinition cluster =
        new RootBeanDefinition(LocalCluster.class, () -> LocalCluster.start(nodes));
    cluster.setDestroyMethodName("close");
    registry.registerBeanDefinition(CLUSTER, cluster);
    RootBeanDefinition details =
        new RootBeanDefinition(
            LocalHttpReportConnectionDetails.class,
            () ->
                new LocalHttpReportConnectionDetails(
                    beans.getBean(CLUSTER, LocalCluster.class).managerUrl(), senders));
    details.setDependsOn(CLUSTER);
    registry.registerBeanDefinition(DETAILS, details);
  }
}

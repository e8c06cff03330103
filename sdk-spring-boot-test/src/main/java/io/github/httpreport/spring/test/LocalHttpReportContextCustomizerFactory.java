package io.github.httpreport.spring.test;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Finds {@link LocalHttpReport} on a test class or on one that it is nested in. */
final class LocalHttpReportContextCustomizerFactory implements ContextCustomizerFactory {

  @Override
  public @Nullable ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> configAttributes) {
    LocalHttpReport found =
        TestContextAnnotationUtils.findMergedAnnotation(testClass, LocalHttpReport.class);
    return found == null
        ? null
        : new LocalHttpReportContextCustomizer(found.nodes(), Set.of(found.senders()));
  }
}

/** Servers on loopback for tests. */
module io.github.httpreport.testkit {
  requires com.fasterxml.jackson.databind;
  requires org.apache.commons.lang3;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.github.httpreport.testkit;
}

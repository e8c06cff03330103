/** An appender of Logback that reports log events over HTTP. */
module io.github.httpreport.logback {
  requires io.github.httpreport.logging;
  requires transitive ch.qos.logback.classic;
  requires transitive ch.qos.logback.core;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.github.httpreport.logback;
}

/** Reports data over HTTP. */
module io.github.httpreport {
  requires com.fasterxml.jackson.databind;
  requires io.github.resilience4j.core;
  requires io.github.resilience4j.retry;
  // httpcore5 sets options of sockets with it and does not say so.
  requires jdk.net;
  requires org.apache.commons.lang3;
  requires org.apache.httpcomponents.client5.httpclient5;
  requires org.apache.httpcomponents.core5.httpcore5;
  requires org.apache.httpcomponents.core5.httpcore5.h2;
  requires org.slf4j;
  requires static com.h2database.mvstore;
  requires static io.opentelemetry.api;
  requires static micrometer.core;
  requires static transitive org.jspecify;

  exports io.github.httpreport;
  exports io.github.httpreport.ckafka;
  exports io.github.httpreport.ekuiper;
  exports io.github.httpreport.error;
  exports io.github.httpreport.http;
  exports io.github.httpreport.inlong;
  exports io.github.httpreport.memphis;
  exports io.github.httpreport.micrometer;
  exports io.github.httpreport.node;
  exports io.github.httpreport.opentelemetry;
  exports io.github.httpreport.protocol;
  exports io.github.httpreport.protocol.support;
  exports io.github.httpreport.spool;
}

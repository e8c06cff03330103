/** An appender of Log4j that reports log events over HTTP. */
// The framework itself has the digit in its name.
@SuppressWarnings("module")
module io.github.httpreport.log4j2 {
  requires io.github.httpreport.logging;
  requires org.apache.logging.log4j;
  requires transitive org.apache.logging.log4j.core;
  requires static transitive org.jspecify;

  exports io.github.httpreport.log4j2;

  // Log4j sets the fields of the builders.
  opens io.github.httpreport.log4j2 to
      org.apache.logging.log4j.core;
}

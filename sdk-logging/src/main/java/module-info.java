/** What the log appenders for Logback and Log4j share. Applications use one of those. */
// The two modules are compiled after this one.
@SuppressWarnings("module")
module io.github.httpreport.logging {
  requires transitive io.github.httpreport;
  requires static transitive org.jspecify;

  exports io.github.httpreport.logging to
      io.github.httpreport.log4j2,
      io.github.httpreport.logback;
}

/** A small application on the module path. */
module app {
  requires io.github.httpreport;
  requires io.github.httpreport.testkit;
  requires static micrometer.core;
}

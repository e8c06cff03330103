package io.github.httpreport.examples.cli;

/** Reads the name of a selector as the help writes it. */
final class SelectionConverter extends NameConverter<Selection> {

  SelectionConverter() {
    super(Selection.values());
  }
}

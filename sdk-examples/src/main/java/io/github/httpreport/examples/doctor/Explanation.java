package io.github.httpreport.examples.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;

/** The likely causes of an error, and what to do about each. */
public final class Explanation {

  private final List<KnownFailure> failures;

  /**
   * An explanation.
   *
   * @param failures the rows that stand in the error, the nearest to the cause first
   */
  public Explanation(List<KnownFailure> failures) {
    this.failures = List.copyOf(failures);
  }

  /**
   * Whether the documentation knows the error.
   *
   * @return true if so
   */
  public boolean isKnown() {
    return !failures.isEmpty();
  }

  /**
   * Prints it for people.
   *
   * @param out where it goes
   * @param columns how wide a line is at most
   */
  public void print(PrintWriter out, int columns) {
    Paragraphs text = new Paragraphs(out, columns);
    print(text, "");
    if (!isKnown()) {
      text.print("", "", "The documentation does not know this text.");
    }
    out.flush();
  }

  void print(Paragraphs text, String margin) {
    for (KnownFailure failure : failures) {
      text.print(margin, margin, "Likely cause: " + failure.cause());
      text.print(margin, margin, "What to do: " + failure.remedy());
    }
  }

  /**
   * Prints it for scripts.
   *
   * @param out where it goes
   */
  public void printJson(PrintWriter out) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("known", isKnown());
    root.set("explanations", json());
    out.println(Json.textOf(root));
    out.flush();
  }

  ArrayNode json() {
    ArrayNode rows = Json.MAPPER.createArrayNode();
    for (KnownFailure failure : failures) {
      ObjectNode row = rows.addObject();
      row.set("messages", Json.MAPPER.valueToTree(failure.messages()));
      row.put("cause", failure.cause());
      row.put("remedy", failure.remedy());
    }
    return rows;
  }
}

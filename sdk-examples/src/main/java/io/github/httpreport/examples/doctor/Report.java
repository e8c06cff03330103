package io.github.httpreport.examples.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The findings for people, in lines that fit the terminal, and for scripts, as JSON. */
public final class Report {

  private static final String MARGIN = "  ";

  /** Begins below the detail of a finding. */
  private static final String ADVICE_MARGIN = " ".repeat(11);

  private final List<Finding> findings;
  private final KnownFailures failures;

  /**
   * A report.
   *
   * @param findings what was found
   * @param failures explains what failed
   */
  public Report(List<Finding> findings, KnownFailures failures) {
    this.findings = List.copyOf(findings);
    this.failures = failures;
  }

  /**
   * Whether nothing failed. Warnings count as well.
   *
   * @return true if so
   */
  public boolean isHealthy() {
    return findings.stream().noneMatch(Finding::hasFailed);
  }

  /**
   * Prints the findings for people.
   *
   * @param out where they go
   * @param columns how wide a line is at most
   */
  public void print(PrintWriter out, int columns) {
    Paragraphs text = new Paragraphs(out, columns);
    String subject = "";
    for (Finding finding : findings) {
      if (!finding.subject().equals(subject)) {
        subject = finding.subject();
        text.print("", "", subject);
      }
      print(text, finding);
    }
    text.print("", "", "");
    text.print("", "", conclusion());
    out.flush();
  }

  private void print(Paragraphs text, Finding finding) {
    String label = String.format(Locale.ROOT, "%-7s  ", labelOf(finding.outcome()));
    text.print(MARGIN + label, ADVICE_MARGIN, finding.step() + ": " + finding.detail());
    if (finding.isProblem()) {
      new Explanation(failures.in(finding.detail())).print(text, ADVICE_MARGIN);
    }
  }

  /** Capitals where something is to be done, so that the report needs no colours. */
  private static String labelOf(CheckOutcome outcome) {
    return switch (outcome) {
      case OK -> "ok";
      case WARNING -> "WARNING";
      case FAILED -> "FAILED";
      case SKIPPED -> "skipped";
    };
  }

  private String conclusion() {
    long failed = count(CheckOutcome.FAILED);
    long warnings = count(CheckOutcome.WARNING);
    if (failed + warnings == 0) {
      return "All steps passed.";
    }
    return "Steps that failed: " + failed + ". Warnings: " + warnings + '.';
  }

  private long count(CheckOutcome outcome) {
    return findings.stream().filter(finding -> finding.outcome() == outcome).count();
  }

  /**
   * Prints the findings for scripts.
   *
   * @param out where they go
   */
  public void printJson(PrintWriter out) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("healthy", isHealthy());
    root.put("failed", count(CheckOutcome.FAILED));
    root.put("warnings", count(CheckOutcome.WARNING));
    ArrayNode steps = root.putArray("steps");
    findings.forEach(finding -> steps.add(json(finding)));
    out.println(Json.textOf(root));
    out.flush();
  }

  private ObjectNode json(Finding finding) {
    ObjectNode step = Json.MAPPER.createObjectNode();
    step.put("subject", finding.subject());
    step.put("step", finding.step());
    step.put("outcome", finding.outcome().toString());
    step.put("detail", finding.detail());
    step.set("facts", Json.MAPPER.valueToTree(finding.facts()));
    if (finding.isProblem()) {
      step.set("explanations", new Explanation(failures.in(finding.detail())).json());
    }
    return step;
  }
}

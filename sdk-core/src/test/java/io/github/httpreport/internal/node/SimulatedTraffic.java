package io.github.httpreport.internal.node;

import java.time.Duration;

/** How an application sends. */
enum SimulatedTraffic {
  ONE_IN_FLIGHT(1, 0),
  EIGHT_IN_FLIGHT(8, 0),
  SIXTY_FOUR_IN_FLIGHT(64, 0),
  TWENTY_PER_SECOND_AND_NODE(0, 20),
  FIVE_HUNDRED_PER_SECOND_AND_NODE(0, 500);

  private final int inFlight;
  private final double perSecondAndNode;

  SimulatedTraffic(int inFlight, double perSecondAndNode) {
    this.inFlight = inFlight;
    this.perSecondAndNode = perSecondAndNode;
  }

  Shares run(Simulation simulation, Duration time) {
    return inFlight > 0
        ? simulation.closedLoop(inFlight, time)
        : simulation.openLoop(perSecondAndNode * simulation.size(), time);
  }
}

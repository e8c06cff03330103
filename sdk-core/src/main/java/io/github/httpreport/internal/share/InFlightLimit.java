package io.github.httpreport.internal.share;

import io.github.httpreport.internal.concurrent.Scheduler;
import io.github.httpreport.internal.share.GroupHealth.Standing;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limit on the requests in flight, divided among groups. Deliveries wait here, before a node is
 * selected for them, and not in the queue of a node that may die meanwhile.
 *
 * <p>A place cannot be taken back from a request that hangs, so a group gets only what leaves
 * enough to the others. Each group has a window as TCP has one: it begins small, grows by one with
 * each answer, and is small again once the group fails. While several groups are in use, a healthy
 * group also leaves one free place for each {@value #DYNAMIC_THRESHOLD} that it holds (the dynamic
 * threshold of shared switch buffers), and the groups that have not shown that they work share a
 * part of all places. Once an eighth of the places is held, a group also waits for the first answer
 * to its requests on the way before it gets a second place: many groups may die at once. One
 * healthy group alone may use every place.
 *
 * <p>Deliveries of one group are served in order and groups in turn, healthy ones first. The lock
 * guards the counts and queues; no delivery runs under it. The thread that gives a place back runs
 * the deliveries that get in, one thread at a time and in a loop: deliveries that end as soon as
 * they start do not recurse.
 */
public final class InFlightLimit {

  private static final Logger LOG = LoggerFactory.getLogger(InFlightLimit.class);

  /** The window of a group that has not shown that it works. */
  static final int MIN_WINDOW = 4;

  /** Places that a healthy group may hold for each place that it leaves free. */
  private static final int DYNAMIC_THRESHOLD = 7;

  private final int max;
  private final Scheduler scheduler;
  private final ReentrantLock lock = new ReentrantLock();
  private final Tier healthy = new Tier();
  private final Tier unproven = new Tier();
  private final Tier failing = new Tier();

  /**
   * Calls of {@link #drain} that no thread has served; the thread that raises it from 0 serves all.
   */
  private final AtomicInteger drainRequests = new AtomicInteger();

  private int free;
  private int shares;

  /** Deliveries in all queues, so that giving a place back costs no walk through the queues. */
  private int waitingDeliveries;

  InFlightLimit(int max, Scheduler scheduler) {
    this.max = max;
    this.scheduler = scheduler;
    free = max;
  }

  /**
   * The share of one more group.
   *
   * @param onFailing called under the lock when the group begins to fail, and when that is over
   */
  Share newShare(Consumer<Boolean> onFailing) {
    lock.lock();
    try {
      shares++;
      return new Share(onFailing);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs every delivery that may have a place. A delivery that ends at once gives its place back
   * and comes here again; it only raises the counter then, and the loop of the outer call goes on.
   */
  private void drain() {
    if (drainRequests.getAndIncrement() != 0) {
      return;
    }
    int served = 1;
    do {
      for (Runnable next = next(); next != null; next = next()) {
        run(next);
      }
      served = drainRequests.addAndGet(-served);
    } while (served != 0);
  }

  /** Goes on whatever is thrown: otherwise no delivery would ever be let in again. */
  private static void run(Runnable delivery) {
    try {
      delivery.run();
    } catch (Throwable e) {
      LOG.error("A delivery failed to start", e);
    }
  }

  /** Takes the next delivery out of the queues, with a place; null if none may have one now. */
  private @Nullable Runnable next() {
    lock.lock();
    try {
      long now = scheduler.nanoTime();
      for (Standing standing : Standing.values()) {
        Runnable next = next(standing, now);
        if (next != null) {
          return next;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Runnable next(Standing standing, long now) {
    Set<Share> queue = tier(standing).waiting;
    // What is passed over holds places, so there are at most as many of them as places.
    while (free > 0 && hasPlaceFor(standing)) {
      Share found = null;
      boolean changed = false;
      for (Share share : queue) {
        if (share.assess(now)) {
          changed = true;
          break;
        }
        if (share.mayEnter()) {
          found = share;
          break;
        }
      }
      if (found != null) {
        return found.enterFirst(now);
      }
      if (!changed) {
        return null;
      }
    }
    return null;
  }

  /**
   * Whether the groups of a standing may hold one place more together. The bound is one place at
   * least, so that failing groups can find out in turn that they work again.
   */
  private boolean hasPlaceFor(Standing standing) {
    if (shares == 1) {
      return true;
    }
    return switch (standing) {
      case HEALTHY -> true;
      case UNPROVEN -> failing.held + unproven.held < part(max - max / 8);
      case FAILING -> failing.held < part(max / 4);
    };
  }

  private Tier tier(Standing standing) {
    return switch (standing) {
      case HEALTHY -> healthy;
      case UNPROVEN -> unproven;
      case FAILING -> failing;
    };
  }

  private static int part(int places) {
    return Math.max(1, places);
  }

  /** The groups of one standing: those that wait, and the places that all of them hold. */
  private static final class Tier {
    private final Set<Share> waiting = new LinkedHashSet<>();
    private int held;
  }

  /** The places of one group and the deliveries that wait for one. Guarded by the lock. */
  public final class Share {

    private final Consumer<Boolean> onFailing;
    private final GroupHealth health = new GroupHealth(scheduler.nanoTime());
    private final Set<Runnable> deliveries = new LinkedHashSet<>();
    private int inFlight;
    private int window = MIN_WINDOW;
    private long busySinceNanos;

    private Share(Consumer<Boolean> onFailing) {
      this.onFailing = onFailing;
    }

    boolean isFailing() {
      return health.isFailing();
    }

    /** Takes a place if the group may have one and none of its deliveries waits. */
    public boolean tryEnter() {
      lock.lock();
      try {
        long now = scheduler.nanoTime();
        return deliveries.isEmpty() && tryTake(now);
      } finally {
        lock.unlock();
      }
    }

    /** Runs the delivery when the group may have a place, perhaps at once on this thread. */
    public void enter(Runnable delivery) {
      if (tryEnterOrWait(delivery)) {
        delivery.run();
      }
    }

    private boolean tryEnterOrWait(Runnable delivery) {
      lock.lock();
      try {
        if (tryEnter()) {
          return true;
        }
        deliveries.add(delivery);
        waitingDeliveries++;
        ownTier().waiting.add(this);
        return false;
      } finally {
        lock.unlock();
      }
    }

    public void withdraw(Runnable delivery) {
      lock.lock();
      try {
        if (deliveries.remove(delivery)) {
          waitingDeliveries--;
        }
        if (deliveries.isEmpty()) {
          ownTier().waiting.remove(this);
        }
      } finally {
        lock.unlock();
      }
    }

    /** Gives a place back, and then lets others in on this thread. */
    public void leave() {
      boolean othersWait;
      lock.lock();
      try {
        free++;
        add(-1);
        othersWait = waitingDeliveries > 0;
      } finally {
        lock.unlock();
      }
      if (othersWait) {
        drain();
      }
    }

    /** Records a response, before its place is given back. */
    public void responded(long nanos, long nowNanos) {
      health.responded(nanos, nowNanos);
      if (health.standing() != Standing.HEALTHY || window < max) {
        lock.lock();
        try {
          change(Standing.HEALTHY);
          window = Math.min(max, window + 1);
        } finally {
          lock.unlock();
        }
      }
    }

    /** Records a failed request, before its place, if it has one, is given back. */
    public void failed() {
      if (health.failed(scheduler.nanoTime())) {
        lock.lock();
        try {
          change(Standing.FAILING);
        } finally {
          lock.unlock();
        }
      }
    }

    /** Ends the share of a group that is not used any more; false if it still is. */
    boolean retire() {
      lock.lock();
      try {
        if (inFlight > 0 || !deliveries.isEmpty()) {
          return false;
        }
        change(Standing.UNPROVEN);
        shares--;
        return true;
      } finally {
        lock.unlock();
      }
    }

    /** Notices that requests hang; true if that is news. */
    private boolean assess(long now) {
      boolean hangs = inFlight > 0 && !isFailing() && health.isOverdue(now, busySinceNanos);
      if (hangs) {
        change(Standing.FAILING);
      }
      return hangs;
    }

    private Tier ownTier() {
      return tier(health.standing());
    }

    private void change(Standing next) {
      Standing before = health.standing();
      if (before == next) {
        return;
      }
      tier(before).held -= inFlight;
      tier(next).held += inFlight;
      if (tier(before).waiting.remove(this)) {
        tier(next).waiting.add(this);
      }
      health.standing(next);
      if (next == Standing.FAILING) {
        window = MIN_WINDOW;
      }
      if (next == Standing.FAILING || before == Standing.FAILING) {
        onFailing.accept(next == Standing.FAILING);
      }
    }

    private boolean tryTake(long now) {
      if (free == 0) {
        return false;
      }
      assess(now);
      if (!hasPlaceFor(health.standing()) || !mayEnter()) {
        return false;
      }
      take(now);
      return true;
    }

    /**
     * Whether the group may have one place more, given that one is free. A group without a request
     * in flight may always have its first one, or it could never show that it works.
     */
    private boolean mayEnter() {
      if (inFlight >= window) {
        return false;
      }
      if (shares == 1 || inFlight == 0) {
        return true;
      }
      boolean isHealthy = health.standing() == Standing.HEALTHY;
      boolean scarce = free < max - max / 8;
      if (scarce && !(isHealthy && health.hasRespondedSince(busySinceNanos))) {
        return false;
      }
      return !isHealthy || inFlight <= DYNAMIC_THRESHOLD * (free - 1);
    }

    private void take(long now) {
      if (inFlight == 0) {
        busySinceNanos = now;
      }
      free--;
      add(1);
    }

    private void add(int places) {
      inFlight += places;
      ownTier().held += places;
    }

    /** The group goes to the end of the line, behind the others of its standing. */
    private Runnable enterFirst(long now) {
      take(now);
      Iterator<Runnable> first = deliveries.iterator();
      Runnable delivery = first.next();
      first.remove();
      waitingDeliveries--;
      Set<Share> line = ownTier().waiting;
      line.remove(this);
      if (!deliveries.isEmpty()) {
        line.add(this);
      }
      return delivery;
    }
  }
}

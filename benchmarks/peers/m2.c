/* M2, the revolving door, in C: a yardstick of what the machine can do.
 *
 * Places are all that people share. So each person is followed alone, in registers, until they ask
 * for a limited place; from then on they stand in a calendar. Whoever waits stands there with their
 * next event of any kind, because a place may come before it. Whoever holds a place and waits for
 * none is followed alone again, to the moment at which they give it back. No random number and no
 * line of code is shared with pathsim.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "m2.h"
#include "random.h"

/* --- One person's life. --- */

static inline void multiply(Person *p, double now, double ratio) {
  p->due = now + (p->due - now) * (1.0 / ratio);
}

static inline double service_days(World *w, int s) {
  return s == TAG ? TAG_DAYS : TREATMENT_DAYS * exponential(&w->random);
}

static inline void start(World *w, Person *p, int s, double now) {
  multiply(p, now, RATIO[s]);
  double days = service_days(w, s);
  p->state[s] = HOLDS;
  p->until[s] = now + days;
  w->service[s].days += days;
  w->service[s].starts++;
}

static inline double mean_now(const Person *p) {
  double mean = p->mean;
  if (p->rehoused < NEVER) mean *= 1.0 / HOMELESS_RATIO;
  for (int s = 0; s < SERVICES; s++)
    if (p->state[s] == HOLDS) mean *= 1.0 / RATIO[s];
  return mean;
}

static inline double custody(World *w, double now, double end) {
  double release = now + CUSTODY_DAYS * exponential(&w->random);
  w->custody_days += (release < end ? release : end) - now;
  return release;
}

/* Enter the community; return whether a service is asked for (bit by service). */
static inline int enter(World *w, Person *p, double now) {
  int homeless = chance(&w->random, 0.15);
  int asks = chance(&w->random, 0.10) << TAG | chance(&w->random, 0.20) << TREATMENT;
  double days = exponential(&w->random) * p->mean;
  p->due = now + (homeless ? days * (1.0 / HOMELESS_RATIO) : days);
  p->rehoused = homeless ? now + HOMELESS_DAYS * exponential(&w->random) : NEVER;
  return asks;
}

static inline int next_event(const Person *p, double *when) {
  int event = END;
  *when = p->end;
  if (p->due < *when) *when = p->due, event = REOFFENCE;
  if (p->rehoused < *when) *when = p->rehoused, event = REHOUSED;
  if (p->until[TAG] < *when) *when = p->until[TAG], event = TAG_TIME;
  if (p->until[TREATMENT] < *when) *when = p->until[TREATMENT], event = TREATMENT_TIME;
  return event;
}

/* Reoffend; return whether they go to custody. */
static inline int reoffend(World *w, Person *p, double now) {
  w->reoffences++;
  w->reoffenders += !p->reoffended;
  p->reoffended = 1;
  if (chance(&w->random, 0.30)) return 1;
  p->due = now + exponential(&w->random) * mean_now(p);
  return 0;
}

static inline void rehouse(Person *p, double now) {
  multiply(p, now, 1.0 / HOMELESS_RATIO);
  p->rehoused = NEVER;
}

/* Follow somebody who waits for nothing to their next act that concerns others (or their end). */
static inline int follow(World *w, Person *p, double *when) {
  for (;;) {
    int event = next_event(p, when);
    if (event == REOFFENCE) {
      if (reoffend(w, p, *when)) return JAIL;
    } else if (event == REHOUSED) {
      rehouse(p, *when);
    } else {
      return event;
    }
  }
}

/* Set the next entry of somebody in the calendar. */
static inline void schedule(World *w, int32_t who) {
  Person *p = &w->person[who];
  int waits = p->state[TAG] == WAITS || p->state[TREATMENT] == WAITS;
  double when;
  p->event = (waits ? next_event(p, &when) : follow(w, p, &when)) & 15;
  put(w, who, when);
}

static inline void stop(World *w, Person *p, int s, double now) {
  w->service[s].days -= p->until[s] - now; /* all of them were counted at the start */
  p->state[s] = NO;
  p->until[s] = NEVER;
}

/* Follow somebody to JAIL or END who shares no place with others; `now` becomes its time. */
static inline int on_their_own(World *w, Person *p, double *now) {
  for (;;) {
    int event = follow(w, p, now);
    if (event == JAIL || event == END) {
      for (int s = 0; s < SERVICES; s++)
        if (p->state[s] == HOLDS) stop(w, p, s, *now);
      return event;
    }
    stop(w, p, event - TAG_TIME, *now);
    multiply(p, *now, 1.0 / RATIO[event - TAG_TIME]);
  }
}

/* Follow somebody who holds and awaits nothing, from their entry to the community (or, if `inside`,
 * to custody) to the moment at which they ask for a limited place, and put that into `when`.
 * Return whether there is such a moment before their end. */
static inline int alone(World *w, Person *p, double now, int inside, int limited, double *when) {
  for (;;) {
    if (inside) now = custody(w, now, p->end);
    if (now >= p->end) return 0;
    p->asks = enter(w, p, now) & 15;
    if (limited && p->asks) {
      *when = now;
      return 1;
    }
    for (int s = 0; s < SERVICES; s++)
      if (p->asks >> s & 1) start(w, p, s, now);
    int event = on_their_own(w, p, &now);
    if (event == END) return 0;
    inside = 1;
  }
}

/* --- Places. --- */

static inline void ask(World *w, int32_t who, int s, double now) {
  Person *p = &w->person[who];
  Service *service = &w->service[s];
  if (service->free > 0) {
    service->free--;
    start(w, p, s, now);
    return;
  }
  if (service->tail == service->room) {
    Waiter *line = realloc(service->line, sizeof(Waiter) * (size_t)service->room * 2);
    if (!line) {
      w->failed = 1;
      return;
    }
    service->line = line;
    service->room *= 2;
  }
  p->state[s] = WAITS;
  p->until[s] = now + PATIENCE[s];
  service->line[service->tail++] = (Waiter){p->until[s], who};
}

/* A place is given back: to the first who still waits. */
static inline void give_back(World *w, int s, double now) {
  Service *service = &w->service[s];
  while (service->head < service->tail) {
    Waiter first = service->line[service->head++];
    Person *p = &w->person[first.person];
    if (p->state[s] != WAITS || p->until[s] != first.until) continue;
    take_out(w, first.person);
    service->waited += now - (p->until[s] - PATIENCE[s]);
    start(w, p, s, now);
    schedule(w, first.person);
    return;
  }
  service->free++;
}

static inline void leave(World *w, Person *p, int s, double now) {
  if (p->state[s] == HOLDS) {
    stop(w, p, s, now);
    give_back(w, s, now);
  }
  p->state[s] = NO;
  p->until[s] = NEVER;
}

/* The time of a service is up: of waiting for it, or of having it. */
static inline void time_up(World *w, Person *p, int s, double now) {
  if (p->state[s] == HOLDS)
    multiply(p, now, 1.0 / RATIO[s]);
  else
    w->service[s].reneged++;
  leave(w, p, s, now);
}

/* Follow somebody from custody on, alone, until they ask again; return whether they do. */
static inline int go_on(World *w, int32_t who, double now) {
  Person *p = &w->person[who];
  double when;
  if (!alone(w, p, now, 1, 1, &when)) return 0;
  p->event = REQUEST;
  put(w, who, when);
  return 1;
}

/* Handle the event for which somebody stands in the calendar. */
static inline void handle(World *w, int32_t who) {
  Person *p = &w->person[who];
  double now = p->key;
  int event = p->event;
  if (event == REOFFENCE && reoffend(w, p, now)) event = JAIL;
  if (event == JAIL || event == END) {
    for (int s = 0; s < SERVICES; s++) leave(w, p, s, now);
    if (event == END || !go_on(w, who, now)) {
      p->next = w->spare;
      w->spare = who;
    }
    return;
  }
  if (event == REQUEST) {
    for (int s = 0; s < SERVICES; s++)
      if (p->asks >> s & 1) ask(w, who, s, now);
  } else if (event == REHOUSED) {
    rehouse(p, now);
  } else if (event != REOFFENCE) {
    time_up(w, p, event - TAG_TIME, now);
  }
  schedule(w, who);
}

/* --- One replication. --- */

/* People come by cells of the year, so that those who are in the calendar at one time lie close
 * together in memory: first how many begin in each, then when in it, uniformly again. */
static void draw_cells(World *w) {
  memset(w->begin_in, 0, sizeof w->begin_in);
  for (int64_t i = 0; i < w->people; i++) w->begin_in[bits(&w->random) >> (64 - CELL_BITS)]++;
}

static inline int32_t slot(World *w) {
  int32_t who = w->spare;
  if (who < 0) return (int32_t)w->slots++;
  w->spare = w->person[who].next;
  return who;
}

static inline void live(World *w, double now, double mean, int limited) {
  double when;
  Person p = {.end = now + YEAR, .mean = mean, .until = {NEVER, NEVER}};
  if (!alone(w, &p, now, chance(&w->random, 0.25), limited, &when)) return;
  int32_t who = slot(w);
  p.event = REQUEST;
  w->person[who] = p;
  put(w, who, when);
}

static inline void begin(World *w, int cell, int limited) {
  double z[2] = {0.0, 0.0};
  for (int32_t i = 0; i < w->begin_in[cell]; i++) {
    double now = YEAR / CELLS * (cell + uniform(&w->random));
    if (!(i & 1)) normals(&w->random, z);
    live(w, now, exp(LOG_MEDIAN_DAYS - z[i & 1]), limited);
  }
}

static void reset(World *w, uint64_t key, int64_t places[SERVICES]) {
  w->random = key;
  w->spare = -1;
  w->slots = w->reoffences = w->reoffenders = 0;
  w->custody_days = 0.0;
  memset(w->bucket, 0xff, sizeof(int32_t) * BUCKETS(w));
  for (int s = 0; s < SERVICES; s++) {
    Service *service = &w->service[s];
    service->head = service->tail = service->starts = service->reneged = 0;
    service->waited = service->days = 0.0;
    service->free = places[s];
  }
}

/* Handle all that falls due in a cell. */
static inline void empty(World *w, int cell) {
  for (int32_t *b = w->bucket + cell * w->a_cell; b < w->bucket + (cell + 1) * w->a_cell; b++)
    while (*b >= 0) {
      int32_t who = earliest(w, *b);
      take_out(w, who);
      handle(w, who);
    }
}

static inline void run(World *w, int limited) {
  draw_cells(w);
  for (int cell = 0; cell <= 2 * CELLS; cell++) {
    if (cell < CELLS) begin(w, cell, limited);
    if (limited) empty(w, cell);
  }
}

static void report(const World *w, double *out) {
  double people = (double)w->people;
  double cost = CUSTODY_PRICE * w->custody_days + REOFFENCE_PRICE * (double)w->reoffences;
  for (int s = 0; s < SERVICES; s++) {
    const Service *service = &w->service[s];
    cost += PRICE[s] * service->days;
    out[3 + 3 * s] = (double)service->starts;
    out[4 + 3 * s] = service->waited / (double)service->starts;
    out[5 + 3 * s] = (double)service->reneged;
  }
  out[0] = (double)w->reoffenders / people;
  out[1] = (double)w->reoffences / people;
  out[2] = cost;
}

/* Run replications `first` ... of `seed` and write nine figures for each into `out`. With
 * `unlimited`, there is a place for everybody (M2U). Return 0, or 1 when memory ran out. */
int m2_replications(uint64_t seed, int64_t first, int64_t replications, int64_t people,
                    int64_t tags, int64_t treatments, int unlimited, double *out) {
  World w = {.people = people, .a_cell = people / (2 * CELLS) + 1};
  int64_t places[SERVICES] = {tags, treatments};
  /* Rounded up, so that nobody who begins in a cell is put into a bucket before it. */
  w.per_day = nextafter((double)(w.a_cell * CELLS) / YEAR, NEVER);
  w.person = aligned_alloc(sizeof(Person), sizeof(Person) * (size_t)people);
  w.bucket = malloc(sizeof(int32_t) * BUCKETS(&w));
  w.failed = !w.person || !w.bucket;
  for (int s = 0; s < SERVICES; s++) {
    w.service[s].room = 1024;
    w.service[s].line = malloc(sizeof(Waiter) * 1024);
    w.failed |= !w.service[s].line;
  }
  for (int64_t r = 0; r < replications && !w.failed; r++) {
    reset(&w, mix(mix(seed) + GOLDEN * (uint64_t)(first + r + 1)), places);
    if (unlimited)
      run(&w, 0);
    else
      run(&w, 1);
    report(&w, out + 9 * r);
  }
  for (int s = 0; s < SERVICES; s++) free(w.service[s].line);
  free(w.bucket);
  free(w.person);
  return w.failed;
}

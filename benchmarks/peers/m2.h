/* People, services and the world of M2, and the calendar in which people stand. */
#include <stdint.h>

enum { TAG, TREATMENT, SERVICES };
enum { NO, WAITS, HOLDS };
enum { CELL_BITS = 9, CELLS = 1 << CELL_BITS };
enum { REQUEST, REOFFENCE, JAIL, REHOUSED, TAG_TIME, TREATMENT_TIME, END };

static const double YEAR = 365.0, NEVER = 1e300;
static const double LOG_MEDIAN_DAYS = 6.725433722188183; /* -ln 0.0012 */
static const double CUSTODY_DAYS = 60.0, HOMELESS_DAYS = 90.0, HOMELESS_RATIO = 1.5;
static const double CUSTODY_PRICE = 130.0, REOFFENCE_PRICE = 5000.0;
static const double PATIENCE[SERVICES] = {30.0, 60.0}, RATIO[SERVICES] = {0.4, 0.7};
static const double PRICE[SERVICES] = {10.0, 12.0};
static const double TAG_DAYS = 90.0, TREATMENT_DAYS = 120.0;

/* One cache line. Times are absolute days. The budget of a reoffence is never kept: when the hazard
 * is multiplied by f at t, the days left to `due` are divided by f, and that is the same thing. */
typedef struct {
  double key;             /* when they are next due in the calendar */
  double due, rehoused, end;
  double until[SERVICES]; /* end of the patience or of the place */
  double mean;            /* days to a reoffence while no ratio applies */
  int32_t next;           /* in their bucket */
  uint8_t state[SERVICES];
  uint8_t event : 4, asks : 4;
  uint8_t reoffended;
} Person;

typedef struct {
  double until; /* void unless it is still the person's: whoever leaves stays in the line */
  int32_t person;
} Waiter;

typedef struct {
  Waiter *line;
  int64_t head, tail, room, free;
  int64_t starts, reneged;
  double waited, days;
} Service;

typedef struct {
  uint64_t random;
  Person *person;
  int32_t *bucket;
  int64_t people, slots; /* slots: records of `person` used so far */
  int64_t a_cell;        /* buckets */
  double per_day;        /* buckets */
  int32_t spare;         /* the first record to use again; -1 if there is none */
  int32_t begin_in[CELLS];
  Service service[SERVICES];
  double custody_days;
  int64_t reoffences, reoffenders;
  int failed;
} World;

/* --- The calendar: buckets of equal width, about one event in each. --- */

/* Of two years, and a cell more for who begins at the very end of the first. */
#define BUCKETS(w) ((size_t)((2 * CELLS + 1) * (w)->a_cell))

static inline int32_t *bucket_of(const World *w, double key) {
  return w->bucket + (int64_t)(key * w->per_day);
}

static inline void put(World *w, int32_t who, double key) {
  int32_t *first = bucket_of(w, key);
  w->person[who].key = key;
  w->person[who].next = *first;
  *first = who;
}

static inline void take_out(World *w, int32_t who) {
  int32_t *link = bucket_of(w, w->person[who].key);
  while (*link != who) link = &w->person[*link].next;
  *link = w->person[who].next;
}

static inline int32_t earliest(const World *w, int32_t first) {
  int32_t best = first;
  for (int32_t i = w->person[first].next; i >= 0; i = w->person[i].next)
    if (w->person[i].key < w->person[best].key) best = i;
  return best;
}

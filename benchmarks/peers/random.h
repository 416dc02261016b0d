/* Random numbers: splitmix64 (Steele, Lea and Flood 2014), uniform, exponential and normal. */
#include <math.h>
#include <stdint.h>

static const uint64_t GOLDEN = 0x9E3779B97F4A7C15u;

static inline uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static inline uint64_t bits(uint64_t *state) { return mix(*state += GOLDEN); }

static inline int chance(uint64_t *state, double p) {
  return bits(state) < (uint64_t)(p * 0x1p64);
}

/* In (0, 1), both ends excluded. */
static inline double uniform(uint64_t *state) {
  return ((double)(bits(state) >> 12) + 0.5) * 0x1p-52;
}

static inline double exponential(uint64_t *state) { return -log(uniform(state)); }

/* Marsaglia's polar method gives two at a time. */
static inline void normals(uint64_t *state, double z[2]) {
  double x, y, s;
  do {
    x = (double)((int64_t)bits(state) >> 11) * 0x1p-52;
    y = (double)((int64_t)bits(state) >> 11) * 0x1p-52;
    s = x * x + y * y;
  } while (s >= 1.0 || s == 0.0);
  s = sqrt(-2.0 * log(s) / s);
  z[0] = x * s;
  z[1] = y * s;
}

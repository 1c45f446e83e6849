/* The machine's peak: fused multiply-adds on registers, nothing else. Prints GFLOP/s of one core.
 * cc -O3 -march=native bench/fma-peak.c -o fma-peak && ./fma-peak */
#include <stdio.h>
#include <time.h>

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif
typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

/* Enough independent chains to hide the latency of an FMA on two units. */
#define CHAINS 16
#define ROUNDS 20000000L

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(void) {
  vector x = {0}, y = {0}, a[CHAINS];
  for (int lane = 0; lane < LANES; lane++) x[lane] = 0.999f, y[lane] = 0.001f;
  for (int i = 0; i < CHAINS; i++) a[i] = y * (float)i;
  double best = 0;
  for (int repeat = 0; repeat < 5; repeat++) {
    double start = seconds();
    for (long round = 0; round < ROUNDS; round++)
      for (int i = 0; i < CHAINS; i++) a[i] = a[i] * x + y;
    double rate = (double)ROUNDS * CHAINS * LANES * 2 / (seconds() - start) / 1e9;
    if (rate > best) best = rate;
  }
  float sum = 0; /* used, so that nothing is optimised away */
  for (int i = 0; i < CHAINS; i++) sum += a[i][0];
  printf("%.1f\n", sum == 12345.0f ? 0.0 : best);
  return 0;
}

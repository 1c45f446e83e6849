/* How fast memory can be read: threads sum a buffer over and over, each its own part. Prints GB/s (10^9 bytes).
 * cc -O3 -march=native -pthread bench/memory-read.c -o memory-read && ./memory-read BYTES THREADS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif
typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

/* Enough independent sums that loads need not wait for additions. */
#define SUMS 8
#define REPEATS 5
/* Bytes that all threads together read in a repeat, at least. */
#define LEAST 2e9

static size_t part; /* vectors of a thread, a multiple of SUMS */
static long rounds;
static pthread_barrier_t barrier;

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void *reader(void *result) {
  vector *buffer = aligned_alloc(64, part * sizeof(vector)), sums[SUMS] = {0};
  if (!buffer) exit(1);
  memset(buffer, 1, part * sizeof(vector)); /* by the thread that reads it, so that it lies near */
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    pthread_barrier_wait(&barrier);
    for (long round = 0; round < rounds; round++) {
      for (size_t i = 0; i < part; i += SUMS)
        for (int s = 0; s < SUMS; s++) sums[s] += buffer[i + s];
      __asm__ volatile("" ::: "memory"); /* every round reads anew */
    }
    pthread_barrier_wait(&barrier);
  }
  for (int s = 0; s < SUMS; s++) *(float *)result += sums[s][0]; /* used, so that nothing is optimised away */
  free(buffer);
  return 0;
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  double bytes = atof(arguments[1]);
  int threads = atoi(arguments[2]);
  part = (size_t)(bytes / threads / sizeof(vector)) / SUMS * SUMS;
  bytes = (double)part * sizeof(vector) * threads;
  if (threads < 1 || part == 0) return 2;
  rounds = 1 + (long)(LEAST / bytes);
  pthread_barrier_init(&barrier, 0, threads + 1);
  pthread_t *ids = malloc(threads * sizeof *ids);
  float *results = calloc(threads, sizeof *results);
  if (!ids || !results) return 1;
  for (int t = 0; t < threads; t++)
    if (pthread_create(&ids[t], 0, reader, &results[t])) return 1;
  double best = 0;
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    pthread_barrier_wait(&barrier);
    double start = seconds();
    pthread_barrier_wait(&barrier);
    double rate = bytes * rounds / (seconds() - start) / 1e9;
    if (rate > best) best = rate;
  }
  float sum = 0;
  for (int t = 0; t < threads; t++) {
    pthread_join(ids[t], 0);
    sum += results[t];
  }
  printf("%.2f\n", sum == 12345.0f ? 0.0 : best);
  return 0;
}

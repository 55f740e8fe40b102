/* Fault injection: loaded before libc (LD_PRELOAD), it makes a program's
 * reads, writes and syncs below a folder fail, and its wall clock jump, by the
 * values in a file of 32 bytes, which may change at any time:
 *
 *   int32 error of reads, int32 error of writes, int32 error of syncs, int32 -,
 *   int64 seconds that the wall clock is ahead, int64 -
 *
 * The file is $ONDACAST_BAD_MACHINE, the folder $ONDACAST_BAD_FOLDER.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct faults {
  volatile int32_t read_error, write_error, sync_error, unused;
  volatile int64_t ahead_seconds, unused_too;
};

static struct faults none, *faults = &none;
static const char *folder = "";

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("ONDACAST_BAD_MACHINE");
  const char *below = getenv("ONDACAST_BAD_FOLDER");
  if (!path || !below) return;
  int fd = open(path, O_RDONLY);
  void *map = mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  if (map == MAP_FAILED) return;
  folder = below;
  faults = map;
}

/* Whether a call on a file is to fail, with errno set then. */
static int fails(int fd, int error) {
  char name[64], path[4096];
  if (error == 0) return 0;
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(name, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, folder, strlen(folder)) != 0) return 0;
  errno = error;
  return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t read(int fd, void *into, size_t count) {
  static __typeof__(&read) real;
  if (!real) real = REAL(read);
  return fails(fd, faults->read_error) ? -1 : real(fd, into, count);
}

ssize_t pread64(int fd, void *into, size_t count, off64_t at) {
  static __typeof__(&pread64) real;
  if (!real) real = REAL(pread64);
  return fails(fd, faults->read_error) ? -1 : real(fd, into, count, at);
}

ssize_t write(int fd, const void *from, size_t count) {
  static __typeof__(&write) real;
  if (!real) real = REAL(write);
  return fails(fd, faults->write_error) ? -1 : real(fd, from, count);
}

int fsync(int fd) {
  static __typeof__(&fsync) real;
  if (!real) real = REAL(fsync);
  return fails(fd, faults->sync_error) ? -1 : real(fd);
}

int clock_gettime(clockid_t clock, struct timespec *into) {
  static __typeof__(&clock_gettime) real;
  if (!real) real = REAL(clock_gettime);
  int result = real(clock, into);
  if (clock == CLOCK_REALTIME) into->tv_sec += faults->ahead_seconds;
  return result;
}

int gettimeofday(struct timeval *into, void *zone) {
  static int (*real)(struct timeval *, void *);
  if (!real) real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(into, zone);
  into->tv_sec += faults->ahead_seconds;
  return result;
}

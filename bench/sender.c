/* The machine's limit: sends the same streams as the compared servers, directly
 * through the kernel. It shows how close a server comes.
 *
 *   sender memory FILE [repeat]       the framed song from memory, 1 MiB a write
 *   sender file FILE                  the same from the file, by readv
 *   sender ticker FILE N RATE MS WINDOW
 *                                     up to N listeners by epoll; each gets
 *                                     WINDOW bytes at first, then its share
 *                                     of RATE bytes a second every MS
 *
 * Prints `listening PORT`, and serves until it is killed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 8192, FRAME = BLOCK + 4, BLOCKS = 128, WRITE = 1 << 20 };

static const char *file;
static uint8_t *image; /* the framed song, with the empty frame */
static size_t image_bytes;
static long repeats = 1;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void put_length(uint8_t *at, uint32_t length) {
  at[0] = length >> 24, at[1] = length >> 16, at[2] = length >> 8, at[3] = length;
}

static void load(void) {
  int fd = open(file, O_RDONLY);
  struct stat info;
  if (fd < 0 || fstat(fd, &info) < 0) die(file);
  size_t blocks = (info.st_size + BLOCK - 1) / BLOCK;
  image = malloc(info.st_size + 4 * blocks + 4);
  for (size_t i = 0; i < blocks; i++) {
    ssize_t length = read(fd, image + image_bytes + 4, BLOCK);
    if (length <= 0) die(file);
    put_length(image + image_bytes, length);
    image_bytes += 4 + length;
  }
  put_length(image + image_bytes, 0);
  image_bytes += 4;
  close(fd);
}

struct listener {
  int fd;
  size_t at;      /* in the image */
  uint64_t owed;  /* bytes that are due and unwritten */
  long left;      /* remaining repetitions of the song */
  int file;
  uint8_t *batch; /* framed from the file, and its unwritten part */
  size_t batch_at, batch_bytes;
};

static void end(struct listener *l) {
  close(l->fd);
  if (l->file > 0) close(l->file);
  free(l->batch);
  free(l);
}

/* One write from memory; 0 if the song is over or the listener has left. */
static int step_memory(struct listener *l) {
  size_t length = image_bytes - (l->left > 1 ? 4 : 0) - l->at;
  ssize_t written =
      send(l->fd, image + l->at, length < WRITE ? length : WRITE, MSG_NOSIGNAL);
  if (written < 0) return errno == EAGAIN;
  l->at += written;
  if ((size_t)written < length) return 1;
  l->at = 0;
  return --l->left > 0;
}

/* One write from the file, read directly into place between the headers; returns
 * as above. */
static int step_file(struct listener *l) {
  if (l->batch_at == l->batch_bytes) {
    struct iovec parts[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      put_length(l->batch + i * FRAME, BLOCK);
      parts[i] = (struct iovec){l->batch + i * FRAME + 4, BLOCK};
    }
    if (l->left == 0) return 0;
    ssize_t length = readv(l->file, parts, BLOCKS);
    size_t bytes = length / BLOCK * FRAME;
    if (length % BLOCK > 0 || length <= 0) { /* the last block, or the end */
      put_length(l->batch + bytes, length % BLOCK);
      bytes += 4 + length % BLOCK;
    }
    if (length <= 0) l->left = 0;
    l->batch_at = 0;
    l->batch_bytes = bytes;
  }
  ssize_t written = send(l->fd, l->batch + l->batch_at,
                         l->batch_bytes - l->batch_at, MSG_NOSIGNAL);
  if (written < 0) return errno == EAGAIN;
  l->batch_at += written;
  return 1;
}

/* One thread: it already includes the kernel's half of the work, and the other
 * core belongs to the receiver. */
static void run_unpaced(int server, int from_file) {
  struct epoll_event events[64];
  struct epoll_event event = {.events = EPOLLIN};
  int epoll = epoll_create1(0), one = 1;
  epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event);
  while (1) {
    int count = epoll_wait(epoll, events, 64, -1);
    for (int i = 0; i < count; i++) {
      struct listener *l = events[i].data.ptr;
      if (l != NULL) {
        if (!(from_file ? step_file(l) : step_memory(l))) end(l);
        continue;
      }
      int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK);
      if (fd < 0) continue;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      l = calloc(1, sizeof *l);
      *l = (struct listener){.fd = fd, .left = repeats};
      if (from_file) {
        l->file = open(file, O_RDONLY);
        l->batch = malloc(BLOCKS * FRAME);
      }
      event = (struct epoll_event){.events = EPOLLOUT, .data.ptr = l};
      epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void send_owed(struct listener *l) {
  while (l->fd >= 0 && l->owed > 0) {
    size_t length = image_bytes - l->at < l->owed ? image_bytes - l->at : l->owed;
    ssize_t written = send(l->fd, image + l->at, length, MSG_NOSIGNAL);
    if (written < 0 && errno == EAGAIN) return;
    if (written < 0) {
      close(l->fd);
      l->fd = -1;
      return;
    }
    l->owed -= written;
    l->at = (l->at + written) % image_bytes;
  }
}

/* One timer wheel: listener i is served in the same part of each tick. */
static void run_ticker(int server, long n, double rate, double tick, uint64_t window) {
  struct listener *listeners = calloc(n, sizeof *listeners);
  long count = 0;
  double begun = now();
  unsigned long turn = 0;
  struct epoll_event event = {.events = EPOLLIN};
  int epoll = epoll_create1(0);
  epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event);
  while (1) {
    if (epoll_wait(epoll, &event, 1, 10) > 0 && count < n) {
      int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK), one = 1;
      if (fd < 0) continue;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      struct listener *l = &listeners[count];
      *l = (struct listener){
          .fd = fd, .at = (size_t)count * 65536 % image_bytes, .owed = window};
      send_owed(l);
      count++;
    }
    unsigned long until = (now() - begun) / tick * n;
    for (; turn < until; turn++) {
      struct listener *l = &listeners[turn % n];
      if ((long)(turn % n) >= count) continue;
      l->owed += rate * tick;
      send_owed(l);
    }
  }
}

int main(int count, char **words) {
  if (count < 3) return 2;
  file = words[2];
  int server = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t length = sizeof address;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(server, (void *)&address, length) || listen(server, 4096)) die("listen");
  getsockname(server, (void *)&address, &length);
  int from_file = !strcmp(words[1], "file"), ticker = !strcmp(words[1], "ticker");
  if (!from_file) load();
  if (count > 3 && !ticker) repeats = atol(words[3]);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
  if (ticker) {
    if (count < 7) return 2;
    run_ticker(server, atol(words[3]), atof(words[4]), atof(words[5]) / 1000,
               strtoull(words[6], NULL, 10));
  }
  run_unpaced(server, from_file);
}

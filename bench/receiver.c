/* The load of the bench: receives streams of every compared kind, on the given
 * number of connections, and reports in one line of JSON what arrived and when.
 * It uses C, one thread and epoll, so that it does not limit the servers.
 *
 *   receiver KIND HOST PORT [key=value ...]
 *
 * KIND  plain    frames with a 4-byte length, to the empty frame or the end
 *       raw      bytes to the end
 *       http     GET path=, to the announced length or the end
 *       session  Ondacast: hello and play song=, credit, to the empty frame
 *       snap     snapcast: hello, then all messages
 * How   n=       connections                repeat=  again after the end, each
 *       rate=    bytes a second: paced, for seconds= after all are connected
 *       pull=1   a paced peer is read as audio is used (else as it comes)
 *       ramp=    new connections a second   window=  bytes ahead
 *       spread=  each session begins this many seconds of the song later
 *       ahead=   seconds that a player buffers before it starts (1)
 *       latency= this many connections one after the other, first byte only
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { PLAIN, RAW, HTTP, SESSION, SNAP };
enum { READ_BYTES = 64 * 1024, WHEEL_MS = 250 };

struct conn {
  int fd, number, open, asked;
  long repeats_left;
  /* The current frame, or the HTTP header (its last four bytes). */
  uint8_t header[4];
  int header_fill, type, in_body;
  uint64_t frame_left, body_left;
  /* Received so far. */
  uint64_t audio, late, late_before, ungranted;
  double connected_at, first_at, granted_at;
};

static enum kind kind;
static struct sockaddr_in address;
static const char *path = "/", *song = "";
static long n = 1, repeats = 1, ramp = 1000, latency = 0, pull = 0;
static double rate = 0, seconds = 0, spread = 0, ahead = 1;
static uint64_t window = 4 << 20;
static struct conn *conns;
static int epoll, opened, started, finished;
static uint64_t total;
static double measure_from, measure_until;
static uint8_t buffer[READ_BYTES];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  exit(1);
}

static void send_all(struct conn *c, const void *bytes, size_t length) {
  /* Requests are small: a socket that cannot take one is broken. */
  if (send(c->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
    fail("connection %d: cannot send: %s", c->number, strerror(errno));
}

static size_t message(char *into, size_t room, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(into + 4, room - 4, format, arguments);
  va_end(arguments);
  into[0] = 1, into[1] = length >> 16, into[2] = length >> 8, into[3] = length;
  return length + 4;
}

static void ask(struct conn *c) {
  char text[2048];
  size_t length = 0;
  c->asked = 1;
  if (c->connected_at == 0) c->connected_at = now();
  if (kind == HTTP) {
    length = snprintf(text, sizeof text,
                      "GET %s HTTP/1.1\r\nHost: bench\r\n\r\n", path);
  } else if (kind == SESSION) {
    length = message(text, sizeof text,
                     "{\"type\":\"hello\",\"version\":1,\"name\":\"bench\","
                     "\"device\":\"%d-%d-%.0f\",\"window\":%llu}",
                     getpid(), c->number, c->connected_at * 1e6,
                     (unsigned long long)window);
    char from[64] = "";
    if (spread > 0)
      snprintf(from, sizeof from, ",\"from\":%.3f", c->number * spread);
    const char *name = song;
    int name_length = strcspn(name, ",");
    for (int skip = c->number; skip > 0; skip--) { /* one of a,b,c for each */
      name = name[name_length] ? name + name_length + 1 : song;
      name_length = strcspn(name, ",");
    }
    length += message(text + length, sizeof text - length,
                      "{\"type\":\"play\",\"song\":\"%.*s\"%s}", name_length,
                      name, from);
  } else if (kind == SNAP) {
    char json[256];
    int size = snprintf(json, sizeof json,
                        "{\"MAC\":\"02:00:00:00:%02x:%02x\",\"HostName\":"
                        "\"bench\",\"Version\":\"0.26.0\",\"ClientName\":"
                        "\"Snapclient\",\"OS\":\"x\",\"Arch\":\"x\","
                        "\"Instance\":1,\"ID\":\"bench-%d\","
                        "\"SnapStreamProtocolVersion\":2}",
                        c->number >> 8 & 255, c->number & 255, c->number);
    uint32_t all = size + 4, part = size; /* little-endian, as on the wire */
    memset(text, 0, 26);
    text[0] = 5; /* Hello */
    memcpy(text + 22, &all, 4);
    memcpy(text + 26, &part, 4);
    memcpy(text + 30, json, size);
    length = 30 + size;
  }
  if (length) send_all(c, text, length);
}

static void grant(struct conn *c, uint64_t bytes) {
  char text[96];
  size_t length = message(text, sizeof text, "{\"type\":\"grant\",\"bytes\":%llu}",
                          (unsigned long long)bytes);
  send_all(c, text, length);
}

static void connect_one(struct conn *c, int blocking) {
  c->fd = socket(AF_INET, SOCK_STREAM | (blocking ? 0 : SOCK_NONBLOCK), 0);
  if (c->fd < 0) fail("cannot open a socket: %s", strerror(errno));
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (rate > 0 && pull) { /* a player buffers by itself, not in the kernel */
    int bytes = 256 * 1024;
    setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }
  c->open = 1;
  c->asked = c->header_fill = c->in_body = 0;
  c->frame_left = c->body_left = c->ungranted = 0;
  c->type = -1;
  if (connect(c->fd, (void *)&address, sizeof address) < 0 &&
      errno != EINPROGRESS)
    fail("connection %d: cannot connect: %s", c->number, strerror(errno));
  if (blocking) {
    ask(c);
    return;
  }
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
}

/* Counts audio, and the part of it that is late for a player that has started at
 * the first byte with a buffer of `ahead` seconds. */
static void heard(struct conn *c, uint64_t bytes) {
  if (bytes == 0) return;
  double at = rate > 0 || c->first_at == 0 ? now() : 0;
  if (c->first_at == 0) {
    c->first_at = at;
    c->granted_at = at;
    started++;
  }
  if (rate > 0) {
    double due = (at - c->first_at - ahead) * rate - (double)c->audio;
    uint64_t late = due <= 0 ? 0 : due < bytes ? (uint64_t)due : bytes;
    if (measure_from > 0 && at >= measure_from) c->late += late;
    else c->late_before += late;
  }
  c->audio += bytes;
  total += bytes;
  if (kind != SESSION || rate > 0) return;
  c->ungranted += bytes;
  if (c->ungranted >= window / 16) {
    grant(c, c->ungranted);
    c->ungranted = 0;
  }
}

/* Parses frames; 1 at the empty data frame. */
static int walk(struct conn *c, const uint8_t *at, size_t length) {
  const uint8_t *end = at + length;
  uint64_t audio = 0;
  int over = 0;
  while (at < end) {
    if (c->frame_left > 0) {
      uint64_t some = end - at;
      if (some > c->frame_left) some = c->frame_left;
      if (c->type == 0) audio += some;
      c->frame_left -= some;
      at += some;
      continue;
    }
    c->header[c->header_fill++] = *at++;
    if (c->header_fill < 4) continue;
    const uint8_t *h = c->header;
    c->header_fill = 0;
    c->frame_left = (uint32_t)h[1] << 16 | h[2] << 8 | h[3];
    c->type = kind == PLAIN ? 0 : h[0];
    if (kind == PLAIN) c->frame_left |= (uint64_t)h[0] << 24;
    if (c->type == 0 && c->frame_left == 0) over = 1;
    if (c->type == 1 && end - at > 15 && !memcmp(at, "{\"type\":\"error\"", 15))
      fail("connection %d: %.*s", c->number, (int)c->frame_left, at);
  }
  heard(c, audio);
  return over;
}

/* Skips the HTTP header, then counts; 1 at the announced length. */
static int take_http(struct conn *c, const uint8_t *at, size_t length) {
  if (!c->in_body) {
    const uint8_t *blank = memmem(at, length, "\r\n\r\n", 4);
    if (!blank) fail("connection %d: a split HTTP header", c->number);
    if (!memmem(at, 16, " 200 ", 5)) fail("HTTP: %.60s", at);
    const char *announced = memmem(at, length, "Content-Length: ", 16);
    c->body_left = announced ? strtoull(announced + 16, NULL, 10) : UINT64_MAX;
    c->in_body = 1;
    length -= blank + 4 - at;
  }
  heard(c, length);
  if (c->body_left != UINT64_MAX) c->body_left -= length;
  return c->body_left == 0;
}

static int take(struct conn *c, const uint8_t *at, size_t length) {
  if (kind == PLAIN || kind == SESSION) return walk(c, at, length);
  if (kind == HTTP) return take_http(c, at, length);
  heard(c, length);
  return 0;
}

static void end_one(struct conn *c) {
  close(c->fd);
  c->open = 0;
  if (rate > 0) fail("connection %d was closed while it played", c->number);
  if (--c->repeats_left > 0) connect_one(c, n == 1);
  else finished++;
}

/* One read; 0 when there is no more for now. */
static int receive(struct conn *c, size_t most) {
  ssize_t length = recv(c->fd, buffer, most, 0);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (length < 0) fail("connection %d: %s", c->number, strerror(errno));
  if (length == 0 || take(c, buffer, length)) {
    end_one(c);
    return 0;
  }
  return length == (ssize_t)most;
}

static void poll_once(int timeout_ms) {
  static struct epoll_event events[512];
  int count = epoll_wait(epoll, events, 512, timeout_ms);
  for (int i = 0; i < count; i++) {
    struct conn *c = events[i].data.ptr;
    if (!c->asked) {
      ask(c);
      struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
      if (rate > 0 && pull)
        epoll_ctl(epoll, EPOLL_CTL_DEL, c->fd, NULL); /* read by the wheel */
      else
        epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
    } else {
      receive(c, READ_BYTES);
    }
  }
}

/* Reads what a player reads that has played everything due: at most its window. */
static void pull_one(struct conn *c, double at) {
  double played = c->first_at == 0 ? 0 : (at - c->first_at - ahead) * rate;
  double room = (played > 0 ? played : 0) + window - (double)c->audio;
  while (room > 0) {
    size_t most = room < READ_BYTES ? (size_t)room : READ_BYTES;
    uint64_t before = c->audio;
    if (most == 0 || !receive(c, most)) break;
    room -= c->audio - before;
  }
}

static void run_paced(void) {
  double begun = now();
  long wheel = 0, granting = 0;
  int said = 0;
  while (1) {
    double at = now();
    while (opened < n && opened < (at - begun) * ramp)
      connect_one(&conns[opened++], 0);
    poll_once(2);
    at = now();
    if (kind == SESSION) /* each listener's turn comes once a second */
      for (; begun + (double)granting / n < at; granting++) {
        struct conn *c = &conns[granting % n];
        double turn = begun + (double)granting / n;
        if (c->first_at == 0 || turn <= c->granted_at) continue;
        grant(c, (uint64_t)(rate * (turn - c->granted_at) + 0.5));
        c->granted_at = turn;
      }
    if (pull) /* each listener's turn comes every WHEEL_MS */
      for (double until = (at - begun) * 1000 * n / WHEEL_MS; wheel < until;
           wheel++)
        if (conns[wheel % n].asked) pull_one(&conns[wheel % n], at);
    if (said == 0 && started == n) {
      said = 1;
      measure_from = at + 3; /* the first windows have been sent by then */
    } else if (said == 1 && at >= measure_from) {
      said = 2;
      measure_until = at + seconds;
      puts("measure");
    } else if (said == 2 && at >= measure_until) {
      puts("measured");
      return;
    } else if (said == 0 && at - begun > 60 + n / ramp) {
      fail("only %d of %ld listeners have heard anything", started, n);
    }
  }
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Connects repeatedly, each time until the first byte of audio. */
static void run_latency(void) {
  double *times = calloc(latency, sizeof *times);
  for (long i = 0; i < latency; i++) {
    struct conn c = {.number = i % 1000};
    double begun = now();
    connect_one(&c, 1);
    while (c.first_at == 0) receive(&c, READ_BYTES);
    times[i] = c.first_at - begun;
    close(c.fd);
    usleep(3000); /* the server has closed the last one by then */
  }
  qsort(times, latency, sizeof *times, compare);
  printf("{\"p50Us\":%.1f,\"p95Us\":%.1f}\n", times[latency / 2] * 1e6,
         times[latency * 95 / 100] * 1e6);
}

static void report(double took) {
  struct rusage use;
  getrusage(RUSAGE_SELF, &use);
  double *first = calloc(n, sizeof *first);
  uint64_t late = 0, late_before = 0, late_listeners = 0;
  double at = now();
  for (long i = 0; i < n; i++) {
    struct conn *c = &conns[i];
    first[i] = c->first_at - c->connected_at;
    double missing = rate > 0 ? (at - c->first_at - ahead) * rate - c->audio : 0;
    if (missing > 0) c->late += missing;
    late += c->late, late_before += c->late_before;
    late_listeners += c->late > 0;
  }
  qsort(first, n, sizeof *first, compare);
  printf("{\"bytes\":%llu,\"seconds\":%.6f,\"cpuSeconds\":%.3f,"
         "\"firstP50Us\":%.1f,\"late\":%llu,\"lateBefore\":%llu,"
         "\"lateListeners\":%llu}\n",
         (unsigned long long)total, took,
         use.ru_utime.tv_sec + use.ru_stime.tv_sec +
             (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6,
         first[n / 2] * 1e6, (unsigned long long)late,
         (unsigned long long)late_before, (unsigned long long)late_listeners);
}

static void option(const char *word) {
  const char *value = strchr(word, '=');
  if (!value) fail("expected key=value: %s", word);
  value++;
#define IS(key) (!strncmp(word, key "=", sizeof key))
  if (IS("n")) n = atol(value);
  else if (IS("repeat")) repeats = atol(value);
  else if (IS("ramp")) ramp = atol(value);
  else if (IS("latency")) latency = atol(value);
  else if (IS("pull")) pull = atol(value);
  else if (IS("rate")) rate = atof(value);
  else if (IS("seconds")) seconds = atof(value);
  else if (IS("spread")) spread = atof(value);
  else if (IS("ahead")) ahead = atof(value);
  else if (IS("window")) window = strtoull(value, NULL, 10);
  else if (IS("path")) path = value;
  else if (IS("song")) song = value;
  else fail("no such option: %s", word);
}

int main(int count, char **words) {
  static const char *kinds[] = {"plain", "raw", "http", "session", "snap"};
  if (count < 4) fail("usage: receiver KIND HOST PORT [key=value ...]");
  for (kind = 0; kind < 5 && strcmp(words[1], kinds[kind]); kind++);
  if (kind == 5) fail("no such kind: %s", words[1]);
  address.sin_family = AF_INET;
  address.sin_port = htons(atoi(words[3]));
  if (inet_pton(AF_INET, words[2], &address.sin_addr) != 1)
    fail("no IPv4 address: %s", words[2]);
  for (int i = 4; i < count; i++) option(words[i]);
  setvbuf(stdout, NULL, _IOLBF, 0);
  /* The load runs on the last core: otherwise the kernel often wakes sender and
   * receiver on the same core, and the same work takes half as long again. */
  cpu_set_t core;
  CPU_ZERO(&core);
  CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &core);
  sched_setaffinity(0, sizeof core, &core);
  if (latency > 0) {
    run_latency();
    return 0;
  }
  epoll = epoll_create1(0);
  conns = calloc(n, sizeof *conns);
  for (long i = 0; i < n; i++)
    conns[i].number = i, conns[i].repeats_left = repeats;
  double begun = now();
  if (rate > 0) {
    run_paced();
  } else if (n == 1) { /* without epoll, one system call less per read */
    connect_one(&conns[0], 1);
    while (finished < n) receive(&conns[0], READ_BYTES);
  } else {
    for (long i = 0; i < n; i++) connect_one(&conns[i], 0);
    while (finished < n) poll_once(1000);
  }
  report(now() - begun);
}

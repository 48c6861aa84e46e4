/* Moves the calendar of a process by the seconds that stand in the file CLOCK_MOVED_BY names, at any time: an eight-byte
 * number, as tests/delivery/proxy/moved_clock reads it, here for whatever runs on the C library (PostgreSQL, Postfix).
 * The steady clock and the times of files are left alone, so that no pause gets longer or shorter.
 *
 *     cc -shared -fPIC -O2 -o calendar.so calendar.c; CLOCK_MOVED_BY=FILE LD_PRELOAD=./calendar.so PROGRAM
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t still = 0;
static const volatile int64_t *moved = &still;

__attribute__((constructor)) static void find_file(void)
{
    const char *name = getenv("CLOCK_MOVED_BY");
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    void *found = file < 0 ? MAP_FAILED : mmap(NULL, sizeof still, PROT_READ, MAP_SHARED, file, 0);

    if (found == MAP_FAILED) {
        fputs("CLOCK_MOVED_BY names no file that can be read\n", stderr);
        _exit(1); /* a process that kept the true time beside others that do not would be measured wrongly */
    }
    close(file);
    moved = found;
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    int said = (int)syscall(SYS_clock_gettime, clock, at);

    if (said == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        at->tv_sec += *moved;
    return said;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

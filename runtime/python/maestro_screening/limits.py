"""Limits that the kernel enforces on a child, so that no tested code can catch or outlast them."""
import os
import resource
import signal

OVER_LIMIT = {signal.SIGPROF, signal.SIGALRM, signal.SIGXCPU}
MEMORY = 1 << 30
FILE_SIZE = 64 << 20

_own_timers = (signal.setitimer, signal.ITIMER_PROF, signal.ITIMER_REAL)


def confine_child():
    for number in (signal.SIGPROF, signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, FILE_SIZE)
    lower(resource.RLIMIT_AS, address_space() + MEMORY)


def lower(kind, value):
    try:
        hard = resource.getrlimit(kind)[1]
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (wanted, wanted))
    except (ValueError, OSError):
        pass


def address_space():
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 3 << 30


def allow(cpu, wall):
    """From now on, this process may use so many seconds; the kernel ends it after that."""
    setitimer, prof, real = _own_timers
    setitimer(prof, cpu)
    setitimer(real, wall)


def die_with_parent():
    """A function for children: the kernel ends them when this process ends. Does nothing where that is not known."""
    try:
        import ctypes

        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except Exception:
        return lambda: None
    return lambda: prctl(1, signal.SIGKILL)


def end_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass

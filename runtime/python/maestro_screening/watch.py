"""Stands beside the tests in a child: sets each one's limits and tells how it ended."""
import time

from . import limits

AFTER_FAILURE = 0.03


class Watch:
    """`allowed` gives (cpu, wall) seconds of a test; `between` what code outside of tests may use."""

    def __init__(self, say, allowed, between):
        self.say = say
        self.allowed = allowed
        self.between = between
        limits.allow(*between)

    def start(self, name):
        self.say("start", name)
        self.cpu = time.process_time()
        self.wall = time.monotonic()
        limits.allow(*self.allowed(name))

    def end(self, name, outcome):
        limits.allow(*self.between)
        self.say("test", name, outcome, time.process_time() - self.cpu, time.monotonic() - self.wall)
        return False

    def missing(self, names):
        for name in names:
            self.say("test", name, "missing", 0, 0)


class ObservingWatch(Watch):
    """`observer` begins and ends with each test."""

    def __init__(self, say, allowed, between, observer):
        super().__init__(say, allowed, between)
        self.observer = observer

    def start(self, name):
        super().start(name)
        self.observer.begin()

    def end(self, name, outcome):
        self.observer.end()
        return super().end(name, outcome)


class ScreeningWatch(Watch):
    """Goes on for a short while after the first failure: how many pass is worth knowing, but not much time."""

    def __init__(self, say, allowed, between):
        super().__init__(say, allowed, between)
        self.stop_at = None

    def start(self, name):
        cpu, wall = self.allowed(name)
        if self.stop_at is not None:
            left = max(self.stop_at - time.process_time(), 0.001)
            cpu, wall = min(cpu, left), min(wall, left * 5)
        limits.allow(cpu, wall)

    def end(self, name, outcome):
        self.say("test", name, outcome)
        if outcome != "passed" and self.stop_at is None:
            self.stop_at = time.process_time() + AFTER_FAILURE
        return self.stop_at is not None and time.process_time() >= self.stop_at

    def missing(self, names):
        for name in names:
            self.end(name, "missing")

    @property
    def failed(self):
        return self.stop_at is not None

"""Runs a function in a forked child and hears what it says, whatever becomes of it."""
import json
import os
import select
import signal
import time

from . import limits

END = ["end"]


class Forker:
    """`private` are descriptors that a child must not keep."""

    def __init__(self, private):
        self.private = private
        self.bind = limits.die_with_parent()
        self.wake, wake_write = os.pipe()
        self.private = [*private, self.wake, wake_write]
        for end in (self.wake, wake_write):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)

    def run(self, work, hear, longest):
        """Calls `work(say)` in a child; `hear` gets each message. Returns 'end', 'hang' or 'crash'."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._child(work, reader, writer)
        os.close(writer)
        try:
            return self._listen(pid, reader, hear, longest)
        finally:
            os.close(reader)
            limits.end_group(pid)

    def _child(self, work, reader, writer):
        try:
            os.setpgid(0, 0)
            self.bind()
            signal.set_wakeup_fd(-1)
            for descriptor in [*self.private, reader]:
                os.close(descriptor)
            limits.confine_child()
            write = os.write

            def say(*message):
                write(writer, json.dumps(message).encode() + b"\n")

            try:
                work(say)
            except BaseException as error:  # a module that cannot be loaded, sys.exit() in a test
                say("raised", "%s: %s" % (type(error).__name__, error))
            say(*END)
        finally:
            os._exit(0)

    def _listen(self, pid, reader, hear, longest):
        os.set_blocking(reader, False)
        deadline = time.monotonic() + longest
        heard = _Lines(hear)
        sources = [reader, self.wake]
        while True:
            left = deadline - time.monotonic()
            ready = select.select(sources, [], [], max(left, 0))[0]
            said = heard.read(reader) if reader in ready else "more"
            if said == "end":
                limits.end_group(pid)
                os.waitpid(pid, 0)
                return "end"
            if said == "closed":
                sources = [self.wake]
            if left <= 0:
                limits.end_group(pid)
                _kill(pid)
                os.waitpid(pid, 0)
                return "hang"
            if self.wake in ready:
                _drain(self.wake)
            if self.wake in ready or reader in ready:
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    if heard.read(reader) == "end":
                        return "end"
                    return _how_it_ended(status)


class _Lines:
    def __init__(self, hear):
        self.hear = hear
        self.rest = b""
        self.ended = False

    def read(self, reader):
        while not self.ended:
            try:
                chunk = os.read(reader, 65536)
            except BlockingIOError:
                return "more"
            if not chunk:
                return "closed"
            *lines, self.rest = (self.rest + chunk).split(b"\n")
            for line in lines:
                message = json.loads(line)
                if message == END:
                    self.ended = True
                    break
                self.hear(*message)
        return "end"


def _how_it_ended(status):
    over = os.WIFSIGNALED(status) and os.WTERMSIG(status) in limits.OVER_LIMIT
    return "hang" if over else "crash"


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _drain(descriptor):
    try:
        while os.read(descriptor, 512):
            pass
    except BlockingIOError:
        pass

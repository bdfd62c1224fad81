"""Tells which lines of the project a test reaches, as soon as it reaches them: a test that never ends has told its lines."""
import os
import sys

from .overlay import project_path


class LineTracer:
    """`tell(path, line)` is called once for each line since the last `begin`."""

    def __init__(self, root, tell):
        self.root = root
        self.tell = tell
        self.files = {}
        self.seen = set()
        self.trace = _Monitoring(self) if hasattr(sys, "monitoring") else _Settrace(self)

    def begin(self):
        self.seen.clear()
        self.trace.start()

    def end(self):
        self.trace.stop()

    def own(self, filename):
        """The path within the workspace, or None for code that is not the project's."""
        try:
            return self.files[filename]
        except KeyError:
            absolute = filename if os.path.isabs(filename) else os.path.join(self.root, filename)
            path = self.files[filename] = None if filename.startswith("<") else project_path(self.root, absolute)
            return path

    def reached(self, path, line):
        if (path, line) not in self.seen:
            self.seen.add((path, line))
            self.tell(path, line)


class _Monitoring:
    """Python 3.12 and newer: each line costs once."""

    def __init__(self, tracer):
        self.tracer = tracer
        self.events = sys.monitoring
        self.tool = next(number for number in range(5, -1, -1) if self.events.get_tool(number) is None)
        self.events.use_tool_id(self.tool, "maestro")

    def start(self):
        self.events.register_callback(self.tool, self.events.events.LINE, self.line)
        self.events.set_events(self.tool, self.events.events.LINE)
        self.events.restart_events()

    def stop(self):
        self.events.set_events(self.tool, 0)

    def line(self, code, line):
        path = self.tracer.own(code.co_filename)
        if path is not None:
            self.tracer.reached(path, line)
        return self.events.DISABLE


class _Settrace:
    def __init__(self, tracer):
        self.tracer = tracer

    def start(self):
        import threading

        threading.settrace(self.call)
        sys.settrace(self.call)

    def stop(self):
        import threading

        sys.settrace(None)
        threading.settrace(None)

    def call(self, frame, event, argument):
        path = self.tracer.own(frame.f_code.co_filename)
        if path is None:
            return None
        tracer = self.tracer

        def line(frame, event, argument):
            if event == "line":
                tracer.reached(path, frame.f_lineno)
            return line

        return line

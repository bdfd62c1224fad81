"""What the warm interpreter knows, and its answer to each request."""
import gc
import importlib.util
import os
import sys
import time

from . import limits, overlay
from .calls import CallRecorder, outcome_of
from .fork import Forker
from .lines import LineTracer
from .pytest_cases import PytestCases
from .unittest_cases import UnittestCases
from .watch import ObservingWatch, ScreeningWatch, Watch

CASES = {"unittest": UnittestCases, "pytest": PytestCases}
LONGEST_CHILD = 60
MAX_HANGS = 5


class Resident:
    def __init__(self, private):
        self.forker = Forker(private)
        self.operations = {
            "open": self.open,
            "baseline": self.baseline,
            "arm": self.arm,
            "screen": self.screen,
            "coverage": self.coverage,
            "record": self.record,
            "behave": self.behave,
        }

    def answer(self, message):
        return self.operations[message["op"]](message)

    def open(self, message):
        """Becomes the interpreter that the user's command would start, up to the point where tests are loaded."""
        self.root = os.path.realpath(message["root"])
        os.chdir(os.path.join(self.root, message["folder"]))
        _look_into_copy(message["original"], self.root)
        for entry in reversed(message["path"]):
            sys.path.insert(0, os.path.join(os.getcwd(), entry) if entry else os.getcwd())
        overlay.install()
        self.cases = CASES[message["runner"]](message["args"], self.root)
        self.cases.prepare()
        return {"implementation": sys.version.split()[0]}

    def baseline(self, message):
        """Runs everything once, unchanged; a test that does not end costs only itself."""
        allowed = (message["cpu"], message["wall"])
        before = set(sys.modules)
        heard = _Everything()

        def work(skip):
            def child(say):
                limits.allow(*allowed)
                start = time.process_time(), time.monotonic()
                names = self.cases.load()
                say("load", time.process_time() - start[0], time.monotonic() - start[1])
                say("names", names, sorted(self.cases.modules()), sys.path)
                say("modules", *overlay.loaded_modules(self.root, before))
                watch = Watch(say, lambda name: allowed, allowed)
                self.cases.run([name for name in names if name not in skip], watch)
                say("modules", *overlay.loaded_modules(self.root, before))

            return child

        self._until_done(work, heard)
        return {"tests": heard.tests(), "load": heard.load, "warm": heard.warm, "problem": heard.problem()}

    def arm(self, message):
        """Imports what the project depends on, and learns the tests to screen with."""
        for name in message["warm"]["modules"]:
            if name not in sys.modules:
                _import_quietly(name)
        overlay.compile_ahead(message["warm"]["sources"])
        sys.path[:] = message["warm"]["path"]
        importlib.util.find_spec("maestro_screening_nothing")
        self.targets = [test["id"] for test in message["targets"]]
        self.others = [test["id"] for test in message["others"]]
        self.allowed = {test["id"]: (test["cpu"], test["wall"]) for test in message["targets"] + message["others"]}
        self.between = (message["load"]["cpu"], message["load"]["wall"])
        self.cases.arm(message["warm"], self.targets + self.others)
        gc.collect()
        gc.freeze()
        return {}

    def screen(self, message):
        heard = _Verdict(self.targets, self.others)
        try:
            changes = overlay.compiled(self.root, message["files"])
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return heard.verdict("end")

        def child(say):
            limits.allow(*self.between)
            overlay.change(changes)
            self.cases.load(self.targets)
            watch = ScreeningWatch(say, self.allowed.__getitem__, self.between)
            self.cases.run(self.targets, watch)
            if not watch.failed and self.others:
                self.cases.load(self.others)
                self.cases.run(self.others, watch)

        return heard.verdict(self.forker.run(child, heard.hear, LONGEST_CHILD))


    def coverage(self, message):
        """The lines each test reaches on the unchanged tree."""
        heard = _Everything()
        wanted = self.targets + self.others

        def work(skip):
            def child(say):
                limits.allow(*self.between)
                self.cases.load()
                tracer = LineTracer(self.root, lambda path, line: say("line", path, line))
                watch = ObservingWatch(say, self._slowly, self.between, tracer)
                self.cases.run([name for name in wanted if name not in skip], watch)

            return child

        self._until_done(work, heard)
        return {"tests": heard.covered()}

    def record(self, message):
        """Calls that the tests make into the project."""
        heard = _Everything()

        def work(skip):
            def child(say):
                limits.allow(*self.between)
                self.cases.load()
                recorder = CallRecorder(self.root, set(self.cases.modules()), say)
                watch = ObservingWatch(say, self._slowly, self.between, recorder)
                self.cases.run([name for name in self.targets + self.others if name not in skip], watch)

            return child

        self._until_done(work, heard)
        return {"calls": heard.calls}

    def behave(self, message):
        """What a candidate returns for each call; one that does not end costs only itself, a few times."""
        calls = message["calls"]
        allowed = (message["cpu"], message["wall"])
        texts = []

        def child(say):
            limits.allow(*self.between)
            overlay.change(overlay.compiled(self.root, message["files"]))
            for call in calls[len(texts):]:
                limits.allow(*allowed)
                say("text", outcome_of(call))

        for _ in range(MAX_HANGS):
            how = self.forker.run(child, lambda kind, text="": texts.append(text), LONGEST_CHILD)
            if how == "end" or len(texts) >= len(calls):
                break
            texts.append("! " + how)
        return {"texts": (texts + ["! hang"] * len(calls))[: len(calls)]}

    def _slowly(self, name):
        """Limits for a test that is watched while it runs."""
        cpu, wall = self.allowed[name]
        return cpu * 10, wall * 5

    def _until_done(self, work, heard):
        for _ in range(MAX_HANGS + 1):
            how = self.forker.run(work(heard.outcomes), heard.hear, LONGEST_CHILD)
            if how == "end" or not heard.interrupted(how):
                break


class _Everything:
    """Outcomes of one unchanged run, put together from several children when some hang."""

    def __init__(self):
        self.names = []
        self.warm = {}
        self.load = None
        self.outcomes = {}
        self.running = None
        self.raised = None
        self.lines = {}
        self.calls = []

    def hear(self, kind, *said):
        if kind == "names":
            self.names = said[0]
            self.warm.update(test_modules=said[1], path=said[2])
        elif kind == "modules":
            self.warm.update(modules=said[0], sources=said[1])
        elif kind == "load":
            self.load = {"cpu": said[0], "wall": said[1]}
        elif kind == "start":
            self.running = said[0]
        elif kind == "line":
            self.lines.setdefault(self.running, {}).setdefault(said[0], []).append(said[1])
        elif kind == "call":
            self.calls.append(dict(zip(("module", "name", "args"), said)))
        elif kind == "raised":
            self.raised = said[0]
        elif kind == "test":
            self.outcomes[said[0]] = said[1:]
            self.running = None

    def interrupted(self, how):
        if self.running is None:
            return False
        self.outcomes[self.running] = ("failed", None, None)
        self.running = None
        return True

    def tests(self):
        unknown = ("missing", None, None)
        rows = [(name, *self.outcomes.get(name, unknown)) for name in self.names]
        return [dict(zip(("id", "outcome", "cpu", "wall"), row)) for row in rows]

    def covered(self):
        return [
            {"id": name, "outcome": outcome[0], "lines": {path: sorted(lines) for path, lines in self.lines.get(name, {}).items()}}
            for name, outcome in self.outcomes.items()
        ]

    def problem(self):
        return self.raised or (None if self.names else "no tests were found")


class _Verdict:
    def __init__(self, targets, others):
        self.targets = set(targets)
        self.others = set(others)
        self.passed = 0
        self.failed = 0
        self.broken = 0

    def hear(self, kind, name, outcome=None):
        if kind != "test":
            return
        if name in self.targets:
            self.passed += outcome == "passed"
            self.failed += outcome != "passed"
        elif name in self.others:
            self.broken += outcome != "passed"

    def verdict(self, how):
        complete = how == "end" and self.passed == len(self.targets) > 0
        if complete and not self.broken:
            verdict = "pass"
        elif how == "end" or self.failed or self.broken:
            verdict = "fail"
        else:
            verdict = how
        return {"verdict": verdict, "fixed": self.passed, "broken": self.broken}


def _look_into_copy(original, copy):
    """An editable installation points at the user's own tree; the copy has to be imported instead."""
    for index, entry in enumerate(sys.path):
        moved = overlay.project_path(original, entry)
        if moved is not None and os.path.isdir(os.path.join(copy, moved)):
            sys.path[index] = os.path.join(copy, moved)
        elif entry == original:
            sys.path[index] = copy


def _import_quietly(name):
    try:
        importlib.import_module(name)
    except BaseException:  # whatever a dependency does on import must not end the warm process
        pass

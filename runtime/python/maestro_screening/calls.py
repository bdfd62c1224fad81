"""Hears what tests pass to the project's functions, and calls these functions with given arguments."""
import importlib
import math
import sys

from . import values
from .overlay import project_path

MOST_CALLS = 40
MOST_TEXT = 2000


class CallRecorder:
    """Calls of module-level functions made directly by test files, with arguments that can be written down."""

    def __init__(self, root, test_modules, say):
        self.root = root
        self.tests = test_modules
        self.say = say
        self.count = {}
        self.names = {}

    def begin(self):
        sys.setprofile(self.event)

    def end(self):
        sys.setprofile(None)

    def event(self, frame, event, argument):
        if event != "call":
            return
        code = frame.f_code
        name = self.names.get(code)
        if name is None:
            name = self.names[code] = self.named(frame) or False
        if not name or frame.f_back is None or not self.is_test(frame.f_back):
            return
        if self.count.get(name, 0) >= MOST_CALLS:
            return
        try:
            arguments = [values.encode(frame.f_locals[key]) for key in code.co_varnames[: code.co_argcount]]
        except (values.Unknown, KeyError):
            return
        self.count[name] = self.count.get(name, 0) + 1
        self.say("call", name[0], name[1], arguments)

    def is_test(self, frame):
        return frame.f_globals.get("__name__") in self.tests

    def named(self, frame):
        """(module, name) of a plain function of a project module that is no test, else None."""
        code = frame.f_code
        module = frame.f_globals.get("__name__")
        if module in self.tests or project_path(self.root, code.co_filename) is None:
            return None
        function = frame.f_globals.get(code.co_name)
        if getattr(function, "__code__", None) is not code or code.co_flags & 0x2AC or code.co_kwonlyargcount:
            return None  # generators, coroutines, *args and **kwargs are not replayed
        return module, code.co_name


def outcome_of(call):
    """What a call returns, or which exception it raises, as one text."""
    try:
        module = importlib.import_module(call["module"])
        function = getattr(module, call["name"])
        arguments = [values.decode(argument) for argument in call["args"]]
        result = function(*arguments)
    except BaseException as error:
        return "! " + type(error).__name__
    return (canonical(result, 0) + changed(call["args"], arguments))[:MOST_TEXT]


def changed(before, after):
    """Arguments that the call has changed are part of what it did."""
    texts = [canonical(value, 0) for value in after]
    return "" if texts == [canonical(values.decode(value), 0) for value in before] else " <- " + ", ".join(texts)


def canonical(value, depth):
    if depth > 8:
        return "..."
    if isinstance(value, float):
        return "nan" if math.isnan(value) else "%.9g" % value
    if isinstance(value, (list, tuple)):
        inner = ", ".join(canonical(item, depth + 1) for item in value[:200])
        return ("[%s]" if isinstance(value, list) else "(%s)") % inner
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (canonical(k, depth + 1), canonical(v, depth + 1)) for k, v in value.items())
    if isinstance(value, (set, frozenset)):
        return "set(%s)" % ", ".join(sorted(canonical(item, depth + 1) for item in value))
    if isinstance(value, (type(None), bool, int, str, bytes)):
        return repr(value)
    return "<%s>" % type(value).__name__

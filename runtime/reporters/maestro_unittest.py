"""`python -m unittest` that also writes one JSON line a test. Arguments, output and exit status are unittest's own."""
import inspect
import sys
import unittest

from maestro_record import record


def _id(test):
    return test.id()


def _file(test):
    try:
        return inspect.getsourcefile(type(getattr(test, "test_case", test)))
    except (TypeError, OSError):
        return None


_WORST = ("passed", "skipped", "failed")


class _Result(unittest.TextTestResult):
    _current = None

    def _write(self, test, outcome, message):
        name = _id(test)
        entry = {"id": name, "path": [name], "outcome": outcome, "file": _file(test), "message": message or None}
        kind = type(test).__name__
        if kind == "_FailedTest" or name.startswith("unittest.loader.ModuleImportFailure."):
            entry.update(id=name.rsplit(".", 1)[-1] + " (file)", file=None, unloadable=True)
        elif kind == "_ErrorHolder":
            entry.update(id=name + " (hook)", file=None)
        record(entry)

    def _note(self, test, outcome, err=None, message=None):
        """A test can fail, then fail again in its tearDown: it is written once, when it stops."""
        if err is not None:
            message = self._exc_info_to_string(err, test)
        if self._current is None or self._current["test"] is not test:
            self._write(test, outcome, message)
            return
        self._current["outcome"] = max(outcome, self._current["outcome"], key=_WORST.index)
        if message:
            self._current["messages"].append(message)

    def startTest(self, test):
        self._current = {"test": test, "outcome": "passed", "messages": []}
        super(_Result, self).startTest(test)

    def stopTest(self, test):
        current, self._current = self._current, None
        if current is not None:
            self._write(test, current["outcome"], "\n".join(current["messages"]))
        super(_Result, self).stopTest(test)

    def addError(self, test, err):
        self._note(test, "failed", err)
        super(_Result, self).addError(test, err)

    def addFailure(self, test, err):
        self._note(test, "failed", err)
        super(_Result, self).addFailure(test, err)

    def addSkip(self, test, reason):
        self._note(test, "skipped")
        super(_Result, self).addSkip(test, reason)

    def addExpectedFailure(self, test, err):
        self._note(test, "skipped")
        super(_Result, self).addExpectedFailure(test, err)

    def addUnexpectedSuccess(self, test):
        self._note(test, "failed", message="unexpected success")
        super(_Result, self).addUnexpectedSuccess(test)

    def addSubTest(self, test, subtest, err):
        if err is None:
            self._write(subtest, "passed", None)
        else:
            self._note(subtest, "failed", err)
            self._note(test, "failed", err)
        super(_Result, self).addSubTest(test, subtest, err)


class _Runner(unittest.TextTestRunner):
    resultclass = _Result

    def run(self, test):
        result = super(_Runner, self).run(test)
        record({"end": True})
        return result


if __name__ == "__main__":
    if sys.argv[0].endswith("maestro_unittest.py"):
        sys.argv[0] = "python -m unittest"
    __unittest = True
    unittest.main(module=None, testRunner=_Runner)

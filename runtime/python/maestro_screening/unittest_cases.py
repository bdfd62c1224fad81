"""Loads and runs tests the way `python -m unittest` does."""
import unittest
import unittest.case


class _Program(unittest.TestProgram):
    """Reads its arguments once; loads the tests they mean only when asked."""

    def createTests(self, from_discovery=False, Loader=None):
        self.how = (from_discovery, Loader)
        self.test = None

    def runTests(self):
        pass

    def load(self):
        unittest.TestProgram.createTests(self, *self.how)
        return self.test


class _NoDiffs:
    """Failure messages are thrown away, and their diffs can cost more than the test."""

    @staticmethod
    def ndiff(*_):
        return []

    unified_diff = ndiff


class UnittestCases:
    def __init__(self, args, root):
        self.args = args

    def prepare(self):
        unittest.case.difflib = _NoDiffs
        self.program = _Program(module=None, argv=["python -m unittest", *self.args], exit=False)

    def arm(self, warm, names):
        self.known = set(warm["test_modules"])

    def load(self, wanted=None):
        """Ids of the tests: all that the arguments mean, or those of the modules that hold the wanted ones."""
        if wanted is not None and self._collect(self._modules_of(wanted)) and self.tests.keys() >= set(wanted):
            return list(self.tests)
        self._collect(self.program.load())
        return list(self.tests)

    def _modules_of(self, ids):
        names = {_longest(self.known, name) for name in ids}
        if None in names or len(self.known) < 2 or self.program.testNamePatterns:
            return None
        return self.program.testLoader.loadTestsFromNames(sorted(names))

    def _collect(self, suite):
        self.tests = {}
        for test in _leaves(suite or ()):
            self.tests[_unique(test.id(), self.tests)] = test
        return suite is not None

    def modules(self):
        """Names of the modules that the loaded tests stand in."""
        return {type(test).__module__ for test in self.tests.values()}

    def run(self, ids, watch):
        known = [name for name in ids if name in self.tests]
        result = _Result(watch, {id(self.tests[name]): name for name in known})
        suite = unittest.TestSuite([self.tests[name] for name in known])
        suite._removeTestAtIndex = lambda index: None
        suite.run(result)
        watch.missing([name for name in ids if name not in result.reported])


class _Result(unittest.TestResult):
    def __init__(self, watch, names):
        super().__init__()
        self.watch = watch
        self.names = names
        self.reported = set()
        self.current = "passed"

    def startTest(self, test):
        super().startTest(test)
        self.current = "passed"
        self.watch.start(self.names[id(test)])

    def stopTest(self, test):
        name = self.names[id(test)]
        self.reported.add(name)
        if self.watch.end(name, self.current):
            self.shouldStop = True

    def addError(self, test, err):
        self.current = "failed"

    addFailure = addError

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.current = "failed"

    def addUnexpectedSuccess(self, test):
        self.current = "failed"

    def addExpectedFailure(self, test, err):
        pass

    def addSkip(self, test, reason):
        if self.current != "failed":
            self.current = "skipped"


def _leaves(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _leaves(test)
        elif test is not None:
            yield test


def _unique(name, taken):
    number = 1
    unique = name
    while unique in taken:
        number += 1
        unique = "%s #%d" % (name, number)
    return unique


def _longest(modules, name):
    parts = name.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
    return next((prefix for prefix in prefixes if prefix in modules), None)

"""Loads and runs tests through pytest's own interface."""
import ast
import importlib.util
import os
import sys
from pathlib import Path

from . import overlay

ALWAYS = ["-p", "no:cacheprovider", "--capture=no", "--tb=no"]
# Plugins that would start processes, change the order or use the timers that limits need, and what turns each off.
WHEN_INSTALLED = {
    "xdist": ["-n", "0"],
    "pytest_cov": ["--no-cov"],
    "pytest_timeout": ["--timeout=0"],
    "pytest_randomly": ["-p", "no:randomly"],
    "pytest_rerunfailures": ["--reruns=0"],
}


class PytestCases:
    def __init__(self, args, root):
        self.args = args
        self.root = root
        self.rewritten = {}
        self.session = None
        self.reports = None

    def prepare(self):
        import pytest  # noqa: F401 (the warm process imports it once)

        installed = [option for name, options in WHEN_INSTALLED.items() if importlib.util.find_spec(name) for option in options]
        self.args = [*self.args, *ALWAYS, *installed]
        self._keep_rewritten_code()
        _leave_out_explanations()
        before = set(sys.modules)
        session = self._start()
        own = [path for path in overlay.loaded_modules(self.root, before)[1] if os.path.basename(path) != "conftest.py"]
        self.session = None if own else session
        if own:
            _forget(self.root)

    def arm(self, warm, names):
        """Rewrites the asserts of the test files that hold these tests."""
        from _pytest.assertion import rewrite

        rootpath = str((self.session or self._start()).config.rootpath)
        for path in {os.path.join(rootpath, name.split("::")[0]) for name in names}:
            try:
                rewrite._rewrite_test(Path(path), self.session.config if self.session else None)
            except Exception:
                pass
        if not self.session:
            _forget(self.root)

    def load(self, wanted=None):
        """Ids of the tests: all that the arguments mean, or those of the files that hold the wanted ones. What conftest files have imported of the project is imported afresh."""
        if self.session is None or overlay.has_changed("conftest.py"):
            _forget(self.root)
            self.session = self._start()
        if wanted is not None:
            files = dict.fromkeys(name.split("::")[0] for name in wanted)
            self.session.config.args = [os.path.join(str(self.session.config.rootpath), file) for file in files]
        if self.reports is None:
            self.reports = _Reports()
            self.session.config.pluginmanager.register(self.reports, "maestro")
        self.session.config.hook.pytest_collection(session=self.session)
        self.items = {}
        for item in self.session.items:
            self.items.setdefault(item.nodeid, item)
        return list(self.items)

    def modules(self):
        """Names of the modules that the loaded tests stand in."""
        modules = (getattr(item, "module", None) for item in self.items.values())
        return {module.__name__ for module in modules if module}

    def run(self, ids, watch):
        known = [name for name in ids if name in self.items]
        for name, following in zip(known, [*known[1:], None]):
            item = self.items[name]
            self.reports.worst = "passed"
            watch.start(name)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.items.get(following))
            if watch.end(name, self.reports.worst):
                return
        watch.missing([name for name in ids if name not in self.items])

    def _start(self):
        from _pytest.config import _prepareconfig
        from _pytest.main import Session

        config = _prepareconfig(list(self.args))
        config._do_configure()
        session = Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        return session

    def _keep_rewritten_code(self):
        """Asserts are rewritten once for unchanged files, and never read from or written to disk."""
        from _pytest.assertion import rewrite

        original = rewrite._rewrite_test

        def rewrite_test(path, config):
            changed = overlay.changed_text(path)
            if changed is not None:
                return None, _rewritten(rewrite, changed.encode(), str(path), config)
            if str(path) not in self.rewritten:
                self.rewritten[str(path)] = original(path, config)
            return self.rewritten[str(path)]

        rewrite._rewrite_test = rewrite_test
        rewrite._read_pyc = lambda *_, **__: None


class _Reports:
    """The worst outcome among the phases of the test that runs."""

    ORDER = ("passed", "skipped", "failed")
    worst = "passed"

    def pytest_runtest_logreport(self, report):
        self.worst = max(self.worst, report.outcome, key=self.ORDER.index)


def _rewritten(rewrite, source, path, config):
    tree = ast.parse(source, filename=path)
    rewrite.rewrite_asserts(tree, source, path, config)
    return compile(tree, path, "exec", dont_inherit=True)


def _leave_out_explanations():
    """Failure messages are thrown away; building them can cost more than the test."""
    from _pytest import nodes
    from _pytest._code import ExceptionInfo
    from _pytest.assertion import util

    nodes.Node._repr_failure_py = lambda *_, **__: ""
    ExceptionInfo.getrepr = lambda *_, **__: ""
    util.assertrepr_compare = lambda *_, **__: None


def _forget(root):
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and overlay.project_path(root, path) is not None:
            del sys.modules[name]

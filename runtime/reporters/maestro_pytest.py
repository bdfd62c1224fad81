"""A pytest plugin: one JSON line a test, with the ids pytest prints. Nothing else changes."""
import os

from maestro_record import record

_root = {"dir": ""}
_pending = {}


def pytest_configure(config):
    _root["dir"] = str(getattr(config, "rootpath", None) or getattr(config, "rootdir", ""))
    _root["worker"] = hasattr(config, "workerinput")


def _text(report):
    text = getattr(report, "longreprtext", None)
    if text is None:
        text = str(report.longrepr or "")
    return text


def _outcome(report):
    if report.failed:
        return "failed"
    return "skipped" if report.skipped else "passed"


def _name(report):
    """pytest 9 reports each subtest under its test's id: its own parameters are added."""
    context = getattr(report, "context", None)
    if context is None:
        return report.nodeid
    parts = [str(context.msg)] if getattr(context, "msg", None) is not None else []
    parts += ["%s=%r" % item for item in sorted(dict(getattr(context, "kwargs", {})).items())]
    return "%s (%s)" % (report.nodeid, ", ".join(parts))


def pytest_runtest_logreport(report):
    if _root.get("worker"):
        return
    if getattr(report, "context", None) is not None:
        _write(report, _name(report), _outcome(report), _text(report))
        return
    known = _pending.get(report.nodeid)
    outcome = _outcome(report)
    text = _text(report) if outcome == "failed" else ""
    if report.when != "setup" and known is not None:
        order = ("passed", "skipped", "failed")
        text = "\n".join(part for part in (known[1], text) if part)
        outcome = max(outcome, known[0], key=order.index)
    _pending[report.nodeid] = (outcome, text)
    if report.when == "teardown":
        _pending.pop(report.nodeid)
        _write(report, report.nodeid, outcome, text)


def _write(report, nodeid, outcome, text):
    path, _, name = nodeid.partition("::")
    record({
        "file": os.path.join(_root["dir"], path),
        "path": [name] if name else [],
        "outcome": outcome,
        "message": text if outcome == "failed" else None,
        "ms": getattr(report, "duration", 0) * 1000,
    })


def pytest_collectreport(report):
    if report.failed and not _root.get("worker"):
        record({
            "file": os.path.join(_root["dir"], report.nodeid.split("::")[0]),
            "path": [],
            "outcome": "failed",
            "message": _text(report),
            "unloadable": True,
        })


def pytest_sessionfinish(session, exitstatus):
    if not _root.get("worker"):
        record({"end": True})


def pytest_internalerror(excrepr):
    if not _root.get("worker"):
        record({"path": ["(internal error)"], "outcome": "failed", "message": str(excrepr), "unloadable": True})

"""Appends one JSON line a test to the file MAESTRO_REPORT names. Works on Python 2.7 and newer."""
import io
import json
import os

MAX_MESSAGE = 20000


def record(entry):
    path = os.environ.get("MAESTRO_REPORT")
    if not path:
        return
    message = entry.get("message")
    if message is not None:
        entry["message"] = message if len(message) <= MAX_MESSAGE else message[: MAX_MESSAGE // 2] + "\n...\n" + message[-MAX_MESSAGE // 2 :]
    entry["maestro"] = 1
    try:
        try:
            line = json.dumps(entry)
        except Exception:  # A message of bytes that are no text (Python 2).
            line = json.dumps(dict(entry, message=repr(message)))
        with io.open(path, "ab") as report:
            report.write((line + "\n").encode("ascii", "replace"))
    except Exception:  # A report that cannot be written must not change what the tests do.
        pass

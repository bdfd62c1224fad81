"""Answers requests until the input ends. Nothing the tested code prints can reach the answers."""
import json
import os
import signal
import sys

from .resident import Resident


def serve():
    requests, answers = private_channel()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resident = Resident([requests.fileno(), answers.fileno()])
    for line in requests:
        message = json.loads(line)
        try:
            answer = resident.answer(message)
        except Exception as error:  # the asker decides what a failed request means
            answer = {"problem": "%s: %s" % (type(error).__name__, error)}
        answer["id"] = message["id"]
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def private_channel():
    """The two pipes the process was started with, moved away from the standard descriptors."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    sys.stdin = open(0, "r", closefd=False)
    sys.stdout = open(1, "w", closefd=False)
    sys.stderr = open(2, "w", closefd=False)
    return requests, answers

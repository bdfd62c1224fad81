"""Runs a command at a terminal of its own and types a line when it asks: at-terminal.py LINE COMMAND...; prints what it showed, ends as it ends."""
import os, pty, sys

line, command = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
shown, typed = b"", False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    if not typed and b"Type " in shown and shown.endswith(b": "):
        os.write(terminal, line.encode() + b"\n")
        typed = True
sys.stdout.write(shown.decode("utf8", "replace"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

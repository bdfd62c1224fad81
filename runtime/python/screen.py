"""A warm interpreter that tries candidate changes: one JSON request a line in, one JSON answer a line out."""
import os
import sys

sys.dont_write_bytecode = True
sys.path[0] = os.path.dirname(os.path.abspath(__file__))

from maestro_screening.server import serve  # noqa: E402

del sys.path[0]
serve()

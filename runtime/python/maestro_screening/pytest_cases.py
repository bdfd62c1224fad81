"""Loads and runs tests through pytest's own interface."""


class PytestCases:
    def __init__(self, args):
        self.args = args

    def prepare(self):
        raise NotImplementedError

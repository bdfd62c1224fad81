"""Replaces the sources of some files in memory, and keeps the compiled code of the others."""
import importlib.machinery
import os
import sys

DEPENDENCY_FOLDERS = {"site-packages", "dist-packages", "node_modules", ".venv", "venv", ".tox", ".nox", ".eggs"}

_changed = {}
_compiled = {}
_loader = importlib.machinery.SourceFileLoader
_get_code = _loader.get_code
_get_data = _loader.get_data


def install():
    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return _compiled.get(path) or _get_code(self, fullname)

    def get_data(self, path):
        text = _changed.get(path)
        return _get_data(self, path) if text is None else text.encode()

    _loader.get_code = get_code
    _loader.get_data = get_data


def compiled(root, files):
    """Changed texts with their code, by path; raises SyntaxError or ValueError for what is no program."""
    paths = {os.path.join(root, path): text for path, text in files.items()}
    return {path: (text, compile(text, path, "exec", dont_inherit=True)) for path, text in paths.items()}


def change(changes):
    """Puts the result of `compiled` in place of what is on disk."""
    for path, (text, code) in changes.items():
        _changed[path] = text
        _compiled[path] = code


def changed_text(path):
    return _changed.get(str(path))


def has_changed(name):
    return any(os.path.basename(path) == name for path in _changed)


def compile_ahead(paths):
    for path in paths:
        try:
            with open(path, "rb") as file:
                _compiled[path] = compile(file.read(), path, "exec", dont_inherit=True)
        except (OSError, SyntaxError, ValueError):
            pass


def project_path(root, path):
    """The path relative to the workspace with `/` separators, or None for what is not the project's own."""
    if not path or not path.startswith(root + os.sep):
        return None
    relative = path[len(root) + 1:].replace(os.sep, "/")
    return None if DEPENDENCY_FOLDERS.intersection(relative.split("/")) else relative


def loaded_modules(root, before):
    """Modules that were imported since `before`: names of foreign ones in order, source paths of the project's own."""
    foreign, own = [], []
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if name in before or not isinstance(path, (str, type(None))):
            continue
        if project_path(root, path) is not None:
            own.append(path)
        elif getattr(getattr(module, "__spec__", None), "name", None) == name and (path or _is_builtin(module)):
            foreign.append(name)
    return foreign, [path for path in own if path.endswith(".py")]


def _is_builtin(module):
    return getattr(module.__spec__, "origin", None) in ("built-in", "frozen")

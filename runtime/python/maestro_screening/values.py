"""Values as JSON that keeps apart what JSON mixes up; the same notation as runtime/javascript/values.mjs."""

MOST_ITEMS = 500
MOST_CHARACTERS = 4000
LARGEST = 2**53


class Unknown(Exception):
    """A value that is not written down."""


def encode(value, depth=0):
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str and len(value) <= MOST_CHARACTERS:
        return value
    if kind is int:
        return value if abs(value) < LARGEST else {"int": str(value)}
    if kind is float and value - value == 0:
        return {"float": value}
    if depth > 6 or kind not in (list, tuple, set, dict) or len(value) > MOST_ITEMS:
        raise Unknown
    if kind is dict:
        return {"map": [[encode(key, depth + 1), encode(item, depth + 1)] for key, item in value.items()]}
    items = sorted(value, key=repr) if kind is set else value
    encoded = [encode(item, depth + 1) for item in items]
    return encoded if kind is list else {kind.__name__: encoded}


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    (kind, inner), = value.items()
    if kind == "int":
        return int(inner)
    if kind == "float":
        return float(inner)
    if kind == "tuple":
        return tuple(decode(item) for item in inner)
    if kind == "set":
        return {decode(item) for item in inner}
    if kind == "map":
        return {decode(key): decode(item) for key, item in inner}
    raise Unknown(kind)

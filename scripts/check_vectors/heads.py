"""The text of a checkpoint: C2SP tlog-checkpoint."""

import re

from .formats import text_form
from .refusal import demand


def read_head(text):
    match = re.fullmatch("(.+)\n(0|[1-9][0-9]*)\n(.+)\n((?:.+\n)*)", text, re.A)
    demand(match, "ERR_CHECKPOINT_FORMAT")
    origin, size, root, extensions = match.groups()
    demand(int(size) < 2**53, "ERR_INTEGER")
    root = text_form("base64", root)
    demand(len(root) == 32, "ERR_LENGTH")
    extensions = extensions.split("\n")[:-1]
    return {"origin": origin, "treeSize": int(size), "root": root.hex(), "extensions": extensions}

"""Refusing, with the code that the rules suggest."""


class Refused(Exception):
    """Carries the code that the rules suggest."""


def demand(holds, code):
    if not holds:
        raise Refused(code)

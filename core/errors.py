"""What the domain says when it cannot do as asked. Every error carries sentences a person can act on."""


class DomainError(Exception):
    """A rule of the business refused. `reasons` are whole sentences for the person who asked."""

    status_code = 422

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class Refused(DomainError):  # noqa: N818 (named as the sentence it becomes)
    """Somebody may not do this. Known members get 403 with the reason; strangers never get this far."""

    status_code = 403


class GateClosed(DomainError):  # noqa: N818 (the same)
    """The step exists and the person may take it, but requirements are open."""

    status_code = 409


class Conflict(DomainError):  # noqa: N818 (the same)
    """Somebody else was first, or the text on screen has been replaced. Says who and when."""

    status_code = 409


class UnderWay(Conflict):
    """The same is being done just now: whoever asks again in a second is told what came of it."""


class TooMany(DomainError):  # noqa: N818 (the same)
    """It was tried too often. Says when it may be tried again."""

    status_code = 429

"""One sentence for what goes wrong in commands that train: a missing extra, a wrong file, a full disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from runtime.errors import AttuneError


@contextmanager
def explained() -> Iterator[None]:
    """Turn faults of the user's into one sentence.

    Raises:
        AttuneError: an extra is missing, or a file is wrong or cannot be written.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise AttuneError(
            f"{error.name} is not installed", "pip install torch==2.13.0, then pip install 'attune[agent,train]'"
        ) from error
    except ValueError as error:
        raise AttuneError(str(error)) from error
    except OSError as error:
        raise AttuneError(f"{error.filename or error}: {error.strerror or ''}", "mend that and start again") from error

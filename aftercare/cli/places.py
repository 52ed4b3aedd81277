"""Where things are kept on this machine. ``AFTERCARE_HOME`` sets it."""

import os


def home() -> str:
    """The folder of everything that is kept."""
    home = os.environ.get("AFTERCARE_HOME")
    if home:
        return os.path.expanduser(home)
    from platformdirs import user_data_dir

    return user_data_dir("aftercare", appauthor=False)


def cache() -> str:
    """The folder of what can be made again."""
    if os.environ.get("AFTERCARE_HOME"):
        return os.path.join(home(), "cache")
    from platformdirs import user_cache_dir

    return user_cache_dir("aftercare", appauthor=False)


def record(home: str) -> str:
    """The file of what is recorded."""
    return os.path.join(home, "aftercare.db")

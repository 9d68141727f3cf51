"""Nothing in here is a test, and nothing may ever be imported: these are hostile submissions."""

collect_ignore_glob = ["*.py"]

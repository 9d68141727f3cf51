# expect: timeout crashed error
# where: bubblewrap namespaces
import os, resource
assert os.getuid() != 0 and 0 < resource.getrlimit(resource.RLIMIT_NPROC)[0] < 100
while True:
    try:
        os.fork()
    except OSError:
        pass

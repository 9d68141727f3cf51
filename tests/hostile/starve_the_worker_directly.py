# expect: forged
import os, resource
resource.prlimit(os.getppid(), resource.RLIMIT_AS, (1 << 20, 1 << 20))

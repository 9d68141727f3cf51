# expect: crashed
# where: bubblewrap namespaces
import os, subprocess
assert os.getuid() != 0 and sum(name.isdigit() for name in os.listdir("/proc")) < 20
def softmax(x, axis=-1):
    subprocess.run(["sh", "-c", "kill -9 -1"])
    os.kill(os.getpid(), 9)

# expect: forged error
import os, signal
os.killpg(os.getpgid(os.getppid()), signal.SIGCONT)

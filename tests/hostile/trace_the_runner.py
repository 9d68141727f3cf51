# expect: failed crashed forged
import sys
def tracer(frame, event, argument):
    if "answer" in frame.f_locals:
        frame.f_locals["answer"]["status"] = "passed"
    return tracer
sys.settrace(tracer)
frame = sys._getframe()
while frame is not None:
    frame.f_trace = tracer
    frame = frame.f_back
def softmax(x, axis=-1):
    return x

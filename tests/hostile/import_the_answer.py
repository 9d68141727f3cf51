# expect: forged
from reference import softmax

# expect: forged
import reference.attention

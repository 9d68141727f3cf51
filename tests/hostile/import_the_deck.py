# expect: forged
import deck

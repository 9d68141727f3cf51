# expect: forged
import exercises.sandbox

# -*- coding: klingon -*-
# expect: error
x = 1

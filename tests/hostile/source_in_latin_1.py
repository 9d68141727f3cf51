# expect: error
# caféÿ
x = 1

# expect: error
softmax = 3

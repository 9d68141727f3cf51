# expect: error
with open(__file__, "a") as file:
    file.write("# passed\n")

# expect: error
def attend(query, keys, values):
    return values
